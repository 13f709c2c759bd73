"""Counts of tokens in a row, from texts and from a model of words."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from recipes._word_model import WordModel

OTHER, BREAK = 0, 1
BITS = 13
WORDS = 4e7
"""Words of the text that the word model is taken for: about four times what is counted in texts."""
_LONGEST = 4

Tokens = NDArray[np.uint64]
Weights = NDArray[np.float64]


def key_of(*row: Tokens) -> Tokens:
    """One number for some tokens in a row."""
    key = row[0]
    for token in row[1:]:
        key = key << np.uint64(BITS) | token
    return key


class Counts:
    """Counts of keys, merged chunk by chunk so that memory stays small."""

    def __init__(self) -> None:
        self.keys = np.empty(0, dtype=np.uint64)
        self.counts: Weights = np.empty(0, dtype=np.float64)
        self.extra: Counter[int] = Counter()

    def add(self, keys: Tokens, counts: Weights | NDArray[np.intp]) -> None:
        """Keys may stand several times."""
        both = np.concatenate([self.keys, keys])
        self.keys, where = np.unique(both, return_inverse=True)
        weights = np.concatenate([self.counts, counts])
        self.counts = np.bincount(where, weights=weights).astype(np.float64)

    def above(self, least: int, at_break: int, size: int) -> tuple[Tokens, Weights]:
        """What was counted often enough, rows of so many tokens that begin or end with a line break less
        often."""
        extra = np.array(sorted(self.extra), dtype=np.uint64)
        self.add(extra, np.array([self.extra[int(key)] for key in extra], dtype=np.float64))
        last, first = (
            self.keys & np.uint64((1 << BITS) - 1),
            self.keys >> np.uint64(BITS * (size - 1)),
        )
        line = (last == BREAK) | (first == BREAK)
        keep = (self.counts >= least) | (line & (self.counts >= min(least, at_break)))
        return self.keys[keep], self.counts[keep]


def add_word_model(
    model: WordModel, tokens: NDArray[np.uint16], counts: dict[int, Counts]
) -> Weights:
    """Count the rows in words, and over the edges of words; the counts of single tokens."""
    size = np.array([len(word) for word in model.words])
    head, tail, singles = _edges(model, tokens, counts)
    known = head[:, 0] > BREAK
    first, second = model.pairs
    share = WORDS * model.pair_share
    for left in range(1, _LONGEST):
        for right in range(1, _LONGEST + 1 - left):
            rows = known[first] & known[second] & (size[first] >= left) & (size[second] >= right)
            row = [tail[first[rows], _LONGEST - left + at] for at in range(left)]
            row += [head[second[rows], at] for at in range(right)]
            counts[left + right].add(key_of(*row), share[rows])
    first, second, third = model.triples
    share = WORDS * model.triple_share
    for left, middle, right in ((1, 1, 1), (2, 1, 1), (1, 1, 2), (1, 2, 1)):
        rows = known[first] & known[second] & known[third]
        rows &= (size[first] >= left) & (size[second] == middle) & (size[third] >= right)
        row = [tail[first[rows], _LONGEST - left + at] for at in range(left)]
        row += [head[second[rows], at] for at in range(middle)]
        row += [head[third[rows], at] for at in range(right)]
        counts[left + middle + right].add(key_of(*row), share[rows])
    return singles


def _edges(
    model: WordModel, tokens: NDArray[np.uint16], counts: dict[int, Counts]
) -> tuple[Tokens, Tokens, Weights]:
    """The first and the last tokens of each word, shape (words, 4), zeros for a word that has an unknown
    one; rows inside words are counted on the way."""
    head = np.zeros((len(model.words), _LONGEST), dtype=np.uint64)
    tail = np.zeros_like(head)
    singles = np.zeros(int(tokens.max()) + 1)
    for number, word in enumerate(model.words):
        codes = np.frombuffer(word.encode("utf-32-le"), dtype=np.uint32)
        row = tokens[np.minimum(codes, 0xFFFF)].astype(np.uint64)
        if not len(row) or codes.max() > 0xFFFF or row.min() < 5:
            continue
        part = min(len(row), _LONGEST)
        head[number, :part], tail[number, _LONGEST - part :] = row[:part], row[-part:]
        weight = WORDS * float(model.share[number])
        np.add.at(singles, row.astype(np.intp), weight)
        for size, counted in counts.items():
            for at in range(len(row) - size + 1):
                counted.extra[int(key_of(*row[at : at + size]))] += weight  # type: ignore[assignment]
    return head, tail, singles
