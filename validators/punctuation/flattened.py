"""A document whose full-width marks were all made ASCII: what it shows, and what should stand."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.punctuation import marks
from jiaokan.validators.punctuation.context import FLATTENED, PAD, Context, Positions
from jiaokan.validators.punctuation.enumeration import enumerating
from jiaokan.validators.punctuation.pairs import bracket_pairs, quote_pairs
from jiaokan.validators.punctuation.quotes import quote_marks

ENOUGH = 1.0
"""Weight of the evidence that makes a document a flattened one."""

_CLAUSE = 6
"""Han in a row that only sentences have, not the fields of a table or list."""
_FUNCTION = frozenset(
    "的了是在我你他她它们們这這那不就都也还還有和与與及并並而将將被把从從对對于於以为為"
)


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
    def brackets(self) -> list[tuple[int, int, bool]]:
        return list(bracket_pairs(self.context))

    @cached_property
    def weight(self) -> float:
        """How much evidence there is that its marks were flattened; see `ENOUGH`.

        A comma set tight in a sentence is enough. A question or exclamation mark is half of it:
        people type those. Brackets and colons count half together: many write them so by choice.
        """
        context = self.context
        pauses = np.concatenate([self.commas, self.semicolons])
        tight = ~context.any(pauses + 1, int(Class.SPACE | Class.BREAK))
        pauses = pauses[tight]
        pauses = pauses[self._in_prose(pauses)]
        emphatic = np.concatenate([self.questions, self.exclamations])
        colons = self.colons[context.han(self.colons - 1) & context.han(self.colons + 1)]
        held = [start for start, _, holds in self.brackets if holds]
        opened = np.array(held, dtype=np.intp)
        tight_brackets = bool(len(opened)) and bool(context.han(opened - 1).any())
        weight = float(len(pauses)) + 0.5 * len(emphatic)
        return weight + 0.5 * bool(len(colons)) + 0.5 * tight_brackets

    @cached_property
    def is_sure(self) -> bool:
        """Whether everything full-width was flattened, so that what is ASCII shows no choice."""
        context = self.context
        flattened = context.flattened_marks + len(self.brackets)
        return (
            self.weight >= ENOUGH
            and context.full_forms * FLATTENED <= flattened
            and not context.is_spaced
        )

    def _in_prose(self, at: Positions) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether each stands in a line that is a sentence, by a long clause or function words."""
        context = self.context
        lines = context.line_of(at)
        prose = np.zeros(len(context.breaks) - 1, dtype=np.bool_)
        for line in np.unique(lines).tolist():
            start, end = int(context.breaks[line]) + 1, int(context.breaks[line + 1])
            words = context.text[start - PAD : end - PAD]
            prose[line] = not _FUNCTION.isdisjoint(words) or any(c in words for c in "。！？…")
            if not prose[line]:
                han = (context.bits[start - 1 : end + 1] & np.uint32(Class.HAN)) != 0
                prose[line] = bool(np.diff(np.flatnonzero(~han)).max(initial=0) > _CLAUSE)
        found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = prose[lines]
        return found

    def replacements(self) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
        """For each rule: spans of the padded arrays, with what should stand there."""
        context = self.context
        listed = enumerating(context, self.commas)
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
        pairs = list(quote_pairs(context))
        yield "ascii-quotes", quote_marks(context, pairs)
        if context.lost_stops:
            yield "ascii-full-stop", _single(marks.full_stops(context), "。")
        if not context.count("…"):
            yield "ascii-ellipsis", marks.ellipses(context)
        yield "ascii-dash", marks.dashes(context)


def _single(at: Positions, mark: str) -> list[tuple[int, int, str]]:
    return [(position, position + 1, mark) for position in at.tolist()]
