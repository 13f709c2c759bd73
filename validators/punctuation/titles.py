"""Which quotes were title marks, where both became straight ones.

Two models are asked, and a mean of what they say counts: one has weights for what stands in the quotes and near
them, the other is a small network, which knows of words that the first never met. `recipes/titles.py` trains both.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.continuation import token_table
from jiaokan.validators.network import network
from jiaokan.validators.punctuation.common_pairs import numbers_of, pair_keys
from jiaokan.validators.punctuation.context import Context, Flags, Positions
from jiaokan.validators.punctuation.hashed import slot
from jiaokan.validators.tables import FOLDER

TITLE_SLOTS = 1 << 18
TABLE, KIND = "titles", "quotes"
SURE, UNLIKELY = -0.5, -1.0
"""Scores from which on 95 in 100 of an encyclopaedia's were title marks, of a dictionary's and of laws nearly
all. Between them, where six in ten were, the quotes are left."""
_OF_NETWORK = 0.3
"""The network's part in the mean: more of it finds more, and more of that is wrong."""
_OUTSIDE, _INSIDE, _TWO = 8, 6, 4
"""Characters that the network reads outside and inside of either quote, and pairs of them."""
_LONGEST = 31
"""From this many characters on, what quotes hold counts as equally long."""
_BEFORE, _BEHIND, _WITHIN = 20, 12, 10
"""Pairs of characters looked at wherever they stand, in the line before, behind and within the quotes."""


def are_titles(context: Context, pairs: NDArray[np.intp]) -> tuple[Flags, Flags]:
    """Which pairs of quotes were 《》, and which may have been either.

    Only in a text that lost its title marks with its full stops.
    """
    lost = context.lost_stops & (context.count("《") == 0)
    may_be: Flags = lost[context.document_of(pairs[:, 0])]
    scores = np.full(len(pairs), -np.inf)
    if may_be.any():
        asked = pairs[may_be]
        by_words = _weights()[title_features(context, asked)].sum(axis=1, dtype=np.float64)
        by_network = network(TABLE, KIND).log_odds(title_windows(context, asked, pair_keys()))
        scores[may_be] = _of_rows(
            context, asked, _OF_NETWORK * by_network + (1 - _OF_NETWORK) * by_words
        )
    titles: Flags = scores > SURE
    return titles, (scores > UNLIKELY) & ~titles


def _of_rows(
    context: Context, pairs: NDArray[np.intp], scores: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The scores, the same for quotes that only a comma or a conjunction parts: a row is of one kind."""
    between = context.codes[pairs[:-1, 1] + 1]
    same = (pairs[1:, 0] - pairs[:-1, 1] == 2) & one_of(between, ",、和与與及或跟同")
    row = np.cumsum(np.append(False, ~same)) if len(pairs) else np.zeros(0, dtype=np.intp)
    means: NDArray[np.float64] = np.bincount(row, scores) / np.maximum(np.bincount(row), 1)
    return means[row]


@cache
def _weights() -> NDArray[np.float32]:
    """What recipes/titles.py counted, loaded once."""
    with np.load(FOLDER / f"{TABLE}.npz") as table:
        weights: NDArray[np.float32] = table["titles"].astype(np.float32)
    return weights


def title_features(context: Context, pairs: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Slots of the features of each pair: what it holds, how long it is, what stands beside it and near it."""
    codes = context.codes
    start, end = pairs[:, 0], pairs[:, 1]
    length = np.clip(end - start - 1, 0, _LONGEST).astype(np.uint32)
    none = np.zeros(len(pairs), dtype=np.uint32)
    b1, b2, f1, f2 = codes[start - 1], codes[start - 2], codes[end + 1], codes[end + 2]
    first, second, third = codes[start + 1], codes[start + 2], codes[start + 3]
    last, last2, last3 = codes[end - 1], codes[end - 2], codes[end - 3]
    shift = np.uint32(31)
    found = [
        (length, none), (b1, none), (b1, b2), (f1, none), (f1, f2), (first, none), (first, second),
        (first * shift + second, third), (last, none), (last, last2), (last * shift + last2, last3),
        (b1, f1), (b1, last), (f1, last), (length, b1), (length, f1), (length, last), (length, first),
        (b1 * shift + b2, last), (f1 * shift + f2, b1),
    ]  # fmt: skip
    beside = [slot(number, a, b, TITLE_SLOTS) for number, (a, b) in enumerate(found, 1)]
    line = context.line_of(start)
    first_of_line, last_of_line = context.breaks[line] + 1, context.breaks[line + 1] - 1
    near = [
        (start[:, None] - np.arange(2, 2 + _BEFORE), first_of_line, start),
        (end[:, None] + np.arange(1, 1 + _BEHIND), end, last_of_line),
        (start[:, None] + np.arange(1, 1 + _WITHIN), start, end - 1),
    ]
    return np.concatenate(
        [np.stack(beside, axis=1)]
        + [_wherever(codes, 101 + number, *each) for number, each in enumerate(near)],
        axis=1,
    )


def lengths_from() -> int:
    """The first token that stands for a length; those before are of characters."""
    return int(token_table().max()) + 1


def pairs_from() -> int:
    """The first token that stands for a pair; behind the last one comes that of no common pair."""
    return lengths_from() + _LONGEST + 1


def title_windows(
    context: Context, quotes: NDArray[np.intp], keys: NDArray[np.uint32]
) -> NDArray[np.intp]:
    """What the network reads of each pair of quotes: characters and pairs of them on either side of both, and how
    long what they hold is."""

    def tokens(at: NDArray[np.intp]) -> NDArray[np.intp]:
        return token_table().take(context.codes[at], mode="clip").astype(np.intp)

    start, end = quotes[:, :1], quotes[:, 1:]
    length = end - start - 1
    outside, inside = np.arange(1, _OUTSIDE + 1), np.arange(1, _INSIDE + 1)
    inner = tokens(np.concatenate([start + inside, end - inside], axis=1))
    inner[np.tile(inside, 2) > length] = 0
    two = np.arange(1, _TWO + 1)
    first = np.concatenate([start + two, end - 1 - two, start - 1 - two, end + two], axis=1)
    numbers = numbers_of(tokens(first), tokens(first + 1), keys)
    numbers[:, : 2 * _TWO][np.tile(two, 2) >= length] = len(keys)
    return np.concatenate(
        [
            tokens(np.concatenate([start - outside, end + outside], axis=1)),
            inner,
            lengths_from() + np.minimum(length, _LONGEST),
            pairs_from() + numbers,
        ],
        axis=1,
    )


def _wherever(
    codes: NDArray[np.uint32], number: int, at: Positions, least: Positions, most: Positions
) -> NDArray[np.uint32]:
    """Slots of the pairs of characters that begin at each of these places, alike in all; one and the same
    of places before `least`, or whose second character is beyond `most`."""
    inside = (at >= least[:, None]) & (at < most[:, None])
    places = np.where(inside, at, 0)
    first, second = codes[places], codes[places + 1]
    first[~inside] = 0
    second[~inside] = 0
    return slot(number, first, second, TITLE_SLOTS)
