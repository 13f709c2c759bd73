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
"""Ideographs of a document in which a misreading needs no more than what makes it one."""
_DOUBLING = 6.0
"""Bits beyond chance that each doubling of the document asks for."""
_SPREAD = 0.15
"""Bits beyond chance for each ideograph of a document from which all in it is believed."""
_LETTERS = 120.0
"""Bits beyond chance from which ideographs are letters or signs of another script."""
_IDEOGRAPHIC = np.uint32(Class.HAN | Class.PRIVATE | Class.NONCHARACTER | Class.REPLACEMENT)
_HAN = np.uint32(Class.HAN)


_OTHER_LETTERS = np.uint32(Class.LETTER | Class.KANA | Class.HANGUL | Class.BOPOMOFO)


def likely_among(
    found: Sequence[Misreading], bits: NDArray[np.uint32], han: int
) -> list[Misreading]:
    """Those of a document's misreadings that are believed.

    `bits` are the classes of its characters, `han` of which are ideographs.
    """
    told = [item for item in found if _tells(item, bits[item.start : item.end])]
    if sum(max(item.surprise, 0.0) for item in told) >= _SPREAD * han:
        return list(found) if told else []
    asked = _DOUBLING * math.log2(max(han / _SMALL, 1.0))
    return [item for item in told if item.surprise >= asked]


def _tells(item: Misreading, seen: NDArray[np.uint32]) -> bool:
    """Whether something is restored that may stand where the seen characters do."""
    restored = class_table()[item.codes[item.codes >= 0x80]]
    if not (restored & ~np.uint32(Class.REPLACEMENT)).any():
        return False
    if item.paths[0].wrong in ("gbk", "big5") and not (seen & _IDEOGRAPHIC).any():
        return False  # ［①］ are marks of a text far more often than a misreading of others
    ideographs_became_letters = (
        bool((restored & _OTHER_LETTERS).any())
        and not (restored & _HAN).any()
        and bool((seen & _HAN).any())
    )
    return not ideographs_became_letters or item.surprise >= _LETTERS
