"""How likely Chinese text runs on from one line to the next, from counted neighbours.

The table `tables/continuation.npz` holds how often characters follow one another, with the line break
as one of them; `recipes/continuation.py` counts it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BREAK = 1
"""The token of a line break in the table."""
_TRUST_TRIPLE = 6.0
_TRUST_PAIR = 40.0

Tokens = NDArray[np.uint64]
Logs = NDArray[np.float64]


@dataclass(frozen=True)
class Continuation:
    """Counts of single tokens, pairs and triples; keys ascend."""

    tokens: NDArray[np.uint16]
    singles: NDArray[np.float64]
    pair_keys: NDArray[np.uint64]
    pair_counts: NDArray[np.uint8]
    triple_keys: NDArray[np.uint64]
    triple_counts: NDArray[np.uint8]

    def tokens_of(self, codes: NDArray[np.uint32]) -> Tokens:
        """The token of each code point; 0 for what the table does not tell apart."""
        low = np.where(codes < 0x10000, codes, 0)
        found: Tokens = self.tokens[low].astype(np.uint64)
        return found

    def follows(self, first: Tokens, second: Tokens, third: Tokens) -> Logs:
        """Log probability that `third` comes after `first` and `second`."""
        triple = _count(self.triple_keys, self.triple_counts, _triple(first, second, third))
        context = _count(self.pair_keys, self.pair_counts, _pair(first, second))
        context = np.where(second == BREAK, 0.0, np.maximum(context, triple))
        backed = self._after(second, third)
        trust = context / (context + _TRUST_TRIPLE)
        seen = triple / np.maximum(context, 1.0)
        probability = trust * seen + (1 - trust) * backed
        logs: Logs = np.log(np.maximum(probability, 1e-9))
        return logs

    def _after(self, second: Tokens, third: Tokens) -> Logs:
        pair = _count(self.pair_keys, self.pair_counts, _pair(second, third))
        context = np.maximum(self.singles[second.astype(np.intp)], pair)
        trust = context / (context + _TRUST_PAIR)
        alone = self.singles[third.astype(np.intp)] / self.singles.sum()
        after: Logs = trust * pair / np.maximum(context, 1.0) + (1 - trust) * alone
        after += 0.02 * alone
        return after

    def alone(self, token: Tokens) -> Logs:
        """Log probability of a token, whatever stands before it."""
        share = self.singles[token.astype(np.intp)] / self.singles.sum()
        logs: Logs = np.log(np.maximum(share, 1e-9))
        return logs


def _pair(first: Tokens, second: Tokens) -> Tokens:
    key: Tokens = first << np.uint64(13) | second
    return key


def _triple(first: Tokens, second: Tokens, third: Tokens) -> Tokens:
    key: Tokens = first << np.uint64(26) | second << np.uint64(13) | third
    return key


def _count(keys: NDArray[np.uint64], counts: NDArray[np.uint8], wanted: Tokens) -> Logs:
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Logs = np.where(keys[at] == wanted, np.exp2(counts[at] / 8.0), 0.0)
    return found


@cache
def continuation() -> Continuation:
    """The table, loaded once a process."""
    path = Path(__file__).parent.parent / "tables" / "continuation.npz"
    with np.load(path) as table:
        return Continuation(
            tokens=table["tokens"],
            singles=table["singles"].astype(np.float64),
            pair_keys=_keys(table["pair_steps"]),
            pair_counts=table["pair_counts"],
            triple_keys=_keys(table["triple_steps"]),
            triple_counts=table["triple_counts"],
        )


def _keys(planes: NDArray[Any]) -> NDArray[np.uint64]:
    """Ascending keys from the byte planes of the steps between them."""
    steps = np.zeros(planes.shape[1], dtype=np.uint64)
    for plane, row in enumerate(planes):
        steps |= row.astype(np.uint64) << np.uint64(8 * plane)
    keys: NDArray[np.uint64] = np.cumsum(steps, dtype=np.uint64)
    return keys
