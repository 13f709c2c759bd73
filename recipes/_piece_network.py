"""Trains the network of `jiaokan.validators.punctuation.pieces`. Needs PyTorch (BSD): its wheel for processors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.punctuation.context import Positions
from jiaokan.validators.punctuation.pieces import (
    KINDS,
    LAST,
    LONGEST,
    MOST,
    PARTS,
    REACH,
    SEEN,
    SIDE,
    STEPS,
    UNIT,
    Pieces,
    absent,
    read,
)  # fmt: skip
from recipes._vectors import Vectors
from recipes.sources import SourceMissingError

WIDTH, JOINED = 96, 64
"""Numbers of a piece, and of what is made of two."""
ROUNDS, ROWS, ROW = 1500, 64, 64
"""Rounds of training, with so many rows of so many pieces each."""
_RATE, _WARM, _DECAY = 2e-3, 50, 0.05
_DROPPED = 0.15
_LOST, _PAIRS_LOST = 0.1, 0.2
"""Share of characters, and of pairs, that are not told apart, as rare ones are."""
_TYPICAL = 120
"""Of the whole numbers up to `MOST`, what the first layer's numbers come to at the most, as a rule: each layer
adds to them."""
_EPSILON = 1e-5

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Marks:
    """Marks of all texts, whether each that was asked is a 、 (1 or 0; -1: not asked), and the set of each."""

    codes: NDArray[np.uint32]
    marks: Positions
    listed: NDArray[np.int8]
    sets: NDArray[np.int8]


def trained_pieces(texts: Marks, known: Vectors) -> dict[str, NDArray[Any]]:
    """The parts of the network, as the table has them. Each set is drawn from by the root of its size."""
    try:
        import torch
    except ImportError:
        raise SourceMissingError("pip install torch") from None
    torch.set_num_threads(1)
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    weights = {name: torch.tensor(part, requires_grad=True) for name, part in _start(known, chance)}
    looked_up = ("characters", "pairs")
    rest = [part for name, part in weights.items() if name not in looked_up]
    optimisers = (
        torch.optim.SparseAdam([weights[name] for name in looked_up], lr=_RATE),
        torch.optim.AdamW(rest, lr=_RATE, weight_decay=_DECAY),
    )
    keys = known.keys.astype(np.uint32)
    draw = _drawing(texts, chance)
    for step in range(ROUNDS):
        which, row, place = draw()
        pieces = _with_some_lost(read(texts.codes, texts.marks, which, keys), len(keys), chance)
        odds = _forward(torch, weights, pieces, row, place, _DROPPED)
        truth = torch.from_numpy(texts.listed[which[row, place]].astype(np.float32))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, truth)
        rate = min(1, (step + 1) / _WARM) * max(0.02, 0.5 + 0.5 * np.cos(np.pi * step / ROUNDS))
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = _RATE * rate
            optimiser.zero_grad()
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
    plain = {name: part.detach().numpy() for name, part in weights.items()}
    return _quantised(plain, read(texts.codes, texts.marks, draw()[0].ravel(), keys))


def _start(known: Vectors, chance: np.random.Generator) -> list[tuple[str, Floats]]:
    """What the weights begin with: of characters and pairs what stands beside them, else by chance."""
    width = known.characters.shape[1]
    read_of_each = (4 * SIDE - 2) * width

    def normal(*shape: int) -> Floats:
        found: Floats = (chance.standard_normal(shape) / np.sqrt(3 * shape[-2])).astype(np.float32)
        return found

    none = np.zeros((1, width), dtype=np.float32)
    return [
        ("characters", np.concatenate([known.characters, none])),
        ("pairs", np.concatenate([known.pairs, none])),
        ("first", normal(read_of_each, WIDTH)),
        ("of_length", normal(LONGEST + 1, WIDTH)),
        ("of_before", normal(len(KINDS) + 1, WIDTH)),
        ("of_behind", normal(len(KINDS) + 1, WIDTH)),
        ("layers", normal(len(STEPS), 3 * WIDTH, WIDTH)),
        ("layers_base", np.zeros((len(STEPS), WIDTH), dtype=np.float32)),
        ("joined", normal(4 * WIDTH, JOINED)),
        ("joined_base", np.zeros(JOINED, dtype=np.float32)),
        ("last", normal(JOINED, 1)[:, 0]),
        ("last_base", np.zeros(1, dtype=np.float32)),
    ]


def _drawing(
    texts: Marks, chance: np.random.Generator
) -> Callable[[], tuple[Positions, Positions, Positions]]:
    """Draws rows of marks, and which places in which rows are asked of: those far enough from a row's ends."""
    asked = np.flatnonzero(texts.listed >= 0)
    by_set = [asked[texts.sets[asked] == number] for number in np.unique(texts.sets[asked])]
    share = np.sqrt([len(own) for own in by_set])
    share /= share.sum()

    def draw() -> tuple[Positions, Positions, Positions]:
        chosen = chance.choice(len(by_set), ROWS, p=share).tolist()
        first = np.array([by_set[n][chance.integers(len(by_set[n]))] for n in chosen])
        first -= chance.integers(REACH + 1, ROW - REACH - 1, ROWS)
        which = np.clip(first, 1, len(texts.marks) - ROW)[:, None] + np.arange(ROW)
        inside = texts.listed[which] >= 0
        inside[:, : REACH + 1] = inside[:, -REACH - 1 :] = False
        row, place = np.nonzero(inside)
        return which, row, place

    return draw


def _with_some_lost(pieces: Pieces, no_pair: int, chance: np.random.Generator) -> Pieces:
    lost = (chance.random(pieces.tokens.shape) < _LOST) & (pieces.tokens != absent())
    pieces.tokens[lost] = 0
    pieces.pairs[chance.random(pieces.pairs.shape) < _PAIRS_LOST] = no_pair
    return pieces


def _forward(
    torch: Any, weights: dict[str, Any], pieces: Pieces, row: Positions, place: Positions, dropped: float
) -> Any:  # fmt: skip
    """The log odds of the marks at these places of these rows of pieces."""
    own = torch.relu(_sums(torch, weights, pieces))
    own = torch.nn.functional.dropout(own, dropped)
    seen = own
    for step, layer, base in zip(STEPS, weights["layers"], weights["layers_base"], strict=True):
        level = torch.nn.functional.layer_norm(seen, seen.shape[-1:], eps=_EPSILON)
        beside = (torch.roll(level, step, 1), level, torch.roll(level, -step, 1))
        seen = seen + torch.relu(torch.cat(beside, 2) @ layer + base)
    seen = torch.nn.functional.dropout(seen, dropped)
    left, right = own[row, place], own[row, place + 1]
    sees = (seen[row, place], seen[row, place + 1], (left - right).abs(), left * right)
    units = torch.relu(torch.cat(sees, 1) @ weights["joined"] + weights["joined_base"])
    return units @ weights["last"] + weights["last_base"]


def _sums(torch: Any, weights: dict[str, Any], pieces: Pieces) -> Any:
    """Of each piece, what the first layer sums up."""
    parts = [torch.from_numpy(part) for part in (pieces.tokens, pieces.pairs)]
    tables = (weights["characters"], weights["pairs"])
    embedding = torch.nn.functional.embedding
    rows = [
        embedding(part, table, sparse=True).flatten(-2)
        for part, table in zip(parts, tables, strict=True)
    ]
    sums = torch.cat(rows, -1) @ weights["first"] + weights["of_length"][pieces.lengths]
    return sums + weights["of_before"][pieces.before] + weights["of_behind"][pieces.behind]


def _quantised(weights: dict[str, Floats], pieces: Pieces) -> dict[str, NDArray[Any]]:
    """Whole weights of one byte, and what the sums of each layer are multiplied by: so that these pieces, which
    stand beside each other, make whole numbers that are neither cut off nor too coarse."""

    def whole(part: Floats) -> tuple[NDArray[np.int8], Floats]:
        """Whole weights, and the unit of each column."""
        unit = np.maximum(np.abs(part).max(axis=-2, keepdims=True), 1e-9) / SEEN
        return np.rint(part / unit).astype(np.int8), unit[..., 0, :].astype(np.float32)

    tables = [weights["characters"], weights["pairs"]]
    looked_up = [table[at] for table, at in zip(tables, (pieces.tokens, pieces.pairs), strict=True)]
    unit = max(float(np.quantile(np.abs(rows), 0.9995)) for rows in looked_up) / SEEN
    rows = np.concatenate([part.reshape(len(part), -1) for part in looked_up], axis=1)
    sums = rows @ weights["first"] + weights["of_length"][pieces.lengths]
    sums += weights["of_before"][pieces.before] + weights["of_behind"][pieces.behind]
    own = seen = np.maximum(sums, 0)
    for step, layer, base in zip(STEPS, weights["layers"], weights["layers_base"], strict=True):
        level = seen - seen.mean(axis=1, keepdims=True)
        level /= np.sqrt(np.square(level).mean(axis=1, keepdims=True) + _EPSILON)
        beside = [np.roll(level, step, axis=0), level, np.roll(level, -step, axis=0)]
        seen = seen + np.maximum(np.concatenate(beside, axis=1) @ layer + base, 0)
    scale = _TYPICAL / np.quantile(own, 0.999)
    apart, alike = np.abs(own[1:] - own[:-1]), own[1:] * own[:-1]
    most = [float(np.quantile(part, 0.9999)) for part in (seen, seen, apart, alike)]
    factors = np.float32(LAST) / np.array(most, dtype=np.float32)
    joined: Floats = weights["joined"] / factors.repeat(WIDTH)[:, None]
    sees = np.concatenate([seen[:-1], seen[1:], apart, alike], axis=1)
    units = np.maximum(sees @ weights["joined"] + weights["joined_base"], 0)
    units_scale: Floats = LAST / np.maximum(np.quantile(units, 0.9999, axis=0), 1e-3)
    last = weights["last"] / units_scale
    last_unit = float(np.abs(last).max()) / SEEN
    first_whole, first_unit = whole(weights["first"])
    layers_whole, layers_unit = whole(weights["layers"])
    joined_whole, joined_unit = whole(joined)
    found: dict[str, NDArray[Any]] = {
        "rows": np.clip(np.rint(np.concatenate(tables) / unit), -SEEN, SEEN).astype(np.int8),
        "first": first_whole,
        "first_scale": first_unit * unit * scale,
        **{name: weights[name] * scale for name in ("of_length", "of_before", "of_behind")},
        "layers": layers_whole,
        "layers_scale": layers_unit * scale / UNIT,
        "layers_base": weights["layers_base"] * scale,
        "like_nothing": np.array(_EPSILON * scale**2),
        "joined": joined_whole,
        "joined_scale": joined_unit * units_scale,
        "joined_base": weights["joined_base"] * units_scale,
        "last": np.rint(last / last_unit).astype(np.int8),
        "last_scale": np.array(
            [last_unit, weights["last_base"][0], factors[0] / scale, factors[2] / scale, factors[3] / scale**2]
        ),
    }  # fmt: skip
    assert set(found) == set(PARTS) and float(seen.max()) * scale < MOST
    return {name: part if part.dtype == np.int8 else part.astype(np.float32) for name, part in found.items()}  # fmt: skip
