"""The steps that one encoding offers at each byte of a line: how far, and at what cost."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.reading import Bytes, Reading
from jiaokan.repair.decode.scoring import Bits, CostOf, isolation
from jiaokan.repair.decode.tables import NONE


class Costs(NamedTuple):
    """The steps at each byte of a part: the length of the character, and what it costs after
    nothing, after an ASCII and after another one."""

    lengths: list[int]
    alone: list[float]
    after_ascii: list[float]
    after_other: list[float]


class Arrows:
    """The steps that one encoding offers at each byte: how far, and at what cost after what."""

    def __init__(self, reading: Reading, array: Bytes, cost_of: CostOf) -> None:
        codes = np.where(reading.codes == NONE, 0, reading.codes)
        before = np.roll(codes, 1)
        if len(before):
            before[0] = ord("\n")
        ascii_before = np.where(np.roll(array, 1) < 0x80, before, ord(" "))
        if len(before):
            ascii_before[0] = ord("\n")
        ended = np.full(len(codes), NONE, dtype=np.uint32)
        for length in (1, 2, 3, 4):
            at = np.flatnonzero(reading.lengths[: len(codes) - length] == length)
            at = at[(array[at] >= 0x80)]
            ended[at + length] = codes[at]
        self.lengths = reading.lengths.tolist()
        self.codes = codes
        self.before_ascii = ascii_before
        self.before_other = np.where(ended == NONE, ord("\n"), ended)
        alone = cost_of(None, codes)
        self.alone: list[float] = alone.tolist()
        self.after_ascii: list[float] = cost_of(ascii_before, codes).tolist()
        other = np.where(ended == NONE, alone, cost_of(ended, codes))
        other += _isolation_of_bytes(array, ended)
        self.after_other: list[float] = other.tolist()

    def within(self, start: int, end: int) -> Costs:
        """Those of some bytes."""
        own = slice(start, end)
        return Costs(
            self.lengths[own], self.alone[own], self.after_ascii[own], self.after_other[own]
        )


def _isolation_of_bytes(array: Bytes, ended: NDArray[np.uint32]) -> Bits:
    """`isolation` of each byte, if it is a character, after that which ends before it."""
    rows = np.full((len(array), 3), 0x0A, dtype=np.uint32)
    rows[:, 0] = np.where(ended == NONE, 0x0A, ended)
    rows[:, 1] = array
    rows[:-1, 2] = array[1:]
    return isolation(rows.ravel()).reshape(-1, 3)[:, 1]
