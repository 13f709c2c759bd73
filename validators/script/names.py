"""Personal names and quotations: their characters are as their writers chose, whatever words mean."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script.forms import forms
from jiaokan.validators.view import View

SURNAMES: Final = frozenset(
    "王李張陳劉林黃吳周徐孫馬朱胡郭何高羅鄭梁謝宋唐許韓鄧馮曹彭曾蕭蔡潘田董袁于余葉蔣杜蘇魏程呂丁沈任姚盧傅鍾姜"
    "崔廖譚范汪陸金石戴賈韋夏邱方侯鄒熊孟秦白江閻薛尹段雷黎史龍陶賀顧毛郝龔邵萬錢嚴賴覃洪武莫孔湯向常溫康施文牛樊"
    "葛邢安齊易喬伍龐顏倪莊聶章魯岳翟殷詹申歐耿關蘭焦俞左柳甘祝包寧尚符舒阮柯紀梅童凌畢單裴霍涂成苗谷盛曲冉翁藍路"
    "游党辛靳管柴蒙鮑華喻祁房滕屈饒解牟艾尤陽時穆農司卓古吉繆簡車項連褚戚後云卜郁荀"
    "张陈刘黄吴孙马罗郑谢许韩邓冯萧叶蒋苏吕卢钟谭陆贾韦阎顔龙贺顾龚万钱严赖汤温齐乔庞颜庄聂鲁欧关兰俞宁纪毕单"
)
TITLES: Final = (
    "書記", "主席", "主任", "長", "經理", "總裁", "委員", "代表", "常委", "記者", "教授", "博士", "先生", "女士",
    "小姐", "同志", "老師", "律師", "醫師", "法官", "檢察官", "議員", "立委", "將軍", "總統", "總理", "同學", "作者",
    "編輯", "導演", "演員", "選手", "秘書", "顧問", "理事", "監事", "名叫", "叫", "姓", "出席",
    "召集人", "負責人", "發言人", "主持人", "聯絡人", "主辦人", "參加", "表示", "指出", "強調", "認為", "主持", "說", "率",
    "强調", "認爲", "説",
)  # fmt: skip
"""What a name may follow without a mark between, or be followed by."""
LONG_TITLES: Final = tuple(title for title in TITLES if len(title) > 1)
OFFICES: Final = (
    "里長", "村長", "鄰長", "鄉長", "鎮長", "區長", "市長", "縣長", "局長", "處長", "科長", "院長", "校長", "部長",
    "署長", "會長", "主任", "先生", "女士", "小姐", "老師", "教授", "醫師", "律師", "議員", "委員", "書記", "經理",
)  # fmt: skip
"""What follows a surname that stands for the whole name."""
ADDRESSES: Final = ("先生", "女士", "小姐", "太太", "夫人", "大哥", "大姐", "老師", "老师")
"""What hardly follows any word but a surname at the head of a clause."""
SURNAME_FORMS: Final = dict(
    zip("钟余游范涂于姜郁岳曲卜朴党", "鍾余游范涂于姜郁岳曲卜朴党", strict=True)
) | dict(zip("鐘餘遊範塗薑鬱嶽麴蔔樸", "鍾余游范涂姜郁岳曲卜朴", strict=True))
"""Characters that stand for a surname: Simplified ones of several forms, and what bad conversion
makes of them (餘 for 余; not 於, which begins too much else)."""
LISTED: Final = frozenset("等和與及暨同")
_QUOTATIONS: Final = ("「」", "『』", "“”", "《》", "〈〉")
_BREAK: Final = 1 + 2 * len(_QUOTATIONS)


def in_name(text: str, position: int) -> bool:
    """Whether a character stands in what looks like a name: a surname and one or two characters,
    between marks, titles, and words that list."""
    if text[max(0, position - 1)] == "姓":
        return True
    if text[position] in SURNAMES and (
        text.startswith(OFFICES, position + 1) or text.endswith(LONG_TITLES, 0, position)
    ):
        return True
    for surname in range(max(0, position - 2), position + 1):
        if text[surname] not in SURNAMES or not _begins(text, surname):
            continue
        for end in (surname + 3, surname + 2):
            whole = position < end <= len(text) and all(map(_is_han, text[surname:end]))
            if whole and _ends(text, end) and (position > surname or end == surname + 3):
                return True
    return False


def is_surname(text: str, position: int) -> bool:
    """Whether a character begins what looks like a name of three characters, or stands for one."""
    if text.startswith(OFFICES, position + 1):
        return True
    end = position + 3
    whole = end <= len(text) and all(map(_is_han, text[position:end]))
    return whole and _begins(text, position) and _ends(text, end)


def is_addressed(text: str, position: int) -> bool:
    """Whether a character begins a clause as the surname of who is named by an address: 于先生."""
    parted = position == 0 or not _is_han(text[position - 1])
    return parted and text.startswith(ADDRESSES, position + 1)


def is_authors(text: str, position: int) -> bool:
    """Whether a character follows an author's name and ends what it says: 房保国著，2005年."""
    if position + 1 < len(text) and _is_han(text[position + 1]):
        return False
    return any(
        start >= 0
        and text[start] in SURNAMES
        and all(map(_is_han, text[start:position]))
        and (start == 0 or not _is_han(text[start - 1]))
        for start in (position - 3, position - 2)
    )


def in_quotation(codes: NDArray[np.uint32], positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether characters stand within quotation or title marks that their line opened."""
    inside = np.zeros(len(positions), dtype=np.bool_)
    if not len(positions):
        return inside
    table = _marks()
    marks = np.flatnonzero(table.take(codes, mode="clip"))
    signs = table[codes[marks]]
    breaks = marks[signs == _BREAK]
    starts = np.append(-1, breaks)[np.searchsorted(breaks, positions)] + 1
    for sign in range(1, _BREAK, 2):
        opened, closed = (
            np.searchsorted(found, positions) - np.searchsorted(found, starts)
            for found in (marks[signs == sign], marks[signs == sign + 1])
        )
        inside |= opened > closed
    return inside


def are_cited(text: str, positions: Sequence[int]) -> list[bool]:
    """For each position, ascending, whether it stands in a quotation that its line opens after the
    title of a work: 《兔園冊》：「…」, 〈春思〉詩：「…」. Such text is of any age.
    """
    found: list[bool] = []
    opened: list[bool] = []
    line = 0
    marks = _QUOTES.finditer(text)
    mark = next(marks, None)
    for position in positions:
        while mark is not None and mark.start() < position:
            at = mark.start()
            if mark[0] == "\n":
                opened.clear()
                line = at + 1
            elif mark[0] in "「“":
                before = max(line, at - _CITES_WITHIN)
                opened.append(_CITES.search(text, before, at) is not None)
            elif opened:
                opened.pop()
            mark = next(marks, None)
        found.append(bool(opened) and opened[-1])
    return found


_QUOTES: Final = re.compile("[「“」”\n]")
_CITES: Final = re.compile("[》〉][^「」“”《〈，。；！？]{0,8}[：:，,]?$")
_CITES_WITHIN: Final = 12
"""Characters from a title's end to the quotation, and a few."""


@cache
def _marks() -> NDArray[np.uint8]:
    """The number of each mark of `_QUOTATIONS`, from 1, and `_BREAK` for a line feed; else 0."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for number, mark in enumerate("".join(_QUOTATIONS), 1):
        table[ord(mark)] = number
    table[0x0A] = _BREAK
    return table


def _begins(text: str, at: int) -> bool:
    if at == 0 or not _is_han(text[at - 1]) or text[at - 1] in LISTED:
        return True
    return text.endswith(TITLES, 0, at)


def _ends(text: str, end: int) -> bool:
    if end == len(text) or not _is_han(text[end]) or text[end] in LISTED:
        return True
    return text.startswith(TITLES, end)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


_QUOTED: Final = re.compile(r"[「『“‘《\"]([^「『“‘《\"」』”’》\n]{1,8})[」』”’》\"]")


def is_contrasted(view: View, position: int) -> bool:
    """Whether a character stands in a quoted word that its line quotes in another spelling, too."""
    text = view.text
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    folded = forms().folded
    spellings: dict[bytes, set[str]] = {}
    own = b""
    for match in _QUOTED.finditer(text, start, len(text) if end < 0 else end):
        key = folded[view.codes[match.start(1) : match.end(1)]].tobytes()
        spellings.setdefault(key, set()).add(match[1])
        if match.start(1) <= position < match.end(1):
            own = key
    return len(spellings.get(own, ())) > 1
