"""The lines in which misreadings are looked for: each is undone by itself, many at once."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import EAST_ASIAN, Page
from jiaokan.validators.mojibake.inversion import segments_of
from jiaokan.validators.mojibake.segments import Least, Path, Segments
from jiaokan.validators.mojibake.stretches import Places
from jiaokan.validators.plausibility import log_likelihood
from jiaokan.validators.view import ranges

_KNOWN = 0.8
"""Part of the suspects of a line that a page must have. (What is misread has hardly any others.)"""
_FIRST_OF_TWO = 0xC2 >> 1
"""C2 or C3: what the characters of Latin-1 begin with in UTF-8."""


class Pieces:
    """The lines, and parts of lines, within some stretches; each is looked at by itself. What one path
    has explained is cut out of them for those after it."""

    def __init__(self, codes: NDArray[np.uint32], breaks: Places, stretches: Places) -> None:
        begins, ends = stretches.T
        low, high = np.searchsorted(breaks, begins), np.searchsorted(breaks, ends)
        count = high - low
        inside = breaks[ranges(low, count)]
        self.begins = np.sort(np.concatenate((begins, inside + 1)))
        self.ends = np.sort(np.concatenate((inside, ends)))
        self._drop_empty()
        self._codes = codes
        origin = self._origin(np.ones(len(self.begins), dtype=np.bool_))
        self._likelihood = np.zeros(len(codes), dtype=np.float32)
        self._likelihood[origin] = log_likelihood(codes[origin])

    def _origin(self, wanted: NDArray[np.bool_]) -> Places:
        """Where in all texts each character of these pieces is, with a break after each piece."""
        begins = self.begins[wanted]
        origin = ranges(begins, self.ends[wanted] - begins + 1)
        ends = np.cumsum(self.ends[wanted] - begins + 1) - 1
        origin[ends] = 0  # a break
        return origin

    def with_any(self, at: Places) -> NDArray[np.bool_]:
        """Which pieces hold any of these places."""
        wanted = np.zeros(len(self.begins), dtype=np.bool_)
        piece = np.searchsorted(self.begins, at, side="right") - 1
        wanted[piece[(piece >= 0) & (at < self.ends[piece])]] = True
        return wanted

    def with_halves(self, wrong: Page) -> NDArray[np.bool_]:
        """Which pieces hold the first byte of a character of two, as a page's are in UTF-8, without the
        second one."""
        values = wrong.bytes_of[np.minimum(self._codes, 0xFFFF)]
        is_half = (values[:-1] >> 1 == _FIRST_OF_TWO) & (values[1:] & 0xFFC0 != 0x80)
        return self.with_any(np.flatnonzero(is_half))

    def are_mostly_known(
        self, at: Places, codes: NDArray[np.uint32], wrong: Page
    ) -> NDArray[np.bool_]:
        """Which of these places are in pieces of whose suspects, those of East Asia aside, a page of
        single bytes can have made most."""
        piece = np.searchsorted(self.begins, at, side="right") - 1
        inside = (piece >= 0) & (at < self.ends[piece])
        counts = np.bincount(piece[inside], codes[inside] < EAST_ASIAN, len(self.begins))
        known = np.bincount(piece[inside], wrong.knows(codes[inside]), len(self.begins))
        mostly: NDArray[np.bool_] = inside & (known >= _KNOWN * counts)[piece]
        return mostly

    def cut(self, starts: Places, ends: Places) -> None:
        """Take these stretches, each of which is within a piece, out of the pieces."""
        self.begins = np.sort(np.concatenate((self.begins, ends)))
        self.ends = np.sort(np.concatenate((starts, self.ends)))
        self._drop_empty()

    def _drop_empty(self) -> None:
        filled = self.ends > self.begins
        self.begins, self.ends = self.begins[filled], self.ends[filled]

    def segments(
        self,
        path: Path,
        least: Least,
        wanted: NDArray[np.bool_] | None = None,
        *,
        below: bool = False,
    ) -> Segments:
        """The segments of these pieces, in the positions of all texts."""
        if wanted is None:
            wanted = np.ones(len(self.begins), dtype=np.bool_)
        origin = self._origin(wanted)
        found = segments_of(
            self._codes[origin], path, least, likelihood=self._likelihood[origin], below=below
        )
        gaps = found.gaps._replace(
            start=origin[found.gaps.start], end=origin[found.gaps.end - 1] + 1
        )
        return found._replace(
            start=origin[found.start], end=origin[found.end - 1] + 1, gaps=gaps, origin=origin
        )
