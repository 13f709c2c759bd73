"""Page numbers between the pages of a book, and the running heads beside them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.debris.triggers import lines_of
from jiaokan.validators.lines.furniture import LEAST_PAGES, find_furniture, is_page_number
from jiaokan.validators.lines.layout import Layout
from jiaokan.validators.view import View

_LONGEST = 14
"""Code points of a line that is nothing but a page number."""
_OF_NUMBERS = "0123456789 \t\r\u3000-—–·•~*|[]()（）第页頁共/."


def page_numbers(view: View) -> NDArray[np.intp]:
    """Where lines begin that may be page numbers, in documents that have enough of them."""
    return view.positions("debris page numbers", _page_numbers)


def _page_numbers(view: View) -> NDArray[np.intp]:
    digits = view.where(Class.DIGIT)
    if len(digits) < LEAST_PAGES:
        return np.empty(0, dtype=np.intp)
    begin, end = lines_of(view)
    short = ((end - begin <= _LONGEST) & (end > begin)).nonzero()[0]
    begin, end = begin[short], end[short]
    numbered = digits.searchsorted(end) > digits.searchsorted(begin)
    begin, length = begin[numbered], (end - begin)[numbered]
    if len(begin) < LEAST_PAGES:
        return np.empty(0, dtype=np.intp)
    step = np.arange(_LONGEST)
    codes = view.codes[np.minimum(begin[:, None] + step, len(view.codes) - 1)]
    inside = step < length[:, None]
    written = one_of(codes, _OF_NUMBERS) | ~inside
    begin = begin[written.all(axis=1)]
    document = view.starts.searchsorted(begin, side="right") - 1
    counts = np.bincount(document, minlength=len(view.starts))
    enough: NDArray[np.intp] = begin[counts[document] >= LEAST_PAGES]
    return enough


def running_heads(view: View) -> Iterator[tuple[int, int, float]]:
    """Lines of one document that count its pages, and those that come back beside them."""
    if not len(page_numbers(view)):
        return
    layout = Layout(view)
    for line in find_furniture(layout).nonzero()[0].tolist():
        start, end = int(layout.first[line]), int(layout.last[line]) + 1
        start = view.text.rfind("\n", 0, start) + 1
        stop = view.text.find("\n", end)
        yield (
            start,
            len(view.text) if stop < 0 else stop,
            (0.95 if is_page_number(layout.text(line)) else 0.85),
        )
