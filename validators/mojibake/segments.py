"""The paths of misreading, and the stretches of a text where undoing one gains."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import HALF_MENDED, Encoding
from jiaokan.validators.mojibake.edges import Cells
from jiaokan.validators.mojibake.gaps import Gaps

BITS_OF_HIGH_BYTE = 7.25
"""What a byte of a character beyond ASCII tells, were all of them as frequent."""


class Path(NamedTuple):
    """A wrong reading: what the text was, and what it was read as."""

    true: Encoding
    wrong: str


_SINGLES = ("cp437", "cp850", "cp852", "cp866", "cp1250", "cp1251", "mac-roman", "koi8r")
PATHS: tuple[Path, ...] = (
    *(Path("utf8", w) for w in ("gbk", "latin1", "big5", "shift-jis", "euc-kr", *_SINGLES)),
    Path("gbk", HALF_MENDED),
    *(Path("gbk", w) for w in ("latin1", "big5", "shift-jis", "euc-kr", *_SINGLES)),
    *(Path("big5", w) for w in ("gbk", HALF_MENDED, "latin1", *_SINGLES)),
)


class Segments(NamedTuple):
    """Where undoing `path` gains; a row a segment.

    `[start, end)` of the text was meant to be `codes[begin:stop]`, a gap being U+FFFD.
    """

    path: Path
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    begin: NDArray[np.intp]
    stop: NDArray[np.intp]
    gain: NDArray[np.float64]
    """Bits by which the right reading is the more probable."""
    cost: NDArray[np.float64]
    """Bits of the characters of the right reading that are not ASCII."""
    high_bytes: NDArray[np.intp]
    """Bytes that stood for them."""
    codes: NDArray[np.uint32]
    gaps: Gaps
    cells: Cells | None = None
    """The text and its other reading, side by side."""
    origin: NDArray[np.intp] | None = None
    """Where in all texts each character of the text is that was looked at."""

    @property
    def surprise(self) -> NDArray[np.float64]:
        """How far from chance it is that these bytes, were they arbitrary, read this well."""
        return BITS_OF_HIGH_BYTE * self.high_bytes - self.cost

    @property
    def counts_of_gaps(self) -> NDArray[np.intp]:
        ends = np.stack((self.begin, self.stop))
        counts: NDArray[np.intp] = np.diff(np.searchsorted(self.gaps.place, ends), axis=0)[0]
        return counts

    def of(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Segments":
        return self._replace(
            start=self.start[rows], end=self.end[rows], begin=self.begin[rows],
            stop=self.stop[rows], gain=self.gain[rows], cost=self.cost[rows],
            high_bytes=self.high_bytes[rows],
        )  # fmt: skip

    def meant(self, row: int) -> NDArray[np.uint32]:
        """What the text of a segment should be."""
        return self.codes[self.begin[row] : self.stop[row]]

    def seen(self, at: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Where in all texts that begins and ends which stands for each of these codes."""
        assert self.cells is not None and self.origin is not None
        cell = np.searchsorted(self.cells.new, at, side="right") - 1
        old = self.cells.old
        return self.origin[old[cell]], self.origin[old[cell + 1] - 1] + 1


class Least(NamedTuple):
    """What a segment must have to count: so much gain and surprise, or so many high bytes."""

    gain: float = -np.inf
    surprise: float = -np.inf
    high_bytes: float = np.inf
