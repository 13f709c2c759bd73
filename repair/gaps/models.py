"""What two models say of a character after another."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import continuation


def by_both(
    plain: NDArray[np.float32], left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """The sum of what two models say of a character after another."""
    chinese = continuation().after(left, right)
    known = chinese > 0
    second = plain.astype(np.float64)
    second[known] = np.log2(chinese[known])
    return plain + second
