"""What each rule finds of damage of its own kind, as `make accuracy` last wrote it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Recall:
    """Of one rule, on damaged passages: see tests/accuracy/rules.py."""

    places: int
    """Damaged places."""
    found: int
    mended: int | None
    """Places where the original stands again; None where it cannot be known."""
    findings: int
    """The rule's findings in these passages and in the same ones undamaged."""
    right: int
    """Of those findings, the ones that touch damage."""


@cache
def _measured() -> dict[str, Recall]:
    path = Path(__file__).parent / "tables" / "recall.tsv"
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            rule, *counts = line.split("\t")[:6]
            places, hit, mended, findings, right = map(int, counts)
            found[rule] = Recall(places, hit, None if mended < 0 else mended, findings, right)
    return found


def recall_of(rule: str) -> Recall | None:
    """None for a rule whose recall was not measured."""
    return _measured().get(rule)
