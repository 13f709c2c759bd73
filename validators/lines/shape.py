"""Lines whose shape is wrong: repeated, glued together, read across columns, ended in two ways."""

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.layout import Positions, gaps, nearest_ink
from jiaokan.validators.lines.words import pull_of, running_on
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_LEAST_REPEATED = 12
_LEAST_GLUED = 240
_GLUED_ODDS = 3.4
_WIDE_GAP = expression(r"(?<=\S)[ \u3000\u00a0]{3,}(?=\S)")
_COLUMN_LINES = 5
_WORD_CUT = 1.0
"""How much more often than by chance characters meet, from which a word or phrase runs over the break."""
_LEAST_CUT = 0.2
_PROVEN_DOWN, _PROVEN_ACROSS = 0.3, 0.1
"""The same shares that prove two columns."""
_STOPS = "。！？」』”"
_MARKS = "，。！？；、：,!?;:"
_TITLE = 4
"""Code points after a space that belong to a title, at the least."""
_LONGEST = 40
"""Code points of a clause that are looked at."""
_NUMBERS = expression(
    r"(?<=[。；;！？」”）)\u4e00-\u9fff])(?:(\d{1,2})[.．、](?!\d)|([一二三四五六七八九十]{1,2})、)"
)
_VOID = expression(r"[\s\ufeff]*")
_PARAGRAPH = expression(r"[^\n\r\v\f\x85\u2028\u2029]*")
_NUMERALS = "一二三四五六七八九十"


def may_be_misshapen(view: View) -> NDArray[np.bool_]:
    """Documents with a line repeated, a long paragraph that looks glued, columns, or mixed line ends."""
    flags = view.documents_with(_long_and_spaced(view))
    flags |= view.documents_with(_column_gaps(view))
    return flags | _repeats(view) | _mixed(view) if view.present & Class.BREAK else flags


def _repeats(view: View) -> NDArray[np.bool_]:
    return view.flags("repeats lines", lambda v: v.documents_with(repeated_lines(v)[0]))


def repeated_lines(view: View) -> tuple[Positions, Positions]:
    """Ends of the ink of each line that the next repeats, and of the repetition; candidates to compare."""
    left, right = gaps(view)
    if not len(left):
        return left, left
    document = np.searchsorted(view.starts, left, side="right") - 1
    same = document[1:] == document[:-1]
    begin, end = (
        nearest_ink(view, view.starts[document], 1),
        nearest_ink(view, view.ends[document] - 1, -1),
    )
    begin[1:] = np.where(same, right[:-1], begin[1:])
    end[:-1] = np.where(same, left[1:], end[:-1])
    size = left - begin
    at = np.flatnonzero((size == end - right) & (size >= _LEAST_REPEATED))
    codes = view.codes
    for offset in (0, 1, 5, 9):
        at = at[codes[begin[at] + offset] == codes[right[at] + offset]]
    at = at[codes[left[at]] == codes[end[at]]]
    at = at[(view.bits[begin[at] + 1] & np.uint32(Class.HAN)) != 0]
    return left[at], end[at]


def find_repeated(view: View) -> list[Finding]:
    """`lines/duplicated`: whole sentences that stand twice in a row."""
    if not _repeats(view)[0]:
        return []
    found = []
    for first, second in zip(*(ends.tolist() for ends in repeated_lines(view)), strict=True):
        start = _match_end(_VOID, view.text, first + 1)
        line = view.text[start : second + 1]
        if view.text[first + 1 - len(line) : first + 1] != line:
            continue
        sentence = line[-1] in "。！？”」" and len(line) >= 2 * _LEAST_REPEATED
        found.append(
            Finding(
                rule="lines/duplicated",
                start=first + 1,
                end=second + 1,
                message="the line above stands here again",
                confidence=0.9 if sentence else 0.6,
                applicability=Applicability.UNSAFE if sentence else Applicability.DISPLAY,
                replacement="" if sentence else None,
                evidence={"characters": len(line)},
            )
        )
    return found


def _long_and_spaced(view: View) -> Positions:
    """Starts of long paragraphs that have spaces between Han, or numbered items, inside."""
    return view.positions("long and spaced", _find_long_and_spaced)


def _find_long_and_spaced(view: View) -> Positions:
    breaks = view.breaks
    edges = np.concatenate([[-1], breaks, [len(view.text)]])
    long = (edges[1:] - edges[:-1] > _LEAST_GLUED).nonzero()[0]
    if not len(long):
        return breaks[:0]
    starts, ends = edges[long] + 1, edges[long + 1]
    spaces = view.where(Class.SPACE)
    inner = spaces[(spaces > 0) & (spaces < len(view.text) - 1)]
    han = np.uint32(Class.HAN)
    inner = inner[((view.bits[inner - 1] & han) != 0) & ((view.bits[inner + 1] & han) != 0)]
    spaced = np.searchsorted(inner, ends) - np.searchsorted(inner, starts) >= 2
    found: Positions = starts[spaced | _has_numbers(view, starts, ends)]
    return found


def _has_numbers(view: View, starts: Positions, ends: Positions) -> NDArray[np.bool_]:
    """Whether 2. and 3. (of any kind) may stand in each span: a stop, then a figure, then a mark."""
    stops = view.where(Class.TERMINAL)
    stops = stops[: stops.searchsorted(len(view.text) - 2)]
    before = stops[one_of(view.codes[stops + 1], "23二三")]
    at = before[one_of(view.codes[before + 2], ".．、")]
    flags: NDArray[np.bool_] = np.searchsorted(at, ends) - np.searchsorted(at, starts) >= 2
    return flags


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def find_glued(view: View) -> list[Finding]:
    """`lines/collapsed`: a paragraph of headings, items or rows that lost the breaks between them."""
    found = []
    for start in _long_and_spaced(view).tolist():
        end = _match_end(_PARAGRAPH, view.text, start)
        places = sorted({*_glued_titles(view, start, end), *_glued_items(view.text, start, end)})
        if len(places) < 2:
            continue
        shown = tuple(
            f"{p - start}: {view.text[p - 8 : p]}|{view.text[p : p + 8]}" for p in places[:20]
        )
        found.append(
            Finding(
                rule="lines/collapsed",
                start=start,
                end=end,
                message=f"at least {len(places)} lines were glued into this paragraph",
                confidence=0.8 if len(places) < 4 else 0.9,
                applicability=Applicability.DISPLAY,
                evidence={"breaks_were_at": shown},
            )
        )
    return found


def _glued_titles(view: View, start: int, end: int) -> list[int]:
    """Places after a title of two spaced halves where the words stop and begin anew without a mark."""
    codes = view.codes[max(start - 1, 0) : end]
    han = (codes >= 0x4E00) & (codes <= 0x9FFF)
    spaces = (codes[1:-1] == 0x20) | (codes[1:-1] == 0x3000)
    begins = np.flatnonzero(spaces & han[:-2] & han[2:]) + 2 + max(start - 1, 0)
    if not len(begins):
        return []
    marks = np.append(np.flatnonzero(one_of(codes, _MARKS)) + max(start - 1, 0), end)
    stops = np.minimum(marks[np.searchsorted(marks, begins)], begins + _LONGEST)
    firsts, lasts = begins + _TITLE, stops - 2
    clauses = np.stack([firsts, lasts], axis=1)[lasts > firsts]
    places = []
    for few in range(0, len(clauses), _CLAUSES):
        places += _lowest_in_each(view, *clauses[few : few + _CLAUSES].T)
    return places


_CLAUSES = 1024
"""Clauses weighed together: enough to be fast, few enough to need no memory to speak of."""


def _lowest_in_each(view: View, starts: Positions, ends: Positions) -> list[int]:
    """The place in each clause where the words run on least, where that is little enough."""
    # Clauses overlap where there are many: what they share is weighed once.
    edges = np.zeros(int(ends.max() - starts.min()) + 1, dtype=np.intp)
    np.add.at(edges, starts - starts.min(), 1)
    np.add.at(edges, ends - starts.min(), -1)
    at = np.flatnonzero(np.cumsum(edges)) + starts.min()
    odds = running_on(view, at - 1, at)[0]
    firsts = np.searchsorted(at, starts)
    inside = np.arange((ends - starts).max())
    rows = odds[np.minimum(firsts[:, None] + inside, len(at) - 1)]
    rows[inside >= (ends - starts)[:, None]] = np.inf
    lowest = rows.argmin(axis=1)
    little = rows[np.arange(len(rows)), lowest] <= _GLUED_ODDS
    places: list[int] = (starts + lowest)[little].tolist()
    return places


def _glued_items(text: str, start: int, end: int) -> list[int]:
    """Places of numbered items that count up inside one paragraph, each right behind other text."""
    kinds: dict[int, list[tuple[int, int]]] = {1: [], 2: []}
    for match in _NUMBERS.finditer(text, start, end):
        group = match.lastindex or 1
        value = int(match[1]) if group == 1 else _NUMERALS.find(match[group][-1]) + 1
        kinds[group].append((value, match.start()))
    for items in kinds.values():
        run = [
            place
            for (value, place), index in zip(items, range(2, 99), strict=False)
            if value == index
        ]
        if len(run) >= 3 and len(run) == len(items):
            return run
    return []


def _space_runs(view: View) -> Positions:
    """Where three spaces in a row begin."""
    return view.positions("runs of spaces", _find_space_runs)


def _find_space_runs(view: View) -> Positions:
    spaces = view.where(Class.SPACE)
    found: Positions = spaces[:-2][spaces[2:] == spaces[:-2] + 2]
    return found


def _column_gaps(view: View) -> Positions:
    """Starts of the runs of three spaces and more inside lines."""
    at = _space_runs(view)
    at = at[at > 0]
    han = np.uint32(Class.HAN | Class.CJK_MARK)
    found: Positions = at[(view.bits[at - 1] & han) != 0]
    return found


def _gaps_inside(view: View) -> Positions:
    """Where three spaces in a row begin behind what is none."""
    at = _space_runs(view)
    void = np.uint32(Class.SPACE | Class.BREAK)
    inside: Positions = at[(at > 0) & ((view.bits[at - 1] & void) == 0)]
    return inside


def find_columns(view: View) -> list[Finding]:
    """`lines/interleaved-columns`: two columns of text, read line by line across both."""
    gaps_ = _gaps_inside(view)
    if len(gaps_) < _COLUMN_LINES:
        return []
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\r\n\f\v]+", view.text)]
    ahead = iter([*gaps_.tolist(), len(view.text)])
    gap = next(ahead)
    found = []
    block: list[tuple[int, int, int, int]] = []
    for start, end in [*lines, (len(view.text), len(view.text))]:
        while gap < start:
            gap = next(ahead)
        parts = list(_WIDE_GAP.finditer(view.text, start, end)) if gap < end else []
        left = parts[0].start() - start if parts else 0
        if len(parts) == 1 and left >= 8 and end - parts[0].end() >= 6:
            block.append((start, parts[0].start(), parts[0].end(), end))
            continue
        if len(block) >= _COLUMN_LINES:
            found += _columns(view, block)
        block = []
    return found


def _columns(view: View, block: list[tuple[int, int, int, int]]) -> list[Finding]:
    """A finding where down each column the text runs on, and across it does not."""
    rows = np.array(block, dtype=np.intp)
    down = np.concatenate(
        [
            pull_of(view, rows[:-1, 1] - 1, _first_ink(view, rows[1:, 0])),
            pull_of(view, rows[:-1, 3] - 1, rows[1:, 2]),
        ]
    )
    across = pull_of(view, rows[:, 1] - 1, rows[:, 2])
    cut_down, cut_across = float(np.mean(down >= _WORD_CUT)), float(np.mean(across >= _WORD_CUT))
    if cut_down < _LEAST_CUT or cut_down < 2 * cut_across:
        return []
    proven = cut_down >= _PROVEN_DOWN and cut_across <= _PROVEN_ACROSS
    apart = _one_below_the_other(view, rows) if proven else None
    return [
        Finding(
            rule="lines/interleaved-columns",
            start=int(rows[0, 0]),
            end=int(rows[-1, 3]),
            message=f"two columns were read across, line by line, over {len(rows)} lines",
            confidence=0.95 if apart is not None else 0.85,
            applicability=Applicability.DISPLAY if apart is None else Applicability.UNSAFE,
            replacement=apart,
            evidence={"words_cut_down_the_columns": cut_down, "words_cut_across": cut_across},
        )
    ]


def _one_below_the_other(view: View, rows: Positions) -> str | None:
    """The right column under the left one; None where other lines touch these, where more than a line's
    end stands between two of them, or where the left column's end is neither that of a sentence nor goes on at the right
    column's beginning."""
    text = view.text
    ends = {text[end:start] for end, start in zip(rows[:-1, 3], rows[1:, 0], strict=True)}
    seam = rows[-1:, 1] - 1
    if len(ends) != 1 or (goes_on := ends.pop()) not in ("\n", "\r\n"):
        return None
    above, below = text[: rows[0, 0]].splitlines()[-1:], text[rows[-1, 3] :].splitlines()[1:2]
    if any(line.strip() for line in above + below):
        return None  # some of it may belong to a column
    if text[seam[0]] not in _STOPS and pull_of(view, seam, rows[:1, 2])[0] < _WORD_CUT:
        return None
    left = [text[start:end] for start, end in rows[:, :2].tolist()]
    return goes_on.join(left + [text[start:end] for start, end in rows[:, 2:].tolist()])


def _first_ink(view: View, starts: Positions) -> Positions:
    firsts = starts.copy()
    for index, start in enumerate(starts.tolist()):
        while view.text[start].isspace():
            start += 1
        firsts[index] = start
    return firsts


def _kinds_of_endings(view: View) -> tuple[Positions, NDArray[np.uint8]]:
    """Each line end (CR LF is one) and its kind: 0 LF, 1 CR LF, 2 CR, 3 anything else but a form feed; and 4 a
    CR before a CR LF, as where that was written as if its LF were a line end."""
    breaks = view.breaks
    codes = view.codes[breaks]
    if not len(breaks):
        return breaks, np.empty(0, dtype=np.uint8)
    document = np.maximum(np.searchsorted(view.starts, breaks, side="right") - 1, 0)
    after = view.codes[np.minimum(breaks + 1, len(view.text) - 1)]
    following = np.where(breaks + 1 < view.ends[document], after, 0)
    preceding = view.codes[np.maximum(breaks - 1, 0)]
    kinds = np.full(len(breaks), 3, dtype=np.uint8)
    kinds[codes == 10] = 0
    carriage = codes == 13
    kinds[carriage] = np.where(following[carriage] == 10, 1, 2)
    kinds[:-1][(kinds[:-1] == 2) & (kinds[1:] == 1) & (following[:-1] == 13)] = 4
    second = (codes == 10) & (preceding == 13) & (breaks > 0)
    keep = ~second & (codes != 12) & (breaks < view.ends[document])
    return breaks[keep], kinds[keep]


def _mixed(view: View) -> NDArray[np.bool_]:
    return view.flags("mixed line ends", _find_mixed)


def _find_mixed(view: View) -> NDArray[np.bool_]:
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    if (view.codes[view.breaks] == ord("\n")).all():
        return flags
    breaks, kinds = _kinds_of_endings(view)
    if not kinds.any():
        return flags
    has = [view.documents_with(breaks[kinds == kind]) for kind in range(5)]
    several: NDArray[np.bool_] = (np.sum(has[:4], axis=0) > 1) | has[4]
    return several


def find_mixed(view: View) -> list[Finding]:
    """`lines/mixed-endings`: the line ends that are not of the kind most lines of the document have."""
    if not _mixed(view)[0]:
        return []
    breaks, kinds = _kinds_of_endings(view)
    usual = Counter(kinds[kinds < 3].tolist() or [0]).most_common(1)[0][0]
    ending = ("\n", "\r\n", "\r")[usual]
    if usual == 2:
        kinds[kinds == 4] = 2
    found = []
    for position, kind in zip(breaks.tolist(), kinds.tolist(), strict=True):
        if kind == 4:
            found.append(
                Finding(
                    rule="lines/mixed-endings",
                    start=position,
                    end=position + 1,
                    message="a carriage return stands twice before a line feed",
                    confidence=0.9,
                    applicability=Applicability.UNSAFE,
                    replacement="",
                )
            )
        elif kind != usual:
            found.append(
                Finding(
                    rule="lines/mixed-endings",
                    start=position,
                    end=position + (2 if kind == 1 else 1),
                    message="a line end of another kind than most in this text",
                    confidence=0.9,
                    applicability=Applicability.UNSAFE,
                    replacement=ending,
                )
            )
    return found
