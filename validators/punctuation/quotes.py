"""Which quotes a document has, and which of them each straight quote was."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.punctuation.context import Context, Flags
from jiaokan.validators.punctuation.enumeration import slot, weights

Pairs = list[tuple[int, int]]


def quote_marks(context: Context, outer: Pairs, inner: Pairs) -> list[tuple[int, int, str]]:
    """An edit for each mark of the pairs of double and of single quotes."""
    curly = is_curly(context)
    double, single = ("“”", "‘’") if curly else ("「」", "『』")
    found = []
    for pairs, (opening, closing) in ((outer, tuple(double)), (inner, tuple(single))):
        for start, end in pairs:
            found += [(start, start + 1, opening), (end, end + 1, closing)]
    return found


def is_curly(context: Context) -> bool:
    """“” and not 「」: as the document has it, else what the script's readers use.

    A text that kept its 。 or 、 was flattened by a tool (ftfy) that leaves 「」 alone: its straight
    quotes were “”.
    """
    curly, corner = context.count("“"), context.count("「")
    if not context.lost_stops:
        return True
    if curly or corner:
        return curly >= corner
    return not context.is_traditional


TITLE_SLOTS = 1 << 17
_SHIFT = np.uint32(4)
THRESHOLD = -1.0
"""Below 0: titles are rarer in the sets counted than in most text."""


def are_titles(context: Context, pairs: Pairs) -> Flags:
    """Which pairs of quotes were 《》: only in a text that lost its title marks with its full stops."""
    if not pairs or not context.lost_stops or context.count("《"):
        return np.zeros(len(pairs), dtype=np.bool_)
    scores = weights().titles[title_features(context, np.array(pairs, dtype=np.intp))].sum(axis=1)
    titles: Flags = scores > THRESHOLD
    return titles


def title_features(context: Context, pairs: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Slots of the features of each pair: what it holds, how long it is, what stands beside it."""
    codes = context.codes
    start, end = pairs[:, 0], pairs[:, 1]
    length = np.clip(end - start - 1, 0, 31).astype(np.uint32)
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
    slots = [slot(number, a, b) >> _SHIFT for number, (a, b) in enumerate(found, 1)]
    return np.stack(slots, axis=1)
