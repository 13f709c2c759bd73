"""Trains the linear model of `recipes.script_model`: multinomial logistic regression by AdaGrad."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script.features import REACH, WINDOWS, context_keys
from jiaokan.validators.script.forms import TRADITIONAL, forms, read_rows
from jiaokan.validators.script.model import FAMILIAR_WINDOWS, pad

Array = NDArray[Any]
EPOCHS = 4
RATE = 0.3
START = 0.3
SHRINK = 1e-5
SEEN = 2
"""Contexts that text has fewer times are not learned from (those of dictionary words are)."""


class Examples(NamedTuple):
    """Characters whose right form is known."""

    padded: Array
    positions: Array
    choice: Array
    """The class of each, as a row of `forms().candidates`."""
    label: Array
    """The right candidate of each."""
    weight: Array


@dataclass
class Weights:
    """What was learned: `values[first[i] + form - 1]` belongs to context `keys[i]`."""

    keys: Array
    first: Array
    count: Array
    values: Array


def examples_of(codes: Array, script: int, weight: float | Array = 1.0) -> Examples:
    """Every position of a text in `script` whose class leaves a choice. `weight` may be per place."""
    known = forms()
    truth = codes
    if script == TRADITIONAL:
        table = np.arange(0x110000, dtype=np.uint32)
        for variant, usual in read_rows()["V"].items():
            table[ord(variant)] = ord(usual)
        truth = table[codes]
    choice = known.choice[known.member[codes]]
    several = (known.candidates[script] != 0).sum(axis=1) > 1
    at = np.flatnonzero(several[choice])
    choice = choice[at]
    right = known.candidates[script, choice] == truth[at][:, None]
    good = right.any(axis=1)
    at = at[good]
    weights = weight[at] if isinstance(weight, np.ndarray) else np.full(len(at), weight)
    return Examples(pad(known.folded[codes]), at, choice[good], right[good].argmax(axis=1), weights)


def train(parts: Sequence[Examples], words: Sequence[Examples], script: int) -> Weights:
    """Weights of the contexts of all examples. Deterministic."""
    known = forms()
    keys = np.concatenate([_keys(part, script) for part in (*parts, *words)])
    of_words = sum(len(part.positions) for part in words)
    forms_of = (known.candidates[script] != 0).sum(axis=1)
    counts = np.concatenate([forms_of[p.choice] for p in (*parts, *words)]).astype(np.int64)
    labels = np.concatenate([p.label for p in (*parts, *words)]).astype(np.int64)
    weights = np.concatenate([p.weight for p in (*parts, *words)]).astype(np.float64)
    unique, inverse, seen = np.unique(keys, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(keys.shape)
    kept = seen >= SEEN
    kept[inverse[len(keys) - of_words :].ravel()] = True
    kept &= unique != 0
    size = np.zeros(len(unique), dtype=np.int64)
    size[inverse] = counts[:, None] - 1
    size[~kept] = 0
    first = np.cumsum(size) - size
    first[~kept] = -1
    ids = first[inverse].astype(np.int32)
    values = np.zeros(int(size.sum()))
    squares = np.full(len(values), START)
    lengths = np.array([1 + before + after for before, after in WINDOWS])
    random = np.random.default_rng(1)
    descend = compiled_descent()
    for _ in range(EPOCHS):
        order = random.permutation(len(labels))
        # Some rounds see short contexts only, so that these learn to stand alone.
        longest = random.choice([2, 3, 9], size=len(labels), p=[0.3, 0.3, 0.4])
        descend(ids, counts, labels, weights, values, squares, order, longest, lengths)
    return Weights(unique[kept], first[kept], seen[kept], values)


def _keys(part: Examples, script: int, windows: Sequence[tuple[int, int]] = WINDOWS) -> Array:
    keys, whole = context_keys(part.padded, part.positions + REACH, script, windows)
    keys[~whole] = 0
    return keys.T


def compiled_descent() -> Any:
    """One pass of AdaGrad over the examples, compiled (numba is needed for training only)."""
    import numba

    def descend(
        ids: Array, counts: Array, labels: Array, weights: Array, values: Array, squares: Array,
        order: Array, longest: Array, lengths: Array,
    ) -> None:  # fmt: skip
        score = np.zeros(16)
        for turn in range(len(order)):
            i = order[turn]
            forms_here = counts[i]
            score[:forms_here] = 0.0
            for row in range(ids.shape[1]):
                at = ids[i, row]
                if at >= 0 and lengths[row] <= longest[turn]:
                    for form in range(1, forms_here):
                        score[form] += values[at + form - 1]
            odds = np.exp(score[:forms_here] - score[:forms_here].max())
            odds /= odds.sum()
            if odds[labels[i]] > 0.9995:
                continue
            for form in range(1, forms_here):
                slope = (odds[form] - (1.0 if labels[i] == form else 0.0)) * weights[i]
                for row in range(ids.shape[1]):
                    at = ids[i, row]
                    if at >= 0 and lengths[row] <= longest[turn]:
                        cell = at + form - 1
                        step = slope + SHRINK * values[cell]
                        squares[cell] += step * step
                        values[cell] -= RATE * step / np.sqrt(squares[cell])

    return numba.njit(descend)


@dataclass
class Familiar:
    """Contexts in which text has one form of a class and hardly ever another."""

    keys: Array
    label: Array
    count: Array


FAMILIAR = 8
IMPURE = 0.003
"""The share of other forms that slips of the pen may have in a familiar context."""


def familiar_contexts(parts: Sequence[Examples], script: int) -> Familiar:
    """Short contexts of `FAMILIAR` or more occurrences whose form is nearly always the same."""
    keys, labels = [], []
    for part in parts:
        found = _keys(part, script, FAMILIAR_WINDOWS)
        keys.append(found.ravel())
        labels.append(np.repeat(part.label, found.shape[1]))
    key, label = np.concatenate(keys), np.concatenate(labels)
    del keys, labels
    real = key != 0
    pair = np.stack([key[real], label[real].astype(np.uint64)])
    order = np.lexsort(pair[::-1])
    pair = pair[:, order]
    new_pair = np.flatnonzero(np.any(np.diff(pair, axis=1, prepend=pair[:, :1] + 1), axis=0))
    seen = np.diff(np.append(new_pair, pair.shape[1]))
    of_key, of_label = pair[:, new_pair]
    new_key = np.flatnonzero(np.diff(of_key, prepend=of_key[:1] + 1))
    total = np.add.reduceat(seen, new_key)
    total_of = np.repeat(total, np.diff(np.append(new_key, len(of_key))))
    pure = (seen >= FAMILIAR) & (total_of - seen <= IMPURE * total_of)
    return Familiar(of_key[pure], of_label[pure].astype(np.int64), seen[pure])
