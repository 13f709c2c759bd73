"""A document as arrays, with what it shows about the hand or the tool that set its marks."""

import re
from functools import cache, cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import protected_spans
from jiaokan.validators.view import View

Positions: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

PAD = 8
"""Line feeds on each side, so that a look at neighbours needs no bounds."""

FULL_FORMS = "！（），：；？"
"""What every flattening tool takes away: the full-width forms of ASCII marks."""
_FIRST_FORM, _FORMS = 0xFF01, 0x1F

FLATTENED = 10
"""A document was flattened where its ASCII marks are this many times its full-width ones: a tool leaves
none, and whoever writes on after it a few."""

CHINESE = int(Class.HAN | Class.CJK_MARK | Class.BOPOMOFO | Class.COMPATIBILITY)
_EDGE = int(Class.SPACE | Class.BREAK)


@cache
def ascii_set(characters: str) -> Flags:
    """A look-up of ASCII characters, by code point; every other code point is at 127 and False."""
    return _table(characters, 128)


@cache
def members(characters: str) -> Flags:
    """A look-up of characters of the Basic Multilingual Plane, by code point; all beyond are at the
    last one, and False."""
    return _table(characters, 0x10000)


def _table(characters: str, size: int) -> Flags:
    table = np.zeros(size, dtype=np.bool_)
    table[[ord(c) for c in characters]] = True
    table.flags.writeable = False
    return table


def one_of(codes: NDArray[np.uint32], characters: str) -> Flags:
    """Which of these code points are one of a few characters, all of the Basic Multilingual Plane."""
    return members(characters).take(codes, mode="clip")


_EMOTICON = expression(
    r"[:;=][-'^o]?[)DPp|](?![A-Za-z0-9])|[:;]-?\((?![^()\n]*\))|"
    r"[(（][-\^TtoO>@=;:~*_.`'\"、。 ]{2,12}[)）]|\^[_.]\^"
)
_MARKUP = expression(
    r"!?\[[^\]\n]{0,200}\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|"
    r"&#?\w{1,10};|(?<![A-Za-z0-9]):[a-z_]+:(?!/)|\{\{[^{}\n]*\}\}|\$[^$\n]{1,200}\$|\\[a-zA-Z]+|"
    r"^(?:Dialogue|Comment): ?[^,\n]*,(?:[^,\n]*,){8}|^(?:Format|Style):.*$",
    re.MULTILINE,
)
"""Links, entities, emoji codes, templates, formulas, the fields of subtitles."""
_KEYS = expression(r"^[ \t]*[{,]?[ \t]*[\"'][^\"'\n]{1,60}[\"'][ \t]*:.*$", re.MULTILINE)
"""Lines of quoted keys with values, in a text that has what data are put in; else a title is quoted,
and something out of it."""
_DATA = expression(r"[{\[]|[\"'],[ \t]*(?:[\"'\n]|\Z)")
_CLOSERS = ascii_set(")\"'%]}>*_`")
_OPENERS = ascii_set("(\"'[{<*_`")
_ALWAYS = ascii_set("`@/\\<[&{$^=~")
_JOINING = ascii_set(".:")
_FACE = ascii_set(":;(")
_FACE_NEXT = ascii_set("-^)>@=;:~*_.`'\"(|/ ")
_SIGN = expression(
    r"[`@/\\<\[&{$^=~]|[\"']:|\w[.:][^\W\d_\u3400-\u9fff]|[:;(][-^)>@=;:~*_.`'\"|/ ]|[:;(][^\W\d_\u3400-\u9fff]"
)
"""Something that may be one of `Context._signs`."""
_OTHER_LETTERS = int(Class.KANA | Class.HANGUL | Class.LETTER)
_MANY_LINES = ("::\n", "```", "~~~", "<!--", "\n---", "---\n", "+++\n", "Dialogue:")


class Context:
    """Arrays of one document, padded by `PAD`; positions are those of the padded arrays."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.text = view.text
        self._of: dict[str, Positions] = {}
        self._per_line: dict[int, NDArray[np.int64]] = {}

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        edge = np.full(PAD, 0x0A, dtype=np.uint32)
        return np.concatenate([edge, self.view.codes, edge])

    @cached_property
    def bits(self) -> NDArray[np.uint32]:
        edge = np.full(PAD, int(Class.BREAK), dtype=np.uint32)
        return np.concatenate([edge, self.view.bits, edge])

    @cached_property
    def marks(self) -> Positions:
        """Positions of all ASCII marks."""
        return self.view.where(Class.ASCII_MARK) + PAD

    @cached_property
    def mark_codes(self) -> NDArray[np.uint32]:
        return self.codes[self.marks]

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

    # Lines.

    @cached_property
    def breaks(self) -> Positions:
        """Positions of line breaks, with the padding's own around the text."""
        return np.concatenate([[PAD - 1], self.view.breaks + PAD, [len(self.text) + PAD]])

    def line_of(self, positions: Positions) -> Positions:
        """The number of the line that each position is in."""
        return np.searchsorted(self.breaks, positions, side="right") - 1

    @cached_property
    def han_up_to(self) -> NDArray[np.int64]:
        """How many Han stand before each position (one longer than the text)."""
        flags = (self.bits & np.uint32(Class.HAN)) != 0
        return np.concatenate([[0], np.cumsum(flags, dtype=np.int64)])

    def per_line(self, classes: int) -> NDArray[np.int64]:
        """How many characters of these classes each line has."""
        found = self._per_line.get(classes)
        if found is None:
            flags = (self.bits & np.uint32(classes)) != 0
            counted = np.concatenate([[0], np.cumsum(flags, dtype=np.int64)])
            found = counted[self.breaks[1:]] - counted[self.breaks[:-1] + 1]
            self._per_line[classes] = found
        return found

    @cached_property
    def chinese_lines(self) -> Flags:
        """Lines whose marks are Chinese ones: Han outweighs Latin, and there is no other script."""
        han = self.per_line(Class.HAN)
        latin = self.per_line(Class.LATIN)
        other = self.per_line(_OTHER_LETTERS)
        return (han * 3 >= latin) & (han > 0) & (other * 6 <= han)

    @cached_property
    def protected(self) -> Flags:
        """Positions that are not prose: code, addresses, paths, tags, emoticons, entities.

        Looked for only in lines with a mark that one of these needs, unless something spans lines.
        """
        flags = np.zeros(len(self.codes), dtype=np.bool_)
        text = self.text
        if any(sign in text for sign in _MANY_LINES):
            lines = [(0, len(text))]
        else:
            numbers = np.unique(self.line_of(self._signs)).tolist()
            lines = [
                (int(self.breaks[n]) + 1 - PAD, int(self.breaks[n + 1]) - PAD) for n in numbers
            ]
        for start, end in lines:
            part = text[start:end]
            spans = protected_spans(View(part)).tolist()
            for pattern in (_EMOTICON, _MARKUP, _KEYS)[: 3 if self._holds_data else 2]:
                spans += [match.span() for match in pattern.finditer(part)]
            for first, last in spans:
                flags[start + first + PAD : start + last + PAD] = True
        return flags

    @cached_property
    def _holds_data(self) -> bool:
        return _DATA.search(self.text) is not None

    def in_chinese(self, at: Positions) -> Flags:
        """Which of these positions are in lines of Chinese, and in prose."""
        flags: Flags = self.chinese_lines[self.line_of(at)] & ~self.protected[at]
        return flags

    def in_chinese_of_few(self, positions: Positions) -> Positions:
        """Those of a few positions, all of the text itself, of which `in_chinese` is true.

        Only their lines are looked at, unless something spans lines.
        """
        if any(sign in self.text for sign in _MANY_LINES):
            return positions[self.in_chinese(positions + PAD)]
        flags = np.zeros(len(positions), dtype=np.bool_)
        done = 0
        while done < len(positions):  # line by line
            start, end = self._line(int(positions[done]))
            within = slice(done, max(done + 1, int(np.searchsorted(positions, end))))
            done = within.stop
            if self._is_chinese(start, end):
                flags[within] = True
                if _SIGN.search(self.text, start, end):
                    line = Context(View(self.text[start:end]))
                    flags[within] = ~line.protected[positions[within] - start + PAD]
        return positions[flags]

    def _is_chinese(self, start: int, end: int) -> bool:
        """What `chinese_lines` says of the line between two positions of the text itself."""
        bits = self.view.bits[start:end]
        han, latin, other = (
            int(np.count_nonzero((bits & np.uint32(classes)) != 0))
            for classes in (Class.HAN, Class.LATIN, _OTHER_LETTERS)
        )
        return han * 3 >= latin and han > 0 and other * 6 <= han

    def _line(self, position: int) -> tuple[int, int]:
        """Start and end of the line of a position, both of the text itself."""
        breaks = self.view.breaks
        number = int(np.searchsorted(breaks, position))
        start = int(breaks[number - 1]) + 1 if number else 0
        return start, int(breaks[number]) if number < len(breaks) else len(self.text)

    @cached_property
    def _signs(self) -> Positions:
        """Marks without which a line has nothing to protect."""
        at, codes = self.marks, self.mark_codes
        after = np.minimum(self.codes[at + 1], 127)
        word = int(Class.LATIN | Class.DIGIT)
        keys = (codes == 0x3A) & one_of(self.codes[at - 1], "\"'")
        joins = self.any(at - 1, word) & self.any(at + 1, int(Class.LATIN))
        flags = _ALWAYS[codes] | keys | (_JOINING[codes] & joins)
        flags |= _FACE[codes] & (_FACE_NEXT[after] | self.any(at + 1, int(Class.LATIN)))
        signs: Positions = at[flags]
        return signs

    # What the document shows.

    @cached_property
    def is_traditional(self) -> bool:
        return self.view.profile.traditional > self.view.profile.simplified

    def count(self, character: str) -> int:
        return self.text.count(character)

    @cached_property
    def full_forms(self) -> int:
        return sum(map(self.text.count, FULL_FORMS))

    @cached_property
    def commas(self) -> tuple[int, int]:
        """ASCII commas after Han and before Han or a digit: set tight, and set with a space."""
        at = self.of(",;")
        at = at[self.han(at - 1)]
        word = int(Class.HAN | Class.DIGIT | Class.LATIN)
        tight = self.any(at + 1, word) | (self.codes[at + 1] == 0x22)
        spaced = (self.codes[at + 1] == 0x20) & self.any(at + 2, word)
        return int(np.count_nonzero(tight)), int(np.count_nonzero(spaced))

    @cached_property
    def is_spaced(self) -> bool:
        """Whether its writer sets ASCII marks with a space after them, as in English."""
        tight, spaced = self.commas
        return spaced > tight

    @cached_property
    def flattened_marks(self) -> int:
        """ASCII marks where Chinese text has full-width ones."""
        at = self.of(",;?!:")
        return int(np.count_nonzero(self.han(at - 1)))

    @cached_property
    def periods(self) -> int:
        """ASCII full stops that end Chinese sentences."""
        at = self.of(".")
        at = at[(self.codes[at - 1] != 0x2E) & (self.codes[at + 1] != 0x2E)]
        if not len(at):
            return 0
        left, last = self.left(at), self.any(at + 1, int(Class.BREAK))
        ends = last | self.any(at + 1, _EDGE | int(Class.HAN)) | (self.codes[at + 1] == 0x22)
        lines = self.line_of(at)
        word = self.any(left, int(Class.LATIN | Class.DIGIT)) & last
        word &= self.per_line(Class.HAN)[lines] >= 6
        chinese = self.any(left, CHINESE) & ends
        return int(np.count_nonzero((chinese | word) & self.chinese_lines[lines]))

    @cached_property
    def stops(self) -> int:
        return self.count("。") + self.count("．") + self.count("｡")

    @cached_property
    def lost_stops(self) -> bool:
        """Whether 。 was flattened too, which only some tools do."""
        return self.periods > 0 and self.stops * FLATTENED <= self.periods
