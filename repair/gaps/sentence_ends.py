"""Where misread text ends a sentence: where a paragraph ends, outside all brackets.

Of lines whose last character has E3 80 left of its bytes, 。 ended 8,061 and 、 two where no bracket was
open (tuning halves of all Chinese sets; the row of last marks in docs/accuracy/mojibake.md has the others);
with one open it was a bracket three times in four. Where lines are cut at a width, any mark can end one.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.view import View

FULL_STOP = 0x3002
_OPENING, _CLOSING = "「『《〈【〔（“", "」』》〉】〕）”"
_NO_BRACKET = np.array([0, *range(0xE4, 0xEA)])
"""With the bytes that most ideographs begin with."""
_BREAKS = np.array([0x0A, 0x0D], dtype=np.uint32)
_CUT = 0.8
"""Of the longest line's width: a line of less was not cut at a width."""


def ends_paragraph(view: View, ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a paragraph ends at each of these positions: a line, and the text or an empty line follows
    or the line is a short one."""
    codes = np.append(view.codes, np.full(4, _BREAKS[0]))
    breaks = np.append(view.breaks, len(view.text))
    widths = np.diff(breaks, prepend=-1) - 1
    line = breaks.searchsorted(ends)
    ends_line = np.isin(codes[ends], _BREAKS)
    behind = ends + np.where((codes[ends] == _BREAKS[1]) & (codes[ends + 1] == _BREAKS[0]), 2, 1)
    found: NDArray[np.bool_] = ends_line & (
        np.isin(codes[behind], _BREAKS) | (widths[line] < _CUT * widths.max())
    )
    return found


def open_brackets(view: View, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether the line in which each of these positions is has a bracket before it that is still open."""
    codes = view.codes
    depth = _depth(codes)
    lines = _last_before(at, (codes == _BREAKS[0]).nonzero()[0]) + 1
    found: NDArray[np.bool_] = depth[at] > depth[lines]
    return found


def outside_brackets(
    codes: NDArray[np.uint32],
    at: NDArray[np.intp],
    leads: NDArray[np.uint32],
    begins: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Whether no bracket is opened between where its run begins and each of these gaps, in its line, and
    what stands there is no Japanese, which ends lines with 、 as well. `leads`: the first byte of each
    gap, which may be a bracket's; 0 of those that are known."""
    begins = np.maximum(_last_before(at, np.isin(codes, _BREAKS).nonzero()[0]), begins - 1)
    depth = _depth(codes)
    kana = (codes > 0x3040) & (codes < 0x30FB)
    unclear = np.union1d(kana.nonzero()[0], at[~np.isin(leads, _NO_BRACKET)])
    found: NDArray[np.bool_] = depth[at] <= depth[begins + 1]
    return found & (_last_before(at, unclear) <= begins)


def _depth(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """How many brackets more were opened than closed before each position, and at the end."""
    steps = one_of(codes, _OPENING).astype(np.intp) - one_of(codes, _CLOSING)
    return np.append(0, np.cumsum(steps))


def _last_before(at: NDArray[np.intp], those: NDArray[np.intp]) -> NDArray[np.intp]:
    """The last of `those` before each position, -1 where there is none."""
    return np.append(-1, those)[those.searchsorted(at)]
