"""`validators/tables/fixed-words.tsv`: words for which native text has only one of two free forms.

The pairs of `_script_free` are never called wrong, one for the other, because native text mixes them;
but not in every word: 註解 or 注解, 注意 always. A word here is a character and its neighbour.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from recipes._script_free import FREE, WORDED
from recipes.script_forms import NATIVE, forms
from recipes.sources import SourceMissingError, shared

HEADER = """\
# Words of which native text has one of two forms that it mixes elsewhere (see
# jiaokan.validators.script.fixed_words). Made by recipes/fixed_words.py: counted in the tuning
# halves of Taiwanese government text (public domain), the Ministry's dictionary (counts only),
# Wikipedia (CC BY-SA, counts only) and the help of LibreOffice and Debian (counts only).
# Whether it counts in a text without other damage, a form, the other that is meant, words in which it
# is, words that keep the form.
"""
SETS = (
    *NATIVE, "zh-Hant/wikipedia", "zh-Hant/libreoffice-help-zh-tw", "zh-Hant/debian-reference-zh-tw",
)  # fmt: skip
ALONE = (
    "註注 佈布 佔占 瞭了 傢家 侷局 綵彩 襬擺 嚮向 誌志 剋克 彙匯 唸念 癥症 麴曲 菓果 倖幸 讚贊 儘盡 蒐搜 夥伙 "
    "並併 曆歷 復複 復覆 複復 複覆"
)
"""Pairs, as written and meant, of which the form that is written is no writer's in these words."""
NOT_ALONE = frozenset(["複數", "複決", "複測", "複評", "複選", "複驗", "顛覆", "覆議", "復業"])
"""Words of those pairs that somebody may mean with the other form (復數年, 提交復議; 複業 of two jobs)."""
AMONG = "注註 覆復 復覆 贊讚 盡儘 伙夥 喂餵 佣傭 厘釐 志誌 匯彙 迴回 託托 藉借 鍊鏈 逕徑 弔吊 摺折"
"""Other free pairs that bad conversion takes for each other: their words count where there is other damage."""
CHOSEN = "哩闇汎燄榘拏挂翫谿荳觔釦鵰餬瀰蓆硃甯孃伕彷閤滙祇慼鏚懞盪蕩卜朴寀"
"""Forms that writers choose in these words, or have in names."""
NAMES = frozenset(
    [
        "之志",
        "何志",
        "劉志",
        "吳志",
        "周志",
        "行志",
        "陳志",
        "志偉",
        "志強",
        "布施",
        "布里",
        "併案",
        "併科",
    ]
)
"""Parts of names, and what others write with either form."""
ESSAY = Path("/usr/share/rime-data/essay.txt")
LEAST, MOST = 30, 200
"""So often a word stands, and in as many as so many is one that has the other form."""
KINDS = 2
"""In so many of the sets."""
STAYS, KEPT = (30, 3), (3, 50)
"""A form is kept beside what it stands so often with, and in one of so many places or more; that of a
listed word (宣佈) with less, and in fewer. (What meets between words, as in 提到|復原, keeps no 到復雜.)"""
TOLD = 3
"""A word explains a form that it has so many times as often as the other."""

_WORD = re.compile(r"([\u3400-\u9fff])(?!\1)[\u3400-\u9fff]")
Word = tuple[str, int]
"""Two characters, and which of them is the form."""


def build() -> dict[str, str | bytes]:
    return {"validators/tables/fixed-words.tsv": HEADER + "".join(f"{r}\n" for r in _lines())}


def _lines() -> Iterator[str]:
    texts = _texts()
    meant = _pairs()
    every = set(meant).union(*meant.values())
    counts = _counts(texts, every)
    # 相關註冊 does not speak against 關注: a word on the other side explains the form.
    counts = _counts(texts, every, explained=_told(counts, meant))
    words = _listed() - NAMES
    sets: Counter[Word] = Counter()
    for text in texts:
        sets.update(set(_counts([text], every)))
    for written, others in sorted(meant.items()):
        for other in sorted(others):
            fixed, stays = [], []
            for word, count in counts.items():
                form = word[0][word[1]]
                often, rare = STAYS[word[0] in words], KEPT[word[0] in words]
                if form == written and count >= max(often, counts[_with(word, other)] / rare):
                    stays.append(word[0])
                elif form != other or word[0] not in words or sets[word] < KINDS:
                    continue
                elif count >= max(LEAST, MOST * counts[_with(word, written)]):
                    fixed.append(word[0])
            is_alone = f"{written}{other}" in ALONE.split()
            for kind in ("alone", "among"):
                found = [w for w in fixed if (is_alone and w not in NOT_ALONE) == (kind == "alone")]
                if found:
                    yield f"{kind}\t{written}\t{other}\t{' '.join(sorted(found))}\t{' '.join(sorted(stays))}"


def _texts() -> list[str]:
    shared("prose")
    from tests.accuracy.sets import documents

    return ["\n".join(documents(name, "tune")) for name in SETS]


def _listed() -> set[str]:
    """Words of two characters, in Taiwan's forms."""
    if not ESSAY.exists():
        raise SourceMissingError(f"{ESSAY} is not there: apt-get install rime-essay")
    taiwan = str.maketrans(forms().taiwan)
    lines = ESSAY.read_text("utf-8").splitlines()
    return {word.translate(taiwan) for line in lines if len(word := line.partition("\t")[0]) == 2}


def _pairs() -> dict[str, set[str]]:
    """The forms that share a Simplified form, each with the others, but for the free ones."""
    meant: dict[str, set[str]] = defaultdict(set)
    for pair in f"{ALONE} {AMONG}".split():
        meant[pair[0]].add(pair[1])
    for values in forms().traditional.values():
        for one, other in permutations(values, 2):
            if {one, other} not in FREE | WORDED and one not in CHOSEN:
                meant[one].add(other)
    return meant


def _counts(texts: list[str], forms: set[str], explained: set[Word] | None = None) -> Counter[Word]:
    """How often each form stands beside each character, but where a word on its other side alone is
    one of those that explain it."""
    counts: Counter[Word] = Counter()
    for text in texts:
        for at, character in enumerate(text):
            if character not in forms:
                continue
            words = [(text[at - 1 : at + 1], 1), (text[at : at + 2], 0)]
            told = [word in explained for word in words] if explained else [False, False]
            for word, other_tells, tells in zip(words, told[::-1], told, strict=True):
                if (tells or not other_tells) and _WORD.fullmatch(word[0]):
                    counts[word] += 1
    return counts


def _told(counts: Counter[Word], meant: dict[str, set[str]]) -> set[Word]:
    others = defaultdict(set, {form: set(forms) for form, forms in meant.items()})
    for form, found in meant.items():
        for other in found:
            others[other].add(form)
    return {
        word
        for word, count in counts.items()
        if count >= STAYS[True]
        and all(count >= TOLD * counts[_with(word, other)] for other in others[word[0][word[1]]])
    }


def _with(word: Word, form: str) -> Word:
    text, place = word
    return text[:place] + form + text[place + 1 :], place
