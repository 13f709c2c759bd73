"""Which of the misreadings found in a document are more than chance, seen how large it is.

In a dictionary of a hundred thousand characters some pairs are bound to read well by some path; in a
page of which a tenth is misread, a short stretch more is no wonder.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.mojibake.misreadings import Misreading

_SMALL = 500
"""Characters beyond ASCII of a document in which a misreading needs no more than what makes it one."""
_DOUBLING = 6.0
"""Bits beyond chance that each doubling of the document asks for."""
_SPREAD = 0.15
"""Bits beyond chance for each such character of a document from which all in it is believed."""
_IDEOGRAPHIC = np.uint32(Class.HAN | Class.PRIVATE | Class.NONCHARACTER | Class.REPLACEMENT)
_HAN = np.uint32(Class.HAN)
_LETTERS = np.uint32(Class.LETTER | Class.HANGUL | Class.BOPOMOFO)


def likely_among(
    found: Sequence[Misreading], codes: NDArray[np.uint32], bits: NDArray[np.uint32]
) -> list[Misreading]:
    """Those of a document's misreadings that are believed; `bits` are the classes of its characters."""
    if not found:
        return []
    told = [item for item in found if 2 * len(item.gaps) <= np.count_nonzero(item.codes >= 0x80)]
    size = int(np.count_nonzero(codes >= 0x80))
    if sum(max(item.surprise, 0.0) for item in told) >= _SPREAD * size:
        return list(found) if told else []
    asked = _DOUBLING * math.log2(max(size / _SMALL, 1.0))
    told = [item for item in told if item.surprise >= asked]
    return [item for item in told if _may_stand_there(item, bits[item.start : item.end])]


def _may_stand_there(item: Misreading, seen: NDArray[np.uint32]) -> bool:
    """Whether what is restored is such as stands in text whose other parts are not misread."""
    restored = class_table()[item.codes[item.codes >= 0x80]]
    if item.paths[0].wrong in ("gbk", "big5") and not (seen & _IDEOGRAPHIC).any():
        return False  # ［①］ are marks of a text far more often than a misreading of others
    if not (seen & _HAN).any():
        return True
    # Ideographs in the order of their code read as an alphabet.
    han, letters = (np.count_nonzero(restored & classes) for classes in (_HAN, _LETTERS))
    return bool(letters <= han and (han or not (restored & np.uint32(Class.KANA)).any()))
