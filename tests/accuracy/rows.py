"""One line of the accuracy table."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """`measured` is ours; `peers` are other tools' figures on the same sample, in the same run."""

    measure: str
    target: str
    measured: str
    peers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def percent(part: float, whole: float, digits: int = 1) -> str:
    """A share, written as a percentage with what it is a share of."""
    return f"{100 * part / whole:.{digits}f}% of {whole:,}" if whole else "nothing measured"
