"""What two models say of a character after another."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.grids import Grids
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.plausibility import likelihood_in_grids


def by_both(
    plain: NDArray[np.float32], left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """The sum of what two models say of a character after another."""
    return _sum_of_both(plain, continuation().after(left, right))


def steps_in_grids(
    sets: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]],
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """What the plain model and both say of each step from any of some characters to any of others."""
    if not sets:
        return []
    grids = Grids(sets)
    plain = likelihood_in_grids(grids)
    both = _sum_of_both(plain, continuation().after_in_grids(grids))
    return list(zip(grids.parted(plain.astype(np.float64)), grids.parted(both), strict=True))


def _sum_of_both(plain: NDArray[np.float32], chinese: NDArray[np.float64]) -> NDArray[np.float64]:
    known = chinese > 0
    second = plain.astype(np.float64)
    second[known] = np.log2(chinese[known])
    return plain + second
