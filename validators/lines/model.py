"""The break model: boosted trees in a readable table, summed over all breaks of a document at once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.evidence import FEATURES

TABLE = "break_model.tsv"
_ROWS = 256
"""Rows at a time, so that memory does not grow with the document."""


@dataclass(frozen=True)
class BreakModel:
    """Trees side by side: arrays of shape (trees, nodes). Children are places in the flat array of all
    nodes; a leaf is its own child."""

    base: float
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    below: NDArray[np.int32]
    above: NDArray[np.int32]
    value: NDArray[np.float64]
    depth: int

    def log_odds(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds that the text runs on, for each row of evidence."""
        total = np.full(len(evidence), self.base)
        count, size = self.feature.shape
        root = np.arange(count, dtype=np.int32) * size
        for start in range(0, len(evidence), _ROWS):
            part = evidence[start : start + _ROWS]
            row = (np.arange(len(part), dtype=np.int32) * part.shape[1])[:, None]
            flat = part.astype(np.float32).ravel()
            node = np.broadcast_to(root, (len(part), count))
            for _ in range(self.depth):
                seen = flat.take(self.feature.take(node) + row)
                node = np.where(
                    seen <= self.threshold.take(node), self.below.take(node), self.above.take(node)
                )
            total[start : start + _ROWS] += self.value.take(node).sum(axis=1)
        return total

    def probability(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability that the text runs on, for each row of evidence."""
        if not len(evidence):
            return np.zeros(0)
        chance: NDArray[np.float64] = 1 / (1 + np.exp(-self.log_odds(evidence)))
        return chance


@cache
def break_model() -> BreakModel:
    """The table, read once a process.

    Raises ValueError where the table was made for other evidence.
    """
    path = Path(__file__).parent.parent / "tables" / TABLE
    lines = path.read_text("utf-8").splitlines()
    trees: dict[int, list[list[str]]] = {}
    base = 0.0
    for line in lines:
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if fields[0] == "base":
            base = float(fields[1])
            continue
        trees.setdefault(int(fields[0]), []).append(fields[1:])
    unknown = {node[1] for nodes in trees.values() for node in nodes} - {*FEATURES, "leaf"}
    if unknown:
        raise ValueError(f"{TABLE} asks for evidence that is not gathered: {sorted(unknown)}")
    size = max(map(len, trees.values()))
    shape = (len(trees), size)
    itself = np.arange(len(trees) * size, dtype=np.int32).reshape(shape)
    model = BreakModel(
        base=base,
        feature=np.zeros(shape, dtype=np.int32),
        threshold=np.full(shape, np.inf, dtype=np.float32),
        below=itself.copy(),
        above=itself.copy(),
        value=np.zeros(shape),
        depth=max(_depth(nodes) for nodes in trees.values()),
    )
    for tree, nodes in trees.items():
        for number, name, threshold, below, above, value in nodes:
            at = int(number)
            if name == "leaf":
                model.value[tree, at] = float(value)
                continue
            model.feature[tree, at] = FEATURES.index(name)
            model.threshold[tree, at] = float(threshold)
            model.below[tree, at] = tree * size + int(below)
            model.above[tree, at] = tree * size + int(above)
    return model


def _depth(nodes: list[list[str]]) -> int:
    """How many steps lead from the root to the farthest leaf."""
    depth = [0] * len(nodes)
    for number, name, _, below, above, _ in nodes:
        if name != "leaf":
            depth[int(below)] = depth[int(above)] = depth[int(number)] + 1
    return max(depth)
