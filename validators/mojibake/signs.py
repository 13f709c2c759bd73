"""Signs of Latin-1, and wide spaces, whose UTF-8 was read as Latin-1 or windows-1252: `25Â°C`, `2Ã—3`.

One sign is no evidence by how probable it is, but Â or Ã before it, and no letter before that, is no text
of any language.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.inversion import Path
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.view import View, code_points

_PATH = Path("utf8", "latin1")
_SIGN = expression(
    r"(?<![A-Za-z\x80-\x9f\u00aa-\u02af])(?:Â[\u00a0-\u00a9\u00ac-\u00b9\u00bc-\u00bf]|Ã[\x97\xb7—]|ã€€)+(?![\x80-\x9f\u00a1-\u02af])"
)
"""Letters may stand before the quotes « », Â and Ã among them; and before other letters it is GBK (Â·ÈË) or data."""
_FIRSTS = "ÂÃã"
_SECONDS = "".join(map(chr, range(0xA0, 0xC0))) + "\x97—€"
_BITS = 24.0
"""Stands for what no language writes."""


def positions(view: View) -> NDArray[np.intp]:
    """Where Â, Ã or ã stands before what is no letter, in text that has ideographs."""
    if not view.present & Class.HAN:
        return view.starts[:0]
    at = view.where(Class.HIGH_LATIN)
    at = at[one_of(view.codes[at], _FIRSTS)]
    at = at[at + 1 < len(view.codes)]
    found: NDArray[np.intp] = at[one_of(view.codes[at + 1], _SECONDS)]
    return found


def with_signs(found: Sequence[Misreading], view: View) -> list[Misreading]:
    """The misreadings of a document, and its signs outside of them."""
    if not len(positions(view)):
        return list(found)
    taken = np.zeros(len(view.codes), dtype=np.bool_)
    for item in found:
        taken[item.start : item.end] = True
    signs = [
        Misreading((_PATH,), *match.span(), _meant(match.group()), _BITS, _BITS, True)
        for match in _SIGN.finditer(view.text)
        if not taken[match.start() : match.end()].any()
    ]
    return sorted([*found, *signs], key=lambda item: item.start)


def _meant(seen: str) -> NDArray[np.uint32]:
    data = bytes(ord(c) if ord(c) < 0x100 else c.encode("cp1252")[0] for c in seen)
    return code_points(data.decode())
