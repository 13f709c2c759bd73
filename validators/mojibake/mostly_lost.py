"""Lines of UTF-8 that was read as pairs of bytes, of which more is lost than can be read back.

Big5 has no character for half of what UTF-8 is made of; and what was misread twice, with bytes lost each time,
can be undone once and no further. A few good words among gaps and garbage are worse than such a line as it
is, from which somebody with the original at hand can at least tell what became of it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import SINGLE
from jiaokan.validators.mojibake.garbled import are_of_utf8
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.rare import rare_positions
from jiaokan.validators.mojibake.remains import unexplained
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.plausibility import log_likelihood
from jiaokan.validators.values import Finding
from jiaokan.validators.view import View

_LEAST_READ = 0.4
"""Of the characters of a line. Of lines that cp949 made, as of GBK's, one in a hundred has less than .44
and .57; of Big5's all but one in twenty (tuning halves)."""
_STILL_MISREAD = 14.5
"""Bits of a character that was read back: of what was misread once one run in a hundred has over 10.5, of
what is still misread then one in twenty less than 18."""
_BESIDE_CHAIN = 1.5
"""Characters beside what was misread more than once, with bytes lost, from which it is not believed: all of a
line was."""
_CHARACTERS_OF_A_RARE_ONE, _CHARACTERS_OF_A_SIGN = 2 / 3, 1 / 2
"""How many characters stand behind what was not read."""
_REPLACED, _QUESTION, _BREAK = 0xFFFD, 0x3F, 0x0A


def without_mostly_lost(
    found: Sequence[Misreading], view: View
) -> tuple[list[Misreading], list[Finding]]:
    """The misreadings of lines that can be read back for the most part, and of the others that they are
    misread."""
    asked = [item for item in found if _may_be_lossy(item)]
    if not any(item.count_of_gaps or len(item.paths) > 1 for item in asked):
        return list(found), []
    codes = view.codes
    start, end = np.array([(item.start, item.end) for item in asked], dtype=np.intp).T
    gaps = np.array([item.count_of_gaps for item in asked])
    high, bits_of = _read_back(asked)
    breaks = np.concatenate(([-1], np.flatnonzero(codes == _BREAK), [len(codes)]))
    line = np.searchsorted(breaks, start)
    # Of each line what was misread once, and what was more often.
    deep = np.array([len(item.paths) > 1 for item in asked])
    kind = 2 * line + deep
    bits = np.bincount(kind, np.where(gaps > 0, bits_of, 0))
    told = np.bincount(kind, np.where(gaps > 0, high - gaps, 0))
    bad = (gaps > 0) & (bits > _STILL_MISREAD * told)[kind]
    read = np.where(bad, 0, high - gaps)
    left = _left(codes, found, view)
    held = bad | _are_less(read, high - read, line, left, breaks)
    held |= deep & (gaps > 0) & (left[breaks[line]] - left[breaks[line - 1] + 1] > _BESIDE_CHAIN)
    dropped = {id(item) for item, is_held in zip(asked, held.tolist(), strict=True) if is_held}
    kept = [item for item in found if id(item) not in dropped]
    return kept, unexplained(start[held], end[held], line[held])


def _may_be_lossy(item: Misreading) -> bool:
    first = item.paths[0]
    return first.true == "utf8" and first.wrong not in SINGLE


def _read_back(
    asked: Sequence[Misreading],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """How many characters of each are beyond ASCII, and the bits of those that are no gaps."""
    apart = np.full(1, _BREAK, dtype=np.uint32)
    codes = np.concatenate([part for item in asked for part in (item.codes, apart)])
    ends = np.cumsum([len(item.codes) + 1 for item in asked])
    begins = np.append(0, ends[:-1])
    high = codes >= 0x80
    bits = np.where(high & (codes != _REPLACED), -log_likelihood(codes), 0)
    count = np.add.reduceat(high, begins, dtype=np.intp)
    return count, np.add.reduceat(bits, begins, dtype=np.float64)


def _are_less(
    read: NDArray[np.intp],
    lost: NDArray[np.intp],
    line: NDArray[np.intp],
    left: NDArray[np.float64],
    breaks: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Whether each is in a line of which less is read than is asked. `left`: running sum of the characters
    that stand behind what was not read."""
    total = np.bincount(line, read)
    behind = np.bincount(line, lost)[line] + left[breaks[line]] - left[breaks[line - 1] + 1]
    found: NDArray[np.bool_] = total[line] < _LEAST_READ * (total[line] + behind)
    return found


def _left(
    codes: NDArray[np.uint32], found: Sequence[Misreading], view: View
) -> NDArray[np.float64]:
    """A running sum of the characters that stand behind each one that no misreading covers: rare ones, and
    signs for lost bytes, `?` beside any of them included."""
    weights = np.zeros(len(codes))
    rare = rare_positions(view)
    weights[rare[are_of_utf8(codes[rare])]] = _CHARACTERS_OF_A_RARE_ONE
    weights[codes == _REPLACED] = _CHARACTERS_OF_A_SIGN
    beside = np.append(weights, 0.0)
    beside[:-1][codes == _QUESTION] = _CHARACTERS_OF_A_SIGN
    questions = np.flatnonzero(codes == _QUESTION)
    questions = questions[(beside[questions - 1] > 0) | (beside[questions + 1] > 0)]
    weights[questions] = _CHARACTERS_OF_A_SIGN
    weights[covered(len(codes), [(item.start, item.end) for item in found])] = 0
    return np.append(0.0, np.cumsum(weights))
