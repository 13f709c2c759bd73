"""Which lines are page furniture: running heads and page numbers, proved by their repetition."""

import re
from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.layout import Lines

LEAST_PAGES = 3
LEAST_APART = 6
"""Lines between two page numbers; posts of a thread are numbered, too, but shorter."""
LONGEST = 120
MOST_LINES = 4
"""Lines of furniture in a row."""
_NUMBER = expression(r"\d+")
_PAGE_NUMBER = expression(
    r"(?:[-—–·•~*|\[(（第]|page|p\.)?\s*(\d{1,4})\s*(?:(?:/|of|共)\s*(\d{1,4})\s*[页頁]?)?\s*(?:[-—–·•~*|\])）页頁]|[页頁])?",
    re.IGNORECASE,
)


def find_furniture(layout: Lines) -> NDArray[np.bool_]:
    """One flag a line.

    A line is furniture where it comes back at least three times with a number in it that counts pages
    (one more each time), and where it comes back next to such a line or to a form feed; and where it is nothing
    but a page's number next to a form feed.
    """
    flags = np.zeros(len(layout), dtype=np.bool_)
    bounds = layout.bounds
    repeated = _may_be_repeated(layout)
    documents = np.unique(layout.document[repeated])
    documents = documents[np.diff(bounds)[documents] >= 2 * LEAST_PAGES]
    for document in documents.tolist():
        first, end = bounds[document : document + 2].tolist()
        _mark_furniture(layout, flags, first, end, repeated[first:end])
    flags[_numbers_at_form_feeds(layout)] = True
    return flags


def _numbers_at_form_feeds(layout: Lines) -> list[int]:
    """Lines next to a form feed that are nothing but a page's number."""
    feeds = layout.feeds
    if not len(feeds):
        return []
    after = np.searchsorted(layout.first, feeds)
    document = np.searchsorted(layout.view.starts, feeds, side="right") - 1
    return [
        line
        for lines in (after - 1, after)
        for line, own in zip(lines.tolist(), document.tolist(), strict=True)
        if 0 <= line < len(layout)
        and layout.document[line] == own
        and is_page_number(layout.text(line)[:LONGEST])
    ]


def _may_be_repeated(layout: Lines) -> NDArray[np.bool_]:
    """Short lines of which three of a document begin and end alike, all numbers and all gaps being one."""
    flags = np.zeros(len(layout), dtype=np.bool_)
    short = np.flatnonzero(layout.last - layout.first < LONGEST)
    first, last = layout.first[short], layout.last[short]
    key = layout.document[short].astype(np.uint64)
    for edge, step in ((first, 1), (last, -1)):
        sign = _signs(layout, edge)
        key = key * _MIX ^ sign  # (a chance equality costs a look)
        for away in range(step, _COMPARED * step, step):
            # What follows a number's first digit may be another digit or not; so it is with spaces.
            sign = np.where(sign > 1, _signs(layout, np.clip(edge + away, first, last)), 0)
            key = key * _MIX ^ sign
    ordered = np.sort(key)
    many = ordered[LEAST_PAGES - 1 :][ordered[LEAST_PAGES - 1 :] == ordered[: 1 - LEAST_PAGES]]
    if len(many):
        at = many.searchsorted(key)
        flags[short] = many.take(at, mode="clip") == key
    return flags


_MIX = np.uint64(0x9E3779B97F4A7C15)
_COMPARED = 4
"""Characters at either end."""
_SPACE = np.uint32(Class.SPACE | Class.BREAK | Class.CONTROL)


def _signs(layout: Lines, at: NDArray[np.intp]) -> NDArray[np.uint64]:
    """The code points, all digits being 0 (and other scripts' letters, some of which are digits), all
    spaces 1."""
    return _sign_table().take(layout.view.codes[at], mode="clip").astype(np.uint64)


@cache
def _sign_table() -> NDArray[np.uint16]:
    """The sign of each code point below U+10000; all beyond have that of the last."""
    signs = np.arange(0x10000, dtype=np.uint16)
    signs[0x30:0x3A] = signs[0x80:0x3000] = signs[0xA000:] = 0
    signs[(class_table()[:0x10000] & _SPACE) != 0] = 1
    return signs


def _mark_furniture(
    layout: Lines, flags: NDArray[np.bool_], first: int, end: int, repeated: NDArray[np.bool_]
) -> None:
    """Set the flags of the furniture among the lines of one document."""
    at = np.flatnonzero(repeated)
    begins, ends = layout.first[first + at].tolist(), (layout.last[first + at] + 1).tolist()
    inks = [layout.view.text[begin:stop] for begin, stop in zip(begins, ends, strict=True)]
    # All begins with a number or a form feed.
    if not len(layout.feeds) and not _NUMBER.search("\n".join(inks)):
        return
    texts = dict(zip(at.tolist(), inks, strict=True))
    shapes: dict[str, list[int]] = defaultdict(list)
    for line, text in texts.items():
        shapes[_NUMBER.sub("#", " ".join(text.split()))].append(line)
    shapes = {shape: lines for shape, lines in shapes.items() if len(lines) >= LEAST_PAGES}
    if not shapes:
        return
    found = flags[first:end]
    counting: list[int] = []
    for shape, lines in shapes.items():
        if "#" not in shape:
            continue
        apart = np.diff(np.array(lines))
        if np.median(apart) >= LEAST_APART and _counts_pages([texts[line] for line in lines]):
            counting += lines
    found[counting] = True
    feeds = _near_form_feeds(layout, first, end)
    for _ in range(MOST_LINES):
        near = feeds.copy()
        near[1:] |= found[:-1]
        near[:-1] |= found[1:]
        known = np.count_nonzero(found)
        for lines in shapes.values():
            if np.count_nonzero(near[lines]) * 10 >= 9 * len(lines):
                found[lines] = True
        if np.count_nonzero(found) == known:
            break


def _counts_pages(texts: list[str]) -> bool:
    """Whether one of the numbers in these lines counts up by one from line to line, nearly always."""
    numbers = [[int(number[:9]) for number in _NUMBER.findall(text)] for text in texts]
    if any(text[0].isdigit() is False and len(text) > 60 for text in texts):
        return False
    for column in zip(*numbers, strict=False):
        steps = np.diff(np.array(column))
        if len(steps) and np.count_nonzero(steps == 1) * 10 >= 8 * len(steps):
            return True
    return False


def _near_form_feeds(layout: Lines, first: int, end: int) -> NDArray[np.bool_]:
    """Lines, of these, directly before or after a form feed of their document."""
    near = np.zeros(end - first, dtype=np.bool_)
    document = layout.document[first]
    start, stop = layout.view.starts[document], layout.view.ends[document]
    feeds = layout.feeds[slice(*layout.feeds.searchsorted([start, stop]).tolist())]
    if len(feeds):
        after = np.searchsorted(layout.first[first:end], feeds)
        near[np.minimum(after, len(near) - 1)] = True
        near[np.maximum(after - 1, 0)] = True
    return near


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but a page number."""
    return _PAGE_NUMBER.fullmatch(text.strip()) is not None
