"""The model that weighs a line break: boosted trees over `validators.lines.evidence`.

Learned from documents that `recipes/_broken_lines.py` breaks on purpose, out of the tuning half of
`../shared/data/prose`; no file of `../shared/data/lines` is used. Needs scikit-learn (BSD).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.evidence import FEATURES, evidence_of, pairs_of
from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.layout import Layout
from jiaokan.validators.view import View
from recipes._broken_lines import Broken, broken_documents
from recipes.sources import SourceMissingError

TARGET = "validators/tables/break_model.tsv"
PER_SET, SEEDS = 800, (1, 3)
TREES, LEAVES = 160, 16
_HEADER = """\
# Boosted trees: log odds that a text runs on over a line break = base + one leaf of each tree.
# Columns: tree, node, evidence (or leaf), threshold (at most: below), below, above, value of the leaf.
# Made by `python -m recipes break_model` from breaks injected into the tuning half of shared/data/prose
# (laws, news, gazette, Wikipedia, novels, classical and Cantonese text, documentation; only weights are kept).
"""


def build() -> dict[str, str | bytes]:
    rows: list[NDArray[np.float64]] = []
    truth: list[bool] = []
    for seed in SEEDS:
        for broken in broken_documents("tune", PER_SET, seed):
            evidence, joins = examples(broken)
            rows.append(evidence)
            truth += joins
    model = fit(np.concatenate(rows), np.array(truth))
    return {TARGET: _HEADER + table(model)}


def examples(broken: Broken) -> tuple[NDArray[np.float64], list[bool]]:
    """Evidence and truth of every break; none where the document's lines were read otherwise."""
    layout = Layout(View(broken.text))
    pairs = pairs_of(layout, find_furniture(layout))
    if len(pairs) != len(broken.joins):
        return np.empty((0, len(FEATURES))), []
    known = np.array([join is not None for join in broken.joins], dtype=np.bool_)
    return evidence_of(layout, pairs)[known], [join for join in broken.joins if join is not None]


def fit(rows: NDArray[np.float64], truth: NDArray[np.bool_]) -> Any:
    try:
        from sklearn.ensemble import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
            HistGradientBoostingClassifier,
        )
    except ImportError:
        raise SourceMissingError("pip install scikit-learn") from None
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=0.12,
        min_samples_leaf=40,
        l2_regularization=1.0,
        random_state=0,
    )
    return model.fit(rows, truth)


def table(model: Any) -> str:
    """The trees as lines of tab-separated fields."""
    lines = [f"base\t{float(np.ravel(model._baseline_prediction)[0]):.6f}"]
    for number, (tree,) in enumerate(model._predictors):
        for index, node in enumerate(tree.nodes):
            if node["is_leaf"]:
                fields = ["leaf", "", "", "", f"{node['value']:.4f}"]
            else:
                name = FEATURES[node["feature_idx"]]
                threshold = f"{node['num_threshold']:.7g}"
                fields = [name, threshold, str(node["left"]), str(node["right"]), ""]
            lines.append("\t".join([str(number), str(index), *fields]))
    return "\n".join(lines) + "\n"
