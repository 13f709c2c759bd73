"""Numbers for characters and for pairs of them, by what stands beside them: alike where their neighbours are.

Counted neighbours (`recipes/continuation.py`), how much more often each two meet than by chance (PPMI), and
the directions in which they differ most (singular values). A network that begins with them knows of words
that its own examples never had. Needs SciPy (BSD).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import counted_rows, token_table
from jiaokan.validators.lines.counted_pairs import COUNTS
from recipes.continuation import PUNCTUATION
from recipes.sources import SourceMissingError

_BITS = np.uint64(13)
_LOW = np.uint64((1 << 13) - 1)
_LOW_TWO = np.uint64((1 << 26) - 1)
_SMOOTHED = 0.75
"""Power of how common a neighbour is, which keeps rare ones from weighing most."""
_SPREAD = 0.1
"""Of the numbers, as large as those that training begins with elsewhere."""

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Vectors:
    """A row for each token of a character, the keys of the pairs, ascending, and a row for each."""

    characters: Floats
    keys: Keys
    pairs: Floats


def vectors(width: int, pairs: int) -> Vectors:
    """So many numbers for each character, and for each of the so many commonest pairs of them."""
    pair_keys, pair_counts = _counted("pair")
    triple_keys, triple_counts = _counted("triple")
    tokens = int(token_table().max()) + 1
    first, second = pair_keys >> _BITS, pair_keys & _LOW
    characters = _reduced(
        (first, second), (second, first), (pair_counts, pair_counts), (tokens, tokens), width
    )
    marks = np.zeros(tokens, dtype=np.bool_)
    marks[token_table()[[ord(mark) for mark in PUNCTUATION]]] = True
    marks[:5] = True
    common = np.where(marks[first] | marks[second], 0, pair_counts)
    keys = np.sort(pair_keys[np.argsort(-common, kind="stable")[:pairs]])
    before, after = _places(keys, triple_keys >> _BITS), _places(keys, triple_keys & _LOW_TWO)
    here, there = before >= 0, after >= 0
    of_pairs = _reduced(
        (before[here], after[there]),
        ((triple_keys & _LOW)[here], (triple_keys >> (_BITS + _BITS))[there]),
        (triple_counts[here], triple_counts[there]),
        (len(keys), tokens),
        width,
    )
    return Vectors(characters, keys, of_pairs)


def _counted(name: str) -> tuple[Keys, NDArray[np.float64]]:
    keys, counts = counted_rows(name)
    return keys, COUNTS[counts]


def _places(keys: Keys, wanted: Keys) -> NDArray[np.intp]:
    """The place of each of those wanted among the keys; -1 where it is not there."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: NDArray[np.intp] = np.where(keys[at] == wanted, at, -1)
    return found


def _reduced(
    rows: tuple[NDArray[np.integer], ...],
    columns: tuple[NDArray[np.integer], ...],
    counts: tuple[NDArray[np.float64], ...],
    shape: tuple[int, int],
    width: int,
) -> Floats:
    """Rows of what stands behind each, and of what stands before it, side by side, in `width` numbers."""
    try:
        from scipy import sparse  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from scipy.sparse.linalg import svds  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise SourceMissingError("pip install scipy") from None
    number, neighbours = shape
    row = np.concatenate(rows).astype(np.intp)
    column = np.concatenate(
        [side.astype(np.intp) + neighbours * n for n, side in enumerate(columns)]
    )
    met = sparse.csr_matrix(
        (np.concatenate(counts), (row, column)), (number, 2 * neighbours)
    ).tocoo()
    by_row, by_column = (
        np.bincount(met.row, met.data, number),
        np.bincount(met.col, met.data, 2 * neighbours),
    )
    smoothed = by_column**_SMOOTHED
    chance = by_row[met.row] * smoothed[met.col] / smoothed.sum()
    more = np.maximum(np.log(met.data / chance), 0).astype(np.float32)
    left, values, _ = svds(
        sparse.csr_matrix((more, (met.row, met.col)), met.shape), k=width, random_state=0
    )
    found = left * np.sqrt(values)
    numbers: Floats = (found * (_SPREAD / found.std())).astype(np.float32)
    return numbers
