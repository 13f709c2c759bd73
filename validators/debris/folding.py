"""Text as the patterns see it: Simplified, with ASCII marks, character for character."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import rows_of
from jiaokan.validators.view import code_points, text_of

_MARKS = str.maketrans(
    "：∶（）［］｜丨∣│┃︱／，；！？＞＜　\t\u00a0｡～－＋＝＃＠", "::()[]||||||/,;!?><   。~-+=#@"
)


@cache
def folding() -> dict[int, str]:
    """Each character of Traditional text, or full-width mark, that stands for another here."""
    table = {key: chr(value) if isinstance(value, int) else value for key, value in _MARKS.items()}
    for simplified, traditional in rows_of("debris-folding.tsv"):
        table.update((ord(form), simplified) for form in traditional)
    return table


@cache
def forms() -> dict[str, str]:
    """For each character of folded text, the others that fold to it."""
    found: dict[str, str] = {}
    for form, simplified in folding().items():
        found[simplified] = found.get(simplified, "") + chr(form)
    return found


def fold(text: str) -> str:
    """The text folded; as long as before, so that positions stay."""
    return text.translate(folding())


def fold_lines(lines: Sequence[str]) -> list[str]:
    """Each line folded, the lines being without line feeds; much faster than one by one."""
    if len(lines) < _FEW:
        return [fold(line) for line in lines]
    codes = code_points("\n".join(lines))
    folded = np.where(codes < _BMP, _table().take(codes, mode="clip"), codes)
    return text_of(folded).split("\n")


_FEW = 4
_BMP = 0x10000


@cache
def _table() -> NDArray[np.uint32]:
    """`folding`, by code point."""
    table = np.arange(_BMP, dtype=np.uint32)
    for form, simplified in folding().items():
        if form < _BMP:
            table[form] = ord(simplified)
    return table
