"""What stays beside a passage that was read back: it must not be as misread as the passage was.

Code pages resemble one another. What one of them made can be read back in part by another, one good word
among garbage, and such text is worse than untouched: nobody can mend it any more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.mojibake.codepages import EAST_ASIAN, HALF_MENDED, SINGLE
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.rules import UNEXPLAINED
from jiaokan.validators.mojibake.segments import Path
from jiaokan.validators.plausibility import likelihood_after
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_IMPROBABLE = 14.0
"""Bits of a character that is misread still; of 7,000 texts read rightly (tuning halves) none had any."""
_BESIDE = 0.2
"""Such characters that touch a passage, for each that it read back, from which it is not believed."""
_IN_LINE = 1.0
"""The same of a whole line."""
_HALF_MENDED_GBK = Path("gbk", HALF_MENDED)
_BREAK = 0x0A
_BREAKS = np.uint32(Class.SPACE | Class.BREAK)


def without_remains(
    found: Sequence[Misreading], view: View
) -> tuple[list[Misreading], list[Finding]]:
    """The misreadings beside which nothing stays misread; and of each line with others that it is misread.

    Only of pages of single bytes, which resemble one another; where a later program has half mended
    what was misread something stays beside it in any case.
    """
    asked = [
        item
        for item in found
        if item.paths[0].wrong in SINGLE and item.paths[0] != _HALF_MENDED_GBK
    ]
    if not asked:
        return list(found), []
    codes = view.codes
    start, end = np.array([(item.start, item.end) for item in asked], dtype=np.intp).T
    covered = np.zeros(len(codes) + 1, dtype=np.bool_)
    for item in found:
        covered[item.start : item.end] = True
    misread = np.append(0, np.cumsum(_misread(codes, covered)))
    high = np.append(0, np.cumsum(codes >= 0x80))
    read = high[end] - high[start]
    stops = np.flatnonzero(covered[:-1] | (codes >= EAST_ASIAN) | ((view.bits & _BREAKS) != 0))
    stops = np.concatenate(([-1], stops, [len(codes)]))
    left = stops[np.searchsorted(stops, start) - 1] + 1
    right = stops[np.searchsorted(stops, end)]
    beside = misread[right] - misread[end] + misread[start] - misread[left]
    held = beside > _BESIDE * read
    breaks = np.concatenate(([-1], np.flatnonzero(codes == _BREAK), [len(codes)]))
    line = np.searchsorted(breaks, start)
    total = np.bincount(line, np.where(held, 0, read))
    of_held = np.bincount(line, np.where(held, read, 0))
    around = (misread[breaks[line]] - misread[breaks[line - 1] + 1]) + of_held[line]
    held |= around > _IN_LINE * total[line]
    half = [item.start for item in found if item.paths[0] == _HALF_MENDED_GBK]
    held &= ~np.isin(line, np.searchsorted(breaks, half))
    dropped = {id(item) for item, is_held in zip(asked, held.tolist(), strict=True) if is_held}
    kept = [item for item in found if id(item) not in dropped]
    return kept, unexplained(left[held], right[held], line[held])


def unexplained(
    start: NDArray[np.intp], end: NDArray[np.intp], line: NDArray[np.intp]
) -> list[Finding]:
    """Of each line with some of these stretches, which ascend, that it is misread."""
    firsts = np.flatnonzero(np.diff(line, prepend=-1))
    lasts = np.append(firsts[1:], len(line))[: len(firsts)] - 1
    return list(map(_finding, start[firsts].tolist(), end[lasts].tolist()))


def _finding(start: int, end: int) -> Finding:
    message = "text misread, in a way that is not known"
    return Finding(UNEXPLAINED, start, end, message, 0.9, Applicability.DISPLAY)


def _misread(codes: NDArray[np.uint32], covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which characters, of those outside, are such as a page of single bytes shows, and improbable."""
    found = (codes >= 0x80) & ((codes < 0x2460) | ((codes >= 0x2500) & (codes < 0x25A1)))
    found &= ~covered[:-1]
    at = np.flatnonzero(found)
    before = np.where((at > 0) & ~covered[at - 1], codes[at - 1], np.uint32(_BREAK))
    found[at] = -likelihood_after(before, codes[at]) >= _IMPROBABLE
    return found
