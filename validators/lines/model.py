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
from jiaokan.validators.lines.forest import LEAVES, Forest
from jiaokan.validators.tables import lines_of

TABLE = "break_model.tsv"

Matrix = NDArray[np.float64]
Reading: TypeAlias = Callable[[NDArray[np.intp]], NDArray[np.float64]]
"""What the network says of the breaks in these rows."""


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
    if np.bincount(tree, is_leaf).max() > LEAVES:
        raise ValueError(f"{TABLE} has trees of more than {LEAVES} leaves")
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
