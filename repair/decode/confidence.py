"""How probable it is that the encoding is right, from what the readings cost."""

from math import exp


def confidence_of(margin: float, high: int) -> float:
    """The probability that a reading is right that is `margin` bits cheaper than the next.

    Fitted on the tuning halves; docs/accuracy/encoding.md shows the curve. `high` is the number
    of non-ASCII bytes.
    """
    if margin <= 0:
        return 0.5
    return 1 / (1 + exp(-0.25 * margin))
