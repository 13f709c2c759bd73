"""Two small networks that read on over a line break: does the second line go on with the first?

Trained on places inside sentences against places where one ends and another begins (the mark between
taken away, as titles, posts and lists have none), out of the part of the tuning half of
`../shared/data/prose` that `continuation` counts and `break_model` does not learn from. Weights are whole
numbers, so that the same text is judged alike on every machine. Needs SciPy (BSD).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import BREAK, token_table
from jiaokan.validators.lines.network import KINDS, MOST, PARTS
from recipes._broken_lines import MODEL_SHARE
from recipes.continuation import LEFT_OUT
from recipes.sources import SourceMissingError
from tests.accuracy.sets import documents, half_of, prose_sets, rank_of

TARGET = "validators/tables/break_network.npz"
CODE_POINTS = 4_000_000
"""Of each set, at most, so that laws do not drown the rest."""
_CLASSES = 5
_ROWS = 2048
_LOST = 0.015
"""Share of characters that are not told apart, as rare ones are."""
_SEED = 1

Floats = NDArray[np.float32]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Size:
    """Characters read on either side, numbers for each, the two hidden layers, and steps of training."""

    reach: int
    width: int
    first: int
    second: int
    steps: int


SIZES = {"glance": Size(6, 16, 48, 16, 16_000), "read": Size(10, 32, 160, 32, 36_000)}


def build() -> dict[str, str | bytes]:
    text = Text(_tokens())
    arrays: dict[str, NDArray[Any]] = {"source": np.array(__doc__)}
    for kind in KINDS:
        weights = trained(text, SIZES[kind])
        arrays |= {
            f"{kind}_{name}": part for name, part in quantised(weights, text, SIZES[kind]).items()
        }
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    return {TARGET: packed.getvalue()}


def _tokens() -> NDArray[np.uint16]:
    text = "\n" + "\n".join(_texts()) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    tokens: NDArray[np.uint16] = token_table()[np.minimum(codes, 0xFFFF)]
    return tokens


def _texts() -> Iterator[str]:
    for name in prose_sets():
        size = 0
        for text in documents(name) if not any(part in name for part in LEFT_OUT) else ():
            if half_of(text) == "tune" and rank_of(text) >= MODEL_SHARE:
                yield text
                size += len(text)
                if size > CODE_POINTS:
                    break


class Text:
    """Tokens end to end, and the places from which examples are drawn."""

    def __init__(self, tokens: NDArray[np.uint16]) -> None:
        self.tokens = tokens
        size = len(tokens)
        is_break = tokens == BREAK
        breaks = np.flatnonzero(is_break)
        starts = np.zeros(size, dtype=np.intp)
        starts[breaks] = breaks + 1
        self.start = np.maximum.accumulate(starts)
        """Where the line of each token begins, and where it ends."""
        ends = np.full(size, size, dtype=np.intp)
        ends[breaks] = breaks
        self.end = np.minimum.accumulate(ends[::-1])[::-1]
        self.stops, self.closes = _among("。！？"), _among("”）》)>]】〉")
        opens_none = _among("，。、；：？！”）》)>]】〉…")
        space, dots = int(token_table()[0x20]), int(token_table()[ord("…")])
        before, after = tokens[:-1], tokens[1:]
        inside = ~is_break[1:] & ~is_break[:-1] & ~self.stops[before] & ~opens_none[after]
        inside &= (before != dots) & (before != space) & (after != space)
        closed = self.closes[before] & np.append(False, self.stops[tokens[:-2]])
        inside &= ~closed & ~((before < _CLASSES) & (after < _CLASSES))
        self.inside = np.flatnonzero(inside) + 1
        at = np.flatnonzero(tokens == space)
        at = at[(at > 1) & (at < size - 2)]
        left, right = tokens[at - 1], tokens[at + 1]
        spaced = ~is_break[at - 1] & ~is_break[at + 1] & ~self.stops[left] & ~self.closes[left]
        self.spaced = at[spaced & ~opens_none[right] & ((left >= _CLASSES) | (right >= _CLASSES))]
        """Spaces inside sentences."""
        at = np.flatnonzero(self.stops[tokens] & ~is_break)
        at = at[(at > 1) & (at < size - 4)]
        next_ = at + 1
        for _ in range(2):
            next_ = next_ + self.closes[tokens[next_]]
        whole = ~is_break[next_] & ~opens_none[tokens[next_]]
        self.sentences = at[whole] - 1, next_[whole]
        """Before the stop of a sentence, and where the next begins."""
        at = np.flatnonzero(_among("，、：；")[tokens])
        at = at[(at > 1) & (at < size - 2)]
        at = at[~is_break[at + 1] & ~opens_none[tokens[at + 1]]]
        self.clauses = at - 1, at + 1
        at = breaks[(breaks > 2) & (breaks < size - 3)]
        self.lines = at[~is_break[at - 1] & ~is_break[at + 1]]

    def breaks(
        self, chance: np.random.Generator, rows: int
    ) -> tuple[Places, Places, NDArray[np.bool_]]:
        """Examples of breaks: the last place before each, the first behind it, and whether one sentence runs over it."""
        running = rows // 2
        at = _some(chance, self.inside, running)
        lefts, rights = [at - 1], [at]
        spaced = _some(chance, self.spaced, running // 25)
        lefts[0][: len(spaced)], rights[0][: len(spaced)] = spaced - 1, spaced + 1
        lines, ended, parted, mixed = (int(rows * share) for share in (0.2, 0.1, 0.06, 0.07))
        at = _some(chance, self.lines, lines)
        left = at - 1
        bare = chance.random(lines) < 0.8
        for _ in range(2):  # titles and posts end without a stop
            last = self.tokens[left]
            stop = self.stops[last] | (self.closes[last] & self.stops[self.tokens[left - 1]])
            left = left - (bare & stop & (left - 1 > self.start[left]))
        lefts.append(left)
        rights.append(at + 1)
        for pairs, number in ((self.sentences, ended), (self.clauses, parted)):
            which = chance.integers(0, len(pairs[0]), number)
            lefts.append(pairs[0][which])
            rights.append(pairs[1][which])
        rest = rows - running - lines - ended - parted - mixed
        for pairs, number in ((self.clauses, mixed), (self.sentences, rest)):  # of others near by
            which = chance.integers(0, len(pairs[0]), number)
            near = np.clip(which + chance.integers(-30, 30, number), 0, len(pairs[0]) - 1)
            lefts.append(pairs[0][which])
            rights.append(pairs[1][near])
        anywhere = chance.random(rest) < 0.5
        rights[-1] = np.where(anywhere, _some(chance, self.lines, rest) + 1, rights[-1])
        return np.concatenate(lefts), np.concatenate(rights), np.arange(rows) < running

    def windows(self, left: Places, right: Places, reach: int) -> Places:
        """The tokens before and after each break, from it outwards; beyond a line's end, of line breaks."""
        by = np.arange(reach)
        before, after = left[:, None] - by, right[:, None] + by
        one = np.where(
            before < self.start[left][:, None], BREAK, self.tokens[np.maximum(before, 0)]
        )
        size = len(self.tokens)
        other = np.where(
            after >= self.end[right][:, None], BREAK, self.tokens[np.minimum(after, size - 1)]
        )
        return np.concatenate([one, other], axis=1).astype(np.intp)


def _among(marks: str) -> NDArray[np.bool_]:
    flags = np.zeros(1 << 13, dtype=np.bool_)
    flags[token_table()[[ord(mark) for mark in marks]]] = True
    return flags


def _some(chance: np.random.Generator, places: Places, number: int) -> Places:
    return places[chance.integers(0, len(places), number)]


def trained(text: Text, size: Size) -> list[Floats]:
    """The weights: one row for each token, then the matrix and the base of each layer. Adam, its rate a cosine."""
    try:
        from scipy import sparse  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise SourceMissingError("pip install scipy") from None
    chance, tokens = np.random.default_rng(_SEED), int(text.tokens.max()) + 1
    into = 2 * size.reach * size.width
    weights = [
        _normal(chance, (tokens, size.width), 0.1),
        _normal(chance, (into, size.first), (2 / into) ** 0.5),
        np.zeros(size.first, dtype=np.float32),
        _normal(chance, (size.first, size.second), (2 / size.first) ** 0.5),
        np.zeros(size.second, dtype=np.float32),
        _normal(chance, (size.second,), size.second**-0.5),
        np.zeros(1, dtype=np.float32),
    ]
    means, squares = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    for step in range(1, size.steps + 1):
        left, right, truth = text.breaks(chance, _ROWS)
        windows = text.windows(left, right, size.reach)
        windows[chance.random(windows.shape) < _LOST] = 0
        seen, first, second, odds = forward(weights, windows)
        error = ((1 / (1 + np.exp(-odds)) - truth) / _ROWS).astype(np.float32)
        second_error = np.outer(error, weights[5]) * (second > 0)
        first_error = (second_error @ weights[3].T) * (first > 0)
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
    return weights


def _normal(chance: np.random.Generator, shape: tuple[int, ...], by: float) -> Floats:
    return (chance.standard_normal(shape) * by).astype(np.float32)


def forward(weights: list[Floats], windows: Places) -> tuple[Floats, Floats, Floats, Floats]:
    """What each layer says of each window, and the log odds."""
    seen = weights[0][windows].reshape(len(windows), -1)
    first = np.maximum(seen @ weights[1] + weights[2], 0)
    second = np.maximum(first @ weights[3] + weights[4], 0)
    return seen, first, second, second @ weights[5] + weights[6]


def quantised(weights: list[Floats], text: Text, size: Size) -> dict[str, NDArray[Any]]:
    """Whole weights of one byte, and what the sums of each layer are scaled by; see `network.Network`."""
    tokens, w1, b1, w2, b2, w3, b3 = weights
    left, right, _ = text.breaks(np.random.default_rng(_SEED), 20_000)
    windows = text.windows(left, right, size.reach)
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
