"""What speaks for and against a blank being the end of a line: one row of numbers a blank, of one document or many."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.blanks import CLOSING, OPENING, Blanks, edges_of
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.lines.layout import Flags, Positions
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.lines.words import Column, of_words, pull_of
from jiaokan.validators.view import View, distinct

OF_BLANKS = (
    "reads_on", "runs_on", "crosses", "left_ends", "right_begins", "farther_runs_on", "farther_crosses",
    "farther_ends", "farther_begins", "begins_by_chance", "pulls", "pulls_second", "pulls_third", "met",
    "own_left", "own_right", "own_ends", "own_begins", "left_bound", "right_bound", "told_apart",
    "after_mark", "after_stop", "before_opening", "before_mark", "wide", "double", "left_chars", "right_chars", "tail", "head",
    "line", "stops", "closed", "blanks", "rate", "read_over", "cut_words", "short",
    "distance", "slack", "at_width", "share_at_width", "at_distance", "fits_before", "fits_behind",
)  # fmt: skip
"""The columns, in their order."""
_STOPS, _PARTS = "。！？!?", "，；：。！？,;:!?、"
_READ, _CUT, _SHORT = 1.0, 3.0, 8
"""Log odds that the network gives where a text reads on; how far characters pull where they are of one word; and
characters of what is hardly a line."""
_NARROWEST, _WIDEST, _SLACK = 24, 132, 4
"""Columns of lines that were joined, and how many fewer a line may have."""
_SPACES, _FAR = 24, 9999
"""Spaces before a blank that are looked at."""
_MOST = 60


def evidence_of_blanks(view: View, blanks: Blanks) -> NDArray[np.float64]:
    """One row for each blank, one column for each of `OF_BLANKS`."""
    left, right = blanks.left, blanks.right
    of = _Of(np.searchsorted(view.starts, left, side="right") - 1, len(view.starts))
    columns = of_words(view, left, right, of.document, np.arange(len(blanks)))
    columns["reads_on"] = reads_on("read", view, left, right, blanks.first, blanks.last)
    columns |= _of_marks(view, blanks) | _of_widths(view, blanks, of)
    before, behind = np.maximum(left - 1, 0), np.minimum(right + 1, len(view.text) - 1)
    columns["left_bound"] = pull_of(view, before, left)
    columns["right_bound"] = pull_of(view, right, behind)
    table = continuation()
    told = (table.tokens_of(view.codes[left]) > 0) & (table.tokens_of(view.codes[right]) > 0)
    columns["told_apart"] = _f(told)
    is_han = (view.bits & np.uint32(Class.HAN)) != 0
    han = is_han[left] & is_han[right]
    number = of.total(np.ones(len(blanks)))
    of_text = np.append(0, np.cumsum(is_han))
    size = (of_text[view.ends] - of_text[view.starts])[of.document]
    columns["blanks"] = np.minimum(number, _MOST)
    columns["rate"] = number * 1000.0 / np.maximum(size, 1)
    columns["read_over"] = of.share_of_others(columns["reads_on"] >= _READ, han)
    columns["cut_words"] = of.share_of_others(columns["pulls"] >= _CUT, han)
    columns["short"] = of.share_of_others(columns["left_chars"] < _SHORT, han)
    return np.column_stack([columns[name] for name in OF_BLANKS])


@dataclass(frozen=True)
class _Of:
    """The document of each blank, ascending, and how many documents there are."""

    document: Positions
    documents: int

    def total(self, values: NDArray[Any]) -> Column:
        """For each blank the sum of something over all of its document."""
        totals = np.bincount(self.document, values, self.documents)[self.document]
        return totals.astype(np.float64)

    def share_of_others(self, part: Flags, whole: Flags) -> Column:
        """For each blank, how many of its document's others that have one flag have the other, too."""
        part = part & whole
        share: Column = (self.total(part) - part + 0.2) / (self.total(whole) - whole + 1.0)
        return share


def _of_marks(view: View, blanks: Blanks) -> dict[str, Column]:
    codes, left, right = view.codes, blanks.left, blanks.right
    starts, ends = edges_of(view)
    start = starts[starts.searchsorted(left, side="right") - 1]
    end = ends[ends.searchsorted(right)]
    marks = view.where(Class.CJK_MARK | Class.ASCII_MARK)
    marks = marks[one_of(codes[marks], _PARTS)]
    stops = marks[one_of(codes[marks], _STOPS)]
    padded = np.concatenate([[-1], marks, [len(codes)]])
    before = padded[marks.searchsorted(left)]
    behind = padded[marks.searchsorted(right) + 1]
    return {
        "after_mark": _f(one_of(codes[left], CLOSING)),
        "after_stop": _f(one_of(codes[left], _STOPS)),
        "before_opening": _f(one_of(codes[right], OPENING)),
        "before_mark": _f(one_of(codes[right], CLOSING)),
        "wide": _f(codes[left + 1] == 0x3000),
        "double": _f(right - left > 2),
        "left_chars": _f(np.minimum(left - blanks.first + 1, _MOST)),
        "right_chars": _f(np.minimum(blanks.last - right + 1, _MOST)),
        "tail": _f(np.minimum(left - np.maximum(before, start - 1), _MOST)),
        "head": _f(np.minimum(np.minimum(behind, end + 1) - right, _MOST)),
        "line": _f(np.minimum(end - start, 400)),
        "stops": _f(
            np.minimum(stops.searchsorted(end, side="right") - stops.searchsorted(start), 5)
        ),
        "closed": _f(one_of(codes[end], _STOPS)),
    }


def _of_widths(view: View, blanks: Blanks, of: _Of) -> dict[str, Column]:
    """Whether blanks stand a line's width apart, as the document's others do."""
    left, right = blanks.left, blanks.right
    wide = (view.bits & np.uint32(Class.HAN | Class.CJK_MARK | Class.KANA | Class.FULLWIDTH)) != 0
    column = np.append(0, np.cumsum(wide + 1))
    distance = column[left + 1] - column[blanks.first]
    spaces = view.where(Class.SPACE)
    starts, ends = edges_of(view)
    begins = distinct(np.sort(np.append(starts, spaces + 1)))
    stops = distinct(np.sort(np.append(ends, spaces - 1)))
    stops = stops[stops >= 0]
    start = starts[starts.searchsorted(left, side="right") - 1]
    end = ends[ends.searchsorted(right)]
    back = _back(begins, start, left, column)
    width = _widths(back, of)[of.document]
    slack = np.abs(back - width[:, None]).min(axis=1)
    near = slack <= _SLACK
    at = (back <= width[:, None] + 1) & (back >= width[:, None] - _SLACK)
    fits_before: Flags = np.bitwise_or.reduce(at, axis=1)
    # A line's width behind the blank stands a space or the line's end.
    nearest = column[stops + 1].searchsorted(column[right] + width + 1, side="right") - 1
    behind = column[stops[np.maximum(nearest, 0)] + 1] - column[right]
    fits_behind: Flags = (behind >= width - _SLACK) | (column[end + 1] - column[right] <= width + 1)
    return {
        "distance": _f(np.minimum(distance, 250)),
        "slack": _f(np.minimum(slack, 99)),
        "at_width": _f(np.minimum(of.total(near) - near, 20)),
        "share_at_width": of.share_of_others(near, np.ones(len(near), dtype=np.bool_)),
        "at_distance": of.share_of_others(np.abs(distance - width) <= _SLACK, near),
        "fits_before": _f(fits_before),
        "fits_behind": _f(fits_behind),
    }


def _back(begins: Positions, start: Positions, left: Positions, column: Positions) -> Positions:
    """Columns from each of the spaces that stand before a blank in its line, or from the line's beginning, to the blank:
    a row for each blank, the nearest first; far beyond any width where there are no more."""
    nearest = begins.searchsorted(left, side="right") - 1
    at = np.maximum(nearest[:, None] - np.arange(_SPACES), 0)
    found: Positions = column[left + 1][:, None] - column[begins[at]]
    found[(begins[at] < start[:, None]) | (nearest[:, None] < np.arange(_SPACES))] = _FAR
    return found


def _widths(back: Positions, of: _Of) -> Positions:
    """For each document, the width at which most blanks stand behind what may begin their line; the least of several,
    0 if there is none."""
    row, lag = ((back >= _NARROWEST) & (back <= _WIDEST)).nonzero()
    key = of.document[row] * (_WIDEST + 1) + back[row, lag]
    times = np.bincount(key, minlength=of.documents * (_WIDEST + 1)).reshape(of.documents, -1)
    times = times.cumsum(axis=1)
    within = times[:, _SLACK:].copy()
    within[:, 1:] -= times[:, : -_SLACK - 1]
    widths: Positions = np.where(times[:, -1] > 0, within.argmax(axis=1) + _SLACK, 0)
    return widths


def _f(values: NDArray[np.generic]) -> Column:
    return values.astype(np.float64)
