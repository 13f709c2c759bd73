"""How well characters fit their neighbours, by two models at once.

The model of all languages (`plausibility`) and the counts of Chinese (`lines.continuation`) were
taken from partly other text. Half and half they find the character that is missing between two
others more often than either alone: 77 to 88 times of 100 where the first finds 74 to 85, with
fewer that are sure and wrong (unseen news, reviews and game texts; last byte of UTF-8 missing).
The second table takes a tenth of a second to load, so this is for text known to be damaged.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.plausibility import likelihood_after, log_likelihood


def bits_in_rows(rows: NDArray[np.uint32]) -> NDArray[np.float64]:
    """For rows of neighbours the bits of each character but the first after the one before it."""
    width = rows.shape[1]
    plain = log_likelihood(rows.ravel()).reshape(-1, width)[:, 1:].astype(np.float64)
    chinese = continuation().after(rows[:, :-1], rows[:, 1:])
    bits: NDArray[np.float64] = -np.log2((np.exp2(plain) + chinese) / 2)
    return bits


def bits_of_third(rows: NDArray[np.uint32]) -> NDArray[np.float64]:
    """For rows of three neighbours, in the second axis, the bits of the last one after the other two."""
    first, second, third = np.moveaxis(rows, 1, 0)
    return _bits(second, third, continuation().after_two(first, second, third))


def bits_after_one(rows: NDArray[np.uint32]) -> NDArray[np.float64]:
    """The same, as far as the second one tells."""
    _, second, third = np.moveaxis(rows, 1, 0)
    return _bits(second, third, continuation().after(second, third))


def _bits(
    before: NDArray[np.uint32], codes: NDArray[np.uint32], chinese: NDArray[np.float64]
) -> NDArray[np.float64]:
    plain = likelihood_after(before.ravel(), codes.ravel()).astype(np.float64)
    bits: NDArray[np.float64] = -np.log2((np.exp2(plain.reshape(codes.shape)) + chinese) / 2)
    return bits
