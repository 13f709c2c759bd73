"""`validators/tables/titles.npz`: weights that tell 《》 from quotes where both became straight quotes.

Trained on flattened text of the tuning halves (see `_flattened`). The weights are statistics; no text is kept.
"""

import io
import re

import numpy as np

from jiaokan.validators.punctuation.quotes import TITLE_SLOTS, title_features
from recipes._flattened import flattened
from recipes._hashed import regression

_PAIR = re.compile(
    "《([^《》“”「」\n]{1,40})》|“([^《》“”「」\n]{1,40})”|「([^《》“”「」\n]{1,40})」"
)


def build() -> dict[str, str | bytes]:
    slots, labels = [], []
    for clean, context in flattened():
        found = [(match.start(), match.end() - 1) for match in _PAIR.finditer(clean)]
        if found:
            slots.append(title_features(context, np.array(found, dtype=np.intp)))
            labels.append(np.array([clean[start] == "《" for start, _ in found]))
    packed = io.BytesIO()
    weights = regression(
        np.concatenate(slots), np.concatenate(labels), TITLE_SLOTS, epochs=4, kept=0.7
    )
    np.savez_compressed(packed, titles=weights.astype(np.float16))
    return {"validators/tables/titles.npz": packed.getvalue()}
