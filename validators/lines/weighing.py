"""Every break of the documents in question weighed at once, with those that are never touched left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.lines.evidence import are_terminal, evidence_of, reading_of
from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.model import break_model
from jiaokan.validators.lines.numbers import are_cut
from jiaokan.validators.lines.pairs import Pairs, pairs_of
from jiaokan.validators.lines.parts import are_at_spaces
from jiaokan.validators.lines.screening import of_breaks, suspects
from jiaokan.validators.lines.widths import are_steps
from jiaokan.validators.lines.windows import Window, windows_of
from jiaokan.validators.lines.words import pull_of
from jiaokan.validators.protected import FENCE, FRONT_MATTER
from jiaokan.validators.values import Settings
from jiaokan.validators.view import Spans, View

LIKELY = 0.45
"""From this probability on a join is reported, as `unsafe`, where lines were cut at a width."""
_OF_STEP, _STEPS = 0.9, 2
"""The least probability where a line goes down a step, see `widths.are_steps`, is parted at a space, see
`parts.are_at_spaces`, or within a number, see `numbers`; of so many other steps it takes, where it ends a sentence, as
what stands above a signature does."""
_FOREIGN, _NAMES = 20, 12
"""Latin letters for each Han character of a text that is in another language, such as a licence with one name in Han;
and how many Han characters may be names, so that a reference of two lines is no such text."""
_KEEPS_LINES = {"code", "csv", "subtitles"}


@dataclass(frozen=True)
class Decided:
    """All breaks of a document, or of a window of it, with the probability that the text runs on there."""

    window: Window
    layout: Layout
    pairs: Pairs
    evidence: NDArray[np.float64]
    probability: NDArray[np.float64]
    pull: NDArray[np.float64]
    """How the likely breaks pull words apart, see `words.pull_of`; 0 for the others."""


def may_be_joined(view: View, settings: Settings) -> bool:
    """Whether a document is of a kind whose lines are not kept."""
    if view.profile.language in ("ja", "ko", "other"):
        return False
    if view.profile.count(Class.LATIN) > _FOREIGN * max(view.profile.han, _NAMES):
        return False
    return format_of(view, settings) not in _KEEPS_LINES


def decided_in(view: View, settings: Settings) -> list[Decided]:
    """The windows of a document that have likely breaks."""
    if _DECIDED not in view.notes:
        decide_together([view], settings)
    decided: list[Decided] = view.notes[_DECIDED]
    return decided


def decide_together(views: Sequence[View], settings: Settings) -> None:
    """Weigh the breaks of many documents at once, for `decided_in` to take up: it is much faster."""
    for view in views:
        view.notes[_DECIDED] = []
    suspect = [view for view in views if len(suspects(view))]
    View.know_languages(suspect)
    wanted = [view for view in suspect if may_be_joined(view, settings)]
    windows = [window for view in wanted for window in windows_of(view)]
    for few in range(0, len(windows), _TOGETHER):
        for decided in decide(windows[few : few + _TOGETHER]):
            if decided is not None:
                decided.window.whole.notes[_DECIDED].append(decided)
    View.know_verses([view for view in wanted if view.notes[_DECIDED]])


_DECIDED = "breaks decided"
_TOGETHER = 256
"""Windows decided together: enough to be fast, few enough to need little memory."""


def decide(windows: Sequence[Window]) -> list[Decided | None]:
    """Weigh every break of these windows; None for one that has none that is likely."""
    view = (
        windows[0].view if len(windows) == 1 else View.joined([window.view for window in windows])
    )
    layout = Layout(view)
    furniture = find_furniture(layout)
    for index, window in enumerate(windows):
        if window.furniture is not None:
            furniture[slice(*layout.bounds[index : index + 2].tolist())] |= window.furniture
    pairs = pairs_of(layout, furniture)
    found: list[Decided | None] = [None] * len(windows)
    if not len(pairs):
        return found
    # A sentence that ends where its line does is followed by more of its paragraph in wrapped text alone,
    # and that is one window.
    is_part = np.array([window.is_part for window in windows])
    weighed = np.flatnonzero(~(is_part[pairs.document] & are_terminal(layout, pairs)))
    evidence = evidence_of(layout, pairs, weighed)
    reading = partial(reading_of, layout, pairs, known=_read_before(windows, view))
    probability = break_model().probability(evidence, pairs.document, weighed, reading)
    steps = are_steps(layout, pairs)
    if steps.any():
        open_ = steps & ~are_terminal(layout, pairs)
        steps &= open_ | (pairs.total(open_)[pairs.document] >= _STEPS)
        probability[steps] = np.maximum(probability[steps], _OF_STEP)
    surely = are_at_spaces(layout, pairs) | are_cut(layout, pairs)
    probability[surely] = np.maximum(probability[surely], _OF_STEP)
    likely = np.flatnonzero(probability >= LIKELY)
    pull = np.zeros(len(pairs))
    last, first_ink = layout.last[pairs.left[likely]], layout.first[pairs.right[likely]]
    pull[likely] = pull_of(view, last, first_ink)
    bounds = np.searchsorted(pairs.document, np.arange(len(windows) + 1))
    document = pairs.document[likely]
    rows, spaced = _may_be_rows(layout), _are_spaced(layout)
    for index in np.unique(document).tolist():
        first, end = bounds[index : index + 2].tolist()
        own = layout if len(windows) == 1 else layout.part(index, windows[index].view)
        part = pairs.part(first, end, int(layout.bounds[index]))
        chances = probability[first:end]
        lines = slice(*layout.bounds[index : index + 2].tolist())
        breaks = likely[document == index] - first
        chances[_kept(windows[index], own, part, breaks, rows[lines], spaced[lines])] = 0.0
        found[index] = Decided(
            windows[index], own, part, evidence[first:end], chances, pull[first:end]
        )
    return found


def _read_before(windows: Sequence[Window], view: View) -> tuple[Positions, NDArray[np.float64]]:
    """What the screen read of breaks of these windows, which are the documents of the view; see `of_breaks`."""
    places, rows = [], []
    for window, start in zip(windows, view.starts.tolist(), strict=True):
        of_whole, measured = of_breaks(window.whole)
        bounds = window.start, window.start + len(window.view.text)
        first, end = of_whole.searchsorted(bounds).tolist()
        places.append(of_whole[first:end] + (start - window.start))
        rows.append(measured[first:end])
    return np.concatenate(places), np.concatenate(rows)


def _may_be_rows(layout: Layout) -> Flags:
    """Lines with a border at an end, or leaders."""
    view, first, last = layout.view, layout.first, layout.last
    flags: Flags = one_of(view.codes[first], _BORDERS) | one_of(view.codes[last], _BORDERS)
    flags |= layout.others.number(one_of(layout.others.codes, _LEADING)) >= _LEAST_LEADERS
    return flags


def _are_spaced(layout: Layout) -> Flags:
    """Lines with a space that is no indent."""
    others = layout.others
    void = (others.bits & np.uint32(Class.SPACE | Class.BREAK | Class.CONTROL)) != 0
    spaces = others.at[void]
    flags: Flags = spaces.searchsorted(layout.end) > spaces.searchsorted(layout.first)
    return flags


def _kept(
    window: Window,
    layout: Layout,
    pairs: Pairs,
    likely: NDArray[np.intp],
    rows: Flags,
    spaced: Flags,
) -> NDArray[np.intp]:
    """Those of these breaks that are never touched: inside code blocks and front matter, and beside
    table rows. `rows` and `spaced` say which lines may be of a table."""
    left, right = pairs.left[likely], pairs.right[likely]
    kept = np.zeros(len(likely), dtype=np.bool_)
    for start, end, _ in window.whole.spans("fences", _fenced):
        for line in (left, right):
            kept |= (layout.last[line] >= start - window.start) & (
                layout.first[line] < end - window.start
            )
    unlike_prose = rows | spaced
    beside = (unlike_prose[left] | unlike_prose[right]).nonzero()[0]
    left, right = left[beside], right[beside]
    looks = {
        line: _Look.of(layout, line, bool(rows[line]), bool(spaced[line]))
        for line in {*left.tolist(), *right.tolist()}
    }
    alike = [
        looks[one].is_row
        or looks[other].is_row
        or (looks[one].is_section and looks[other].is_section)
        or (looks[one].is_parted and (looks[other].is_parted or _is_parted(layout, one - 1)))
        or (looks[other].is_parted and _is_parted(layout, other + 1))
        or (looks[one].fields != 0 and looks[one].fields == looks[other].fields)
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    ]
    kept[beside] |= np.array(alike, dtype=np.bool_)
    return likely[kept]


@dataclass(frozen=True)
class _Look:
    """What a line looks like that may be of a table, or of a table of contents."""

    is_row: bool
    """It begins or ends with a table's border, is ruled, or leads over dots to a page number."""
    is_section: bool
    """It begins with a section's number: two in a row are a table of contents."""
    is_parted: bool
    """It has a wide gap inside, as rows of tables and lines read across two columns have: two in a row are a
    table, and what stands beside them is not of it."""
    fields: int

    @staticmethod
    def of(layout: Layout, line: int, may_be_row: bool, is_spaced: bool) -> "_Look":
        text, ink = layout.view.text, layout.text(line)
        is_row = may_be_row and (
            ink[0] in _BORDERS or ink[-1] in _BORDERS or _LEADERS.search(ink) is not None
        )
        if not is_spaced:
            return _Look(is_row, False, False, 0)
        return _Look(
            is_row,
            _SECTION.match(text, int(layout.start[line])) is not None,
            _is_parted(layout, line),
            _fields(ink),
        )


def _is_parted(layout: Layout, line: int) -> bool:
    return 0 <= line < len(layout) and _WIDE_GAP.search(layout.text(line)) is not None


def _fenced(view: View) -> Spans:
    if not any(sign in view.text for sign in _FENCES):
        return []
    matches = [*FENCE.finditer(view.text), *FRONT_MATTER.finditer(view.text)]
    return sorted((match.start(), match.end(), None) for match in matches)


_FENCES = ("```", "~~~", "---", "+++")


def _fields(ink: str) -> int:
    """What a table's row looks like whose fields are parted by single spaces: a number for each way
    in which words and figures alternate; 0 for a line that is no such row."""
    fields = ink.split() if len(ink) <= 80 else []
    if len(fields) < _FIELDS:
        return 0
    figures = [
        (field[0] in _SIGNS or field[0].isdecimal()) and _FIGURE.fullmatch(field) is not None
        for field in fields
    ]
    if sum(figures) * 2 < len(fields):
        return 0
    return int("1" + "".join(str(int(figure)) for figure in figures[:16]), 2)


_FIELDS = 3
_SIGNS = "-+±$¥￥"
_FIGURE = expression(r"[-+±$¥￥]?\d[\d.,:/-]*[%％\u3400-\u9fffA-Za-z]{0,3}")
_SECTION = expression(
    r"^[ \t\u00a0\u3000]*(?:\d{1,2}|[A-Z])(?:\.\d{1,3})+\.?[ \u00a0]", re.MULTILINE
)
_WIDE_GAP = expression(r"(?<=[^\s])(?:[ \u3000\u00a0]{3,}| *\t[ \t]*)(?=[^\s])")
_BORDERS = "|│┃║┆┊├┤┌┐└┘┬┴┼─━═╔╗╚╝╠╣"
_LEADING = ".．·…-=_*~—─"
_LEAST_LEADERS = 3
_LEADERS = expression(r"(?:[.．·][ \u00a0]?){5,}|…{3,}|[-=_*~—─]{5,}")
