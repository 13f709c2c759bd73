"""Trains the small networks of `jiaokan.validators.network`. Needs SciPy (BSD)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.network import MOST, PARTS
from recipes.sources import SourceMissingError

ROWS = 2048
SEED = 1

Floats = NDArray[np.float32]
Places = NDArray[np.intp]
Draw = Callable[[np.random.Generator, int], tuple[Places, NDArray[np.bool_]]]
"""Draws so many examples: a row of tokens each, and whether it is so."""


@dataclass(frozen=True)
class Size:
    """Numbers for each token, units of the two hidden layers, and steps of training.

    `dropped` is the share of the first layer's units that each example is trained without, `decay` what
    weights lose: against learning by heart what is seen often.
    """

    width: int
    first: int
    second: int
    steps: int
    dropped: float = 0.0
    decay: float = 0.0


def trained(
    draw: Draw, tokens: int, slots: int, size: Size, start: Floats | None = None
) -> list[Floats]:
    """The weights: one row for each token, then the matrix and the base of each layer. Adam, its rate a cosine.

    `start`: what the rows of the tokens begin with, if not by chance.
    """
    try:
        from scipy import sparse  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise SourceMissingError("pip install scipy") from None
    chance, into = np.random.default_rng(SEED), slots * size.width
    weights = [
        _normal(chance, (tokens, size.width), 0.1) if start is None else start.copy(),
        _normal(chance, (into, size.first), (2 / into) ** 0.5),
        np.zeros(size.first, dtype=np.float32),
        _normal(chance, (size.first, size.second), (2 / size.first) ** 0.5),
        np.zeros(size.second, dtype=np.float32),
        _normal(chance, (size.second,), size.second**-0.5),
        np.zeros(1, dtype=np.float32),
    ]
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    for step in range(1, size.steps + 1):
        windows, truth = draw(chance, ROWS)
        seen, first, second, odds = forward(weights, windows)
        kept = np.ones((1, size.first), dtype=np.float32)
        if size.dropped:
            kept = (chance.random(first.shape) >= size.dropped).astype(np.float32)
            kept /= np.float32(1 - size.dropped)
            first = first * kept
            second, odds = _rest(weights, first)
        error = ((1 / (1 + np.exp(-odds)) - truth) / ROWS).astype(np.float32)
        second_error = np.outer(error, weights[5]) * (second > 0)
        first_error = (second_error @ weights[3].T) * (first > 0) * kept
        of_tokens = (first_error @ weights[1].T).reshape(-1, size.width)
        at = windows.ravel()
        spread = sparse.csr_matrix(
            (np.ones(len(at), np.float32), at, np.arange(len(at) + 1)), (len(at), tokens)
        )
        slopes = [
            spread.T @ of_tokens, seen.T @ first_error, first_error.sum(0), first.T @ second_error,
            second_error.sum(0), second.T @ error, np.array([error.sum()], np.float32),
        ]  # fmt: skip
        rate = np.float32(2e-3 * max(0.01, 0.5 + 0.5 * np.cos(np.pi * step / size.steps)))
        for weight, mean, square, slope in zip(weights, means, squares, slopes, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            whole = np.sqrt(square / (1 - 0.999**step)) + 1e-8
            weight -= rate * (mean / (1 - 0.9**step)) / whole
            if size.decay and weight.ndim == 2:
                weight -= rate * np.float32(size.decay) * weight
    return weights


def _normal(chance: np.random.Generator, shape: tuple[int, ...], by: float) -> Floats:
    return (chance.standard_normal(shape) * by).astype(np.float32)


def forward(weights: list[Floats], windows: Places) -> tuple[Floats, Floats, Floats, Floats]:
    """What each layer says of each window, and the log odds."""
    seen = weights[0][windows].reshape(len(windows), -1)
    first = np.maximum(seen @ weights[1] + weights[2], 0)
    return seen, first, *_rest(weights, first)


def _rest(weights: list[Floats], first: Floats) -> tuple[Floats, Floats]:
    second = np.maximum(first @ weights[3] + weights[4], 0)
    return second, second @ weights[5] + weights[6]


def quantised(weights: list[Floats], windows: Places) -> dict[str, NDArray[Any]]:
    """Whole weights of one byte, and what the sums of each layer are scaled by, as these examples need
    it; see `validators.network.Network`."""
    tokens, w1, b1, w2, b2, w3, b3 = weights
    _, first, second, _ = forward(weights, windows)
    met = np.abs(tokens[np.unique(windows)])
    unit = np.quantile(met, 0.9995) / 127
    first_unit = np.abs(w1).max(axis=0) / 127
    first_most = np.maximum(np.quantile(first, 0.9995, axis=0), 1e-3) / MOST
    second_in = w2 * first_most[:, None]
    second_unit = np.abs(second_in).max(axis=0) / 127
    second_most = np.maximum(np.quantile(second, 0.9995, axis=0), 1e-3) / MOST
    last_in = w3 * second_most
    last_unit = np.abs(last_in).max() / 127
    found: dict[str, NDArray[Any]] = {
        "tokens": np.clip(np.rint(tokens / unit), -127, 127).astype(np.int8),
        "first": np.rint(w1 / first_unit).astype(np.int8),
        "first_scale": (unit * first_unit / first_most).astype(np.float32),
        "first_base": (b1 / first_most).astype(np.float32),
        "second": np.rint(second_in / second_unit).astype(np.int8),
        "second_scale": (second_unit / second_most).astype(np.float32),
        "second_base": (b2 / second_most).astype(np.float32),
        "last": np.rint(last_in / last_unit).astype(np.int8),
        "last_scale": np.array([last_unit, b3[0]], dtype=np.float32),
    }
    assert set(found) == set(PARTS)
    return found
