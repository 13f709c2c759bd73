"""The model that weighs a line break: boosted trees over `validators.lines.evidence`.

Learned from documents that `recipes/_broken_lines.py` breaks on purpose, out of the tuning half of
`../shared/data/prose`; no file of `../shared/data/lines` is used. Needs scikit-learn (BSD).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines import screening
from jiaokan.validators.lines.evidence import FEATURES, NEARBY, evidence_of, pairs_of
from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.layout import Layout
from jiaokan.validators.lines.model import CONTEXT, Forest, context_of, read_forest
from jiaokan.validators.view import View
from recipes._broken_lines import Broken, broken_documents
from recipes.sources import SourceMissingError

TARGET = "validators/tables/break_model.tsv"
PER_SET = 1200
FIRST_SEEDS, SECOND_SEEDS, SCREEN_SEEDS = (1,), (3, 4, 5), (3, 4)
FIRST, SECOND, SCREEN = (80, 16), (160, 16), (50, 10)
"""Trees and leaves of each forest."""
_HEADER = """\
# Boosted trees: log odds that a text runs on over a line break = base + one leaf of each tree.
# The forest `screen` looks at whole batches first. The forest `second` sees, beside the evidence, what `first` said of the breaks around.
# Columns: forest, tree, node, evidence (or leaf), threshold (at most: below), below, above, value of the leaf.
# Made by `python -m recipes break_model` from breaks injected into a part of shared/data/prose that is used for
# nothing else (laws, news, gazette, Wikipedia, novels, classical and Cantonese text, documentation); only
# weights are kept.
"""


def build() -> dict[str, str | bytes]:
    first = fit(*_rows(FIRST_SEEDS, None), *FIRST)
    table_of_first = table("first", first, FEATURES)
    reader = read_forest([line.split("\t")[1:] for line in table_of_first.splitlines()], FEATURES)
    second = fit(*_rows(SECOND_SEEDS, reader), *SECOND)
    table_of_second = table("second", second, (*FEATURES, *CONTEXT))
    return {TARGET: _HEADER + table_of_first + table_of_second + screen_table()}


def screen_table() -> str:
    """The forest that looks at the breaks of whole batches."""
    rows: list[NDArray[np.float32]] = []
    truth: list[bool] = []
    for seed in SCREEN_SEEDS:
        for broken in broken_documents("tune", PER_SET, seed):
            view = View(broken.text)
            layout = Layout(view)
            pairs = pairs_of(layout, find_furniture(layout))
            if len(pairs) != len(broken.joins):
                continue
            joins = dict(zip(layout.last[pairs.left].tolist(), broken.joins, strict=True))
            left, evidence = screening.nearby_evidence(view)
            known = [joins.get(position) is not None for position in left.tolist()]
            rows.append(evidence[known].astype(np.float32))
            truth += [bool(joins[p]) for p, k in zip(left.tolist(), known, strict=True) if k]
    model = fit(np.concatenate(rows), np.array(truth), *SCREEN)
    return table("screen", model, NEARBY)


def _rows(
    seeds: tuple[int, ...], first: Forest | None
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Evidence and truth of all breaks; with a first forest, what it says of them beside it."""
    rows: list[NDArray[np.float32]] = []
    truth: list[bool] = []
    for seed in seeds:
        for broken in broken_documents("tune", PER_SET, seed):
            evidence, joins = examples(broken)
            if not len(evidence):
                continue
            if first is not None:
                context = context_of(
                    evidence, first.log_odds(evidence), np.zeros(len(evidence), dtype=np.intp)
                )
                evidence = np.column_stack([evidence, context])
            known = np.array([join is not None for join in joins])
            rows.append(evidence[known].astype(np.float32))
            truth += [join for join in joins if join is not None]
    return np.concatenate(rows), np.array(truth)


def examples(broken: Broken) -> tuple[NDArray[np.float64], list[bool | None]]:
    """Evidence and truth of every break; none where the document's lines were read otherwise."""
    layout = Layout(View(broken.text))
    pairs = pairs_of(layout, find_furniture(layout))
    if len(pairs) != len(broken.joins):
        return np.empty((0, len(FEATURES))), []
    return evidence_of(layout, pairs), list(broken.joins)


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
