"""The lines of a document that are weighed: all of them, or in a long one those around its suspects."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.layout import Flags, Lines, Positions
from jiaokan.validators.lines.screening import suspects
from jiaokan.validators.view import View

AROUND = 32
"""Lines with ink that are weighed on either side of a suspect."""
_SHORT = 4 * AROUND
"""Lines of a document that is weighed as a whole."""
_MOST = 0.5
"""Share of a document's lines from which all are weighed: it is wrapped, and its lines tell of each other."""


@dataclass(frozen=True)
class Window:
    """Some lines of a document, weighed as a text by themselves."""

    whole: View
    view: View
    start: int = 0
    """Where the window begins in the document."""
    furniture: Flags | None = None
    """Of each line with ink, whether it is page furniture in the whole document; None for what is whole."""

    @property
    def is_part(self) -> bool:
        return self.view is not self.whole


def windows_of(view: View) -> list[Window]:
    """What is weighed of a document that has suspects."""
    if len(view.breaks) <= _SHORT:
        return [Window(view, view)]
    lines = Lines.of(view)
    firsts, ends = _spans(np.searchsorted(lines.last, suspects(view)), len(lines))
    if int((ends - firsts).sum()) >= _MOST * len(lines):
        return [Window(view, view)]
    furniture = find_furniture(lines)
    return [
        Window(view, *_cut(view, *lines.first[[first, end - 1]].tolist()), furniture[first:end])
        for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
    ]


def _spans(lines: Positions, size: int) -> tuple[Positions, Positions]:
    """First line and end of each run of lines that are near one of these, ascending."""
    firsts, ends = np.maximum(lines - AROUND, 0), np.minimum(lines + AROUND + 1, size)
    apart = firsts[1:] > ends[:-1]
    return firsts[np.append(True, apart)], ends[np.append(apart, True)]


def _cut(view: View, first: int, last: int) -> tuple[View, int]:
    """From the line with ink at one place to that with ink at another, as a text of its own, and where it begins."""
    breaks = [-1, *view.breaks.tolist(), len(view.text)]
    start, end = breaks[bisect_left(breaks, first) - 1] + 1, breaks[bisect_left(breaks, last)]
    return view.stretch(start, end), start
