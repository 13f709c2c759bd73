"""The steps that one encoding offers at each byte of a line: how far, and at what cost."""

import numpy as np

from jiaokan.repair.decode.reading import Bytes, Reading
from jiaokan.repair.decode.scoring import costs_after
from jiaokan.repair.decode.tables import NONE


class Arrows:
    """The steps that one encoding offers at each byte: how far, and at what cost after what."""

    def __init__(self, reading: Reading, array: Bytes) -> None:
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
        alone = costs_after(None, codes)
        self.alone: list[float] = alone.tolist()
        self.after_ascii: list[float] = costs_after(ascii_before, codes).tolist()
        other = np.where(ended == NONE, alone, costs_after(ended, codes))
        self.after_other: list[float] = other.tolist()
