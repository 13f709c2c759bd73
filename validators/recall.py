"""How much damage of its own kind each rule finds, as last written by `make accuracy`."""

from dataclasses import dataclass
from functools import cache

from jiaokan.validators.tables import rows_of


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
    found = {}
    for rule, *counts in rows_of("recall.tsv"):
        places, hit, mended, findings, right = map(int, counts[:5])
        found[rule] = Recall(places, hit, None if mended < 0 else mended, findings, right)
    return found


def recall_of(rule: str) -> Recall | None:
    """None for a rule whose recall was not measured."""
    return _measured().get(rule)
