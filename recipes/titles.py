"""`validators/tables/titles.npz`: two models that tell 《》 from quotes where both became straight quotes.

Trained on flattened text of the tuning halves (see `_flattened`), where small sets count for more than they hold:
a dictionary has two thirds of all pairs. The network begins with what stands beside each character and each common
pair (see `_vectors`); the pairs are those of `enumeration`. The weights are statistics; no text is kept.
"""

import io
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.punctuation.common_pairs import pair_keys
from jiaokan.validators.punctuation.titles import (
    KIND,
    TABLE,
    TITLE_SLOTS,
    lengths_from,
    pairs_from,
    title_features,
    title_windows,
)  # fmt: skip
from recipes._flattened import flattened
from recipes._hashed import regression
from recipes._network import SEED, Floats, Places, Size, quantised, trained
from recipes._vectors import Vectors, vectors

SIZE = Size(width=16, first=64, second=16, steps=700, dropped=0.25, decay=0.3)
"""Of 46 tokens with 16 numbers each the sums are exact; see `validators.network`."""
_LOST, _PAIRS_LOST = 0.15, 0.25
"""Share of characters, and of pairs, that are not told apart, as rare ones are."""
_MANY = 300
"""Pairs of a set, from which on it is drawn from less often than it has more of them."""
_PAIR = re.compile(
    "《([^《》“”「」\n]{1,40})》|“([^《》“”「」\n]{1,40})”|「([^《》“”「」\n]{1,40})」"
)


def build() -> dict[str, str | bytes]:
    keys = pair_keys()
    slots, windows, labels, names = [], [], [], []
    for name, clean, context in flattened():
        found = [(match.start(), match.end() - 1) for match in _PAIR.finditer(clean)]
        if found:
            places = np.array(found, dtype=np.intp)
            slots.append(title_features(context, places))
            windows.append(title_windows(context, places, keys))
            labels.append(np.array([clean[start] == "《" for start, _ in found]))
            names += [name] * len(found)
    truth, chances = np.concatenate(labels), _chances(names)
    words = regression(
        np.concatenate(slots), truth, TITLE_SLOTS, epochs=5, kept=0.6, chances=chances
    )
    arrays: dict[str, NDArray[Any]] = {"titles": words.astype(np.float16)}
    for part, values in _network(np.concatenate(windows), truth, chances).items():
        arrays[f"{KIND}_{part}"] = values
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    return {f"validators/tables/{TABLE}.npz": packed.getvalue()}


def _network(
    windows: Places, truth: NDArray[np.bool_], chances: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    no_pair = int(windows.max())

    def drawn(chance: np.random.Generator, rows: int) -> tuple[Places, NDArray[np.bool_]]:
        chosen = chance.choice(len(truth), rows, p=chances)
        read = windows[chosen]
        dice = chance.random(read.shape, dtype=np.float32)
        read[(dice < _LOST) & (read < lengths_from())] = 0
        read[(dice < _PAIRS_LOST) & (read >= pairs_from())] = no_pair
        return read, truth[chosen]

    start = _first_rows(vectors(SIZE.width, len(pair_keys())))
    assert len(start) == no_pair + 1
    weights = trained(drawn, len(start), windows.shape[1], SIZE, start)
    return quantised(weights, drawn(np.random.default_rng(SEED), 20_000)[0])


def _first_rows(known: Vectors) -> Floats:
    """What the rows of the tokens begin with: of lengths by chance, of no pair nothing."""
    assert (known.keys == pair_keys()).all()
    lengths = np.random.default_rng(SEED).standard_normal(
        (pairs_from() - lengths_from(), SIZE.width)
    )
    nothing = np.zeros((1, SIZE.width), dtype=np.float32)
    return np.concatenate(
        [known.characters, (lengths * 0.1).astype(np.float32), known.pairs, nothing]
    )


def _chances(names: list[str]) -> NDArray[np.float64]:
    """How often each pair is drawn: of a set, as often as the root of how many it has, if that is many."""
    _, sets, numbers = np.unique(names, return_inverse=True, return_counts=True)
    drawn = 1 / np.sqrt(np.maximum(numbers, _MANY))[sets]
    chances: NDArray[np.float64] = drawn / drawn.sum()
    return chances
