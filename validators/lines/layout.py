"""The lines of a document as arrays: where each begins and ends, how wide it is, what lies between."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.view import View

Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]
VOID = Class.SPACE | Class.BREAK | Class.CONTROL | Class.IGNORABLE
_WIDE = (
    Class.HAN | Class.KANA | Class.HANGUL | Class.BOPOMOFO | Class.CJK_MARK | Class.FULLWIDTH
    | Class.RADICAL | Class.COMPATIBILITY | Class.PRIVATE
)  # fmt: skip
_STEPS = 6
_TAB = 8


def gaps(view: View) -> tuple[Positions, Positions]:
    """The last ink before and the first ink after each break between two lines of one document.

    Blank lines between are one gap. Works on a batch: no gap reaches from document to document.
    """
    before = view.positions("ink before gaps", lambda v: v.once("gaps", _gaps)[0])
    behind = view.positions("ink behind gaps", lambda v: v.once("gaps", _gaps)[1])
    return before, behind


def _gaps(view: View) -> tuple[Positions, Positions]:
    breaks = view.breaks
    if not len(breaks):
        return breaks, breaks
    apart = np.flatnonzero(breaks[1:] != breaks[:-1] + 1)
    left = nearest_ink(view, breaks[np.append(0, apart + 1)] - 1, -1)
    right = nearest_ink(view, breaks[np.append(apart, len(breaks) - 1)] + 1, 1)
    new = np.ones(len(left), dtype=np.bool_)
    new[1:] = left[1:] != left[:-1]
    inside = new & (left >= 0) & (right < len(view.text))
    left, right = left[inside], right[inside]
    document = np.searchsorted(view.starts, left, side="right") - 1
    same = (left >= view.starts[document]) & (right < view.ends[document])
    return left[same], right[same]


def nearest_ink(view: View, positions: Positions, by: int) -> Positions:
    """The nearest ink at or beyond each position in one direction; -1 or the length for none."""
    positions = positions.copy()
    bits, size = view.bits, len(view.text)
    void = np.uint32(VOID)
    open_ = np.arange(len(positions))
    for _ in range(_STEPS):
        at = positions[open_]
        inside = (at >= 0) & (at < size)
        open_ = open_[inside]
        at = at[inside]
        open_ = open_[(bits[at] & void) != 0]
        if not len(open_):
            return positions
        positions[open_] += by
    ink = np.flatnonzero((bits & void) == 0)
    wanted = positions[open_]
    if by < 0:
        index = np.searchsorted(ink, wanted, side="right") - 1
        positions[open_] = np.where(index >= 0, ink[np.maximum(index, 0)] if len(ink) else -1, -1)
    else:
        index = np.searchsorted(ink, wanted)
        last = np.minimum(index, max(len(ink) - 1, 0))
        positions[open_] = np.where(index < len(ink), ink[last] if len(ink) else size, size)
    return positions


@dataclass(frozen=True)
class Others:
    """The characters that are neither Han nor kana: marks, figures, breaks and all else, a fifth of most texts."""

    at: Positions
    codes: NDArray[np.uint32]
    bits: NDArray[np.uint32]
    first: Positions
    end: Positions
    """Of each line, the number of the first of them in its ink, and of the first behind it."""

    @cached_property
    def are_marks(self) -> Flags:
        flags: Flags = (self.bits & np.uint32(Class.CJK_MARK | Class.ASCII_MARK)) != 0
        return flags

    def number(self, flags: NDArray[np.bool_ | np.int8]) -> Positions:
        """How many of those with a flag are in the ink of each line, or the sum of what each counts for."""
        before = np.zeros(len(flags) + 1, dtype=np.intp)
        flags.cumsum(out=before[1:])
        number: Positions = before[self.end] - before[self.first]
        return number


class Lines:
    """The lines with ink of one document or many."""

    def __init__(self, view: View, first: Positions, last: Positions) -> None:
        self.view = view
        self.first, self.last = first, last
        self.document: Positions = np.searchsorted(view.starts, first, side="right") - 1
        """The document that each line is of."""

    @classmethod
    def of(cls, view: View) -> "Lines":
        """The lines of one document, from the gaps between them."""
        left, right = gaps(view)
        edges = np.array([0]), np.array([len(view.text) - 1])
        begin, end = nearest_ink(view, edges[0], 1), nearest_ink(view, edges[1], -1)
        ink = end >= begin  # none in a document without
        return cls(view, np.append(begin[ink], right), np.append(left, end[ink]))

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def bounds(self) -> Positions:
        """The first line of each document, and the number of lines: shape (documents + 1,)."""
        documents = np.arange(len(self.view.starts) + 1)
        bounds: Positions = np.searchsorted(self.document, documents)
        return bounds

    @cached_property
    def feeds(self) -> Positions:
        """The form feeds."""
        feeds: Positions = self.view.breaks[self.view.codes[self.view.breaks] == ord("\f")]
        return feeds

    def text(self, line: int) -> str:
        """The ink of a line."""
        return self.view.text[self.first[line] : self.last[line] + 1]


class Layout(Lines):
    """Lines with their widths and indents in columns: two for a wide character."""

    def __init__(self, view: View) -> None:
        codes = view.codes
        at = ((view.bits & np.uint32(Class.HAN | Class.KANA)) == 0).nonzero()[0]
        bits = view.bits[at]
        breaks = at[(bits & np.uint32(Class.BREAK)) != 0]
        second = np.zeros(len(breaks), dtype=np.bool_)
        if len(breaks) > 1:
            joined = breaks[1:] == breaks[:-1] + 1
            carriage = joined & (codes[breaks[:-1]] == 13)
            second[1:] = carriage & (codes[breaks[1:]] == 10)
            # A text whose CR LF was written as if its LF were a line end has CR CR LF.
            second[1:-1] |= carriage[:-1] & (codes[breaks[1:-1]] == 13) & second[2:]
        of = np.append((~second).nonzero()[0], len(breaks))
        ends = np.append(breaks[of[:-1]], len(view.text))
        starts = np.concatenate([[0], ends[:-1] + of[1:] - of[:-1]]).astype(np.intp)
        first = nearest_ink(view, starts, 1)
        full = first < ends
        self.number: Positions = np.flatnonzero(full)
        """The line number, counted from 0, of each line with ink."""
        self.start: Positions = starts[full]
        self.end: Positions = ends[full]
        super().__init__(view, first[full], nearest_ink(view, self.end - 1, -1))
        others = self.others = Others(
            at, codes[at], bits, at.searchsorted(self.first), at.searchsorted(self.last + 1)
        )
        self.feeds = breaks[codes[breaks] == ord("\f")]
        lacks = 1 - ((bits & np.uint32(_WIDE)) != 0).astype(np.intp)
        lacks[(bits & np.uint32(Class.COMBINING | Class.IGNORABLE | Class.BREAK)) != 0] = 2
        lacks[others.codes == 0x3000] = 0
        lacks[others.codes == 9] = 2 - _TAB
        self._lacking = np.concatenate([[0], np.cumsum(lacks)])
        """Columns that those before each of the others lack to two each, as Han and kana have."""
        self.indent: Positions = self.columns(self.start, self.first)
        self.width: Positions = self.columns(self.first, self.last + 1)
        self.edge: Positions = self.indent + self.width

    def columns(self, start: Positions, end: Positions) -> Positions:
        """The columns from each start to its end."""
        at = self.others.at
        lacking = self._lacking[at.searchsorted(end)] - self._lacking[at.searchsorted(start)]
        columns: Positions = 2 * (end - start) - lacking
        return columns

    def part(self, index: int, view: View) -> "Layout":
        """The lines of one document, with positions in its own view."""
        lines = slice(*self.bounds[index : index + 2].tolist())
        start = self.view.starts[index]
        part = object.__new__(Layout)
        part.view = view
        part.number = self.number[lines]
        part.document = np.zeros(lines.stop - lines.start, dtype=np.intp)
        part.start, part.end = self.start[lines] - start, self.end[lines] - start
        part.first, part.last = self.first[lines] - start, self.last[lines] - start
        part.indent, part.width, part.edge = self.indent[lines], self.width[lines], self.edge[lines]
        return part
