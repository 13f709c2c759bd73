"""The first look at thousands of documents: which of their breaks may cut a sentence.

Only what stands beside a break is seen, so that a document is judged alike alone and in a batch.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.evidence import NEARBY, is_in, is_number_cut
from jiaokan.validators.lines.layout import Positions, gaps
from jiaokan.validators.lines.model import break_model
from jiaokan.validators.lines.words import Column, running_on
from jiaokan.validators.view import View

SUSPECT, SUSPECT_INDENTED = 1.2, -2.5
"""Log odds from which a break is suspect; before an indent of spaces, as set text has, and inside a number,
less will do."""
_STOPS = "。！？!?…：:．｡"
_LOWEST_RUN = 1.0


def suspects(view: View) -> Positions:
    """The last ink of each line after which the text may run on."""
    return view.positions("break suspects", _suspects)


def _suspects(view: View) -> Positions:
    hyphens = _at_hyphens(view)
    left, rows = nearby_evidence(view)
    if not len(left):
        return hyphens
    lenient = (rows[:, NEARBY.index("indent")] > 0) | (rows[:, NEARBY.index("number_cut")] > 0)
    least = np.where(lenient, SUSPECT_INDENTED, SUSPECT)
    found: Positions = left[break_model().screen.log_odds(rows) >= least]
    return np.union1d(found, hyphens) if len(hyphens) else found


def _at_hyphens(view: View) -> Positions:
    """Hyphens that end a line between Latin letters, the second a small one."""
    left, right = gaps(view)
    if not len(left):
        return left
    codes = view.codes
    at = is_in(codes[left], "-\u2010\u00ad") & (codes[right] >= 97) & (codes[right] <= 122)
    at &= (view.bits[np.maximum(left - 1, 0)] & np.uint32(Class.LATIN)) != 0
    return left[at]


def nearby_evidence(view: View) -> tuple[Positions, NDArray[np.float64]]:
    """The breaks that no full stop explains, and what stands beside each: a column for each of `NEARBY`."""
    left, right = gaps(view)
    if not len(left):
        return left, np.empty((0, len(NEARBY)))
    codes, bits = view.codes, view.bits
    document = np.searchsorted(view.starts, left, side="right") - 1
    before = np.maximum(np.concatenate([[0], right[:-1]]), view.starts[document])
    after = np.minimum(np.concatenate([left[1:], [len(view.text)]]), view.ends[document])
    last = codes[left]
    closes = (bits[left] & np.uint32(Class.CLOSE)) != 0
    ended = is_in(last, _STOPS) | (closes & is_in(codes[np.maximum(left - 1, 0)], _STOPS))
    margin = is_in(codes[right - 1], " \u00a0\t")
    keep = margin | (~ended & ((bits[right] & np.uint32(Class.OPEN)) == 0))
    left, right, before, after = left[keep], right[keep], before[keep], after[keep]
    ended, margin = ended[keep], margin[keep]
    if not len(left):
        return left, np.empty((0, len(NEARBY)))
    run = running_on(view, left, right)
    keep = margin | (run[0] >= _LOWEST_RUN)
    left, right, before, after = left[keep], right[keep], before[keep], after[keep]
    ended, margin = ended[keep], margin[keep]
    runs_on, crosses, ends, begins = (column[keep] for column in run)
    last, first = codes[left], codes[right]
    marks = view.where(Class.CJK_MARK | Class.ASCII_MARK)
    columns: dict[str, NDArray[Any]] = {
        "runs_on": runs_on,
        "crosses": crosses,
        "left_ends": ends,
        "right_begins": begins,
        "left_chars": _within(left - before + 1, 200),
        "right_chars": _within(after - right + 1, 200),
        "comma": is_in(last, "，、,；;"),
        "no_start": is_in(first, "，。、；：？！」』”’）》〉】〕…,.;:?!)]}%"),
        "indent": margin,
        "wide_indent": codes[right - 1] == 0x3000,
        "blank": _within(right - left, 12),
        "latin_left": (bits[left] & np.uint32(Class.LATIN)) != 0,
        "latin_right": (bits[right] & np.uint32(Class.LATIN)) != 0,
        "close": (bits[left] & np.uint32(Class.CLOSE)) != 0,
        "open_right": is_in(first, "#*-•·●+=<>|@"),
        "tail": _to_mark_before(marks, left, before),
        "head": _to_mark_after(marks, right, after),
        "item_right": is_in(first, "第一二三四五六七八九十（(①②③④⑤【"),
        "digit_right": (bits[right] & np.uint32(Class.DIGIT)) != 0,
        "ended": ended,
        "number_cut": is_number_cut(view, left, right),
        "digit_left": (bits[left] & np.uint32(Class.DIGIT)) != 0,
    }
    rows = np.empty((len(left), len(NEARBY)))
    for number, name in enumerate(NEARBY):
        rows[:, number] = columns[name]
    return left, rows


def _within(counts: Positions, most: int) -> Positions:
    """The counts, none under 0 or over `most`; of few numbers np.clip takes five times as long."""
    within: Positions = np.minimum(np.maximum(counts, 0), most)
    return within


def _to_mark_before(marks: Positions, left: Positions, before: Positions) -> Column:
    """Characters between the last mark inside the left line and its end."""
    at = np.searchsorted(marks, left) - 1
    found = np.where(at >= 0, marks[np.maximum(at, 0)] if len(marks) else -1, -1)
    tail: Column = _within(left - np.maximum(found, before - 1), 60).astype(np.float64)
    return tail


def _to_mark_after(marks: Positions, right: Positions, after: Positions) -> Column:
    """Characters before the first mark of the right line."""
    at = np.searchsorted(marks, right)
    size = len(marks)
    found = np.where(at < size, marks[np.minimum(at, size - 1)] if size else after, after)
    head: Column = _within(np.minimum(found, after) - right, 60).astype(np.float64)
    return head
