"""The measured false-edit rate of each rule, as `make accuracy` last wrote it."""

from functools import cache
from pathlib import Path


@cache
def _rates() -> dict[str, float]:
    path = Path(__file__).parent / "tables" / "harm.tsv"
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return {row[0]: float(row[1]) for row in rows if not row[0].startswith("#")}


def harm_of(rule: str) -> float | None:
    """Edits per million code points of clean text; None where it was never measured."""
    return _rates().get(rule)
