"""Which form the words around a character mean: all ways to cut the text into known words, weighed.

在可观测宇宙中的星系数量 has 系数 in it, which is written 係數, but 星係 and 量 are worse words than
星系 and 數量. The contexts of `model` are weighed one by one and do not see that; here every cut of
the text around the character into words counts, as much as its words are common.

The table `tables/script-words.npy` is a cuckoo hash of 32-bit cells: 24 bits of a fingerprint, eight
of a value. A word, folded to the representatives of its characters' classes, has its probability;
a word, a place in it and a candidate have the share of that form among those of the word.
"""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import FOLDER

Keys = NDArray[np.uint64]
Values = NDArray[np.float64]

LONGEST: Final = 6
"""Characters of the longest word that is known."""
AROUND: Final = 6
"""How many characters on either side are cut into words."""
WINDOW: Final = 2 * AROUND + 1
CELL_BITS: Final = 20
STEP: Final = 0.1
"""Natural log units of probability, of a word or of a form, to one step of a stored value."""
UNKNOWN: Final = 255
"""The value of a character that is no word."""

NONE: Final = 1e-300
"""What a candidate that there is not is as likely as."""

_PLACE: Final = tuple(
    np.uint64(n)
    for n in (
        0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
        0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB,
    )
)  # fmt: skip
_FORM: Final = np.uint64(0xB492B66FBE98F273)
_OFFSET: Final = np.uint64(0x8EBC6AF09C88C6E3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_AGAIN: Final = np.uint64(0x9FB21C651E98DF25)
_SHIFT: Final = np.uint64(32)
_PROBABILITY: Final = np.exp(-STEP * np.arange(256))
"""What a stored value stands for."""


@cache
def cells() -> NDArray[np.uint32]:
    """The table, memory-mapped: shape (2 ** CELL_BITS,)."""
    table: NDArray[np.uint32] = np.load(FOLDER / "script-words.npy", mmap_mode="r").view(np.ndarray)
    return table


def word_keys(folded: Keys) -> list[Keys]:
    """Keys of the words of 1, 2 … characters that begin at each row of `folded`: one array each,
    whose row is the first character."""
    keys = [folded * _PLACE[0]]
    for length in range(1, LONGEST):
        keys.append(keys[-1][:-1] + folded[length:] * _PLACE[length])
    return keys


def form_keys(word: Keys, offset: NDArray[np.intp], candidate: NDArray[np.intp]) -> Keys:
    """Keys of candidates at places of words, counted from 1."""
    places = offset.astype(np.uint64) * _OFFSET
    keys: Keys = word + places + (candidate.astype(np.uint64) + np.uint64(1)) * _FORM
    return keys


def cell_pair(keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint32]]:
    """The two cells where a key may be, and its fingerprint, which is never 0."""
    mixed = (keys ^ (keys >> _SHIFT)) * _MIX
    mixed ^= mixed >> _SHIFT
    one = (mixed * _AGAIN) >> np.uint64(64 - CELL_BITS)
    other = (mixed * _OFFSET) >> np.uint64(64 - CELL_BITS)
    fingerprint = (mixed & np.uint64(0xFFFFFF)).astype(np.uint32) | np.uint32(1)
    return one.astype(np.intp), other.astype(np.intp), fingerprint


def _probabilities(keys: Keys) -> Values:
    """Of each key; 0 where it is not in the table."""
    one, other, fingerprint = cell_pair(keys)
    table = cells()
    found, second = table[one], table[other]
    eight = np.uint32(8)
    known = (found >> eight) == fingerprint
    np.copyto(found, second, where=~known)
    known |= (second >> eight) == fingerprint
    result: Values = _PROBABILITY.take(found & np.uint32(0xFF))
    result *= known
    return result


class Ways(NamedTuple):
    """Words that cover the middle of some windows, each with all cuts of the text around it: arrays
    are parallel, but for the last."""

    row: NDArray[np.intp]
    """The window."""
    likely: Values
    """How likely the text is that is cut so, whatever the form."""
    word: Keys
    place: NDArray[np.intp]
    """Which of the word's characters is in the middle, from 1."""
    length: NDArray[np.intp]
    none: Values
    """How likely the text of each window is, if the middle is no known word."""


def word_odds(
    padded: NDArray[np.uint32], at: NDArray[np.intp], candidates: NDArray[np.uint32]
) -> Values:
    """Natural log of how likely the text around each place is, were it written with each candidate.

    `at` counts from the first element of `padded`, which begins and ends with a break (0);
    `candidates` has shape (len(at), C), 0 where there are fewer. Only differences within a row mean
    anything.
    """
    ways = _ways(padded, at)
    exists = candidates != 0
    chosen, form = np.nonzero(exists[ways.row])
    share = _probabilities(form_keys(ways.word[chosen], ways.place[chosen], form))
    cell = ways.row[chosen] * candidates.shape[1] + form
    total = np.bincount(cell, ways.likely[chosen] * share, minlength=candidates.size)
    total = total.reshape(candidates.shape) + np.where(exists, ways.none[:, None], NONE)
    odds: Values = np.log(total)
    return odds


def are_in_words(padded: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether some known word of two or more characters covers each place."""
    ways = _ways(padded, at)
    found = np.zeros(len(at), dtype=np.bool_)
    found[ways.row[ways.length > 1]] = True
    return found


def likeliest_words(
    padded: NDArray[np.uint32], at: NDArray[np.intp], form: NDArray[np.intp]
) -> list[tuple[int, int]]:
    """The word that says most for a candidate at each place: how many characters it has before and
    after the place; (0, 0) where none does."""
    ways = _ways(padded, at)
    share = _probabilities(form_keys(ways.word, ways.place, form[ways.row]))
    best = [(0.0, 0, 0)] * len(at)
    for row, likely, place, length in zip(
        ways.row.tolist(), (ways.likely * share).tolist(), ways.place.tolist(),
        ways.length.tolist(), strict=True,
    ):  # fmt: skip
        best[row] = max(best[row], (likely, place - 1, length - place))
    return [(before, after) for _, before, after in best]


def _ways(padded: NDArray[np.uint32], at: NDArray[np.intp]) -> Ways:
    keys, words = _words_around(padded, at)
    before, after = _before(words), _after(words)
    found_ways: list[tuple[NDArray[np.intp], Values, Keys, NDArray[np.intp], NDArray[np.intp]]] = []
    for length, (key, found) in enumerate(zip(keys, words, strict=True), 1):
        first = AROUND - length + 1
        here = found[first : AROUND + 1]
        start, row = np.nonzero(here)
        likely = (here * before[first : AROUND + 1] * after[:length])[start, row]
        word = key[first : AROUND + 1][start, row]
        found_ways.append((row, likely, word, length - start, np.full(len(row), length)))
    none = before[AROUND] * _PROBABILITY[UNKNOWN] * after[0]
    row, likely, word, place, lengths = (
        np.concatenate(part) for part in zip(*found_ways, strict=True)
    )
    return Ways(row, likely, word, place, lengths, none)


def _words_around(
    padded: NDArray[np.uint32], at: NDArray[np.intp]
) -> tuple[list[Keys], list[Values]]:
    """Keys of the words of 1, 2 … characters in the window around each place, and how likely each is:
    rows are where in the window they begin, columns are the windows."""
    steps = np.arange(WINDOW, dtype=np.intp)[:, None]
    start, last = int(at.min(initial=0)) - AROUND, len(padded) - 1
    size = int(at.max(initial=0)) + AROUND + 1 - start
    if size > WINDOW * len(at):
        return _known_words(padded[np.clip(at + steps - AROUND, 0, last)].astype(np.uint64))
    # Windows that overlap have words in common, which are looked up once.
    line = padded[np.clip(np.arange(start, start + size), 0, last)].astype(np.uint64)
    keys, words = _known_words(line)
    places = at - start + steps - AROUND
    rows = [places[: WINDOW - length] for length in range(LONGEST)]
    return (
        [key[row] for key, row in zip(keys, rows, strict=True)],
        [found[row] for found, row in zip(words, rows, strict=True)],
    )


def _known_words(text: Keys) -> tuple[list[Keys], list[Values]]:
    """Keys of the words that begin at each row of a text, and how likely each is; 0 if unknown."""
    breaks = text == 0
    keys = word_keys(text)
    all_known = _probabilities(np.concatenate(keys))
    words: list[Values] = []
    broken = breaks
    start = 0
    for length, key in enumerate(keys, 1):
        if length > 1:
            broken = broken[:-1] | breaks[length - 1 :]
        found = all_known[start : start + len(key)]
        start += len(key)
        found[broken] = 0
        if length == 1:
            found[found == 0] = _PROBABILITY[UNKNOWN]
            found[breaks] = 1  # words begin and end there
        words.append(found)
    return keys, words


def _before(words: list[Values]) -> Values:
    """How likely the text is from the window's edge up to each of the places left of the middle, and
    up to the middle: shape (AROUND + 1, places)."""
    sums = np.zeros((AROUND + 1, words[0].shape[1]))
    sums[0] = 1
    for end in range(1, AROUND + 1):
        for length in range(1, min(LONGEST, end) + 1):
            sums[end] += sums[end - length] * words[length - 1][end - length]
    return sums


def _after(words: list[Values]) -> Values:
    """The same, from the place after the middle and from each after it to the window's other edge."""
    sums = np.zeros((AROUND + 1, words[0].shape[1]))
    sums[AROUND] = 1
    for place in range(AROUND - 1, -1, -1):
        start = AROUND + 1 + place
        for length in range(1, min(LONGEST, AROUND - place) + 1):
            sums[place] += words[length - 1][start] * sums[place + length]
    return sums
