"""壹 for every 一: what one widespread conversion to Traditional writes, 壹起 壹個 萬壹 for 一起 一個 萬一.

壹 is the formal numeral of money, contracts and headings. That it is none is told by words in which 一
counts nothing, or what nobody would forge: native text (26 million code points) has none of them.
"""

import re
from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression
from jiaokan.validators.script.findings import reported
from jiaokan.validators.values import Applicability, Finding, Rule, Settings
from jiaokan.validators.view import View

RULE = Rule(
    id="script/formal-numeral",
    summary="The formal numeral 壹 where the plain 一 is meant: 壹起, 壹個, 萬壹.",
    applicability=Applicability.SAFE,
    docs="""\
壹 is 一 as cheques, contracts and headings write it. A widespread conversion to Traditional writes it
for every 一: `我們壹起`, `第壹次`, `唯壹`. It shows in words that count nothing (壹些 壹樣 壹般 萬壹 另壹),
which no contract and no clean text has. These are mended where a text has hardly any 一 of its own, or
two different ones of them; in a text with hardly any 一 every other 壹 is, too (壹個, 壹次).

Left alone: sums of money (`壹元`, `壹萬貳仟元整`), 壹 beside another formal numeral (玖壹壹), every 壹 but
that of such words where a text has other formal numerals (貳 柒 佰), one that is quoted by itself, that
stands in a line that speaks of 大寫, or whose line has the same word with 一, 壹週刊 and 壹電視, and
classical text. Words that are good names, too (壹起 壹直 唯壹), are a sign only within a clause of
Traditional text. The same conversion writes 妳 for 你, which cannot be told from a writer's own.""",
    example=("我們壹起去看壹些老照片", "我們一起去看一些老照片"),
)
RULES: tuple[Rule, ...] = (RULE,)

FORMAL, PLAIN = "壹", "一"
_NUMERALS = "壹貳贰貮參叁叄肆伍陸陆柒捌玖拾佰仟零〇"
_AFTER = (
    "些 樣 样 般 定 旦 致 律 概 味 共 再 向 貫 贯 邊 边 側 侧 旁 端 齊 下 會 会 時 时 陣 阵 堆 瞬 帶 带 併 同 早 整 "
    "大早 大堆 大群 臉 脸 路上 連 连 無所 无所 應俱 窩蜂 舉 举 聲 声 絲 丝 群 刻 系列 方面 眼 句話 句话 輩子 辈子 "
    "轉眼 口氣 步步 點點 点点 點也 点也"
)
_MEASURES = "個个種种款段位名本篇步時时行眼句條条"
_WORDS = expression(
    rf"(?<![{_NUMERALS}])壹(?:{'|'.join(_AFTER.split())})"
    rf"|(?:[另某這这哪逐同獨独唯統统]|(?<![{_NUMERALS}十百千])[萬万])壹(?![{_NUMERALS}萬万個个點点])"
    r"|(?<![十百千])[萬万]壹(?=[個个點点]?[^萬万元圓])|[進进]壹步|[上下]壹[個个步頁页篇代站]"
    rf"|[是每]壹[{_MEASURES}](?!月|年|工作|星期)|第壹[個个步時时行眼](?!月|年|工作|星期)"
    r"|(?:週|星期)壹(?!刊)|(?<![號号樓楼\d一二三四五六七八九十])之壹(?![\d號号])"
    rf"|[在到們们友我你妳他她人]壹起|唯壹的|[的是]唯壹|[會会就然]壹直|壹直[有在到都以保]|了壹[{_MEASURES}]"
    r"|壹起|壹直(?!播)"
)
"""What shows that 壹 is no numeral; of it, `_NAMES` are good names, or of the classics, too."""
_NAMES = frozenset(("壹起", "壹直", "唯壹", "統壹", "统壹", "壹切"))
_AROUND = 4
"""Code points of the longest of `_WORDS` before or after its 壹."""
_OTHERS = expression("[貳贰貮叁叄肆柒捌玖佰仟]")
"""Formal numerals that are nothing else."""
_STAYS = expression(
    rf"(?<=[{_NUMERALS}])壹|壹(?=[{_NUMERALS}])|壹[萬万億亿千百]?[元圓圆塊块角分兩两]"
    rf"|(?<=[幣币金額额價价款費费計计])壹|壹(?=[^，。；\n]{{0,8}}[元圓圆][整正])"
    r"|壹(?=[週周]刊|傳媒|传媒|電視|电视)|(?<=[「『“‘\"'《])壹(?=[」』”’\"'》])"
)
_OF_NUMERALS = expression("[大小][寫写]|[貳贰貮][、，/]|正式數字")
_SHARE = 4
"""A text writes 壹 itself for 一 that has so many times as many of it."""
_OWN = 2
"""So many different words show it where the text has 一, too."""


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    at = view.text.find(FORMAL)
    while at >= 0:
        document = int(view.starts.searchsorted(at, side="right")) - 1
        flags[document] = _WORDS.search(view.text, max(0, at - _AROUND), at + _AROUND) is not None
        end = int(view.ends[document]) if flags[document] else at + 1
        at = view.text.find(FORMAL, end)
    return flags


def find(view: View, settings: Settings) -> list[Finding]:
    text = view.text
    if FORMAL not in text or view.profile.language not in ("zh", "yue", "nan"):
        return []
    spans = {m.start() + m[0].index(FORMAL): m[0] for m in _WORDS.finditer(text)}
    rules = text.count(FORMAL) >= _SHARE * text.count(PLAIN)
    words = set(spans.values()) - _NAMES
    if rules and view.profile.script == "zh-Hant":
        words |= {word for place, word in spans.items() if _is_within(view, place, word)}
    if not spans:
        return []
    stays = {match.start() + match[0].index(FORMAL) for match in _STAYS.finditer(text)}
    sure = len(words) >= (1 if rules else _OWN)
    every = rules and sure and _OTHERS.search(text) is None
    places = [m.start() for m in re.finditer(FORMAL, text)] if every else list(spans)
    breaks = view.breaks.tolist()
    findings = []
    for place in places:
        line = bisect_right(breaks, place)
        start = breaks[line - 1] + 1 if line else 0
        end = breaks[line] if line < len(breaks) else len(text)
        if place in stays or _is_spoken_of(text, place, start, end):
            continue
        word = text[max(start, place - 1) : place + 2].strip()
        findings.append(
            Finding(
                RULE.id, place, place + 1, f"{word}: 壹 is the numeral of sums, and 一 is meant",
                0.99 if sure else 0.8, Applicability.SAFE if sure else Applicability.UNSAFE, PLAIN,
            )
        )  # fmt: skip
    return [reported(finding) for finding in findings] if settings.script == "keep" else findings


def _is_spoken_of(text: str, place: int, start: int, end: int) -> bool:
    """Whether the line from `start` to `end` speaks of numerals, or has the word at `place` with 一, too."""
    if _OF_NUMERALS.search(text, start, end):
        return True
    twin = PLAIN + text[place + 1 : min(place + 2, end)]
    return len(twin) > 1 and twin in text[start:end]


def _is_within(view: View, place: int, word: str) -> bool:
    """Whether a word, whose 壹 is at `place`, has ideographs before and after it, as names have not."""
    start = place - word.index(FORMAL)
    end = start + len(word)
    around = (start - 1, end)
    return (
        start > 0
        and end < len(view.bits)
        and bool((view.bits[list(around)] & np.uint32(Class.HAN)).all())
    )
