"""`validators/tables/enumeration.npz`: weights that tell ，from 、 where both became a comma.

Trained on the tuning halves of the sets below, with every mark flattened as Data-Juicer's operator
does. About three minutes on one core, and 2 GB. The weights are statistics;
no text is kept. Sets and licences: laws, gazette and news of government (not under copyright), python-docs
(PSF), D2L (Apache-2.0), Wikipedia, tidb-docs, oi-wiki (CC BY-SA), LCTT (counts among the others, a
tenth), classical text (public domain), dictionary (BY-ND: counts only), Cantonese (CC0, CC BY).
"""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.punctuation.context import PAD, Context, Positions
from jiaokan.validators.punctuation.enumeration import (
    SECOND_SLOTS,
    SLOTS,
    Features,
    features,
    neighbour_features,
)
from jiaokan.validators.punctuation.quotes import TITLE_SLOTS, title_features
from jiaokan.validators.view import View

if TYPE_CHECKING:
    from tests.accuracy.sets import Half

SETS = {
    "zh-Hans/d2l-zh-textbook": 1.0, "zh-Hans/prc-laws": 1.0, "zh-Hans/python-docs-zh-cn": 1.0,
    "zh-Hans/tidb-docs-cn": 1.0, "zh-Hans/wikipedia": 1.0, "zh-Hans/oi-wiki": 1.0,
    "zh-Hans/debian-handbook-zh-CN": 1.0, "zh-Hans/lctt-tech-news": 0.9, "zh-Hant/tw-ey-gazette": 0.9,
    "zh-Hant/tw-laws": 0.6, "zh-Hant/tw-moedict-revised": 0.9, "zh-Hant/tw-president-news": 0.75,
    "zh-Hant/tw-tainan-news": 0.6, "zh-Hant/wikipedia": 1.0, "other/lzh-vernacular-novels-hant": 1.0,
    "other/lzh-classical-hant": 0.9, "other/yue-ctcpc-sentences": 1.0,
}  # fmt: skip
"""Sets, with the part of each that is used."""

FLATTEN = str.maketrans("，。、”“」「《》：？！（）；～〈〉【】％", ',.,""""""' + ":?!();~<>[]%")
DROPOUT, STEP, BATCH = 0.5, 0.25, 4096
Labels = NDArray[np.bool_]
Weights = NDArray[np.float32]


def build() -> dict[str, str | bytes]:
    parts = list(_examples("tune"))
    stacked = np.concatenate([slots for _, _, slots, _ in parts])
    labels = np.concatenate([label for *_, label in parts])
    first = train(stacked, labels, SLOTS, epochs=3, kept=DROPOUT)
    # The second model must see scores as they are on text that the first was not trained on.
    fold = np.concatenate([np.full(len(label), i % 2) for i, (*_, label) in enumerate(parts)])
    halves = [train(stacked[fold != k], labels[fold != k], SLOTS, 2, DROPOUT) for k in (0, 1)]
    near = [
        neighbour_features(context, commas, halves[i % 2][slots].sum(axis=1))
        for i, (context, commas, slots, _) in enumerate(parts)
    ]
    second = train(np.concatenate(near), labels, SECOND_SLOTS, epochs=3, kept=1.0)
    scale = np.percentile(np.abs(first[first != 0]), 99.9) / 127
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        first=np.clip(np.round(first / scale), -127, 127).astype(np.int8),
        scale=np.float32(scale),
        second=second.astype(np.float16),
        titles=train(*_titles("tune"), TITLE_SLOTS, epochs=4, kept=0.7).astype(np.float16),
    )
    return {"validators/tables/enumeration.npz": packed.getvalue()}


def _examples(half: "Half") -> Iterator[tuple[Context, Positions, Features, Labels]]:
    """Per four hundred documents: the flattened text, its commas, their slots, which were 、."""
    for clean in _texts(half):
        found = [place for place, mark in enumerate(clean) if mark in "，、"]
        if found:
            context = Context([View(clean.translate(FLATTEN))])
            commas = np.array(found, dtype=np.intp) + PAD
            label = np.array([clean[place] == "、" for place in found])
            yield context, commas, features(context, commas), label


def _texts(half: "Half") -> Iterator[str]:
    """Four hundred documents at a time."""
    from tests.accuracy.sets import documents, rank_of

    for name, part in SETS.items():
        texts = [text for text in documents(name, half) if rank_of(text) < part]
        for at in range(0, len(texts), 400):
            yield "\n\n".join(texts[at : at + 400])


_PAIR = re.compile(
    "《([^《》“”「」\n]{1,40})》|“([^《》“”「」\n]{1,40})”|「([^《》“”「」\n]{1,40})」"
)


def _titles(half: "Half") -> tuple[Features, Labels]:
    """Slots of quoted words, and which of them are titles."""
    slots, labels = [], []
    for clean in _texts(half):
        found = [(match.start(), match.end() - 1) for match in _PAIR.finditer(clean)]
        if found:
            pairs = np.array(found, dtype=np.intp) + PAD
            slots.append(title_features(Context([View(clean.translate(FLATTEN))]), pairs))
            labels.append(np.array([clean[start] == "《" for start, _ in found]))
    return np.concatenate(slots), np.concatenate(labels)


def train(slots: Features, labels: Labels, size: int, epochs: int, kept: float) -> Weights:
    """Logistic regression by AdaGrad, each feature of an example kept with probability `kept`."""
    weights = np.zeros(size, dtype=np.float32)
    squares = np.full(size, 1e-3, dtype=np.float32)
    random = np.random.default_rng(0)
    for _ in range(epochs):
        order = random.permutation(len(labels))
        for at in range(0, len(labels), BATCH):
            batch = order[at : at + BATCH]
            chosen = slots[batch]
            mask = (random.random(chosen.shape) < kept).astype(np.float32)
            score = (weights[chosen] * mask).sum(axis=1) / kept
            error = (1 / (1 + np.exp(-score)) - labels[batch]).astype(np.float32)[:, None] * mask
            touched, inverse = np.unique(chosen.ravel(), return_inverse=True)
            slope = np.bincount(inverse, weights=error.ravel()).astype(np.float32)
            squares[touched] += slope * slope / len(batch)
            weights[touched] -= STEP * slope / np.sqrt(squares[touched] * len(batch) + 1e-6)
    return weights
