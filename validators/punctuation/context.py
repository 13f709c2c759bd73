"""Documents as arrays, with what each shows about the hand or the tool that set its marks."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import ascii_set, one_of
from jiaokan.validators.punctuation.not_prose import not_prose
from jiaokan.validators.view import View

Positions: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

PAD = 8
"""Line feeds around each document, so that a look at neighbours needs no bounds."""

FULL_FORMS = "！（），：；？"
"""What every flattening tool takes away: the full-width forms of ASCII marks."""
_FIRST_FORM, _FORMS = 0xFF01, 0x1F

FLATTENED = 10
"""A document was flattened where its ASCII marks are this many times its full-width ones: a tool leaves
none, and whoever writes on after it a few."""

CHINESE = int(Class.HAN | Class.CJK_MARK | Class.BOPOMOFO | Class.COMPATIBILITY)
_EDGE = int(Class.SPACE | Class.BREAK)
_CLOSERS = ascii_set(")\"'%]}>*_`")
_OPENERS = ascii_set("(\"'[{<*_`")
_OTHER_LETTERS = int(Class.KANA | Class.HANGUL | Class.LETTER)


class Context:
    """Arrays of some documents, end to end, `PAD` line feeds around each; positions are theirs.

    What is said of a document is an array with an entry for each of them.
    """

    def __init__(self, views: Sequence[View]) -> None:
        self.views = views
        edge = "\n" * PAD
        self.text = edge.join(["", *(view.text for view in views), ""])
        lengths = np.fromiter((len(view.text) for view in views), np.intp, len(views))
        self.ends: Positions = np.cumsum(lengths + PAD)
        self.starts: Positions = self.ends - lengths
        self._of: dict[str, Positions] = {}
        self._counts: dict[str, Positions] = {}

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        return self._joined([view.codes for view in self.views], 0x0A)

    @cached_property
    def bits(self) -> NDArray[np.uint32]:
        return self._joined([view.bits for view in self.views], int(Class.BREAK))

    @staticmethod
    def _joined(arrays: Iterable[NDArray[np.uint32]], padding: int) -> NDArray[np.uint32]:
        edge = np.full(PAD, padding, dtype=np.uint32)
        parts = [edge]
        for array in arrays:
            parts += (array, edge)
        return np.concatenate(parts)

    @cached_property
    def marks(self) -> Positions:
        """Positions of all ASCII marks."""
        return self.where(Class.ASCII_MARK)

    @cached_property
    def mark_codes(self) -> NDArray[np.uint32]:
        return self.codes[self.marks]

    def where(self, classes: int) -> Positions:
        """Positions of characters of any of these classes."""
        return np.flatnonzero((self.bits & np.uint32(classes)) != 0)

    def of(self, characters: str) -> Positions:
        """Positions of these ASCII marks."""
        found = self._of.get(characters)
        if found is None:
            found = self.marks[ascii_set(characters)[self.mark_codes]]
            self._of[characters] = found
        return found

    def han(self, positions: Positions) -> Flags:
        flags: Flags = (self.bits[positions] & np.uint32(Class.HAN)) != 0
        return flags

    def any(self, positions: Positions, classes: int) -> Flags:
        flags: Flags = (self.bits[positions] & np.uint32(classes)) != 0
        return flags

    def left(self, positions: Positions) -> Positions:
        """The nearest character before each, closing quotes and brackets and signs passed over."""
        return self._beyond(positions, -1, _CLOSERS)

    def right(self, positions: Positions) -> Positions:
        """The nearest character after each, opening quotes and brackets passed over."""
        return self._beyond(positions, 1, _OPENERS)

    def _beyond(self, positions: Positions, step: int, passed: Flags) -> Positions:
        at = positions + step
        for _ in range(3):
            codes = np.minimum(self.codes[at], 127)
            sign = (self.bits[at] & ~np.uint32(Class.PRIVATE)) == 0  # ℃, ㎡ and their like
            goes_on = passed[codes] | sign
            if not goes_on.any():
                break
            at = np.where(goes_on, at + step, at)
        return at

    # Documents.

    def document_of(self, positions: Positions) -> Positions:
        """The number of the document that each position is in."""
        return self.starts.searchsorted(positions, side="right") - 1

    def per_document(self, positions: Positions) -> Positions:
        """How many of these positions, in whatever order, each document has."""
        return np.bincount(self.document_of(positions), minlength=len(self.views))

    def count(self, characters: str) -> Positions:
        """How many of these characters, none of them ASCII, each document has."""
        found = self._counts.get(characters)
        if found is None:
            found = self.per_document(one_of(self.codes, characters).nonzero()[0])
            self._counts[characters] = found
        return found

    # Lines.

    @cached_property
    def breaks(self) -> Positions:
        """Positions of line breaks, those between documents too."""
        return self.where(Class.BREAK)

    @cached_property
    def _lines(self) -> NDArray[np.int32]:
        line = np.cumsum((self.bits & np.uint32(Class.BREAK)) != 0, dtype=np.int32)
        line -= 1
        return line

    def line_of(self, positions: Positions) -> NDArray[np.int32]:
        """The number of the line that each position is in."""
        return self._lines[positions]

    @cached_property
    def han_up_to(self) -> NDArray[np.int32]:
        """How many Han stand before each position (one longer than the text)."""
        flags = (self.bits & np.uint32(Class.HAN)) != 0
        return np.concatenate([np.zeros(1, np.int32), np.cumsum(flags, dtype=np.int32)])

    @cached_property
    def line_lengths(self) -> Positions:
        """How many characters each line has."""
        return np.diff(self.breaks, append=self.breaks[-1] + 1) - 1

    def in_lines(self, positions: Positions) -> Positions:
        """How many of these positions each line has."""
        return np.bincount(self._lines[positions], minlength=len(self.breaks))

    @cached_property
    def line_han(self) -> Positions:
        """How many Han each line has."""
        before = self.han_up_to[self.breaks]
        return np.diff(before, append=before[-1:]).astype(np.intp)

    @cached_property
    def line_latin(self) -> Positions:
        """How many Latin letters each line has."""
        return self.in_lines(self.where(Class.LATIN))

    @cached_property
    def chinese_lines(self) -> Flags:
        """Lines whose marks are Chinese ones: Han outweighs Latin, and there is no other script."""
        han = self.line_han
        other = self.in_lines(self.where(_OTHER_LETTERS))
        flags: Flags = (han * 3 >= self.line_latin) & (han > 0) & (other * 6 <= han)
        return flags

    @cached_property
    def protected(self) -> Flags:
        """Positions that are not prose: code, addresses, paths, tags, emoticons, entities."""
        return not_prose(self)

    def in_chinese(self, at: Positions) -> Flags:
        """Which of these positions are in lines of Chinese, and in prose."""
        if not at.size:
            return np.zeros(at.shape, dtype=np.bool_)
        flags: Flags = self.chinese_lines[self.line_of(at)] & ~self.protected[at]
        return flags

    # What each document shows.

    @cached_property
    def is_traditional(self) -> Flags:
        traditional, simplified = (
            self.per_document(self.where(classes)) for classes in (Class.HANT, Class.HANS)
        )
        flags: Flags = traditional > simplified
        return flags

    @cached_property
    def full_forms(self) -> Positions:
        """Full-width forms of ASCII marks, which flattening takes away."""
        return self.count(FULL_FORMS)

    @cached_property
    def commas(self) -> tuple[Positions, Positions]:
        """ASCII commas after Han and before Han or a digit: set tight, and set with a space."""
        at = self.of(",;")
        at = at[self.han(at - 1)]
        word = int(Class.HAN | Class.DIGIT | Class.LATIN)
        tight = self.any(at + 1, word) | (self.codes[at + 1] == 0x22)
        spaced = (self.codes[at + 1] == 0x20) & self.any(at + 2, word)
        return self.per_document(at[tight]), self.per_document(at[spaced])

    @cached_property
    def is_spaced(self) -> Flags:
        """Whether its writer sets ASCII marks with a space after them, as in English."""
        tight, spaced = self.commas
        flags: Flags = spaced > tight
        return flags

    @cached_property
    def flattened_marks(self) -> Positions:
        """ASCII marks where Chinese text has full-width ones."""
        at = self.of(",;?!:")
        return self.per_document(at[self.han(at - 1)])

    @cached_property
    def periods(self) -> Positions:
        """ASCII full stops that end Chinese sentences."""
        at = self.of(".")
        at = at[(self.codes[at - 1] != 0x2E) & (self.codes[at + 1] != 0x2E)]
        left, last = self.left(at), self.any(at + 1, int(Class.BREAK))
        ends = last | self.any(at + 1, _EDGE | int(Class.HAN)) | (self.codes[at + 1] == 0x22)
        lines = self.line_of(at)
        # Whatever stands before it, at the end of a line of Chinese it is the end of a sentence.
        sentence = last & (self.line_han[lines] >= 6)
        chinese = self.any(left, CHINESE) & ends
        return self.per_document(at[(chinese | sentence) & self.chinese_lines[lines]])

    @cached_property
    def lost_stops(self) -> Flags:
        """Whether 。 was flattened too, which only some tools do."""
        stops = self.count("。．｡")
        flags: Flags = (self.periods > 0) & (stops * FLATTENED <= self.periods)
        return flags
