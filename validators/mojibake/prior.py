"""Which of the misreadings found in a document are more than chance, seen how much in it could be one.

In a dictionary of ten thousand rare characters some pairs are bound to read well by some path; in a
page of which a tenth is misread, a short stretch more is no wonder.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, class_table
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.rare import rare_positions
from jiaokan.validators.view import View

_FEW = 50
"""Rare characters of a document in which a misreading needs no more than what makes it one."""
_DOUBLING = 6.0
"""Bits beyond chance that twice as many of them ask for."""
_SPREAD = 0.15
"""Bits beyond chance for each character beyond ASCII from which all in a document is believed."""
_IDEOGRAPHIC = np.uint32(Class.HAN | Class.PRIVATE | Class.NONCHARACTER | Class.REPLACEMENT)
_HAN = np.uint32(Class.HAN)
_KANA = int(Class.KANA)
_LETTERS = np.uint32(Class.LETTER | Class.HANGUL | Class.BOPOMOFO)


def likely_among(found: Sequence[Misreading], view: View) -> list[Misreading]:
    """Those of a document's misreadings that are believed."""
    text = view.text
    found = [item for item in found if not _is_one_letter(text, item.start, item.end)]
    found = _outside_japanese(found, view) if view.present & _KANA else found
    if not found:
        return []
    high = np.concatenate([item.codes for item in found]) >= 0x80
    begins = np.cumsum([0, *(len(item.codes) for item in found[:-1])])
    sizes = np.add.reduceat(high, begins, dtype=np.intp).tolist()
    told = [item for item, size in zip(found, sizes, strict=True) if 2 * item.count_of_gaps <= size]
    size = int(np.count_nonzero(view.codes >= 0x80))
    if sum(max(item.surprise, 0.0) for item in told) >= _SPREAD * size:
        return list(found)
    asked = _DOUBLING * math.log2(max(len(rare_positions(view)) / _FEW, 1.0))
    told = [item for item in told if item.surprise >= asked]
    return [item for item in told if _may_stand_there(item, view.bits[item.start : item.end])]


def _is_one_letter(text: str, start: int, end: int) -> bool:
    """Whether a letter is drawn out, as in NÃÃÃO."""
    size = end - start
    return (
        size > 2 and text[start] == text[start + 1] and text.count(text[start], start, end) == size
    )


def _outside_japanese(found: list[Misreading], view: View) -> list[Misreading]:
    """Those that are not kana alone, where most of the document's kana stand outside of all of them."""
    kana = view.where(_KANA)
    bounds = np.searchsorted(kana, [(item.start, item.end) for item in found]).reshape(-1, 2)
    inside = int((bounds[:, 1] - bounds[:, 0]).sum())
    if (len(kana) - inside) * 4 <= inside:
        return found
    return [
        item
        for item in found
        if item.paths[0].wrong not in ("gbk", "big5")
        or (view.bits[item.start : item.end] & _IDEOGRAPHIC).any()
    ]


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
