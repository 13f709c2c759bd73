"""Two small networks that read on over a line break: does the second line go on with the first?

Trained on places inside sentences against places where one ends and another begins (the mark between
taken away, as titles, posts and lists have none), out of the part of the tuning half of
`../shared/data/prose` that `continuation` counts and `break_model` does not learn from. Weights are whole
numbers, so that the same text is judged alike on every machine. Needs SciPy (BSD).
"""

import io
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import BREAK, token_table
from jiaokan.validators.lines.network import KINDS
from recipes._broken_lines import MODEL_SHARE
from recipes._network import SEED, Places, Size, quantised, trained
from recipes.continuation import LEFT_OUT
from tests.accuracy.sets import documents, half_of, prose_sets, rank_of

TARGET = "validators/tables/break_network.npz"
CODE_POINTS = 4_000_000
"""Of each set, at most, so that laws do not drown the rest."""
_CLASSES = 5
_LOST = 0.015
"""Share of characters that are not told apart, as rare ones are."""


SIZES = {"glance": (6, Size(16, 48, 16, 16_000)), "read": (10, Size(32, 160, 32, 36_000))}
"""Characters read on either side, and what is made of them."""


def build() -> dict[str, str | bytes]:
    text = Text(_tokens())
    arrays: dict[str, NDArray[Any]] = {"source": np.array(__doc__)}
    for kind in KINDS:
        reach, size = SIZES[kind]
        weights = trained(
            partial(text.examples, reach), int(text.tokens.max()) + 1, 2 * reach, size
        )
        left, right, _ = text.breaks(np.random.default_rng(SEED), 20_000)
        parts = quantised(weights, text.windows(left, right, reach))
        arrays |= {f"{kind}_{name}": part for name, part in parts.items()}
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

    def examples(
        self, reach: int, chance: np.random.Generator, rows: int
    ) -> tuple[Places, NDArray[np.bool_]]:
        left, right, truth = self.breaks(chance, rows)
        windows = self.windows(left, right, reach)
        windows[chance.random(windows.shape) < _LOST] = 0
        return windows, truth

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
