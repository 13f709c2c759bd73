"""Tells modern written Chinese, classical Chinese, written Cantonese, Japanese and Korean apart.

Kana and hangul tell Japanese and Korean, and so do characters that Japan alone simplified. Between
the Chinese languages a small model decides (`tables/languages.tsv`): how often the function
characters of each stand in the text, whichever script it is in. Modern Chinese is the answer where
the evidence is thin, since most text is.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.tables import rows_of

Language: TypeAlias = Literal["zh", "lzh", "yue", "nan", "ja", "ko", "other"]
"""Modern written Chinese, classical Chinese, written Cantonese, Hokkien (or Hakka), Japanese, Korean,
anything else (text without ideographs). The codes are those of ISO 639."""

_ENOUGH = (2.5, 1.5)
"""How much (natural logarithm of the odds) must speak for classical or Cantonese against modern
Chinese. Officials and lawyers still write a classical word or two, in short sentences above all."""
HOKKIEN_ALONE: Final = "佮媠蹛囥迌刣摎敆\U0002a736\U000232d0\U00028468\U0002028e"
"""Characters that hardly any other modern text has."""
_HOKKIEN: Final = {
    3.0: HOKKIEN_ALONE,
    2.0: "囡毋恁遐袂啉",
    1.5: "阮攏睏跤佇厝仝",
    1.0: "欲予咧咱揣彼伊",
}
"""Characters of written Hokkien and Hakka, by how much each speaks for them against modern Chinese."""
_HOKKIEN_ENOUGH, _HOKKIEN_KINDS = 0.8, 3
"""How much of it, and how many of them, tell such text: a name or a borrowed word has one or two."""
_AROUND, _AROUND_ENOUGH = 30, 0.5
"""Characters on either side that tell what a passage is, and how much of them must speak for classical."""
_VERSES = 8
_MARKED_VERSES = 4
"""How many lines of verse are enough: of whatever stands between marks and line breaks, and of those
alone that end in a mark, as titles and names of poets do not."""
_VERSE_SHARE = 0.8
_VERSE_EVIDENCE = -0.5
_MARKED_VERSE_EVIDENCE = -1.5
"""What may speak against classical Chinese in a line of verse, on the average."""
_LEAST_OF_VERSE = min(_VERSE_EVIDENCE, _MARKED_VERSE_EVIDENCE) / (5 * _VERSE_SHARE) - 0.01
"""The same for each ideograph of a text that may be verse: so much of it stands in lines of five or
more. Nearly all prose has less, and its lines need not be measured."""
_HAN = np.uint32(Class.HAN)
_VERSE_MARKS = "，。？！；："
_KANA, _HANGUL = int(Class.KANA), int(Class.HANGUL)
_KANA_SHARE = 0.1
_SOME_KANA = 20
"""Kana from which on it is asked what characters by themselves are: a list of them is no text."""
_HANGUL_SHARE = 0.2
_SHINJITAI_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _Model:
    constants: NDArray[np.float32]
    weights: NDArray[np.float64]
    """For classical, for Cantonese, for Japanese (1 where only Japan has it), of each character that tells,
    by its number: shape (3, numbers). The first are those of all others, 0."""
    number: NDArray[np.uint16]
    """By code point."""
    tells: NDArray[np.uint8]
    """By code point: 1 for one with a number, 2 for one of `_HOKKIEN`, 3 for both."""


@cache
def _model() -> _Model:
    rows = list(rows_of("languages.tsv"))
    constants = np.array(rows[0][1:], dtype=np.float32)
    telling = sorted({*rows[1][0], *(row[0] for row in rows[2:])})
    number = np.zeros(CODE_POINTS, dtype=np.uint16)
    number[list(map(ord, telling))] = np.arange(1, len(telling) + 1)
    weights = np.zeros((3, len(telling) + 1), dtype=np.float32)
    weights[2, number[list(map(ord, rows[1][0]))]] = 1
    for character, classical, cantonese in rows[2:]:
        weights[:2, number[ord(character)]] = float(classical), float(cantonese)
    tells = (number > 0).astype(np.uint8)
    tells[_hokkien()[0]] |= 2
    return _Model(constants, weights.astype(np.float64), number, tells)


def language_of(codes: NDArray[np.uint32], bits: NDArray[np.uint32]) -> Language:
    """The language of a text, given its code points and their classes."""
    return languages_of(codes, bits, np.array([0]), np.array([len(bits)]))[0]


def languages_of(
    codes: NDArray[np.uint32],
    bits: NDArray[np.uint32],
    starts: NDArray[np.intp],
    ends: NDArray[np.intp],
) -> list[Language]:
    """The language of each of many texts, of which each has something between it and the next."""

    bounds = list(zip(starts.tolist(), ends.tolist(), strict=True))
    present = int(np.bitwise_or.reduce(bits)) if len(bits) else 0

    def count(classes: int) -> NDArray[np.intp]:
        if not present & classes:
            return np.zeros(len(bounds), dtype=np.intp)
        has = (bits & np.uint32(classes)) != 0
        return np.array([np.count_nonzero(has[start:end]) for start, end in bounds])

    han, kana, hangul = count(int(_HAN)), count(_KANA), count(_HANGUL)
    tells = _model().tells.take(codes, mode="clip")
    any_ = (tells != 0).nonzero()[0]
    tells = tells[any_]
    telling = any_[(tells & 1) != 0]
    number = _model().number.take(codes[telling], mode="clip")
    evidence = np.zeros((len(han), 3))
    first = telling.searchsorted(starts)
    some = (first < telling.searchsorted(ends)).nonzero()[0]
    if len(some):
        for column, weights in enumerate(_model().weights):
            evidence[some, column] = np.add.reduceat(weights.take(number), first[some])
    verse = np.zeros(len(han), dtype=np.bool_)
    may_be = ((han > 0) & (evidence[:, 0] >= _LEAST_OF_VERSE * han)).nonzero()[0]
    if len(may_be):
        spans = [bounds[number] for number in may_be.tolist()]
        runs = [_runs_of_han(bits[start:end]) + np.array([[start], [0]]) for start, end in spans]
        clauses = _Clauses(codes, np.concatenate(runs, axis=1), starts[may_be])
        verse[may_be] = _are_verse(clauses, evidence[may_be, 0])
    scores = evidence[:, :2] / np.sqrt(np.maximum(han, 1))[:, None] + _model().constants - _ENOUGH
    japanese = evidence[:, 2] > np.maximum(1, _SHINJITAI_SHARE * han)
    hokkien = _are_hokkien(codes, any_[(tells & 2) != 0], starts, han)
    told = zip(japanese.tolist(), *scores.T.tolist(), verse.tolist(), hokkien.tolist(), strict=True)
    found: list[Language] = []
    for (start, end), (hans, kanas, hanguls), evidence_of_chinese in zip(
        bounds, zip(han.tolist(), kana.tolist(), hangul.tolist(), strict=True), told, strict=True
    ):
        if hanguls > _HANGUL_SHARE * (hans + kanas + hanguls):
            found.append("ko")
        elif _is_in_kana(kanas, hans, bits[start:end]):
            found.append("ja")
        elif not hans:
            found.append("other")
        else:
            found.append(_chinese(*evidence_of_chinese))
    return found


def _is_in_kana(kana: int, han: int, bits: NDArray[np.uint32]) -> bool:
    """Whether so many kana beside so many ideographs are Japanese text."""
    if kana > _KANA_SHARE * (han + kana):
        return True
    return kana > _SOME_KANA and kana > _KANA_SHARE * (_in_words(bits) + kana)


def _in_words(bits: NDArray[np.uint32]) -> int:
    """How many ideographs stand beside another, or beside kana."""
    letters = np.concatenate(([False], (bits & np.uint32(int(_HAN) | _KANA)) != 0, [False]))
    beside = letters[:-2] | letters[2:]
    return int(np.count_nonzero(beside & ((bits & _HAN) != 0)))


def are_among_classical(
    codes: NDArray[np.uint32], positions: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether the text around each position, within its line, has more signs of classical Chinese than
    of modern: a modern text quotes, and a novel in the vernacular has verses."""
    found = np.zeros(len(positions), dtype=np.bool_)
    model = _model()
    for row, position in enumerate(positions.tolist()):
        start = max(0, position - _AROUND)
        around = codes[start : position + _AROUND + 1]
        breaks = (around == ord("\n")).nonzero()[0]
        first, last = breaks.searchsorted(position - start) + np.array([-1, 0])
        around = around[
            breaks[first] + 1 if first >= 0 else 0 : breaks[last] if last < len(breaks) else None
        ]
        evidence = model.weights[0, model.number.take(around, mode="clip")].sum()
        found[row] = evidence > _AROUND_ENOUGH * np.sqrt(len(around))
    return found


def _chinese(
    is_japanese: bool, classical: float, cantonese: float, is_verse: bool, is_hokkien: bool
) -> Language:
    """Which Chinese a text is in (or Japanese without kana), by its scores."""
    if is_japanese:
        return "ja"
    if is_hokkien and cantonese < 0:
        return "nan"
    if max(classical, cantonese) < 0:
        return "lzh" if is_verse else "zh"
    return "lzh" if classical > cantonese else "yue"


def _are_hokkien(
    codes: NDArray[np.uint32],
    at: NDArray[np.intp],
    starts: NDArray[np.intp],
    han: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Which texts have so many of the characters of Hokkien and Hakka, which are `at` these places, of
    several kinds."""
    if len(at) < _HOKKIEN_KINDS:
        return np.zeros(len(starts), dtype=np.bool_)
    characters, weights = _hokkien()
    text, kinds = starts.searchsorted(at, side="right") - 1, len(characters)
    times = np.bincount(
        text * kinds + characters.searchsorted(codes[at]), minlength=len(starts) * kinds
    ).reshape(-1, kinds)
    found: NDArray[np.bool_] = np.count_nonzero(times, axis=1) >= _HOKKIEN_KINDS
    found &= (times * weights).sum(axis=1) / np.sqrt(np.maximum(han, 1)) >= _HOKKIEN_ENOUGH
    return found


@cache
def _hokkien() -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """The code points of `_HOKKIEN`, ascending, and their weights."""
    weights = {ord(c): weight for weight, characters in _HOKKIEN.items() for c in characters}
    characters = sorted(weights)
    return np.array(characters, dtype=np.uint32), np.array([weights[c] for c in characters])


def _are_verse(clauses: "_Clauses", classical: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether texts without signs of modern Chinese go in lines of five or of seven: verse has few
    function characters of any age."""
    bare, count = clauses.are_regular(np.ones_like(clauses.marked), _VERSES)
    ended, ended_count = clauses.are_regular(clauses.marked, _MARKED_VERSES)
    verse: NDArray[np.bool_] = bare & (classical >= _VERSE_EVIDENCE * count)
    return verse | (ended & (classical >= _MARKED_VERSE_EVIDENCE * ended_count))


def are_in_verses(
    codes: NDArray[np.uint32], bits: NDArray[np.uint32], starts: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Which texts, of whatever age, go in clauses of five or of seven characters: shape (texts,)."""
    clauses = _Clauses(codes, _runs_of_han(bits), starts)
    regular, _ = clauses.are_regular(clauses.marked, _MARKED_VERSES)
    return regular


def _runs_of_han(bits: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Where each run of ideographs begins, and how long it is: shape (2, runs)."""
    others = ((bits & _HAN) == 0).nonzero()[0]  # a fifth of most texts
    lengths = np.diff(others, prepend=-1, append=len(bits)) - 1
    runs = lengths.nonzero()[0]
    return np.array([np.append(-1, others)[runs] + 1, lengths[runs]])


class _Clauses:
    """The runs of ideographs of many texts, see `_runs_of_han`."""

    def __init__(
        self, codes: NDArray[np.uint32], runs: NDArray[np.intp], starts: NDArray[np.intp]
    ) -> None:
        first, self._lengths = runs
        self._texts = len(starts)
        self._text = starts.searchsorted(first, side="right") - 1
        behind = codes.take(first + self._lengths, mode="clip")
        self.marked = one_of(behind, _VERSE_MARKS)
        """Which of them a mark ends."""

    def are_regular(
        self, chosen: NDArray[np.bool_], enough: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Which texts have at least so many of the chosen clauses, nearly all of five or nearly all
        of seven ideographs, and how many of the chosen each has: both of shape (texts,)."""
        count = np.bincount(self._text[chosen], minlength=self._texts)
        fives, sevens = (
            np.bincount(self._text[chosen & (self._lengths == length)], minlength=self._texts)
            for length in (5, 7)
        )
        most = np.maximum(fives, sevens)
        return (most >= _VERSE_SHARE * count) & (count >= enough), count
