"""Variant forms of characters: 産 beside 產, 爲 beside 為, and the forms of the norm that was asked for."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class
from jiaokan.validators.script.decisions import Positions
from jiaokan.validators.script.kanji import may_be_japanese
from jiaokan.validators.script.names import in_name
from jiaokan.validators.values import Applicability, Finding, Rule, Settings
from jiaokan.validators.view import View

RULE = Rule(
    "script/variant",
    "A variant form that is not of the text's norm: 産 for 產, 爲 for 為, 裏 for 裡.",
    Applicability.SAFE,
    """\
Traditional text has regional norms: Taiwan writes 裡 群 著, Hong Kong 裏 羣 着, OpenCC's own standard
爲 衆 裏. Each is right in its own text. What is damage is a form that strayed in from another.

**Without a norm chosen** (`script="auto"` or `"zh-Hant"`) only forms are changed that Taiwan and
Hong Kong both write otherwise:

- 産 and 麽, which no norm but the mainland's printed one has, and converters from Simplified put
  there: to 產 and 麼. A text of that printed norm (説 録 眞 beside 産) is left as it is.
- 爲 衆 僞, to 為 眾 偽: in a text that 産 or 麽 shows to come from such a converter; or where the
  text itself writes 為 眾 偽 twelve times as often. A text that writes 爲 throughout keeps it.

Free variants (台/臺, 佔/占, 布/佈, 裡/裏, 群/羣, 峰/峯) stay as they were written.

**With `zh-Hant-TW` or `zh-Hant-HK`** every form goes to that norm, by OpenCC's TWVariants and
HKVariants; for Taiwan only where native text bears it out (it writes 污 and 祕), and never in a
personal name (林瑞峯). Words that keep a form are known: 喫茶小舖, 著作.

Left alone: Japanese and Korean text, forms near kana, a character that is quoted or discussed
(「爲」字), and, unless a norm is chosen, classical and Cantonese text.
""",
    ("發展新質生産力，爲社會作貢獻", "發展新質生產力，為社會作貢獻"),
)
RULES: tuple[Rule, ...] = (RULE,)

_OPENCC_TOO = "爲衆僞"
"""Shapes that OpenCC's own norm writes."""
_PRINTED = "説録緑値眞敎淸査絶悦鋭脱"
_PRINTED_USUAL = "說錄綠值真教清查絕悅銳脫"
_CLEAR = 12
"""How many times as often the usual forms must stand in a text, for the others to be slips."""

OWN = 3

_IN_NAMES = frozenset("峯啓羣温嫺喫衞朶奬睾鷄鮎")
"""Forms that people write their names with."""


@dataclass(frozen=True, slots=True)
class _Norm:
    """One target's forms, and the words that have forms of their own."""

    forms: dict[str, str]
    words: dict[str, str]
    pattern: re.Pattern[str] | None
    mask: NDArray[np.bool_] = field(repr=False)


@cache
def _rows() -> dict[str, dict[str, str]]:
    path = Path(__file__).parent.parent / "tables" / "variants.tsv"
    found: dict[str, dict[str, str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, form, usual = line.split("\t")[:3]
            found.setdefault(kind, {})[form] = usual
    return found


@cache
def _norm(kind: str) -> _Norm:
    forms = _rows()[kind]
    words = _rows().get(f"{kind}-word", {})
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first))) if words else None
    mask = np.zeros(CODE_POINTS, dtype=np.bool_)
    mask[list(map(ord, forms))] = True
    return _Norm(forms, words, pattern, mask)


def _kind(settings: Settings) -> str | None:
    """Which rows of the table these settings ask for."""
    kinds = {"auto": "shape", "zh-Hant": "shape", "zh-Hant-TW": "TW", "zh-Hant-HK": "HK"}
    return kinds.get(settings.script) if settings.runs(RULE.id) else None


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    kind = _kind(settings)
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    if kind == "shape":  # few and rare: searched for, which is faster than looking everything up
        for form in _norm(kind).forms:
            position = view.text.find(form)
            while position >= 0:
                document = int(view.starts.searchsorted(position, side="right")) - 1
                flags[document] = True
                position = view.text.find(form, int(view.ends[document]))
    elif kind is not None:
        flags = view.documents_with(_norm(kind).mask[view.codes].nonzero()[0])
    return flags


def find(view: View, settings: Settings) -> list[Finding]:
    kind = _kind(settings)
    if kind is None or view.profile.script == "zh-Hans":
        return []
    language = view.profile.language
    if language in ("ja", "ko", "other") or (kind == "shape" and language != "zh"):
        return []
    norm = _norm(kind)
    forms = norm.forms if kind != "shape" else _strays(view.text, norm.forms)
    if not forms:
        return []
    if settings.script == "auto" and view.profile.script != "zh-Hant":
        return []
    if kind == "shape" and may_be_japanese(view.text):
        return []
    positions = norm.mask[view.codes].nonzero()[0]
    positions = positions[[chr(code) in forms for code in view.codes[positions].tolist()]]
    positions = positions[~_mentioned(view, positions, forms)]
    kept: set[int] = set()
    findings = []
    for match in norm.pattern.finditer(view.text) if norm.pattern else ():
        kept.update(range(*match.span()))
        word, written = match.group(), norm.words[match.group()]
        if word != written:
            findings.append(_finding(word, written, match.start(), kind))
    for position in positions.tolist():
        form = view.text[position]
        if position in kept:
            continue
        if kind != "shape" and form in _IN_NAMES and in_name(view.text, position):
            continue
        findings.append(_finding(form, forms[form], position, kind))
    return findings


def without_own_forms(view: View, settings: Settings, found: list[Finding]) -> list[Finding]:
    """The findings, less those that take Hong Kong's forms (户 税 着) for Simplified ones.

    They are Hong Kong's where that norm is asked for, and in a text that writes more such forms
    than Taiwan's for the same characters, and has nothing that only Simplified has. One of them is
    the text's own, of whatever norm, that it writes `OWN` times or more, and more than the other
    form, where it has hardly anything that is Simplified.
    """
    norms = set(_rows()["HK"].values())
    hong_kong = {form: usual for form, usual in _rows()["TW"].items() if form in norms}
    ours = [f for f in found if view.text[f.start : f.end] in hong_kong and f.replacement]
    if not ours or settings.script == "zh-Hans":
        return found
    if settings.script == "zh-Hant-TW":
        return found
    if settings.script != "zh-Hant-HK" and not _writes_hong_kong(view, hong_kong):
        ours = [f for f in ours if _is_own(view, view.text[f.start : f.end], hong_kong)]
    dropped = set(map(id, ours))
    return [finding for finding in found if id(finding) not in dropped]


def _writes_hong_kong(view: View, hong_kong: dict[str, str]) -> bool:
    if view.profile.simplified:
        return False
    count = view.text.count
    chosen = [
        (count(usual), count(form)) for usual, form in hong_kong.items() if usual not in "台為只"
    ]
    return sum(a for a, _ in chosen) > sum(b for _, b in chosen)


def _is_own(view: View, form: str, hong_kong: dict[str, str]) -> bool:
    count = view.text.count(form)
    few = view.profile.simplified * 20 < view.profile.traditional
    return few and count >= OWN and count > view.text.count(hong_kong[form])


def _strays(text: str, shapes: dict[str, str]) -> dict[str, str]:
    """Which of the shapes are not of this text's own norm."""
    count = text.count
    printed = sum(map(count, _PRINTED))
    if printed and printed * 2 >= sum(map(count, _PRINTED_USUAL)):
        return {}
    strays = {form: shapes[form] for form in shapes if form not in _OPENCC_TOO and count(form)}
    own = sum(count(form) for form in _OPENCC_TOO)
    usual = sum(count(shapes[form]) for form in _OPENCC_TOO)
    if strays or usual >= _CLEAR * own > 0:
        strays |= {form: shapes[form] for form in _OPENCC_TOO if count(form)}
    return strays


def _mentioned(view: View, positions: Positions, forms: dict[str, str]) -> NDArray[np.bool_]:
    """Whether characters are spoken of and not used, or stand in Japanese."""
    edge = np.zeros(2, dtype=np.uint32)
    bits = np.concatenate([edge, view.bits, edge])
    codes = np.concatenate([edge, view.codes, edge])
    around = [bits[positions + step] for step in range(5)]
    before, after = around[1], around[3]
    found = (np.bitwise_or.reduce(around) & np.uint32(Class.KANA)) != 0
    found |= ((before & np.uint32(Class.OPEN)) != 0) & ((after & np.uint32(Class.CLOSE)) != 0)
    parted_before = (before & np.uint32(Class.HAN)) == 0
    parted_after = (after & np.uint32(Class.HAN)) == 0
    found |= parted_before & (codes[positions + 3] == ord("字"))
    usual = np.array([ord(forms[chr(code)]) for code in view.codes[positions].tolist()])
    beside = (codes[positions] == usual) | (codes[positions + 4] == usual)
    # At the text's edges there is nothing that the character could be parted from.
    parted = (parted_before & (positions > 0)) | (parted_after & (positions + 1 < len(view.codes)))
    result: NDArray[np.bool_] = found | (parted & beside)
    return result


def _finding(form: str, usual: str, position: int, kind: str) -> Finding:
    where = {
        "shape": "Taiwan and Hong Kong both write",
        "TW": "Taiwan writes",
        "HK": "Hong Kong writes",
    }
    return Finding(
        RULE.id,
        position,
        position + len(form),
        f"{form}: {where[kind]} {usual}",
        0.99 if kind == "shape" else 0.97,
        Applicability.SAFE,
        usual,
        {"norm": kind if kind != "shape" else "TW and HK"},
    )
