"""The first look at thousands of documents: which of their breaks may cut a sentence.

Only what stands beside a break is seen, so that a document is judged alike alone and in a batch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.evidence import NEARBY, is_number_cut
from jiaokan.validators.lines.forest import Forest
from jiaokan.validators.lines.layout import Flags, Positions, gaps
from jiaokan.validators.lines.model import Matrix, break_model
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.lines.words import Column
from jiaokan.validators.view import View

SUSPECT, SUSPECT_INDENTED = -1.0, -4.0
"""Log odds from which a break is read more closely; before an indent of spaces, as set text has, inside a
number, and before a mark that begins no line, less will do."""
DOUBTED, DOUBTED_INDENTED = 1.0, -3.0
"""The same from which its document is looked at."""
_STOPS = "。！？!?…：:．｡"
_NO_START = "，。、；：？！」』”’）》〉】〕…,.;:?!)]}%"
_LEAST_GLANCE, _LEAST_READ = -2.0, -1.5
"""Log odds that either network must give, which both read no more than the characters."""


def suspects(view: View) -> Positions:
    """The last ink of each line after which the text may run on."""
    return view.positions("break suspects", _suspects)


def _suspects(view: View) -> Positions:
    others = _at_hyphens(view)
    if len(spaces := _at_spaces(view)):
        others = np.union1d(others, spaces)
    breaks, rows = view.once("breaks in doubt", _in_doubt)
    of_breaks(view)
    if not len(breaks):
        return others
    at = np.flatnonzero((rows[:, -1] >= _LEAST_READ) | _is_lenient(rows))
    breaks, rows = breaks[at], rows[at]
    found: Positions = breaks.left[_above(rows, break_model().doubt, DOUBTED, DOUBTED_INDENTED)]
    return np.union1d(found, others) if len(others) else found


def _in_doubt(view: View) -> tuple["Breaks", Matrix]:
    """The breaks that the first forest leaves in doubt, and what stands beside each: a column for each of `CLOSER`."""
    breaks, rows = nearby_evidence(view)
    at = np.flatnonzero(_above(rows, break_model().screen, SUSPECT, SUSPECT_INDENTED))
    breaks, rows = breaks[at], rows[at]
    read = reads_on("read", view, breaks.left, breaks.right, breaks.first, breaks.last)
    return breaks, np.column_stack([rows, read])


def of_breaks(view: View) -> tuple[Positions, Matrix]:
    """The last ink before each break that was read, and of each: how far the next ink is, how much ink is before and
    behind these in their lines, and what the network that reads says."""
    return view.rows("breaks read", _of_breaks)


def _of_breaks(view: View) -> tuple[Positions, Matrix]:
    breaks, rows = view.once("breaks in doubt", _in_doubt)
    left, right = breaks.left, breaks.right
    around = right - left, left - breaks.first, breaks.last - right
    return left, np.column_stack([*around, rows[:, -1]])


def _is_lenient(rows: Matrix) -> Flags:
    """Breaks of which less is asked."""
    lenient: Flags = rows[:, NEARBY.index("indent")] > 0
    for name in ("number_cut", "no_start"):
        lenient |= rows[:, NEARBY.index(name)] > 0
    return lenient


def _above(rows: Matrix, forest: Forest, least: float, least_if_indented: float) -> Flags:
    if not len(rows):
        return np.zeros(0, dtype=np.bool_)
    above: Flags = forest.log_odds(rows) >= np.where(_is_lenient(rows), least_if_indented, least)
    return above


def _at_hyphens(view: View) -> Positions:
    """Hyphens that end a line between Latin letters, the second a small one."""
    left, right = gaps(view)
    if not len(left):
        return left
    codes = view.codes
    at = one_of(codes[left], "-\u2010\u00ad") & (codes[right] >= 97) & (codes[right] <= 122)
    at &= (view.bits[np.maximum(left - 1, 0)] & np.uint32(Class.LATIN)) != 0
    return left[at]


def _at_spaces(view: View) -> Positions:
    """ASCII characters before a space and a line that is another, and what is no ASCII behind, see `parts.are_at_spaces`."""
    left, right = gaps(view)
    ink, codes = right - left, view.codes
    at = ((ink == len("x \n \n")) | (ink == len("x \r\n \r\n"))).nonzero()[0]
    left, right = left[at], right[at]
    parted: Flags = (codes[left] < 128) & (codes[left + 1] == 32) & (codes[right] >= 128)
    at_spaces: Positions = left[parted]
    return at_spaces


@dataclass(frozen=True)
class Breaks:
    """Breaks by the ink beside them, and the ink that begins the left line and ends the right one."""

    left: Positions
    right: Positions
    first: Positions
    last: Positions
    open_share: Column
    """Of all breaks of the document, those that no full stop explains."""
    number: Column
    """How many breaks the document has, or that there are many."""

    def __len__(self) -> int:
        return len(self.left)

    def __getitem__(self, chosen: NDArray[Any]) -> "Breaks":
        return Breaks(*(each[chosen] for each in vars(self).values()))


def open_breaks(view: View) -> Breaks:
    """The breaks that no full stop explains, and all before an indent of spaces, but for those between
    lines that are next to nothing: a character a line is a table, or set so."""
    left, right = gaps(view)
    if not len(left):
        return Breaks(left, left, left, left, np.zeros(0), np.zeros(0))
    codes, bits = view.codes, view.bits
    ended = _are_ended(view, left)
    margin = one_of(codes[right - 1], " \u00a0\t")
    at = np.flatnonzero(margin | (~ended & ((bits[right] & np.uint32(Class.OPEN)) == 0)))
    if not len(at):
        return Breaks(at, at, at, at, np.zeros(0), np.zeros(0))
    own, next_ = left[at], right[at]
    document = np.searchsorted(view.starts, own, side="right") - 1
    start, end = view.starts[document], view.ends[document]
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, len(left) - 1)
    first = np.where((at > 0) & (left[before] >= start), right[before], start)
    last = np.where((at + 1 < len(left)) & (right[after] < end), left[after], end - 1)
    lows, highs = (np.searchsorted(left, edges) for edges in (view.starts, view.ends))
    all_, open_ = highs - lows, np.bincount(document, minlength=len(lows))
    share = (open_ / np.maximum(all_, 1))[document]
    number = np.minimum(all_, _MANY_BREAKS)[document].astype(np.float64)
    breaks = Breaks(own, next_, first, last, share, number)
    return breaks[(own - first) + (last - next_) + 2 >= _LEAST_INK]


_MANY_BREAKS = 100
_LEAST_INK = 5
"""Code points of both lines together."""


def _are_ended(view: View, left: Positions) -> Flags:
    """Whether a full stop, or one and a closing mark, is there; an ASCII one behind a Han character."""
    closes = (view.bits[left] & np.uint32(Class.CLOSE)) != 0
    ended = one_of(view.codes[left], _STOPS)
    at = closes.nonzero()[0]
    if len(at):
        ended[at] |= one_of(view.codes[np.maximum(left[at] - 1, 0)], _STOPS)
    at = (view.codes[left] == ord(".")).nonzero()[0]
    if len(at):
        ended[at] = (view.bits[np.maximum(left[at] - 1, 0)] & np.uint32(Class.HAN)) != 0
    return ended


def nearby_evidence(view: View) -> tuple[Breaks, Matrix]:
    """The breaks that may cut a sentence, and what stands beside each: a column for each of `NEARBY`."""
    breaks = open_breaks(view)
    if not len(breaks):
        return breaks, np.empty((0, len(NEARBY)))
    glance = reads_on("glance", view, breaks.left, breaks.right, breaks.first, breaks.last)
    codes, bits = view.codes, view.bits
    margin = one_of(codes[breaks.right - 1], " \u00a0\t")
    cut = is_number_cut(view, breaks.left, breaks.right)
    no_start = one_of(codes[breaks.right], _NO_START)
    at = np.flatnonzero(margin | cut | no_start | (glance >= _LEAST_GLANCE))
    breaks, glance, margin, cut = breaks[at], glance[at], margin[at], cut[at]
    if not len(breaks):
        return breaks, np.empty((0, len(NEARBY)))
    left, right, before, after = breaks.left, breaks.right, breaks.first, breaks.last
    last, first = codes[left], codes[right]
    marks = view.where(Class.CJK_MARK | Class.ASCII_MARK)
    columns: dict[str, NDArray[Any]] = {
        "glance": glance,
        "left_chars": _within(left - before + 1, 200),
        "right_chars": _within(after - right + 1, 200),
        "comma": one_of(last, "，、,；;"),
        "no_start": no_start[at],
        "indent": margin,
        "wide_indent": codes[right - 1] == 0x3000,
        "blank": _within(right - left, 12),
        "latin_left": (bits[left] & np.uint32(Class.LATIN)) != 0,
        "latin_right": (bits[right] & np.uint32(Class.LATIN)) != 0,
        "close": (bits[left] & np.uint32(Class.CLOSE)) != 0,
        "open_right": one_of(first, "#*-•·●+=<>|@"),
        "open_left": one_of(last, "#*-•·●+=<>|@"),
        "tail": _to_mark_before(marks, left, before),
        "head": _to_mark_after(marks, right, after),
        "item_right": one_of(first, "第一二三四五六七八九十（(①②③④⑤【"),
        "digit_right": (bits[right] & np.uint32(Class.DIGIT)) != 0,
        "ended": _are_ended(view, left),
        "right_ended": _are_ended(view, after),
        "number_cut": cut,
        "digit_left": (bits[left] & np.uint32(Class.DIGIT)) != 0,
        "open_share": breaks.open_share,
        "breaks": breaks.number,
    }
    rows = np.empty((len(left), len(NEARBY)))
    for number, name in enumerate(NEARBY):
        rows[:, number] = columns[name]
    return breaks, rows


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
