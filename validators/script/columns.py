"""Columns of a table that are written in the other script: what is translated beside its translation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.values import Finding
from jiaokan.validators.view import View

_BETWEEN_CELLS = "|\t"
_FEWEST = 2
"""Cells of a column that tell its script."""
_LONGEST = 400
"""Rows of a table that are looked at on each side of one."""


def are_of_other_columns(view: View, found: Sequence[Finding]) -> NDArray[np.bool_]:
    """Whether each finding stands in a column, marked off by | or tabs, of which most cells are
    written in the other script than the text, and none but its head in that of the text."""
    inside = np.zeros(len(found), dtype=np.bool_)
    mark = next((mark for mark in _BETWEEN_CELLS if mark in view.text), None)
    own = {"zh-Hans": Class.HANS, "zh-Hant": Class.HANT}.get(view.profile.script or "")
    if mark is None or own is None:
        return inside
    other = Class.HANT if own is Class.HANS else Class.HANS
    lines = view.text.split("\n")
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    known: dict[tuple[int, int], bool] = {}
    for row, finding in enumerate(found):
        line = int(np.searchsorted(starts, finding.start, side="right")) - 1
        if mark not in lines[line]:
            continue
        column = lines[line].count(mark, 0, finding.start - int(starts[line]))
        first, end = _table_around(lines, line, mark)
        if (first, column) not in known:
            scripts = [
                _classes_of(view, int(starts[at]), lines[at], mark, column)
                for at in range(first, end)
            ]
            known[first, column] = _is_other(scripts, int(own), int(other))
        inside[row] = known[first, column]
    return inside


def _table_around(lines: list[str], line: int, mark: str) -> tuple[int, int]:
    """The lines around one that have as many cells."""
    cells = lines[line].count(mark)
    first, end = line, line + 1
    while first > max(0, line - _LONGEST) and lines[first - 1].count(mark) == cells:
        first -= 1
    while end < min(len(lines), line + _LONGEST) and lines[end].count(mark) == cells:
        end += 1
    return first, end


def _classes_of(view: View, start: int, line: str, mark: str, column: int) -> int:
    """The classes of what is in one cell of a line."""
    cells = line.split(mark)
    at = start + sum(len(cell) + 1 for cell in cells[:column])
    bits = view.bits[at : at + len(cells[column])]
    return int(np.bitwise_or.reduce(bits)) if len(bits) else 0


def _is_other(scripts: list[int], own: int, other: int) -> bool:
    """Whether cells with these classes are a column in the other script; its head may be in the text's own."""
    han = [classes for classes in scripts if classes & (own | other)]
    theirs = sum(1 for classes in han if classes & other)
    ours = sum(1 for classes in han[1:] if classes & own)
    return theirs >= _FEWEST and not ours and theirs * 2 >= len(han)
