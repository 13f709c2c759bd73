"""Two small networks that read the characters on both sides of a break: does one sentence run over it?

`glance` reads six on each side and is asked of every open break of a batch, `read` reads ten and is asked
of those that are weighed. Weights and what goes through are whole numbers of at most 24 bits, which 32-bit
floats add up without rounding, in whatever order: the same text is judged alike on every machine, and a
break alike alone and among others. `recipes/break_network.py` trains them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.continuation import BREAK, token_table
from jiaokan.validators.lines.layout import Positions
from jiaokan.validators.view import View

KINDS = ("glance", "read")
PARTS = (
    "tokens", "first", "first_scale", "first_base", "second", "second_scale", "second_base", "last", "last_scale",
)  # fmt: skip
"""What is kept of each network in the table."""
MOST = 255
"""The most that a unit of a hidden layer says."""
_PRODUCTS = 800_000
"""Products of numbers that are summed at a time. Above a million the libraries of linear algebra share
them among threads, which then wait, busily, for more: it takes twice the time of all that follows."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """A row for each token, and two hidden layers; whole numbers, as floats for the sake of speed."""

    tokens: Floats
    first: Floats
    first_scale: Floats
    first_base: Floats
    second: Floats
    second_scale: Floats
    second_base: Floats
    last: Floats
    last_scale: Floats

    @property
    def reach(self) -> int:
        """Characters read on either side."""
        return len(self.first) // int(self.tokens.shape[1]) // 2

    def log_odds(self, windows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Of each row of tokens, first those before the break, from it outwards, then those behind it."""
        odds = np.zeros(len(windows))
        rows = _PRODUCTS // self.first.size
        for start in range(0, len(windows), rows):
            part = windows[start : start + rows]
            seen = self.tokens.take(part, axis=0, mode="clip").reshape(len(part), -1)
            first = _units(seen @ self.first, self.first_scale, self.first_base)
            second = _units(first @ self.second, self.second_scale, self.second_base)
            odds[start : start + rows] = (second @ self.last) * self.last_scale[0]
        return odds + float(self.last_scale[1]) if len(windows) else odds


def _units(sums: Floats, scale: Floats, base: Floats) -> Floats:
    sums *= scale
    sums += base
    np.rint(sums, out=sums)
    np.maximum(sums, 0, out=sums)
    np.minimum(sums, MOST, out=sums)
    return sums


def reads_on(
    kind: str, view: View, left: Positions, right: Positions, first: Positions, last: Positions
) -> NDArray[np.float64]:
    """Log odds that one sentence runs from each `left`, the last ink of the line that begins at `first`, to
    `right`, the first ink of the line that ends at `last`; 0 beside a Latin letter, of which the networks
    know nothing."""
    odds = np.zeros(len(left))
    latin = (view.bits[left] | view.bits[right]) & np.uint32(Class.LATIN)
    at = np.flatnonzero(latin == 0)
    if len(at):
        net = network(kind)
        by = np.arange(net.reach)
        before, after = left[at, None] - by, right[at, None] + by
        windows = np.concatenate([before, after], axis=1)
        beyond = np.concatenate([before < first[at, None], after > last[at, None]], axis=1)
        codes = view.codes.take(windows, mode="clip")
        tokens = token_table().take(codes, mode="clip").astype(np.intp)
        tokens[beyond] = BREAK
        odds[at] = net.log_odds(tokens)
    return odds


@cache
def network(kind: str) -> Network:
    """One of `KINDS`, loaded once a process."""
    with np.load(_TABLE) as table:
        return Network(**{name: table[f"{kind}_{name}"].astype(np.float32) for name in PARTS})


_TABLE = Path(__file__).parent.parent / "tables" / "break_network.npz"
