"""How often Chinese words follow one another, read from the language model of libime (LGPL-2.1+).

The file is a KenLM trie with quantised probabilities (https://kheafield.com/code/kenlm/structures/): the words,
then one table for each order. Rows are kept last word first. Needs Debian's libime-data-language-model.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recipes.sources import SourceMissingError

FILES = "libime/zh_CN.lm"
_HEADER, _COUNTS = 136, (108, 116, 124)
_BLOCK = 64
"""Bits of one entry of the array that holds the upper bits of pointers."""
_ROUNDS = 30

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class WordModel:
    """Words with the share of each in running text; pairs and triples of their numbers with theirs."""

    words: list[str]
    share: Shares
    pairs: tuple[Numbers, Numbers]
    pair_share: Shares
    triples: tuple[Numbers, Numbers, Numbers]
    triple_share: Shares


def word_model() -> WordModel:
    """The model, from where Debian's package puts it.

    Raises SourceMissingError where it is not installed.
    """
    found = sorted(Path("/usr/lib").glob(f"*/{FILES}"))
    if not found:
        raise SourceMissingError("Debian: apt-get install libime-data-language-model")
    return _Trie(found[0].read_bytes()).model()


class _Trie:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.padded = np.frombuffer(data + bytes(16), dtype=np.uint8)

    def model(self) -> WordModel:
        data = self.data
        words, pairs, triples = (self._number(at) for at in _COUNTS)
        at = _HEADER + 8 + 8 * words
        prob_bits, back_bits = data[at + 1], data[at + 2]
        at += 8
        pair_prob, at = self._floats(at, 1 << prob_bits)
        _, at = self._floats(at, 1 << back_bits)
        triple_prob, at = self._floats(at, 1 << prob_bits)
        kind = np.dtype([("prob", "<f4"), ("back", "<f4"), ("next", "<u8")])
        single = np.frombuffer(data, kind, words + 2, at)
        at += kind.itemsize * (words + 2)

        chop = _chopped(pairs + 1, triples, data[at + 1])
        inline = triples.bit_length() - chop
        size = (triples >> inline) + 1
        upper = np.frombuffer(data, np.uint64, size, (at + 7) // 8 * 8 + 8).astype(np.int64)
        at += 8 * (1 + size) + 7
        word_bits = words.bit_length()
        row = word_bits + prob_bits + back_bits + inline
        before = self._bits(at, row, 0, word_bits, pairs)
        prob = pair_prob[self._bits(at, row, word_bits + back_bits, prob_bits, pairs)]
        lower = self._bits(at, row, row - inline, inline, pairs + 1)
        high = np.searchsorted(upper, np.arange(pairs + 1), side="right") - 1
        pointers = (high << inline) | lower
        at += ((1 + pairs) * row + 7) // 8 + 8
        row = word_bits + prob_bits
        farther = self._bits(at, row, 0, word_bits, triples)
        farther_prob = triple_prob[self._bits(at, row, word_bits, prob_bits, triples)]
        at += ((1 + triples) * row + 7) // 8 + 8
        names = [name.decode("utf-8") for name in data[at:].split(b"\0")[:words]]

        pointers_of_single: Numbers = single["next"][: words + 1].astype(np.int64)
        last = np.repeat(np.arange(words), np.diff(pointers_of_single))
        share = _stationary(single, before, last, prob)
        of_pair = np.repeat(np.arange(pairs), np.diff(pointers))
        first, middle, third = farther, before[of_pair], last[of_pair]
        joint = share[first] * self._chance(first, middle, before, last, prob) * farther_prob
        return WordModel(
            names, share, (before, last), share[before] * prob, (first, middle, third), joint
        )

    def _number(self, at: int) -> int:
        return int.from_bytes(self.data[at : at + 8], "little")

    def _floats(self, at: int, count: int) -> tuple[Shares, int]:
        """Probabilities from their logarithms, and where the next table begins."""
        logs = np.frombuffer(self.data, np.float32, count, at).astype(np.float64)
        return 10.0**logs, at + 4 * count

    def _bits(self, base: int, row: int, offset: int, width: int, count: int) -> Numbers:
        """A field of so many bits, out of rows of bits."""
        at = np.arange(count, dtype=np.int64) * row + offset
        byte = base + (at >> 3)
        found = np.zeros(count, dtype=np.uint64)
        for number in range(8):
            found |= self.padded[byte + number].astype(np.uint64) << np.uint64(8 * number)
        field = (found >> (at & 7).astype(np.uint64)) & np.uint64((1 << width) - 1)
        return field.astype(np.int64)

    @staticmethod
    def _chance(
        first: Numbers, second: Numbers, before: Numbers, last: Numbers, prob: Shares
    ) -> Shares:
        """The probability of each second word after the first; 0 for pairs that are not listed."""
        keys = last << 18 | before
        order = np.argsort(keys)
        wanted = second << 18 | first
        at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
        found: Shares = np.where(keys[order][at] == wanted, prob[order[at]], 0.0)
        return found


def _chopped(rows: int, largest: int, most: int) -> int:
    """How many upper bits of pointers stand in an array of their own: what makes the table smallest."""
    size = largest.bit_length()
    return min(
        range(min(size, most) + 1),
        key=lambda chop: (largest >> (size - chop)) * _BLOCK - rows * chop,
    )


def _stationary(single: NDArray[Any], before: Numbers, last: Numbers, prob: Shares) -> Shares:
    """The share of each word in running text: what the pairs lead to again and again.

    The model's own single probabilities are for words in new places, which 的 is seldom in.
    """
    alone = 10.0 ** single["prob"][:-2].astype(np.float64)
    back = 10.0 ** single["back"][:-2].astype(np.float64)
    share: Shares = alone / alone.sum()
    for _ in range(_ROUNDS):
        listed = np.bincount(last, share[before] * (prob - back[before] * alone[last]), len(alone))
        share = np.maximum(listed + alone * (share * back).sum(), 0.0)
        share = share / share.sum()
    return share
