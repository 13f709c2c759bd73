"""Which lines are page furniture: running heads and page numbers, proved by their repetition."""

import re
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.layout import Layout

LEAST_PAGES = 3
LEAST_APART = 6
"""Lines between two page numbers; posts of a thread are numbered, too, but shorter."""
LONGEST = 120
MOST_LINES = 4
"""Lines of furniture in a row."""
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:[-—–·•~*|\[(（第]|page|p\.)?\s*(\d{1,4})\s*(?:(?:/|of|共)\s*(\d{1,4})\s*[页頁]?)?\s*(?:[-—–·•~*|\])）页頁]|[页頁])?",
    re.IGNORECASE,
)


def find_furniture(layout: Layout) -> NDArray[np.bool_]:
    """One flag a line.

    A line is furniture where it comes back at least three times with a number in it that counts pages
    (one more each time), and where it comes back next to such a line or to a form feed.
    """
    flags = np.zeros(len(layout), dtype=np.bool_)
    if len(layout) < 2 * LEAST_PAGES:
        return flags
    shapes: dict[str, list[int]] = defaultdict(list)
    short = np.flatnonzero(layout.last - layout.first < LONGEST)
    texts = {}
    for line in short.tolist():
        text = texts[line] = layout.text(line)
        shapes[_NUMBER.sub("#", " ".join(text.split()))].append(line)
    counting: list[int] = []
    for shape, lines in shapes.items():
        if len(lines) < LEAST_PAGES or "#" not in shape:
            continue
        apart = np.diff(np.array(lines))
        if np.median(apart) >= LEAST_APART and _counts_pages([texts[line] for line in lines]):
            counting += lines
    flags[counting] = True
    feeds = _near_form_feeds(layout)
    for _ in range(MOST_LINES):
        near = feeds.copy()
        near[1:] |= flags[:-1]
        near[:-1] |= flags[1:]
        known = np.count_nonzero(flags)
        for lines in shapes.values():
            if len(lines) >= LEAST_PAGES and np.count_nonzero(near[lines]) * 10 >= 9 * len(lines):
                flags[lines] = True
        if np.count_nonzero(flags) == known:
            break
    return flags


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


def _near_form_feeds(layout: Layout) -> NDArray[np.bool_]:
    """Lines directly before or after a form feed."""
    near = np.zeros(len(layout), dtype=np.bool_)
    feeds = np.flatnonzero(layout.view.codes == 12)
    if len(feeds):
        after = np.searchsorted(layout.first, feeds)
        near[np.minimum(after, len(layout) - 1)] = True
        near[np.maximum(after - 1, 0)] = True
    return near


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but a page number."""
    return _PAGE_NUMBER.fullmatch(text.strip()) is not None
