"""The break model: boosted trees in a readable table, summed over all breaks of a document at once.

Two judges, each of two forests, one after the other. The first weighs each break by itself; the second sees also
what the first said of the breaks around it and of all breaks of its kind in the document. One judge was
trained without the network that reads, the other with it and with talk among its documents.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.evidence import CLOSER, FEATURES, NEARBY, READS_ON
from jiaokan.validators.tables import lines_of

TABLE = "break_model.tsv"
_ROWS = 128
"""Rows at a time, so that what they take stays within the processor's cache."""
_ALL = 4
"""Steps that all rows take in all trees; by then more than half have come to a leaf."""


_MANY, _MANY_ROWS = 80, 256
"""From so many rows on the other way is faster, and so many rows at a time."""
_LEAVES = 16
"""The most leaves of a tree."""
_EVERY = (1 << _LEAVES) - 1
"""The set of all leaves, a bit each."""

Matrix = NDArray[np.float64]
Reading: TypeAlias = Callable[[NDArray[np.intp]], NDArray[np.float64]]
"""What the network says of the breaks in these rows."""
_Sets: TypeAlias = NDArray[np.uint16]
"""For each answer, which leaves of each tree are left, a bit each."""


@dataclass(frozen=True)
class _Questions:
    """What the trees ask, by feature. An answer is how many of a feature's thresholds it is above."""

    flags: NDArray[np.intp]
    limits: NDArray[np.float32]
    """The features with one threshold, as a column, eight at a time the bits of one answer."""
    of_flags: list[_Sets]
    others: list[tuple[list[tuple[int, NDArray[np.float32]]], _Sets]]
    """Features with their thresholds, some of them together: the sets have a row for each of their answers
    with each of the next one's."""
    values: NDArray[np.float64]
    """Of the leaves."""


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
        offset = np.arange(len(self.root)) * _LEAVES
        for start in range(0, len(evidence), _MANY_ROWS):
            columns = evidence[start : start + _MANY_ROWS].T.astype(np.float32)
            left = np.full((columns.shape[1], len(offset)), _EVERY, dtype=np.uint16)
            after = np.empty_like(left)
            above = np.packbits(columns[asked.flags] > asked.limits, axis=0, bitorder="little")
            for bits, sets in zip(above, asked.of_flags, strict=True):
                left &= sets.take(bits, axis=0, out=after, mode="clip")
            for features, sets in asked.others:
                answer = np.zeros(1, dtype=np.intp)
                for feature, thresholds in features:
                    answer = answer * (len(thresholds) + 1)
                    answer = answer + thresholds.searchsorted(columns[feature])
                left &= sets.take(answer, axis=0, out=after, mode="clip")
            leaf = _first_leaves().take(left) + offset
            total[start : start + _MANY_ROWS] += asked.values.take(leaf).sum(axis=1)
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
        values = np.zeros((trees, _LEAVES))
        values[tree[is_leaf], first[is_leaf]] = self.value[is_leaf]
        below_ones = ((1 << leaves[self.below[inner]]) - 1) << first[inner]
        masks = (~below_ones & _EVERY).astype(np.uint16)
        found: list[tuple[int, NDArray[np.float32], _Sets]] = []
        for feature in np.unique(self.feature[inner]).tolist():
            at = np.flatnonzero(self.feature[inner] == feature)
            thresholds, number = np.unique(self.threshold[inner[at]], return_inverse=True)
            left = np.full((len(thresholds) + 1, trees), _EVERY, dtype=np.uint16)
            np.bitwise_and.at(left, (number + 1, tree[inner[at]]), masks[at])
            np.bitwise_and.accumulate(left, out=left)  # what is above it is above those before it
            found.append((feature, thresholds, left))
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


def _asked_together(
    questions: list[tuple[int, NDArray[np.float32], _Sets]], values: NDArray[np.float64]
) -> _Questions:
    flags = [question for question in questions if len(question[1]) == 1]
    of_flags = []
    for first in range(0, len(flags), 8):
        sets = np.full((1, values.size // _LEAVES), _EVERY, dtype=np.uint16)
        for _, _, own in flags[first : first + 8]:  # the first is the lowest bit
            sets = (own[:, None] & sets).reshape(-1, sets.shape[1])
        of_flags.append(sets)
    others: list[tuple[list[tuple[int, NDArray[np.float32]]], _Sets]] = []
    several = [question for question in questions if len(question[1]) > 1]
    for feature, thresholds, own in sorted(several, key=lambda question: len(question[1])):
        if others and len(others[-1][1]) * len(own) <= _TOGETHER:
            features, sets = others[-1]
            sets = (sets[:, None] & own).reshape(-1, own.shape[1])
            others[-1] = [*features, (feature, thresholds)], sets
        else:
            others.append(([(feature, thresholds)], own))
    return _Questions(
        np.array([feature for feature, _, _ in flags], dtype=np.intp),
        np.array([thresholds for _, thresholds, _ in flags], dtype=np.float32).reshape(-1, 1),
        of_flags,
        others,
        values,
    )


@cache
def _first_leaves() -> NDArray[np.uint8]:
    """The first leaf of each set of leaves."""
    sets = np.arange(_EVERY + 1)
    first = np.zeros(_EVERY + 1, dtype=np.uint8)
    for leaf in range(_LEAVES - 1, -1, -1):
        first[(sets >> leaf & 1) == 1] = leaf
    return first


@dataclass(frozen=True)
class Judge:
    """Two forests, one after the other."""

    first: Forest
    second: Forest

    def log_odds(
        self, evidence: Matrix, alone: NDArray[np.float64], document: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Log odds that the text runs on, for each row of evidence, all breaks of each document in order,
        given what the first forest says of each."""
        odds = np.full(len(evidence), -_SURELY_NOT)
        at = np.flatnonzero(alone >= -_NEVER)
        if len(at):
            context = context_of(evidence, alone, document)
            odds[at] = self.second.log_odds(np.column_stack([evidence[at], context[at]]))
        return odds


@dataclass(frozen=True)
class BreakModel:
    """Two judges, of which the second reads, too; `screen` and `doubt` are for whole batches.

    Each is read when first asked for: most texts need no judge, which are seven eighths of the table.
    """

    rows: dict[str, list[str]]
    """Of the table, by forest."""

    @cached_property
    def judges(self) -> tuple[Judge, Judge]:
        return self._judge(""), self._judge("reading_")

    @cached_property
    def screen(self) -> Forest:
        return self._forest("screen", NEARBY)

    @cached_property
    def doubt(self) -> Forest:
        return self._forest("doubt", CLOSER)

    def _judge(self, name: str) -> Judge:
        second = self._forest(f"{name}second", (*FEATURES, *CONTEXT))
        return Judge(self._forest(f"{name}first", FEATURES), second)

    def _forest(self, name: str, evidence: tuple[str, ...]) -> Forest:
        return read_forest([row.split("\t")[1:] for row in self.rows[name]], evidence)

    def probability(
        self,
        evidence: Matrix,
        document: NDArray[np.intp],
        weighed: NDArray[np.intp],
        reading: Reading,
    ) -> NDArray[np.float64]:
        """Probability that the text runs on, for each row of evidence, all breaks of each document in
        order: what both judges say on average, who err in different places.

        Rows that are not weighed are ruled out. The second judge is asked, and `reading` set in the
        evidence, where the first does not rule a join out.
        """
        one, other = self.judges
        alone = np.full(len(evidence), -_MOST)
        alone[weighed] = one.first.log_odds(evidence[weighed])
        asked = np.flatnonzero(alone >= -_NEVER)
        evidence[asked, READS_ON] = reading(asked)
        alone_too = alone.copy()
        alone_too[asked] = other.first.log_odds(evidence[asked])
        odds = one.log_odds(evidence, alone, document) + other.log_odds(
            evidence, alone_too, document
        )
        chance: NDArray[np.float64] = 1 / (1 + np.exp(-odds / 2))
        return chance


_MOST = 8.0
"""Log odds of either sign that are told apart."""
_NEVER, _SURELY_NOT = 5.0, 12.0
"""Log odds by itself against a break from which the others are not asked, and what is said of it then."""


CONTEXT = (
    "alone",
    "before",
    "after",
    "around",
    "of_kind",
    "share_of_kind",
    "of_full",
    "number_of_kind",
)
"""What the first forest said: of this break, those beside it, and all with a blank line or all without."""


def context_of(evidence: Matrix, alone: NDArray[np.float64], document: NDArray[np.intp]) -> Matrix:
    """The columns of `CONTEXT` for all breaks, given the document of each, ascending."""
    odds = np.clip(alone, -_MOST, _MOST)
    places = np.arange(len(odds), dtype=np.intp) + 4 * (document + 1)
    padded = np.zeros(len(odds) + 4 * (int(document[-1]) + 2))
    padded[places] = odds
    around = (
        sum((padded[places + by] for by in (-4, -3, -2, -1, 1, 2, 3, 4)), np.zeros(len(odds))) / 8
    )
    blank = evidence[:, FEATURES.index("blanks")] > 0
    full = np.abs(evidence[:, FEATURES.index("slack_document")]) <= 4
    chance = 1 / (1 + np.exp(-odds))
    sure = (chance > 0.8).astype(np.float64)
    kind = 2 * document + blank  # a kind: the breaks of a document with a blank line, or without

    def total(weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        return np.bincount(kind, weights).astype(np.float64)[kind]

    size = total()
    of_kind = (total(chance) - chance + 0.3) / size
    share = (total(sure) - sure + 0.3) / size
    fully = np.where(full, chance, 0.0)
    of_full = (total(fully) - fully + 0.3) / (total(full.astype(np.float64)) + 1)
    columns = [
        odds, padded[places - 1], padded[places + 1], around, of_kind, share, of_full, np.minimum(size, 50)
    ]  # fmt: skip
    return np.column_stack(columns)


@cache
def break_model() -> BreakModel:
    """The table, read once a process.

    Raises ValueError, where a forest is first asked for, if it was made for other evidence.
    """
    rows: dict[str, list[str]] = {}
    for row in lines_of(TABLE):
        rows.setdefault(row[: row.index("\t")], []).append(row)
    return BreakModel(rows)


def read_forest(rows: list[list[str]], names: tuple[str, ...]) -> Forest:
    """A forest from its rows: `base` and the nodes.

    Raises ValueError for evidence that is not among `names`, and for trees that are too large.
    """
    base = sum(float(fields[1]) for fields in rows if fields[0] == "base")
    trees, nodes, tests, limits, belows, aboves, values = zip(
        *(fields for fields in rows if fields[0] != "base"), strict=True
    )
    if unknown := set(tests) - {*names, "leaf"}:
        raise ValueError(f"{TABLE} asks for evidence that is not gathered: {sorted(unknown)}")
    column = {name: index for index, name in enumerate(names)} | {"leaf": -1}
    feature = np.array([column[test] for test in tests])
    is_leaf = feature < 0
    tree, node = (np.array(list(map(int, each))) for each in (trees, nodes))
    if np.bincount(tree, is_leaf).max() > _LEAVES:
        raise ValueError(f"{TABLE} has trees of more than {_LEAVES} leaves")
    root = np.flatnonzero(node == 0)
    below, above = (
        root[tree] + np.array([int(child or 0) for child in each]) for each in (belows, aboves)
    )
    levels = [root]  # by levels, so that both children of a node stand together
    while len(inner := levels[-1][~is_leaf[levels[-1]]]):
        levels.append(np.column_stack([below[inner], above[inner]]).ravel())
    order = np.concatenate(levels)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    below[is_leaf] = np.flatnonzero(is_leaf)
    return Forest(
        base=base,
        root=place[root],
        feature=np.maximum(feature, 0)[order],
        threshold=np.array([float(limit or "inf") for limit in limits], dtype=np.float32)[order],
        below=place[below][order],
        value=np.array([float(value or 0) for value in values])[order],
        depth=len(levels) - 1,
    )
