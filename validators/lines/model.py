"""The break model: boosted trees in a readable table, summed over all breaks of a document at once.

Two forests, one after the other. The first weighs each break by itself; the second sees also what the first
said of the breaks around it and of all breaks of its kind in the document.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.evidence import FEATURES, NEARBY

TABLE = "break_model.tsv"
_ROWS = 128
"""Rows at a time, so that what they take stays within the processor's cache."""
_ALL = 4
"""Steps that all rows take in all trees; by then more than half have come to a leaf."""


Matrix = NDArray[np.float64]


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


@dataclass(frozen=True)
class BreakModel:
    """All forests: `screen` for whole batches, then `first` and `second`."""

    first: Forest
    second: Forest
    screen: Forest

    def probability(self, evidence: Matrix, document: NDArray[np.intp]) -> NDArray[np.float64]:
        """Probability that the text runs on, for each row of evidence, all breaks of each document in
        order."""
        if not len(evidence):
            return np.zeros(0)
        alone = self.first.log_odds(evidence)
        together = self.second.log_odds(
            np.column_stack([evidence, context_of(evidence, alone, document)])
        )
        chance: NDArray[np.float64] = 1 / (1 + np.exp(-together))
        return chance


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
    odds = np.clip(alone, -8, 8)
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

    Raises ValueError where the table was made for other evidence.
    """
    path = Path(__file__).parent.parent / "tables" / TABLE
    rows: dict[str, list[list[str]]] = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            forest, *fields = line.split("\t")
            rows.setdefault(forest, []).append(fields)
    return BreakModel(
        first=read_forest(rows["first"], FEATURES),
        second=read_forest(rows["second"], (*FEATURES, *CONTEXT)),
        screen=read_forest(rows["screen"], NEARBY),
    )


def read_forest(rows: list[list[str]], names: tuple[str, ...]) -> Forest:
    """A forest from its rows: `base` and the nodes.

    Raises ValueError for evidence that is not among `names`.
    """
    base = sum(float(fields[1]) for fields in rows if fields[0] == "base")
    trees: dict[int, list[list[str]]] = {}
    for fields in rows:
        if fields[0] != "base":
            trees.setdefault(int(fields[0]), []).append(fields[1:])
    unknown = {node[1] for nodes in trees.values() for node in nodes} - {*names, "leaf"}
    if unknown:
        raise ValueError(f"{TABLE} asks for evidence that is not gathered: {sorted(unknown)}")
    feature: list[int] = []
    threshold: list[float] = []
    below: list[int] = []
    value: list[float] = []
    roots: list[int] = []
    deepest = 0
    for nodes in trees.values():
        by_number = {node[0]: node for node in nodes}
        roots.append(len(feature))
        level = [nodes[0][0]]
        depth = -1
        while level:  # by levels, so that both children of a node stand together
            depth += 1
            next_level: list[str] = []
            first = len(feature) + len(level)
            for number in level:
                _, name, limit, left, right, leaf_value = by_number[number]
                is_leaf = name == "leaf"
                feature.append(0 if is_leaf else names.index(name))
                threshold.append(np.inf if is_leaf else float(limit))
                below.append(len(below) if is_leaf else first + len(next_level))
                value.append(float(leaf_value) if is_leaf else 0.0)
                if not is_leaf:
                    next_level += (left, right)
            level = next_level
        deepest = max(deepest, depth)
    return Forest(
        base=base,
        root=np.array(roots, dtype=np.intp),
        feature=np.array(feature, dtype=np.intp),
        threshold=np.array(threshold, dtype=np.float32),
        below=np.array(below, dtype=np.intp),
        value=np.array(value),
        depth=deepest,
    )
