"""The tables that `make accuracy` and `make bench` print."""

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


def render(section: str, title: str, rows: list[Row]) -> str:
    """One section as Markdown."""
    peers = list(dict.fromkeys(name for row in rows for name in row.peers))
    lines = [f"## {section}", "", title.strip(), ""]
    head = ["measure", "target", "Jiaokan", *peers, "note"]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [row.measure, row.target, row.measured, *(row.peers.get(p, "") for p in peers)]
        lines.append("| " + " | ".join([*cells, row.note]) + " |")
    return "\n".join(lines) + "\n"
