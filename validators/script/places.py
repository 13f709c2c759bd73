"""Places whose characters are not conversion's to change: what is spoken of, other languages, names."""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.languages import HOKKIEN_ALONE
from jiaokan.validators.script.cantonese import CANTONESE
from jiaokan.validators.script.decisions import Codes, Positions
from jiaokan.validators.script.forms import forms
from jiaokan.validators.script.kanji import common_kanji
from jiaokan.validators.view import View

_PAIRS = (
    "「」",
    "『』",
    "“”",
    "‘’",
    '""',
    "''",
    "〈〉",
    "《》",
    "()",
    "（）",
    "[]",
    "【】",
    "＂＂",
)
OPENING, CLOSING = ("".join(sorted({pair[side] for pair in _PAIRS})) for side in (0, 1))
_OPENING = np.array(list(map(ord, OPENING)), dtype=np.uint32)
_CLOSING_OF = np.array([ord(p[1]) for p in sorted(_PAIRS)], dtype=np.uint32)
"""The closing mark of each of `OPENING`."""
_BEFORE_TWIN = "（(/／「“《=＝→ 、"
"""Signs between a character and its other form, where the two are set side by side."""
_LOST, _LOST_LEAST, _LOST_IN = 0xFFFD, 2, 20
"""A line is garbage, and no words are there to judge, where so many characters or more are lost, and one
in so many."""
_MODERN = frozenset("的了這們個還沒說很她嗎呢吧您")
_OLD = frozenset("曰矣焉乎哉兮惟維爾匪弗厥吾汝靡")


def without_special(
    view: View, positions: Positions, *, asked: bool, quoted_only: bool = False
) -> Positions:
    """Positions less those in lines of another language or of garbage, of characters quoted alone,
    and beside their twin.

    With `quoted_only`, of the quoted ones only those stay out that are forms of several.
    """
    if not len(positions):
        return positions
    codes, known = view.codes, forms()
    others = view.where(Class.KANA)
    if not asked:
        foreign = np.flatnonzero(_of_other_languages().take(codes, mode="clip"))
        others = np.concatenate([others, foreign])
    keep = ~_in_lines_with(view, positions, others)
    if not asked:
        keep &= ~_among_lost(view, positions) & ~_among_forms(view, positions)
    edge = np.zeros(2, dtype=np.uint32)
    around = np.concatenate([edge, codes, edge])
    at = positions + 2
    here, opening = around[at], around[at - 1]
    closing = _CLOSING_OF[np.minimum(np.searchsorted(_OPENING, opening), len(_OPENING) - 1)]
    quote = one_of(opening, OPENING) & (around[at + 1] == closing)
    if quoted_only:
        quote &= known.member[codes[positions]] > 0
    else:
        folded = known.folded[here]
        for step in (-1, 1) if not asked else ():  # 發髮, 乾幹: listed, not written
            beside = around[at + step]
            keep &= (known.folded[beside] != folded) | (beside == here)
        for step in (-2, 2):
            beside = around[at + step]
            twin = ((known.folded[beside] == folded) & (beside != here)).nonzero()[0]
            between = around[at[twin] + step // 2]
            keep[twin[one_of(between, _BEFORE_TWIN[:-1] if asked else _BEFORE_TWIN)]] = False
    text = view.text
    if not asked and holds(text, *_IN_AUTONYMS):
        keep &= ~within(_AUTONYM, text, positions)
    keep &= ~quote & ~_is_selector(around[at + 1])
    if (codes - np.uint32(0x2FF0) < 0x10).any():
        keep &= ~within(_DESCRIPTION, text, positions)
    return positions[keep]


_DESCRIPTION = expression(
    "[\u2ff0-\u2fff][\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""A character that is described by its parts, ⿰木山."""


def _is_selector(codes: Codes) -> NDArray[np.bool_]:
    """Variation selectors: the form before them is meant."""
    return (codes - np.uint32(0xFE00) < 0x10) | (codes - np.uint32(0xE0100) < 0xF0)


def without_spoken_of(view: View, positions: Positions) -> Positions:
    """Positions less those of characters that stand alone, and of all that the text speaks of: that
    open a line or a quotation with a mark after them (「价，善也」, 「貴价」 are of one entry).
    """
    if not len(positions):
        return positions
    edge = np.zeros(1, dtype=view.bits.dtype)
    bits = np.concatenate([edge, view.bits, edge])
    before, after = bits[positions], bits[positions + 2]
    alone = ((before | after) & np.uint32(Class.HAN)) == 0
    opens = (before & np.uint32(Class.OPEN | Class.BREAK)) != 0
    marked = (after & np.uint32(Class.CJK_MARK | Class.CLOSE)) != 0
    spoken = view.codes[positions[alone & (opens | (positions == 0)) & marked]]
    kept: Positions = positions[~alone & ~np.isin(view.codes[positions], spoken)]
    return kept


def without_either(view: View, positions: Positions) -> Positions:
    """Positions less those of 后 that may be a queen's where 之後 is common (果中之后, 漢成帝之后) or is as
    good as 後 (午后), of 叶 in 叶韻, and of 麵 in a noodle shop's 麵麵俱到."""
    some = one_of(view.codes[positions], _EITHER_FORMS)
    if some.any():
        some[some] = within(_EITHER, view.text, positions[some])
    return positions[~some]


_EITHER_FORMS = "叶后麵"
_EITHER = expression("[中帝王君皇國]之后|午后|叶[韻音律]|麵麵俱到")


_OF_PLACES = expression(
    "[省市县區区旗镇鎮乡鄉村庄莊屯寨堡街巷路里河江湖溪山岭嶺岛島港湾灣站州郡]|街道|开发|開發|新区|新區"
)
_AUTONYM = expression(
    "[繁简簡][體体](?:中文|版|字)|正體(?:中文|版|字)|日本[語语]|中文[（(](?:繁體|简体|台灣|臺灣)"
)
"""Names of languages and scripts, each written as its own readers write it, as in a page's list of translations."""
_IN_AUTONYMS = ("繁體", "繁体", "简體", "简体", "簡體", "簡体", "正體", "日本", "中文")
"""Each of them has one of these, which are found sooner."""
_PLACE = 5
"""Characters from one of a place's name to what kind of place it is."""


def in_place_names(view: View, positions: Positions) -> NDArray[np.bool_]:
    """Whether characters stand in a word that ends as names of places do: 於潜镇, 濛江街道, 清濛经济开发区."""
    text = view.text
    found = np.zeros(len(positions), dtype=np.bool_)
    for row, position in enumerate(positions.tolist()):
        found[row] = _OF_PLACES.search(text, position + 1, position + 1 + _PLACE) is not None
    return found


def within(found_by: re.Pattern[str], text: str, positions: Positions) -> NDArray[np.bool_]:
    """Whether positions are in what an expression finds."""
    spans = np.array([m.span() for m in found_by.finditer(text)]).reshape(-1, 2)
    after: NDArray[np.bool_] = np.searchsorted(
        spans[:, 0], positions, side="right"
    ) > np.searchsorted(spans[:, 1], positions, side="right")
    return after


def is_old(text: str) -> bool:
    """Whether a text has words of classical verse and prose, and none that modern text is full of."""
    # Asked in this order, a modern text is known at once.
    return not any(word in text for word in _MODERN) and any(word in text for word in _OLD)


def _in_lines_with(view: View, positions: Positions, others: Positions) -> NDArray[np.bool_]:
    if not len(others):
        return np.zeros(len(positions), dtype=np.bool_)
    breaks = view.breaks
    lines = np.zeros(len(breaks) + 1, dtype=np.bool_)
    lines[np.searchsorted(breaks, others)] = True
    return lines[np.searchsorted(breaks, positions)]


def _among_lost(view: View, positions: Positions) -> NDArray[np.bool_]:
    """Whether characters stand in lines that were misread, with so much lost that what is left is no
    text of any script."""
    if chr(_LOST) not in view.text:
        return np.zeros(len(positions), dtype=np.bool_)
    lost = (view.codes == _LOST).nonzero()[0]
    ends = np.append(view.breaks, len(view.codes))[line := view.breaks.searchsorted(positions)]
    starts = np.append(-1, view.breaks)[line] + 1
    here = lost.searchsorted(ends) - lost.searchsorted(starts)
    garbage: NDArray[np.bool_] = (here >= _LOST_LEAST) & (here * _LOST_IN >= ends - starts)
    return garbage


def _among_forms(view: View, positions: Positions) -> NDArray[np.bool_]:
    """Whether characters stand in lines whose ideographs are all forms of one character, and not the
    same: a table of forms (U+4E3E举=U+8209舉)."""
    codes = view.codes
    # Hardly a place has no ideograph of another kind beside it.
    own, alone = forms().folded[codes[positions]], np.ones(len(positions), dtype=np.bool_)
    for beside in (np.maximum(positions - 1, 0), np.minimum(positions + 1, len(codes) - 1)):
        other = forms().folded[codes[beside]] != own
        alone &= ~(other & ((view.bits[beside] & np.uint32(Class.HAN)) != 0))
    if not alone.any():
        return alone
    han = view.where(Class.HAN)
    line = view.breaks.searchsorted(han)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    written, folded = codes[han], forms().folded[codes[han]]
    is_table = np.minimum.reduceat(folded, first) == np.maximum.reduceat(folded, first)
    is_table &= np.minimum.reduceat(written, first) != np.maximum.reduceat(written, first)
    of_position = line[first].searchsorted(view.breaks.searchsorted(positions))
    found: NDArray[np.bool_] = is_table[of_position]
    return found


@cache
def _of_other_languages() -> NDArray[np.bool_]:
    """Characters that only Japanese, or only written Cantonese or Hokkien, has."""
    table = _shinjitai().copy()
    table[list(map(ord, CANTONESE + HOKKIEN_ALONE))] = True
    return table


@cache
def _shinjitai() -> NDArray[np.bool_]:
    """Kanji in daily use in Japan that are of neither script, nor a variant in either: 鉄, 図, 乗."""
    known = forms()
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    for character in common_kanji():
        code = ord(character)
        chinese = character.encode("gb2312", "ignore") or character.encode("big5", "ignore")
        if not chinese and known.folded[code] == code and not known.kind[code]:
            table[code] = True
    return table
