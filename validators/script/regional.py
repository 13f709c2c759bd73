"""Words of another region: 软件 in Taiwan's text, 軟體 in the mainland's. Only looked for when asked."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.tables import rows_of
from jiaokan.validators.values import Applicability, Finding, Rule, Settings
from jiaokan.validators.view import View

RULE = Rule(
    "script/regional-word",
    "A word of another region: 軟件 or 信息 in Taiwan's text, 软体 in the mainland's.",
    Applicability.SAFE,
    """\
Regions have different words for one thing: 軟體 and 軟件, 資訊 and 信息, 計程車 and 出租車. None of them
is damage where its writer wrote it, so nothing is looked for unless `regional_words` is asked for. Then
words go to the region of the target script (`zh-Hans`: the mainland; `zh-Hant-TW`; `zh-Hant-HK`), or,
with `auto` and `zh-Hant`, to the document's own: the mainland for Simplified text, Taiwan or Hong
Kong where the norm of Traditional text is named.

The words are OpenCC's TWPhrases, TWPhrasesRev and HKPhrases, the longest first. A word that native
text of the region also uses, in this sense or another (程序 is a procedure in Taiwan, 通过 is to
pass), is `unsafe`. Two characters that meet by chance (工作日內存入) are told by their neighbours, as
native text shows them.
""",
)
RULES: tuple[Rule, ...] = (RULE,)

Region = Literal["TW", "HK", "CN"]


@dataclass(frozen=True, slots=True)
class _Word:
    """What a region says instead, whether it never says the word itself, and where it is no word."""

    instead: str
    sure: bool
    never_after: str
    never_before: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: dict[str, _Word]
    pattern: re.Pattern[str]


@cache
def _lexicon(region: Region) -> _Lexicon:
    words = {}
    for of, word, instead, sure, around in rows_of("regional-words.tsv"):
        if of == region:
            after, _, before = around.partition("|")
            words[word] = _Word(instead, sure == "sure", after, before)
    longest_first = sorted(words, key=len, reverse=True)
    return _Lexicon(words, re.compile("|".join(map(re.escape, longest_first))))


def _region(view: View, settings: Settings) -> Region | None:
    """Whose words the text shall have."""
    asked: dict[str, Region] = {"zh-Hans": "CN", "zh-Hant-TW": "TW", "zh-Hant-HK": "HK"}
    if settings.script in asked:
        return asked[settings.script]
    if settings.script in ("keep", "zh-Hant-CN"):  # OpenCC's words of the mainland are Simplified
        return None
    if settings.script == "auto" and view.profile.script == "zh-Hans":
        return "CN"
    norm = view.profile.norm
    return norm if norm in ("TW", "HK") else None


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    if not (settings.regional_words and settings.runs(RULE.id)):
        return np.zeros(len(view.starts), dtype=np.bool_)
    return view.documents_with_class(Class.HAN)


def find(view: View, settings: Settings) -> list[Finding]:
    if not (settings.regional_words and settings.runs(RULE.id)):
        return []
    if view.profile.language not in ("zh", "yue"):
        return []
    region = _region(view, settings)
    if region is None:
        return []
    lexicon = _lexicon(region)
    findings = []
    for match in lexicon.pattern.finditer(view.text):
        word = lexicon.words[match.group()]
        start, end = match.span()
        if word.instead == match.group():
            continue
        if view.text[start - 1 : start] in word.never_after and start:
            continue
        if view.text[end : end + 1] in word.never_before and end < len(view.text):
            continue
        findings.append(
            Finding(
                RULE.id,
                start,
                end,
                f"{match.group()} is {word.instead} in this region's text",
                0.95 if word.sure else 0.6,
                Applicability.SAFE if word.sure else Applicability.UNSAFE,
                word.instead,
                {"region": region},
            )
        )
    return findings
