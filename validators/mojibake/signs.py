"""Signs whose UTF-8 was read as Latin-1 or windows-1252, `25Â°C`, `2Ã—3`, and emoji read as GBK, `馃殌`.

One sign is no evidence by how probable it is, but Â or Ã before it, and no letter before that, is no text
of any language; nor is 馃, which few words have, before what no word has.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.codepages import page
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.rare import rare_positions
from jiaokan.validators.mojibake.segments import Path
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.view import View, code_points

_SIGN = expression(
    r"(?<![A-Za-z\x80-\x9f\u00aa-\u02af])(?:Â[\u00a0-\u00a9\u00ac-\u00b9\u00bc-\u00bf]|Ã[\x97\xb7—]|ã€€)+(?![\x80-\x9f\u00a1-\u02af])"
)
"""Letters may stand before the quotes « », Â and Ã among them; and before other letters it is GBK (Â·ÈË) or data."""
_FIRSTS = "ÂÃã"
_SECONDS = "".join(map(chr, range(0xA0, 0xC0))) + "\x97—€"
_LEAD = "馃"
"""F0 9F read as GBK."""
_EMOJI = expression(_LEAD + "[\u3400-\u9fff]")
_BITS = 24.0
"""Stands for what no language writes."""


def positions(view: View) -> NDArray[np.intp]:
    """Where Â, Ã or ã stands before what is no letter, in text that has ideographs, and 馃 before what
    would be the rest of an emoji."""
    if not view.present & Class.HAN:
        return view.starts[:0]
    at = view.where(Class.HIGH_LATIN)
    at = at[one_of(view.codes[at], _FIRSTS)]
    at = at[at + 1 < len(view.codes)]
    at = at[one_of(view.codes[at + 1], _SECONDS)]
    rare = rare_positions(view)
    leads = rare[view.codes[rare] == ord(_LEAD)]
    if not len(leads):
        return at
    leads = leads[leads + 1 < len(view.codes)]
    following = np.minimum(view.codes[leads + 1], np.uint32(0xFFFF))
    found: NDArray[np.intp] = np.append(at, leads[_rest_of_emoji()[following] > 0])
    return found


@cache
def _rest_of_emoji() -> NDArray[np.uint32]:
    """By code point, the emoji whose last two bytes in UTF-8 GBK reads as it; 0 for others."""
    pairs = page("gbk").bytes_of.astype(np.uint32)
    first, second = pairs >> 8, pairs & 0xFF
    points = (0x1F << 12) | (first & 0x3F) << 6 | second & 0x3F
    fits = (first >= 0x8C) & (first < 0xB0) & (second >= 0x80) & (second < 0xC0)
    return np.where(fits, points, np.uint32(0))


def with_signs(found: Sequence[Misreading], view: View) -> list[Misreading]:
    """The misreadings of a document, and its signs outside of them."""
    if not len(positions(view)):
        return list(found)
    taken = covered(len(view.codes), [(item.start, item.end) for item in found])
    signs = [
        Misreading((path,), *match.span(), meant(match.group()), _BITS, _BITS, True)
        for path, seen, meant in (
            (Path("utf8", "latin1"), _SIGN, _sign), (Path("utf8", "gbk"), _EMOJI, _emoji),
        )
        for match in seen.finditer(view.text)
        if not taken[match.start() : match.end()].any() and meant(match.group()).all()
    ]  # fmt: skip
    return sorted([*found, *signs], key=lambda item: item.start)


def _sign(seen: str) -> NDArray[np.uint32]:
    data = bytes(ord(c) if ord(c) < 0x100 else c.encode("cp1252")[0] for c in seen)
    return code_points(data.decode())


def _emoji(seen: str) -> NDArray[np.uint32]:
    return _rest_of_emoji()[[ord(seen[1])]]
