"""Numbers that a break surely cuts: neither half is a number of its kind, and both together are one."""

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.layout import Flags, Layout
from jiaokan.validators.lines.pairs import Pairs

_HEAD, _TAIL = 16, 8
"""Code points of a line's end, and of the next line's beginning, that a number and its sign are in."""
_CUT = tuple(
    expression(pattern)
    for pattern in (
        # A telephone number: its area's code is written apart, and seven or eight figures are behind it.
        r"(?<![\d-])(?:[(（]0\d{1,3}[)）] ?|0\d{1,3}[- ])(?=\d+\|)(?!\d{6,}\|\d)(?=[\d|]{8,9}(?!\d))\d+\|\d+(?![\d-])",
        # A month, a day, a year.
        r"年 ?(?:0\|[1-9]|1\|[0-2])月",
        r"月 ?(?:0\|[1-9]|[12]\|\d|3\|[01])[日號号]",
        r"(?<![\d.-])(?:1\|9\d\d|19\|\d\d|199\|\d|2\|0[0-4]\d|20\|[0-4]\d|20[0-4]\|\d)年",
        r"(?<![\d.-])1(?:\|[0-2]\d|[0-2]\|\d)年 ?\d{1,2}月",
        # The number of what is counted.
        r"第\d{1,3}\|\d{1,3}[屆届條条章節节次期號号項项款]",
    )
)


def are_cut(layout: Layout, pairs: Pairs) -> Flags:
    """Breaks inside a telephone number, a date or the number of an article."""
    bits, left, right = layout.view.bits, layout.last[pairs.left], layout.first[pairs.right]
    cut: Flags = (bits[left] & bits[right] & np.uint32(Class.DIGIT)) != 0
    text, first, last = layout.view.text, layout.first, layout.last
    for at in cut.nonzero()[0].tolist():
        line, end = int(pairs.left[at]), int(left[at]) + 1
        before = text[max(int(first[line]), end - _HEAD) : end]
        next_, begin = int(pairs.right[at]), int(right[at])
        after = text[begin : min(int(last[next_]) + 1, begin + _TAIL)]
        both = f"{before}|{after}"
        cut[at] = any(number.search(both) for number in _CUT)
    return cut
