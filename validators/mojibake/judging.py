"""Which segments are evidence of a misreading, and how sure each is: all those of a path at once."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake.codepages import EAST_ASIAN, HALF_MENDED, SINGLE
from jiaokan.validators.mojibake.segments import Path, Segments
from jiaokan.validators.view import ranges

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]
GAIN = 12.0
SURPRISE = 4.0
"""Bits that a segment must have to be weak evidence, if it is not sure by itself."""
_ACCENTS = Path("utf8", "latin1")
_QUOTES = Path("utf8", "gbk")
_FEW = 8
_SURE = 48.0
"""Bits of gain and surprise together; in 37 million characters of clean text none has over 40."""
_SURE_ALONE = 33.0
"""The same of a cell, a line or a name by itself; of 600,000 words of dictionaries none has over 32."""
_SURE_OF_WORDS = 31.0
"""The same where words tell; of 290,000 rare words that were not counted none has over 29."""
_LEAST_HALF_MENDED = 4
"""Characters beyond ASCII that what two programs changed has by itself: faces have one or two, (`д´)."""
_OF_A_RARE_PAGE = 12.0
"""Bits beyond chance of what a page made that is rarer than Latin-1, which has all the same characters."""
_LEAST_CHANGES = 0.3
"""The least part of a segment that is not the character before it once more."""
_NEAR = 8
"""Code points beside a segment where its mark may stand, a segment being part of what was misread."""
_MARKS = {"shift-jis": (0xFF61, 0xFF9F), "euc-kr": (0xAC00, 0xD7A3)}
_WORDS_OF = {"cp1251": (0x400, 0x42F), "koi8r": (0x430, 0x491)}
"""Cyrillic capitals, and small letters: the bytes C0 to DF."""
_NO_WORDS = ((0xAC00, 0xD7AF), (0xFF61, 0xFF9F))
"""Hangul by itself is Korean, kana is Japanese."""
_JAMO = (0x3131, 0x318E)
_LEAST_BESIDE_JAMO = 4
"""So many characters are misread for each that is a letter of hangul, at least."""
_OF_BOPOMOFO = ((0x2C7, 0x2D9), (0x3000, 0x301F), (0xFF01, 0xFF5E))
"""Its tones, and the marks that part readings."""
_BEYOND = np.uint32(0x20000), np.uint32(0x40000)
_LETTERS = (0x3400, 0x9FFF), (0xAC00, 0xD7A3), _MARKS["shift-jis"]
_KINDS_OF_SIGNS = 6
"""Different characters that are meant where next to no such letter is seen and some are there twice, at the least:
☆★☆★ and (゜Д゜) have few."""
_SIGNS_OF_A_LETTER, _MANY_SIGNS = 4, 10
_SIGNS = 0x2190, 0x27BF
"""Arrows, operators, lines and blocks, shapes, stars: what a row of ornaments is set of."""
_LEAST_OF_ORNAMENTS = 4
_ALNUM = np.array([chr(code).isalnum() for code in range(0x80)])


class Surroundings:
    """The text that segments are of; what any stretch of it holds is counted once."""

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        self.codes = codes
        self._running: dict[tuple[int, int], Places] = {}

    def held(self, first: int, last: int, start: Places, end: Places) -> Places:
        """How many characters from `first` to `last` are in each stretch."""
        running = self._running.get((first, last))
        if running is None:
            running = np.zeros(len(self.codes) + 1, dtype=np.intp)
            np.cumsum(self.codes - np.uint32(first) <= last - first, out=running[1:])
            self._running[first, last] = running
        counts: Places = running[end] - running[start]
        return counts

    @cached_property
    def _changes(self) -> Places:
        changes: Places = np.append(0, np.cumsum(self.codes[1:] != self.codes[:-1]))
        return changes

    def are_of_one(self, start: Places, end: Places) -> Flags:
        """Which stretches are one character over and over."""
        one: Flags = self._changes[start] == self._changes[end - 1]
        return one

    def shares_of_changes(self, start: Places, end: Places) -> NDArray[np.float64]:
        """Which part of each stretch is not the character before it once more."""
        changes = self._changes[end - 1] - self._changes[start]
        shares: NDArray[np.float64] = (1 + changes) / (end - start)
        return shares

    @cached_property
    def _turns(self) -> Places:
        turns: Places = np.append(
            np.zeros(3, np.intp), np.cumsum(self.codes[2:] != self.codes[:-2])
        )
        return turns

    def are_ornaments(self, start: Places, end: Places) -> Flags:
        """Which stretches are two signs by turns, over and over."""
        ornaments: Flags = end - start >= _LEAST_OF_ORNAMENTS
        ornaments &= self.held(*_SIGNS, start, end) == end - start
        ornaments &= self._turns[end] == self._turns[np.minimum(start + 2, end)]
        return ornaments

    def are_alone(self, start: Places, end: Places) -> Flags:
        """Beside which stretches is neither a letter, a digit, nor anything beyond ASCII, and which
        may be words: a doubled character is a word of its own."""
        alone = ~self.are_of_one(start, end)
        for beside, inside in ((start - 1, start > 0), (end, end < len(self.codes))):
            code = self.codes[np.where(inside, beside, 0)]
            alone &= ~inside | ((code < 0x80) & ~_ALNUM[np.minimum(code, 0x7F)])
        for first, last in _NO_WORDS:
            alone &= self.held(first, last, start, end) < end - start
        return alone


class Judged(NamedTuple):
    """Segments that may be evidence, and which of them are sure."""

    segments: Segments
    sure: Flags


def judged(around: Surroundings, segments: Segments) -> Judged:
    """The segments that their path may have made, with how sure each is."""
    segments = segments.of(_are_possible(around, segments))
    count = segments.stop - segments.begin
    sure, once = _sure_by_itself(segments, count)
    rows = np.flatnonzero(~sure & (segments.gain >= GAIN) & (count >= 3 * segments.counts_of_gaps))
    if len(rows):
        rows = rows[around.are_alone(segments.start[rows], segments.end[rows])]
        sure[rows] = _sure_alone(around, segments.of(rows), count[rows], once[rows])
    return Judged(segments, sure)


def is_sure_chain(gain: float, surprise: float, codes: NDArray[np.uint32]) -> bool:
    """The same for a misreading below another."""
    if len(codes) <= _FEW:
        once = float(_shares_of_new(codes, np.zeros(1, np.intp), np.array([len(codes)]))[0])
        gain, surprise = gain * once, surprise * once
    return bool(_is_much(np.array(gain), np.array(surprise)))


def _sure_by_itself(segments: Segments, count: Places) -> tuple[Flags, NDArray[np.float64]]:
    """Which are sure wherever they stand; and what part of each comes for the first time."""
    gain, surprise = segments.gain, segments.surprise
    once = np.ones(len(gain))
    few = np.flatnonzero(count <= _FEW)
    once[few] = _shares_of_new(segments.codes, segments.begin[few], segments.stop[few])
    sure = _is_much(gain * once, surprise * once)
    if segments.path == _ACCENTS:  # "Ã" before a sign is no text of any language
        first = segments.codes[segments.begin]
        sure |= (gain >= 35) & (surprise >= -2) & (first < EAST_ASIAN)
    elif segments.path == _QUOTES:  # "鈥" (E2 80) before a rare character is none either
        first = segments.codes[segments.begin]
        sure |= (gain >= 25) & (first >= 0x2010) & (first < 0x203B)
    return sure & (count >= 3 * segments.counts_of_gaps), once


def _is_much(gain: NDArray[np.float64], surprise: NDArray[np.float64]) -> Flags:
    much: Flags = (gain >= 24) & (surprise >= 9) & (gain + surprise >= _SURE)
    much |= (gain >= 50) & (surprise >= 12)
    return much


def _sure_alone(
    around: Surroundings, segments: Segments, count: Places, once: NDArray[np.float64]
) -> Flags:
    """Which are sure, standing by themselves."""
    told = _are_told(around, segments, count)
    gain, surprise = segments.gain * once, segments.surprise * once
    both = gain + surprise
    sure = (count >= 4) & (gain >= 24) & (surprise >= 5) & (both >= _SURE_ALONE)
    sure |= (gain >= 18) & (surprise >= 9) & (both >= _SURE_ALONE)
    sure |= (gain >= 38) & (surprise >= 4)
    sure = np.where(told, both >= _SURE_OF_WORDS, sure)
    if segments.path.wrong == HALF_MENDED:
        start, end = segments.start, segments.end
        sure &= end - start - around.held(0, 0x7F, start, end) >= _LEAST_HALF_MENDED
    return sure


def _shares_of_new(codes: NDArray[np.uint32], begin: Places, stop: Places) -> NDArray[np.float64]:
    """Which part of the characters comes for the first time: words like 旮旮旯旯, which say the
    same thing twice, are no evidence twice."""
    if not len(begin):
        return np.ones(0)
    at = begin[:, None] + np.arange(_FEW)
    rows = np.where(at < stop[:, None], codes[np.minimum(at, len(codes) - 1)], 0)
    rows[rows < 0x80] = 0
    rows.sort(axis=1)
    high = np.count_nonzero(rows, axis=1)
    new = np.count_nonzero(np.diff(rows, axis=1, prepend=0), axis=1)
    shares: NDArray[np.float64] = np.where(high > 0, new / np.maximum(high, 1), 1.0)
    return shares


def _kinds(segments: Segments) -> tuple[Places, Places]:
    """How many different characters beyond ASCII each was meant to have, and how many in all."""
    lengths = segments.stop - segments.begin
    of_row = np.repeat(np.arange(len(lengths)), lengths)
    codes = segments.codes[ranges(segments.begin, lengths)].astype(np.int64)
    keys = (of_row << 32 | codes)[codes >= 0x80]
    number = np.bincount(keys >> 32, minlength=len(lengths))
    return np.bincount(np.unique(keys) >> 32, minlength=len(lengths)), number


def _are_told(around: Surroundings, segments: Segments, count: Places) -> Flags:
    """Whether each two characters of a few that are meant were counted together, and none of those
    that are seen: what words there are tells more than how rare the characters are."""
    told = (count >= 2) & (count <= _FEW) & (segments.surprise >= 5)
    rows = np.flatnonzero(told)
    if not len(rows):
        return told
    meant = _met(segments.codes, segments.begin[rows], segments.stop[rows])
    seen = _met(around.codes, segments.start[rows], segments.end[rows])
    told[rows] = (meant == count[rows] - 1) & (seen == 0)
    return told


def _met(codes: NDArray[np.uint32], begin: Places, stop: Places) -> Places:
    """How many of the neighbours in each stretch were counted together."""
    lengths = stop - begin
    ends = np.cumsum(lengths)
    at = np.arange(ends[-1]) + np.repeat(begin - ends + lengths, lengths)
    met = np.append(continuation().met(codes[at]) > 0, False)
    met[ends - 1] = False  # the last of one and the first of the next are no neighbours
    counts: Places = np.add.reduceat(met[: ends[-1]], ends - lengths, dtype=np.intp)
    return counts


def _are_possible(around: Surroundings, segments: Segments) -> Flags:
    """Which segments the path may have made, as far as what is written shows.

    Quotation marks and dashes alone are such, as a program lists them (“”‘’, of which Mac Roman would
    have made 矣哉), and one character over and over is a cry (鹅鹅鹅). Greek or Cyrillic letters alone are
    words; so are Cyrillic letters of one case, of those pages that show common characters as such;
    full-width forms alone are numbers and names; bopomofo with its tones alone is a reading (ㄧㄝˋ). And a decoder of pairs makes of the common Chinese
    characters of GBK what only its own language has: half-width katakana of all that begin with B0 to
    DF, hangul of all up to C8. Letters of hangul are what it has for kana: in chat they laugh and weep (ㅋㅋㅋ, ㅠㅠ). Nobody wrote
    nothing but an ideograph beyond the first plane, which the bytes of 第Ⅰ are in KS X 1001; and signs and kana
    alone, of few kinds, are ornaments and faces (☆★☆★, (゜Д゜)).
    """
    true, wrong = segments.path
    start, end = segments.start, segments.end
    possible = around.shares_of_changes(start, end) >= _LEAST_CHANGES
    possible &= ~around.are_ornaments(start, end)
    beyond = np.append(0, np.cumsum(segments.codes - _BEYOND[0] < _BEYOND[1] - _BEYOND[0]))
    possible &= beyond[segments.stop] - beyond[segments.begin] < segments.stop - segments.begin
    high = end - start - around.held(0, 0x7F, start, end)
    if wrong in SINGLE:
        possible &= around.held(0x2010, 0x2027, start, end) < high
        if wrong in _WORDS_OF:
            possible &= around.held(*_WORDS_OF[wrong], start, end) < high
        elif wrong not in ("latin1", HALF_MENDED):  # Latin-1 is far more probable
            of_latin1 = around.held(0x80, 0xFF, start, end) == high
            possible &= ~of_latin1 | (segments.surprise >= _OF_A_RARE_PAGE)
        return possible
    possible &= around.held(0x370, 0x52F, start, end) < high
    possible &= around.held(0xFF01, 0xFF5E, start, end) < high
    if true != "utf8":
        letters = sum(around.held(*span, start, end) for span in _LETTERS)
        few = (letters * _SIGNS_OF_A_LETTER <= high) & (high >= _MANY_SIGNS)
        rows = (possible & ((letters == 0) | few)).nonzero()[0]
        kinds, number = _kinds(segments.of(rows))
        possible[rows] = (kinds >= _KINDS_OF_SIGNS) | (kinds == number)
    bopomofo = around.held(0x3105, 0x312F, start, end)
    reading = bopomofo + sum(around.held(*marks, start, end) for marks in _OF_BOPOMOFO)
    others = high - reading  # 讀ㄔㄛˋ has one
    possible &= (bopomofo == 0) | (others > (reading > 1))
    if true == "gbk" and wrong in _MARKS:
        low, top = np.maximum(start - _NEAR, 0), np.minimum(end + _NEAR, len(around.codes))
        possible &= around.held(*_MARKS[wrong], low, top) > 0
        if wrong == "euc-kr":
            possible &= around.held(*_JAMO, start, end) * _LEAST_BESIDE_JAMO <= high
    return possible
