"""Whether a flattened comma was 、: only where the text has lost its own.

Three models are asked, each only where those before it are not sure, and a mean of what they say counts. The first
has weights for the words and endings around a comma (see `hashed`). The second is a small network that reads the
characters beside it and the pieces between the marks around it, how long each is, with which characters and which
common pairs of them it begins and ends; `recipes/enumeration.py` trains both. The third reads all pieces alike, and
sees each together with those around it (see `pieces`).
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.continuation import token_table
from jiaokan.validators.network import network
from jiaokan.validators.punctuation.common_pairs import numbers_of, pair_keys
from jiaokan.validators.punctuation.context import Context, Flags, Positions
from jiaokan.validators.punctuation.hashed import CONJUNCTIONS, delimiters, features, weights
from jiaokan.validators.punctuation.pieces import piece_network

TABLE = "enumeration"
KIND = "commas"
_REACH = 8
"""Characters read on either side."""
_PIECES = 3
"""Pieces between marks read on either side."""
_LONGEST = 23
"""From this many characters on, pieces count as equally long."""
_ROW = 13
"""Characters between two commas of one list, at the most."""
_OF_NETWORK = 0.7
"""The network's part in the mean: in text of kinds that were not trained on it is the better one."""
_OF_PIECES = 0.6
"""The same of the network of pieces, in a mean with the mean of the others."""
_SURE_WORDS = 2.5
"""Log odds, either way, from which on the first model is sure."""
_NOT, _LISTS = -1.25, 2.0
"""Log odds of the first two together, from which on they are sure: what the third says would hardly change it."""
_LIKELY, _SURE = 0.5, 1.3
"""Of log odds: a list is whole or none, and a wrong 、 does more harm than a ，that might have been one. Of text
of kinds that were not trained on, 92 in 100 are right so; of those that lower odds would add, half."""


def enumerating(context: Context, commas: Positions) -> Flags:
    """For each comma, whether it lists. All False in a document that still has 、 of its own."""
    number = context.per_document(commas)
    lost = context.lost_stops & (context.count("、") * 50 <= number)
    flags: Flags = lost[context.document_of(commas)]
    if flags.any():
        asked = commas[flags]
        odds = _log_odds(context, asked)
        flags[flags] = _of_lists(asked, context.document_of(asked), odds > _LIKELY, odds > _SURE)
    return flags


def _log_odds(context: Context, commas: Positions) -> NDArray[np.float64]:
    marks = delimiters(context)
    odds: NDArray[np.float64] = (
        weights().take(features(context, commas, marks)).sum(axis=1, dtype=np.float64)
    )
    unsure = (np.abs(odds) < _SURE_WORDS).nonzero()[0]
    by_network = network(TABLE, KIND).log_odds(windows(context, commas[unsure], marks, pair_keys()))
    odds[unsure] = _OF_NETWORK * by_network + (1 - _OF_NETWORK) * odds[unsure]
    unsure = unsure[(odds[unsure] > _NOT) & (odds[unsure] < _LISTS)]
    by_pieces = piece_network().log_odds(context.codes, marks, marks.searchsorted(commas[unsure]))
    odds[unsure] = _OF_PIECES * by_pieces + (1 - _OF_PIECES) * odds[unsure]
    return odds


def _of_lists(commas: Positions, document: Positions, likely: Flags, sure: Flags) -> Flags:
    """The likely commas of each row of them, close together, that has a sure one."""
    starts = np.diff(commas, prepend=commas[:1]) > _ROW
    starts |= (np.diff(document, prepend=-1) > 0) | ~likely | np.roll(~likely, 1)
    row = np.cumsum(starts)
    found: Flags = likely & (np.bincount(row, sure)[row] > 0)
    return found


def tokens() -> tuple[int, int, int]:
    """The first token that stands for a length, the first that tells whether a piece has a conjunction,
    and the one of no common pair, behind which the pairs' come; those before are of characters."""
    lengths = int(token_table().max()) + 1
    joined = lengths + _LONGEST + 1
    return lengths, joined, joined + 2


def windows(
    context: Context, commas: Positions, marks: Positions, keys: NDArray[np.uint32]
) -> NDArray[np.intp]:
    """What the network reads of each comma, which is one of the marks. The line feeds around documents keep to each its own."""
    codes = context.codes

    def token(at: Positions) -> NDArray[np.intp]:
        return token_table().take(codes[at], mode="clip").astype(np.intp)

    lengths, joined, no_pair = tokens()
    around = marks.searchsorted(commas)[:, None] + np.arange(-_PIECES, _PIECES + 1)
    marks_around = marks[around]
    start, end = marks_around[:, :-1], marks_around[:, 1:]
    # The first two characters of each piece and the last two, and those that the comma's own lack.
    first = np.concatenate([start + 1, end - 2, commas[:, None] - 3, commas[:, None] + 2], axis=1)
    number = numbers_of(token(first), token(first + 1), keys)
    pairs = np.where(number < len(keys), no_pair + 1 + number, no_pair)
    short = end - start <= 2
    pairs[:, : 2 * short.shape[1]][np.concatenate([short, short], axis=1)] = no_pair
    beside = np.concatenate([np.arange(-_REACH, 0), np.arange(1, _REACH + 1)])
    joins = np.concatenate([[0], np.cumsum(one_of(codes, CONJUNCTIONS))])
    return np.concatenate(
        [
            token(commas[:, None] + beside),
            token(np.delete(marks_around, _PIECES, axis=1)),
            token(start + 1),
            token(start + 2),
            token(end - 1),
            token(end - 2),
            lengths + np.minimum(end - start - 1, _LONGEST),
            joined + (joins[end] > joins[start]),
            pairs,
        ],
        axis=1,
    )
