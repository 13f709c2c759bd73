"""Documents whose full-width marks were all made ASCII: what they show, and what should stand."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import members, one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.punctuation import marks
from jiaokan.validators.punctuation.commas import commas
from jiaokan.validators.punctuation.context import FLATTENED, Context, Flags, Positions
from jiaokan.validators.punctuation.enumeration import enumerating
from jiaokan.validators.punctuation.pairs import bracket_pairs, quote_pairs
from jiaokan.validators.punctuation.quotes import is_curly
from jiaokan.validators.punctuation.screening import ascii_forms
from jiaokan.validators.punctuation.titles import are_titles

ENOUGH = 1.0
"""Weight of the evidence that makes a document a flattened one."""

_CLAUSES = 6
"""Commas of a line, at the most, whose long clauses alone make it a sentence: names may be long, too."""
_CLAUSE = 6
"""Han in a row that only sentences have, not the fields of a table or list."""
_ITEMS = 2
"""Commas of a line of items, at the least."""
_LONG_SHARE = 4
"""They hold this part of the line's Han, at the least: some names are long."""
SENTENCE = 8
"""Han of a line that ends in a mark, which make it a sentence."""
_SHORT = 4
"""The same, for a full stop in a text without 。."""
_EDGE = int(Class.SPACE | Class.BREAK)
_NUMBERED = members("(一二三四五六七八九十第")
_QUOTES = members('「『“‘"')
_SAYING = members("曰道说說问問云言喊叫答称稱讲講谓謂如即示呼念歎叹》〉")
_DENSE = 60
"""Characters to a function word, at the most: the names of a list have one by chance, too."""
_FUNCTION = "的了是在我你他她它们們这這那不就都也还還有和与與及并並而将將被把从從对對于於以为為"
_ENDS = "。！？…"

_ROW = 2
"""Tabs that make a line a row of a table."""

_FORMULA = expression(r"[=<>≤≥≠≈][^,，、。;；:：\n\u3400-\u9fff]{0,16}\Z")
"""A formula before a comma: its commas list no things."""

_EXPLAINS = expression(r" ?(?:i\.e|e\.g|viz|cf)\.", re.IGNORECASE)
"""Latin words that say more of what stands before them: no things of a list."""

Replaced = tuple[str, Positions, Positions | int, str | Sequence[str]]
"""A defect; where its marks begin; how long they are; what should stand, for all or for each."""


class Flattened:
    """The decisions for some documents, each as positions of their arrays."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def commas(self) -> Positions:
        return commas(self.context)

    @cached_property
    def semicolons(self) -> Positions:
        """Without those of rows: in a cell between tabs they part what it lists."""
        context = self.context
        at = commas(context, ";")
        if not len(at):
            return at
        tabs = context.in_lines(np.flatnonzero(context.codes == 0x09))
        found: Positions = at[tabs[context.line_of(at)] < _ROW]
        return found

    @cached_property
    def colons(self) -> Positions:
        return marks.colons(self.context)

    @cached_property
    def questions(self) -> Positions:
        at = marks.emphatic(self.context, "?")
        return at[~marks.for_lost_words(self.context, at)]

    @cached_property
    def exclamations(self) -> Positions:
        return marks.emphatic(self.context, "!")

    @cached_property
    def stops(self) -> Positions:
        return marks.full_stops(self.context)

    @cached_property
    def brackets(self) -> tuple[NDArray[np.intp], Flags]:
        """Pairs of brackets, shape (n, 2), and whether each holds Han."""
        return bracket_pairs(self.context)

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """How much evidence there is that each document's marks were flattened; see `ENOUGH`.

        A comma set tight in a sentence is enough, or a colon before a quotation, or the question
        mark of a sentence: seldom is one of them ASCII where not all are. Brackets, and other
        colons, count half together: many write them so by choice.
        """
        context = self.context
        pauses = np.concatenate([self.commas, self.semicolons])
        pauses = pauses[~context.any(pauses + 1, _EDGE)]
        pauses = pauses[self._in_prose(pauses)]
        stops = self.stops[context.lost_stops[context.document_of(self.stops)]]
        ends = np.concatenate([self.questions, self.exclamations, self.semicolons, stops])
        ends = ends[context.any(ends + 1, int(Class.BREAK)) | self._end_speech(ends)]
        lines = context.line_of(ends)
        han = context.line_han[lines]
        numbered = _NUMBERED.take(context.codes[context.breaks[lines] + 1], mode="clip")
        stop = context.codes[ends] == 0x2E
        sentences = (han >= np.where(stop, _SHORT, SENTENCE)) & (
            (context.codes[ends] != 0x3B) | numbered
        )
        latin = context.line_latin[lines]
        few = (latin < han) | context.han(ends - 1)
        plain = (latin == 0) | (stop & few & (han >= SENTENCE))
        emphatic = np.concatenate([self.questions, self.exclamations])
        sure = np.concatenate([pauses, ends[sentences & plain]])
        weight = context.per_document(sure) + 0.5 * context.per_document(emphatic)
        found: NDArray[np.float64] = weight + self._of_colons() + self._of_brackets()
        return found

    def _end_speech(self, ends: Positions) -> Flags:
        """Which of these stand before a quote that ends the line, and whose partner has a word or a colon
        before it: a cell between commas has none."""
        context = self.context
        quoted: Flags = (context.codes[ends + 1] == 0x22) & context.any(ends + 2, int(Class.BREAK))
        for index in np.flatnonzero(quoted).tolist():
            opening = context.text.rfind('"', 0, int(ends[index]))
            before = context.text[max(0, opening - 1) : max(0, opening)]
            quoted[index] = before == ":" or "㐀" <= before <= "鿿"
        return quoted

    def _of_colons(self) -> NDArray[np.float64]:
        context = self.context
        quoting = _QUOTES.take(context.codes[self.colons + 1], mode="clip")
        quoting &= _SAYING.take(context.codes[self.colons - 1], mode="clip")
        after_han = self.colons[context.han(self.colons - 1)]
        between = after_han[context.han(after_han + 1)]
        ends = context.breaks[context.line_of(between) + 1] - 1
        stopped = context.codes[ends] == 0x3002
        sure = np.concatenate([self.colons[quoting], between[stopped]])
        return np.where(context.per_document(between) > 0, 0.5, 0.0) + context.per_document(sure)

    def _of_brackets(self) -> NDArray[np.float64]:
        context = self.context
        pairs, holds = self.brackets
        held = pairs[holds, 0]
        return np.where(context.per_document(held[context.han(held - 1)]) > 0, 0.5, 0.0)

    @cached_property
    def is_sure(self) -> Flags:
        """Whether everything full-width was flattened, so that what is ASCII shows no choice."""
        context = self.context
        ascii_marks = np.array([int(ascii_forms(view)[0]) for view in context.views])
        full = context.full_forms * FLATTENED
        # Beside full-width ones, points and brackets are a style.
        by_points = context.periods + context.per_document(self.brackets[0][:, 0])
        flattened = context.flattened_marks + np.where(full == 0, by_points, 0)
        sure: Flags = (full <= ascii_marks) & (full <= flattened) & ~context.is_spaced
        if sure.any():
            sure &= self.weight >= ENOUGH  # last, since it takes longest
        return sure

    def _in_prose(self, at: Positions) -> Flags:
        """Whether each stands in a line that is a sentence, by a long clause or function words."""
        context = self.context
        function, ends = (
            context.in_lines(np.flatnonzero(one_of(context.codes, characters)))
            for characters in (_FUNCTION, _ENDS)
        )
        prose = (function * _DENSE >= context.line_lengths) | (ends > 0)
        lines = context.line_of(at)
        commas = context.in_lines(context.of(","))
        for line in np.unique(lines[~prose[lines] & (commas[lines] <= _CLAUSES)]).tolist():
            start, end = int(context.breaks[line]), int(context.breaks[line + 1])
            han = (context.bits[start : end + 1] & np.uint32(Class.HAN)) != 0
            runs = np.diff(np.flatnonzero(~han)) - 1
            long = int(runs[runs >= _CLAUSE].sum())
            prose[line] = long > 0 and long * _LONG_SHARE >= int(runs.sum())
        found: Flags = (prose & ~self._short_items)[lines]
        return found

    @cached_property
    def _short_items(self) -> Flags:
        """Whether each line is some short items between commas or semicolons, and no sentence's end."""
        context = self.context
        parting = np.sort(np.concatenate([context.of(",;"), context.breaks]))
        held = np.diff(context.han_up_to[parting])
        lines = context.line_of(parting[:-1])
        longest = np.zeros(len(context.breaks), dtype=held.dtype)
        np.maximum.at(longest, lines, held)
        ends = context.in_lines(np.flatnonzero(one_of(context.codes, _ENDS + "，、：；")))
        ends += context.in_lines(context.of(".?!:"))
        number = np.bincount(lines, minlength=len(longest))
        short: Flags = (number > _ITEMS) & (longest <= _CLAUSE) & (ends == 0)
        return short

    def replacements(self) -> Iterator[Replaced]:
        """What should stand where, rule by rule; of documents that are not sure, too."""
        context = self.context
        listed = enumerating(context, self.commas)
        for index in np.flatnonzero(listed).tolist():
            end = int(self.commas[index])
            listed[index] = not (
                _FORMULA.search(context.text, max(0, end - 24), end)
                or _EXPLAINS.match(context.text, end + 1)
            )
        yield "enumeration-comma", self.commas[listed], 1, "、"
        yield "ascii-comma", self.commas[~listed], 1, "，"
        yield "ascii-semicolon", self.semicolons, 1, "；"
        yield "ascii-colon", self.colons, 1, "："
        yield "ascii-question-mark", self.questions, 1, "？"
        yield "ascii-exclamation-mark", self.exclamations, 1, "！"
        for at, mark in zip(self.brackets[0].T, "（）", strict=True):
            yield "ascii-brackets", at[context.codes[at] < 0x80], 1, mark
        outer, inner = self._quoted, quote_pairs(context, "'")
        titled, unsure = are_titles(context, outer)
        titled |= self._hold_titles(outer)
        yield from self._pairs("title-marks", outer[titled], "《》")
        curly = is_curly(context)
        for pairs, curled, cornered in (
            (outer[~titled & ~unsure], "“”", "「」"),
            (inner, "‘’", "『』"),
        ):
            of_curly = curly[context.document_of(pairs[:, 0])]
            yield from self._pairs("ascii-quotes", pairs[of_curly], curled)
            yield from self._pairs("ascii-quotes", pairs[~of_curly], cornered)
        yield from self._by_stops()
        runs, dots = marks.ellipses(context, context.count("…") == 0)
        yield "ascii-ellipsis", runs[:, 0], runs[:, 1] - runs[:, 0], dots

    def _by_stops(self) -> Iterator[Replaced]:
        """What depends on whether a document lost its 。, too."""
        context = self.context
        lost, traditional = context.lost_stops, context.is_traditional
        dots = marks.spaced_dots(context)
        dots = dots[lost[context.document_of(dots)]]
        yield "ascii-full-stop", dots, 2, "．"
        stops = np.setdiff1d(self.stops, dots)
        yield "ascii-full-stop", stops[lost[context.document_of(stops)]], 1, "。"
        parting = marks.separating_dots(context)
        kept = (~lost & traditional)[context.document_of(parting)]
        yield "ascii-full-stop", parting[kept], 1, "．"
        if lost.any():
            angles = self._angles
            kept = (lost & (context.count("〈") == 0))[context.document_of(angles[:, 0])]
            # In Simplified text they stand in a title only: 《关于修改〈…〉的决定》.
            kept &= traditional[context.document_of(angles[:, 0])] | self._are_quoted(angles)
            yield from self._pairs("title-marks", angles[kept], "〈〉")
            dashes = marks.dashes(context)
            dashes = dashes[lost[context.document_of(dashes[:, 0])]]
            yield "ascii-dash", dashes[:, 0], dashes[:, 1] - dashes[:, 0], "——"

    @cached_property
    def _quoted(self) -> NDArray[np.intp]:
        """Pairs of straight double quotes, shape (n, 2)."""
        return quote_pairs(self.context, '"')

    @cached_property
    def _angles(self) -> NDArray[np.intp]:
        return marks.angle_titles(self.context)

    def _are_quoted(self, inner: NDArray[np.intp]) -> Flags:
        """Which of these pairs stand between straight quotes."""
        start = self._quoted[:, 0]
        if not len(start):
            return np.zeros(len(inner), dtype=np.bool_)
        at = np.searchsorted(start, inner[:, 0]) - 1
        found: Flags = (at >= 0) & (self._quoted[np.maximum(at, 0), 1] > inner[:, 1])
        return found

    def _hold_titles(self, outer: NDArray[np.intp]) -> Flags:
        """Which of these pairs of quotes hold a title in angle brackets, in documents without 《."""
        context = self.context
        if not context.lost_stops.any() or not len(outer):
            return np.zeros(len(outer), dtype=np.bool_)
        inside = self._angles[self._are_quoted(self._angles)]
        first = np.searchsorted(inside[:, 0], outer[:, 0])
        holds = np.searchsorted(inside[:, 0], outer[:, 1]) > first
        lost = context.lost_stops & (context.count("《") == 0)
        found: Flags = holds & lost[context.document_of(outer[:, 0])]
        return found

    @staticmethod
    def _pairs(defect: str, pairs: NDArray[np.intp], both: str) -> Iterator[Replaced]:
        """The opening and the closing marks of these pairs, shape (n, 2)."""
        for at, mark in zip(pairs.T, both, strict=True):
            yield defect, at, 1, mark
