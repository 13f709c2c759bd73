"""The hand-marked pages of `tests/pages/`: each line with the kind of furniture that it is, or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FIRST_TO_REPORT = 116
"""Pages from this number on were written after the table, which was not changed for them."""
PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Page:
    """`kinds[i]` is the kind of line i of `text`, "" for a line to keep."""

    name: str
    text: str
    kinds: tuple[str, ...]

    @property
    def half(self) -> Literal["tune", "report"]:
        return "tune" if int(self.name.split()[0]) < FIRST_TO_REPORT else "report"


def pages() -> Iterator[Page]:
    """All pages, in the order of the files."""
    for path in sorted(PAGES.glob("*.txt")):
        for part in path.read_text("utf-8").split("== ")[1:]:
            name, *lines = part.rstrip("\n").split("\n")
            marked = [line.partition("|") for line in lines]
            text = "\n".join(line.strip(" ") for _, _, line in marked)
            yield Page(name, text, tuple(kind for kind, _, _ in marked))


def lines_found(text: str, spans: Iterator[tuple[int, int]]) -> set[int]:
    """The numbers of the lines that these spans touch, an ending line break left out."""
    found: set[int] = set()
    for start, end in spans:
        first = text.count("\n", 0, start)
        found.update(range(first, first + max(1, text[start:end].rstrip("\n").count("\n") + 1)))
    return found
