"""`validators/tables/titles.npz`: weights that tell 《》 from quotes where both became straight quotes.

Trained on flattened text of the tuning halves (see `_flattened`), where small sets count for more than they hold:
a dictionary has two thirds of all pairs. The weights are statistics; no text is kept.
"""

import io
import re

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.punctuation.quotes import TITLE_SLOTS, title_features
from recipes._flattened import flattened
from recipes._hashed import regression

_MANY = 300
"""Pairs of a set, from which on it is drawn from less often than it has more of them."""
_PAIR = re.compile(
    "《([^《》“”「」\n]{1,40})》|“([^《》“”「」\n]{1,40})”|「([^《》“”「」\n]{1,40})」"
)


def build() -> dict[str, str | bytes]:
    slots, labels, names = [], [], []
    for name, clean, context in flattened():
        found = [(match.start(), match.end() - 1) for match in _PAIR.finditer(clean)]
        if found:
            slots.append(title_features(context, np.array(found, dtype=np.intp)))
            labels.append(np.array([clean[start] == "《" for start, _ in found]))
            names += [name] * len(found)
    packed = io.BytesIO()
    weights = regression(
        np.concatenate(slots), np.concatenate(labels), TITLE_SLOTS, epochs=5, kept=0.6,
        chances=_chances(names),
    )  # fmt: skip
    np.savez_compressed(packed, titles=weights.astype(np.float16))
    return {"validators/tables/titles.npz": packed.getvalue()}


def _chances(names: list[str]) -> NDArray[np.float64]:
    """How often each pair is drawn: of a set, as often as the root of how many it has, if that is many."""
    _, sets, numbers = np.unique(names, return_inverse=True, return_counts=True)
    drawn = 1 / np.sqrt(np.maximum(numbers, _MANY))[sets]
    chances: NDArray[np.float64] = drawn / drawn.sum()
    return chances
