"""The model that weighs a line break: boosted trees over `validators.lines.evidence`.

Learned from documents that `recipes/_broken_lines.py` breaks on purpose, out of the tuning half of
`../shared/data/prose`; no file of `../shared/data/lines` is used. Needs scikit-learn (BSD).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines import screening
from jiaokan.validators.lines.evidence import (
    CLOSER,
    FEATURES,
    NEARBY,
    READS_ON,
    evidence_of,
    reading_of,
)
from jiaokan.validators.lines.forest import Forest
from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.layout import Layout
from jiaokan.validators.lines.model import CONTEXT, context_of, read_forest
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.lines.pairs import Pairs, pairs_of
from jiaokan.validators.view import View
from recipes._broken_lines import Broken, broken_documents
from recipes.sources import SourceMissingError

TARGET = "validators/tables/break_model.tsv"
PER_SET = 1200
FIRST_SEEDS, SECOND_SEEDS, SCREEN_SEEDS = (1,), (3, 4, 5, 6), {False: (3, 4), True: (5, 6)}
"""What documents each forest learns from; those of the screens are with talk or without."""
FIRST, SECOND, SCREEN, DOUBT = (80, 16), (160, 16), (50, 10), (80, 16)
"""Trees and leaves of each forest."""
WITHOUT_NETWORK = tuple(name for name in FEATURES if name != "reads_on")
_TOGETHER = 100
"""Documents read together."""
_HEADER = """\
# Boosted trees: log odds that a text runs on over a line break = base + one leaf of each tree.
# The forests `screen` and `doubt` look at whole batches first. The forest `second` sees, beside the evidence, what `first` said of the breaks around;
# `reading_first` and `reading_second` also what `break_network` reads.
# Columns: forest, tree, node, evidence (or leaf), threshold (at most: below), below, above, value of the leaf.
# Made by `python -m recipes break_model` from breaks injected into a part of shared/data/prose that is used for
# nothing else (laws, news, gazette, Wikipedia, novels, classical and Cantonese text, documentation); only
# weights are kept.
"""


def build() -> dict[str, str | bytes]:
    judges = _judge("", WITHOUT_NETWORK, talk=False) + _judge("reading_", FEATURES, talk=True)
    nearby, truth = _nearby_rows()
    screen = table("screen", fit(nearby[:, : len(NEARBY)], truth, *SCREEN), NEARBY)
    doubt = table("doubt", fit(nearby, truth, *DOUBT), CLOSER)
    return {TARGET: _HEADER + judges + screen + doubt}


def _judge(name: str, features: tuple[str, ...], talk: bool) -> str:
    """The table of two forests that see some of the features, with or without talk among the documents."""
    first = table(f"{name}first", fit(*_rows(FIRST_SEEDS, None, features, talk), *FIRST), features)
    reader = read_forest([line.split("\t")[1:] for line in first.splitlines()], FEATURES)
    rows, truth = _rows(SECOND_SEEDS, reader, features, talk)
    return first + table(f"{name}second", fit(rows, truth, *SECOND), (*features, *CONTEXT))


@dataclass(frozen=True)
class Batch:
    """Broken documents read together, and for each break whether it is one: not a number where unknown."""

    view: View
    layout: Layout
    pairs: Pairs
    truth: NDArray[np.float64]


def batches(seeds: tuple[int, ...], talk: bool) -> Iterator[Batch]:
    """The broken documents of these seeds, with talk among them or without."""
    for seed in seeds:
        broken = broken_documents("tune", PER_SET, seed, talk)
        for few in range(0, len(broken), _TOGETHER):
            yield batch_of(broken[few : few + _TOGETHER])


def batch_of(broken: Sequence[Broken]) -> Batch:
    """Documents whose lines were read otherwise than they were made are unknown throughout."""
    view = View.of_batch([document.text for document in broken])
    layout = Layout(view)
    pairs = pairs_of(layout, find_furniture(layout))
    bounds = np.searchsorted(pairs.document, np.arange(len(broken) + 1)).tolist()
    truth = np.full(len(pairs), np.nan)
    for document, first, end in zip(broken, bounds, bounds[1:], strict=False):
        if end - first == len(document.joins):
            truth[first:end] = [np.nan if join is None else join for join in document.joins]
    return Batch(view, layout, pairs, truth)


def _rows(
    seeds: tuple[int, ...], first: Forest | None, features: tuple[str, ...], talk: bool
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Evidence and truth of all breaks; with a first forest, what it says of them beside it."""
    seen = [FEATURES.index(name) for name in features]
    rows: list[NDArray[np.float32]] = []
    truth: list[NDArray[np.bool_]] = []
    for batch in batches(seeds, talk):
        every = np.arange(len(batch.pairs))
        evidence = evidence_of(batch.layout, batch.pairs, every)
        evidence[:, READS_ON] = reading_of(batch.layout, batch.pairs, every)
        columns = [evidence[:, seen]]
        if first is not None:
            columns.append(context_of(evidence, first.log_odds(evidence), batch.pairs.document))
        known = ~np.isnan(batch.truth)
        rows.append(np.column_stack(columns)[known].astype(np.float32))
        truth.append(batch.truth[known] > 0)
    return np.concatenate(rows), np.concatenate(truth)


def _nearby_rows() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """What the first look at a batch sees of the breaks that it looks at, what the network reads of them,
    and their truth."""
    rows: list[NDArray[np.float32]] = []
    truth: list[NDArray[np.bool_]] = []
    for batch in (batch for talk, seeds in SCREEN_SEEDS.items() for batch in batches(seeds, talk)):
        breaks, evidence = screening.nearby_evidence(batch.view)
        left = breaks.left
        read = reads_on("read", batch.view, left, breaks.right, breaks.first, breaks.last)
        ends = batch.layout.last[batch.pairs.left]
        at = np.minimum(np.searchsorted(ends, left), len(ends) - 1)
        known = (ends[at] == left) & ~np.isnan(batch.truth[at])
        rows.append(np.column_stack([evidence, read])[known].astype(np.float32))
        truth.append(batch.truth[at][known] > 0)
    return np.concatenate(rows), np.concatenate(truth)


def fit(rows: NDArray[np.float32], truth: NDArray[np.bool_], trees: int, leaves: int) -> Any:
    try:
        from sklearn.ensemble import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
            HistGradientBoostingClassifier,
        )
    except ImportError:
        raise SourceMissingError("pip install scikit-learn") from None
    model = HistGradientBoostingClassifier(
        max_iter=trees,
        max_leaf_nodes=leaves,
        max_depth=8,
        learning_rate=0.15,
        min_samples_leaf=40,
        l2_regularization=1.0,
        random_state=0,
    )
    return model.fit(rows, truth)


def table(forest: str, model: Any, names: tuple[str, ...]) -> str:
    """The trees as lines of tab-separated fields."""
    lines = [f"{forest}\tbase\t{float(np.ravel(model._baseline_prediction)[0]):.6f}"]
    for number, (tree,) in enumerate(model._predictors):
        for index, node in enumerate(tree.nodes):
            if node["is_leaf"]:
                fields = ["leaf", "", "", "", f"{node['value']:.4f}"]
            else:
                name = names[node["feature_idx"]]
                threshold = f"{node['num_threshold']:.7g}"
                fields = [name, threshold, str(node["left"]), str(node["right"]), ""]
            lines.append("\t".join([forest, str(number), str(index), *fields]))
    return "\n".join(lines) + "\n"
