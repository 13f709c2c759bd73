"""Boosted trees, all of them at once over many rows of evidence."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_ROWS = 128
"""Rows at a time, so that what they take stays within the processor's cache."""
_ALL = 4
"""Steps that all rows take in all trees; by then more than half have come to a leaf."""


_MANY, _MANY_ROWS = 80, 512
"""From so many rows on the other way is faster, and so many rows at a time."""
_ANSWERED = 8 * _MANY_ROWS
"""Rows whose questions are answered at a time, which takes so few calls."""
LEAVES = 16
"""The most leaves of a tree."""
_EVERY = (1 << LEAVES) - 1
"""The set of all leaves, a bit each."""

_Sets: TypeAlias = NDArray[np.uint16]
"""For each answer, which leaves of each tree are left, a bit each."""


@dataclass(frozen=True)
class _Question:
    """How many of a feature's thresholds it is above."""

    feature: int
    thresholds: NDArray[np.float32]
    sets: _Sets
    """A row for each answer."""


@dataclass(frozen=True)
class _Questions:
    """What the trees ask, by feature."""

    flags: NDArray[np.intp]
    limits: NDArray[np.float32]
    """The features with one threshold, as a column, eight at a time the bits of one answer."""
    of_flags: list[_Sets]
    others: list[tuple[list[_Question], _Sets]]
    """Those with several, some of them together: the sets have a row for each of their answers with each of the
    next one's."""
    values: NDArray[np.float64]
    """Of the leaves."""

    def answers(self, evidence: NDArray[np.float64]) -> list[tuple[NDArray[np.integer], _Sets]]:
        """For each row of evidence the row of each of the sets."""
        columns = evidence.T.astype(np.float32)
        above = np.packbits(columns[self.flags] > self.limits, axis=0, bitorder="little")
        found: list[tuple[NDArray[np.integer], _Sets]] = list(
            zip(above, self.of_flags, strict=True)
        )
        for together, sets in self.others:
            answers = np.zeros(1, dtype=np.intp)
            for question in together:
                answers = answers * len(question.sets)
                answers = answers + question.thresholds.searchsorted(columns[question.feature])
            found.append((answers, sets))
        return found


_TOGETHER = 512
"""Rows of sets, at most: so that they stay within the cache."""


@dataclass(frozen=True)
class Forest:
    """Trees as flat arrays of nodes. The child above a threshold stands right after the one below it;
    a leaf is its own child, and nothing is above its threshold."""

    base: float
    root: NDArray[np.intp]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    below: NDArray[np.intp]
    value: NDArray[np.float64]
    depth: int

    def log_odds(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds that the text runs on, for each row of evidence."""
        if len(evidence) >= _MANY:
            return self._by_question(evidence)
        return self._by_node(evidence)

    def _by_question(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """The leaves that no answer rules out, the first of each tree: fast for many rows.

        This is QuickScorer (Lucchese and others, SIGIR 2015), its questions answered for all rows
        and trees at once.
        """
        total = np.full(len(evidence), self.base)
        asked = self._questions
        offset = np.arange(len(self.root)) * LEAVES
        for start in range(0, len(evidence), _MANY_ROWS):
            of_these = start % _ANSWERED
            if of_these == 0:
                answered = asked.answers(evidence[start : start + _ANSWERED])
            own = slice(of_these, of_these + _MANY_ROWS)
            left = np.full((len(answered[0][0][own]), len(offset)), _EVERY, dtype=np.uint16)
            after = np.empty_like(left)
            for answers, sets in answered:
                left &= sets.take(answers[own], axis=0, out=after, mode="clip")
            leaf = _first_leaves().take(left, mode="clip") + offset
            total[start : start + _MANY_ROWS] += asked.values.take(leaf, mode="clip").sum(axis=1)
        return total

    @cached_property
    def _questions(self) -> _Questions:
        trees = len(self.root)
        tree, first = np.zeros((2, len(self.below)), dtype=np.intp)
        leaves = np.ones(len(self.below), dtype=np.intp)
        tree[self.root] = np.arange(trees)
        levels = [self._inner(self.root)]
        while len(levels[-1]):
            below = self.below[levels[-1]]
            tree[below] = tree[below + 1] = tree[levels[-1]]
            levels.append(self._inner(np.concatenate([below, below + 1])))
        for level in reversed(levels):
            leaves[level] = leaves[self.below[level]] + leaves[self.below[level] + 1]
        for level in levels:
            below = self.below[level]
            first[below], first[below + 1] = first[level], first[level] + leaves[below]
        inner, is_leaf = np.concatenate(levels), self.below == np.arange(len(self.below))
        values = np.zeros((trees, LEAVES))
        values[tree[is_leaf], first[is_leaf]] = self.value[is_leaf]
        below_ones = ((1 << leaves[self.below[inner]]) - 1) << first[inner]
        masks = (~below_ones & _EVERY).astype(np.uint16)
        found: list[_Question] = []
        for feature in np.unique(self.feature[inner]).tolist():
            at = np.flatnonzero(self.feature[inner] == feature)
            thresholds, number = np.unique(self.threshold[inner[at]], return_inverse=True)
            left = np.full((len(thresholds) + 1, trees), _EVERY, dtype=np.uint16)
            np.bitwise_and.at(left, (number + 1, tree[inner[at]]), masks[at])
            np.bitwise_and.accumulate(left, out=left)  # what is above it is above those before it
            found.append(_Question(feature, thresholds, left))
        return _asked_together(found, values.ravel())

    def _inner(self, nodes: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the nodes that are no leaves."""
        inner: NDArray[np.intp] = nodes[self.below[nodes] != nodes]
        return inner

    def _by_node(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """From node to node, all trees at once: fast for few rows."""
        total = np.full(len(evidence), self.base)
        trees = len(self.root)
        for start in range(0, len(evidence), _ROWS):
            part = evidence[start : start + _ROWS]
            row = np.repeat(np.arange(len(part), dtype=np.intp) * part.shape[1], trees)
            flat = part.astype(np.float32).ravel()
            node = np.tile(self.root, len(part))
            for _ in range(_ALL):
                node = self._step(flat, row, node)
            going = np.flatnonzero(self.below.take(node, mode="clip") != node)
            last, row = node[going], row[going]
            for _ in range(_ALL, self.depth):
                last = self._step(flat, row, last)
            node[going] = last
            values = self.value.take(node, mode="clip").reshape(len(part), trees)
            total[start : start + _ROWS] += values.sum(axis=1)
        return total

    def _step(
        self, flat: NDArray[np.float32], row: NDArray[np.intp], node: NDArray[np.intp]
    ) -> NDArray[np.intp]:
        # With "clip" the bounds, which hold, are not checked.
        seen = flat.take(self.feature.take(node, mode="clip") + row, mode="clip")
        above = seen > self.threshold.take(node, mode="clip")
        step: NDArray[np.intp] = self.below.take(node, mode="clip")
        step += above
        return step


def _asked_together(questions: list[_Question], values: NDArray[np.float64]) -> _Questions:
    flags = [question for question in questions if len(question.thresholds) == 1]
    of_flags = []
    for first in range(0, len(flags), 8):
        sets = np.full((1, values.size // LEAVES), _EVERY, dtype=np.uint16)
        for question in flags[first : first + 8]:  # the first is the lowest bit
            sets = (question.sets[:, None] & sets).reshape(-1, sets.shape[1])
        of_flags.append(sets)
    others: list[tuple[list[_Question], _Sets]] = []
    several = [question for question in questions if len(question.thresholds) > 1]
    for question in sorted(several, key=lambda question: len(question.thresholds)):
        if others and len(others[-1][1]) * len(question.sets) <= _TOGETHER:
            together, sets = others[-1]
            sets = (sets[:, None] & question.sets).reshape(-1, sets.shape[1])
            others[-1] = [*together, question], sets
        else:
            others.append(([question], question.sets))
    return _Questions(
        np.array([question.feature for question in flags], dtype=np.intp),
        np.array([question.thresholds for question in flags], dtype=np.float32).reshape(-1, 1),
        of_flags,
        others,
        values,
    )


@cache
def _first_leaves() -> NDArray[np.uint8]:
    """The first leaf of each set of leaves."""
    sets = np.arange(_EVERY + 1)
    first = np.zeros(_EVERY + 1, dtype=np.uint8)
    for leaf in range(LEAVES - 1, -1, -1):
        first[(sets >> leaf & 1) == 1] = leaf
    return first
