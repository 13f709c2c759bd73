"""`validators/tables/enumeration.npz`: two models that tell ，from 、 where both became a comma.

Trained on flattened text of the tuning halves (see `_flattened`), some minutes on one core, and 3 GB. The
network begins with what stands beside each character and each common pair (see `_vectors`): so it knows words
of other kinds of text, too. The weights are statistics; no text is kept.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.punctuation.context import Positions
from jiaokan.validators.punctuation.enumeration import KIND, TABLE, tokens, windows
from jiaokan.validators.punctuation.hashed import SLOTS, delimiters, features
from recipes._flattened import flattened
from recipes._hashed import regression
from recipes._network import SEED, Floats, Places, Size, quantised, trained
from recipes._vectors import Vectors, vectors

SIZE = Size(width=14, first=96, second=32, steps=2500, dropped=0.25, decay=0.3)
"""Of 72 tokens with 14 numbers each the sums are exact; see `validators.network`."""
PAIRS = 40_000
_LOST, _PAIRS_LOST = 0.1, 0.2
"""Share of characters, and of pairs, that are not told apart, as rare ones are."""


def build() -> dict[str, str | bytes]:
    known = vectors(SIZE.width, PAIRS)
    examples = Examples(known.keys.astype(np.uint32))
    words = regression(examples.words, examples.listed, SLOTS, epochs=3, kept=0.5)
    scale = np.percentile(np.abs(words[words != 0]), 99.9) / 127
    start = first_rows(known)
    weights = trained(examples.drawn, len(start), examples.windows.shape[1], SIZE, start)
    some, _ = examples.drawn(np.random.default_rng(SEED), 20_000)
    arrays: dict[str, NDArray[Any]] = {
        "source": np.array(__doc__),
        "words": np.clip(np.round(words / scale), -127, 127).astype(np.int8),
        "scale": np.asarray(scale, dtype=np.float32),
        "pair_steps": np.diff(known.keys, prepend=np.uint64(0)).astype(np.uint32),
    }
    arrays |= {f"{KIND}_{name}": part for name, part in quantised(weights, some).items()}
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    return {f"validators/tables/{TABLE}.npz": packed.getvalue()}


def first_rows(known: Vectors) -> Floats:
    """What the rows of the tokens begin with: of lengths and the like by chance, of no pair nothing."""
    others = np.random.default_rng(SEED).standard_normal(
        (tokens()[2] - tokens()[0] + 1, SIZE.width)
    )
    others[-1] = 0
    return np.concatenate([known.characters, (others * 0.1).astype(np.float32), known.pairs])


class Examples:
    """What each of the models reads of each comma, and which of them were 、."""

    def __init__(self, pairs: NDArray[np.uint32]) -> None:
        windows_of, words, listed = [], [], []
        for _, clean, context in flattened():
            codes = np.frombuffer(clean.encode("utf-32-le", "replace"), dtype=np.uint32)
            commas: Positions = np.flatnonzero(one_of(codes, "，、"))
            if len(commas):
                marks = delimiters(context)
                windows_of.append(windows(context, commas, marks, pairs).astype(np.uint16))
                words.append(features(context, commas, marks))
                listed.append(codes[commas] == ord("、"))
        self.windows = np.concatenate(windows_of)
        self.words = np.concatenate(words)
        self.listed = np.concatenate(listed)
        self._order = np.zeros(0, dtype=np.intp)

    def drawn(self, chance: np.random.Generator, rows: int) -> tuple[Places, NDArray[np.bool_]]:
        """So many of them, each as often as any other, with some characters lost."""
        if len(self._order) < rows:
            self._order = chance.permutation(len(self.listed))
        chosen, self._order = self._order[:rows], self._order[rows:]
        read = self.windows[chosen].astype(np.intp)
        lengths, _, no_pair = tokens()
        dice = chance.random(read.shape, dtype=np.float32)
        read[(dice < _LOST) & (read < lengths)] = 0
        read[(dice < _PAIRS_LOST) & (read > no_pair)] = no_pair
        return read, self.listed[chosen]
