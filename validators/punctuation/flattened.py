"""A document whose full-width marks were all made ASCII: what it shows, and what should stand."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression
from jiaokan.validators.punctuation import marks
from jiaokan.validators.punctuation.context import FLATTENED, PAD, Context, Positions, members
from jiaokan.validators.punctuation.enumeration import enumerating
from jiaokan.validators.punctuation.pairs import bracket_pairs, quote_pairs
from jiaokan.validators.punctuation.quotes import are_titles, quote_marks
from jiaokan.validators.punctuation.screening import ascii_forms

ENOUGH = 1.0
"""Weight of the evidence that makes a document a flattened one."""

_CLAUSES = 6
"""Commas of a line, at the most, whose long clauses alone make it a sentence: names may be long, too."""
_CLAUSE = 6
"""Han in a row that only sentences have, not the fields of a table or list."""
_LONG_SHARE = 4
"""They hold this part of the line's Han, at the least: some names are long."""
_SENTENCE = 8
"""Han of a line that ends in a mark, which make it a sentence."""
_SHORT = 4
"""The same, for a full stop in a text without 。."""
_EDGE = int(Class.SPACE | Class.BREAK)
_NUMBERED = members("(一二三四五六七八九十第")
_QUOTES = members('「『“‘"')
_SAYING = members("曰道说說问問云言喊叫答称稱讲講谓謂如即示呼念歎叹》〉")
_DENSE = 60
"""Characters to a function word, at the most: the names of a list have one by chance, too."""
_FUNCTION = frozenset(
    "的了是在我你他她它们們这這那不就都也还還有和与與及并並而将將被把从從对對于於以为為"
)


_FORMULA = expression(r"[=<>≤≥≠≈][^,，、。;；:：\n\u3400-\u9fff]{0,16}\Z")
"""A formula before a comma: its commas list no things."""


class Flattened:
    """The decisions for one document, each as positions of its padded arrays."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def commas(self) -> Positions:
        return marks.commas(self.context)

    @cached_property
    def semicolons(self) -> Positions:
        return marks.commas(self.context, ";")

    @cached_property
    def colons(self) -> Positions:
        return marks.colons(self.context)

    @cached_property
    def questions(self) -> Positions:
        return marks.emphatic(self.context, "?")

    @cached_property
    def exclamations(self) -> Positions:
        return marks.emphatic(self.context, "!")

    @cached_property
    def stops(self) -> Positions:
        return marks.full_stops(self.context)

    @cached_property
    def brackets(self) -> list[tuple[int, int, bool]]:
        return list(bracket_pairs(self.context))

    @cached_property
    def weight(self) -> float:
        """How much evidence there is that its marks were flattened; see `ENOUGH`.

        A comma set tight in a sentence is enough, or a colon before a quotation, or the question
        mark of a sentence: seldom is one of them ASCII where not all are. Brackets, and other
        colons, count half together: many write them so by choice.
        """
        context = self.context
        pauses = np.concatenate([self.commas, self.semicolons])
        tight = ~context.any(pauses + 1, _EDGE)
        pauses = pauses[tight]
        pauses = pauses[self._in_prose(pauses)]
        stops = self.stops if context.lost_stops else self.stops[:0]
        ends = np.concatenate([self.questions, self.exclamations, self.semicolons, stops])
        ends = ends[context.any(ends + 1, int(Class.BREAK))]
        lines = context.line_of(ends)
        han = context.per_line(Class.HAN)[lines]
        numbered = _NUMBERED.take(context.codes[context.breaks[lines] + 1], mode="clip")
        stop = context.codes[ends] == 0x2E
        sentences = (han >= np.where(stop, _SHORT, _SENTENCE)) & (
            (context.codes[ends] != 0x3B) | numbered
        )
        latin = context.per_line(Class.LATIN)[lines]
        plain = (latin == 0) | (stop & (latin < han) & (han >= _SENTENCE))
        emphatic = len(self.questions) + len(self.exclamations)
        weight = float(len(pauses)) + np.count_nonzero(sentences & plain) + 0.5 * emphatic
        return float(weight + self._of_colons() + self._of_brackets())

    def _of_colons(self) -> float:
        context = self.context
        if not len(self.colons):
            return 0.0
        quoting = _QUOTES.take(context.codes[self.colons + 1], mode="clip")
        quoting &= _SAYING.take(context.codes[self.colons - 1], mode="clip")
        after_han = self.colons[context.han(self.colons - 1)]
        between = after_han[context.han(after_han + 1)]
        ends = context.breaks[context.line_of(between) + 1] - 1
        stopped = context.codes[ends] == 0x3002
        return float(np.count_nonzero(quoting) + np.count_nonzero(stopped)) + (
            0.5 if len(between) else 0.0
        )

    def _of_brackets(self) -> float:
        held = np.array([start for start, _, holds in self.brackets if holds], dtype=np.intp)
        return 0.5 if len(held) and bool(self.context.han(held - 1).any()) else 0.0

    @cached_property
    def is_sure(self) -> bool:
        """Whether everything full-width was flattened, so that what is ASCII shows no choice."""
        context = self.context
        if context.full_forms * FLATTENED > int(ascii_forms(context.view)[0]):
            return False  # whatever is flattened among them
        flattened = context.flattened_marks
        if not context.full_forms:  # beside full-width ones, points and brackets are a style
            flattened += context.periods + len(self.brackets)
        return (
            context.full_forms * FLATTENED <= flattened
            and not context.is_spaced
            and self.weight >= ENOUGH  # last, since it takes longest
        )

    def _in_prose(self, at: Positions) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether each stands in a line that is a sentence, by a long clause or function words."""
        context = self.context
        lines = context.line_of(at)
        prose = np.zeros(len(context.breaks) - 1, dtype=np.bool_)
        for line in np.unique(lines).tolist():
            start, end = int(context.breaks[line]) + 1, int(context.breaks[line + 1])
            words = context.text[start - PAD : end - PAD]
            function = sum(map(words.count, _FUNCTION & set(words)))
            prose[line] = function * _DENSE >= len(words) or any(c in words for c in "。！？…")
            if not prose[line] and words.count(",") <= _CLAUSES:
                han = (context.bits[start - 1 : end + 1] & np.uint32(Class.HAN)) != 0
                runs = np.diff(np.flatnonzero(~han)) - 1
                long = int(runs[runs >= _CLAUSE].sum())
                prose[line] = long > 0 and long * _LONG_SHARE >= int(runs.sum())
        found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = prose[lines]
        return found

    def replacements(self) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
        """For each rule: spans of the padded arrays, with what should stand there."""
        context = self.context
        listed = enumerating(context, self.commas)
        for index in np.flatnonzero(listed).tolist():
            end = int(self.commas[index]) - PAD
            listed[index] = not _FORMULA.search(context.text, max(0, end - 24), end)
        yield "enumeration-comma", _single(self.commas[listed], "、")
        yield "ascii-comma", _single(self.commas[~listed], "，")
        yield "ascii-semicolon", _single(self.semicolons, "；")
        yield "ascii-colon", _single(self.colons, "：")
        yield "ascii-question-mark", _single(self.questions, "？")
        yield "ascii-exclamation-mark", _single(self.exclamations, "！")
        yield (
            "ascii-brackets",
            [
                (at, at + 1, mark)
                for start, end, _ in self.brackets
                for at, mark in ((start, "（"), (end, "）"))
                if context.codes[at] < 0x80
            ],
        )
        outer, inner = list(quote_pairs(context, '"')), list(quote_pairs(context, "'"))
        titled = are_titles(context, outer)
        titles = [pair for pair, is_title in zip(outer, titled, strict=True) if is_title]
        outer = [pair for pair, is_title in zip(outer, titled, strict=True) if not is_title]
        yield (
            "title-marks",
            [(at, at + 1, mark) for pair in titles for at, mark in zip(pair, "《》", strict=True)],
        )
        if context.lost_stops and context.is_traditional and not context.count("〈"):
            yield "title-marks", marks.angle_titles(context)
        yield "ascii-quotes", quote_marks(context, outer, inner)
        if context.lost_stops:
            dots = marks.spaced_dots(context)
            yield "ascii-full-stop", [(at, at + 2, "．") for at in dots.tolist()]
            yield "ascii-full-stop", _single(np.setdiff1d(self.stops, dots), "。")
        elif context.is_traditional:
            yield "ascii-full-stop", _single(marks.separating_dots(context), "．")
        if not context.count("…"):
            yield "ascii-ellipsis", marks.ellipses(context)
        if context.lost_stops:
            yield "ascii-dash", marks.dashes(context)


def _single(at: Positions, mark: str) -> list[tuple[int, int, str]]:
    return [(position, position + 1, mark) for position in at.tolist()]
