"""How often pairs of tokens were counted, looked up for thousands of them at once.

Each pair that may be has a bit, and the counts of those that were met stand in the same order: how many
bits are set before a pair's own tells where its count is. So a pair is found in two steps, where looking
through the ascending keys takes twenty, each somewhere else in memory.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
COUNTS = np.exp2(np.arange(256) / 8.0)
"""What each byte of the tables stands for."""
_FEW = 256
"""Up to so many, the keys are looked through, which takes fewer calls."""
_ONE, _IN_WORD = np.uint64(1), np.uint64(63)


def counts_of(keys: Keys, counts: NDArray[np.uint8], wanted: Keys) -> NDArray[np.float64]:
    """The count of each wanted key, 0 where it is none of the ascending ones."""
    at = keys.searchsorted(wanted)
    found: NDArray[np.float64] = COUNTS.take(counts.take(at, mode="clip"), mode="clip")
    found *= keys.take(at, mode="clip") == wanted
    return found


class CountedPairs:
    """The ascending keys of the pairs that were met, and how often."""

    def __init__(self, keys: Keys, counts: NDArray[np.uint8]) -> None:
        self._keys, self._counts = keys, counts

    @cached_property
    def _words(self) -> tuple[Keys, NDArray[np.uint32]]:
        """The bits, and how many are set before each word of them: made when many pairs are looked up."""
        words = (self._keys >> np.uint64(6)).astype(np.intp)
        first = np.diff(words, prepend=-1).nonzero()[0]
        own = words[first]
        bits = np.zeros(int(own[-1]) + 2, dtype=np.uint64)  # the last for what is beyond
        bits[own] = np.bitwise_or.reduceat(_ONE << (self._keys & _IN_WORD), first)
        before = np.zeros(len(bits), dtype=np.uint32)
        before[own] = first
        return bits, before

    def met(self, wanted: Keys) -> NDArray[np.float64]:
        """How often each of these pairs was counted."""
        if len(wanted) <= _FEW:
            return counts_of(self._keys, self._counts, wanted)
        found = np.zeros(len(wanted), dtype=np.float64)
        bits, before = self._words
        words = np.minimum((wanted >> np.uint64(6)).astype(np.intp), len(bits) - 1)
        held, bit = bits[words], wanted & _IN_WORD
        at = ((held >> bit) & _ONE).nonzero()[0]
        lower = held[at] & ((_ONE << bit[at]) - _ONE)
        found[at] = COUNTS[self._counts[before[words[at]] + _bits_set(lower)]]
        return found


def _bits_set(words: Keys) -> Keys:
    """How many bits of each are set. (numpy counts them from its version 2 on.)"""
    words = words - ((words >> _ONE) & np.uint64(0x5555555555555555))
    two = np.uint64(0x3333333333333333)
    words = (words & two) + ((words >> np.uint64(2)) & two)
    words = (words + (words >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (words * np.uint64(0x0101010101010101)) >> np.uint64(56)
