"""How probable it is that the encoding is right, from what the readings cost."""

from math import exp

SLOPE = 0.60
OFFSET = -1.28
"""Fitted (logistic) on 4,184 fragments of 1 to 8 characters of the tuning halves, in GBK, Big5,
UTF-16, Shift_JIS, EUC-JP and EUC-KR; docs/accuracy/encoding.md shows the curve on the others."""
SURE = 0.9999


def confidence_of(margin: float) -> float:
    """The probability that a reading is right that is `margin` bits cheaper than the next one."""
    return min(SURE, 1 / (1 + exp(-SLOPE * max(-50.0, min(margin, 50.0)) - OFFSET)))
