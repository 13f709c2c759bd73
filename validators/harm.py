"""The measured false-edit rate of each rule, as last written by `make accuracy`."""

from functools import cache

from jiaokan.validators.tables import rows_of


@cache
def _rates() -> dict[str, float]:
    return {row[0]: float(row[1]) for row in rows_of("harm.tsv")}


def harm_of(rule: str) -> float | None:
    """Edits per million code points of clean text; None where it was never measured."""
    return _rates().get(rule)
