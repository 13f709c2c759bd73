"""What is asked of gaps, and what is answered."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.holes import Loss

OFFERED = 0.85
"""Below this probability a guess is not offered."""
_CERTAIN = 0.99
_ALSO_CERTAIN = 0.98
"""From these probabilities on, by both models together and by the plain one alone, the bytes and the
neighbours leave no second character. Of 25,741 such gaps of windows-1252 and 5,483 of GBK in 8,000 sentences
(tuning halves) seven were filled wrongly: 卷 by 号, 受 by 南 and the like."""
_CERTAIN_OF_PAIR = 0.985
"""By both models, of a pair of which one byte is left: few characters have it. Of 5,400 such gaps, GBK and Big5
through each other's decoders (tuning halves), four were filled wrongly."""
EDGE = "\n"


class Guess(NamedTuple):
    """The most probable character, how probable it is, and whether it is certain."""

    character: str
    probability: float
    is_certain: bool


NONE = Guess("\ufffd", 0.0, False)


class Asked(NamedTuple):
    """The two characters before a row of gaps, the bytes known of each, the two after them, the byte that
    followed (0: not known), the doubt of the run in tenths, and what bytes it can have lost."""

    far_before: int
    before: int
    raws: tuple[int, ...]
    after: int
    far_after: int
    behind: int
    doubt: int
    loss: Loss


def are_certain(
    points: NDArray[np.uint32],
    shares: NDArray[np.float64],
    alone: NDArray[np.float64],
    few: NDArray[np.bool_] | bool,
    of_pair: NDArray[np.bool_] | bool,
) -> NDArray[np.bool_]:
    """Which characters are: how probable each is by both models and by the plain one alone; whether its gap can
    have lost `few` bytes, and is `of_pair`. Else only Han characters: among the many marks that share two
    bytes the models choose too often wrongly."""
    han = (points >= 0x3400) & (points < 0xA000)
    certain = (shares >= _CERTAIN) & (alone >= _ALSO_CERTAIN) & (han | few)
    certain |= of_pair & (shares >= _CERTAIN_OF_PAIR)
    return certain
