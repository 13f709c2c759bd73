"""Variant forms of characters: 産 beside 產, 爲 beside 為, and the forms of the norm that was asked for."""

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class
from jiaokan.validators.script.decisions import Positions
from jiaokan.validators.script.forms import HANS_ONLY, forms
from jiaokan.validators.script.kanji import may_be_japanese
from jiaokan.validators.script.names import in_name
from jiaokan.validators.tables import rows_of
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

**With `zh-Hant-CN`** forms go to those that the mainland prints Traditional text with, GB/T 12345:
説 緑 爲 衆 裏, and 决 没 强 吴, 旅游 注册. What the list of 2013 gave back is left (昇, 堃).
A text that is printed so is left as it is unless another norm is asked for.

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
_BY_MEANING = "臺着麽"
"""Forms of the mainland's that others write, too, or that converters put there."""
_MOSTLY = 2
"""How many times as often as Taiwan's the mainland's forms stand in a text that is printed so."""
_CLEAR = 12
"""How many times as often the usual forms must stand in a text, for the others to be slips."""

OWN = 3
_LAST_OF_BMP = 0x10000

_IN_NAMES = frozenset("峯啓羣温嫺喫衞朶奬睾鷄鮎献咏")
"""Forms that people write their names with."""


_NORMS = {"zh-Hant-TW": "TW", "zh-Hant-HK": "HK", "zh-Hant-CN": "CN"}
"""The norms that can be asked for."""


@dataclass(frozen=True, slots=True)
class _Norm:
    """One target's forms, and the words that have forms of their own."""

    forms: dict[str, str]
    words: dict[str, str]
    pattern: re.Pattern[str] | None
    mask: NDArray[np.bool_] = field(repr=False)


@cache
def _rows() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for kind, form, usual, *_ in rows_of("variants.tsv"):
        found.setdefault(kind, {})[form] = usual
    return found


@cache
def _norm(kind: str) -> _Norm:
    usual = _rows()[kind]
    words = _rows().get(f"{kind}-word", {})
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first))) if words else None
    mask = np.zeros(CODE_POINTS, dtype=np.bool_)
    mask[list(map(ord, usual))] = True
    return _Norm(usual, words, pattern, mask)


def _kind(settings: Settings) -> str | None:
    """Which rows of the table these settings ask for."""
    if not settings.runs(RULE.id):
        return None
    return "shape" if settings.script in ("auto", "zh-Hant") else _NORMS.get(settings.script)


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
    positions = norm.mask[view.codes].nonzero()[0]
    if kind == "shape" and not len(positions):
        return []
    usual = norm.forms if kind != "shape" else _strays(view, settings, norm.forms)
    if not usual:
        return []
    if settings.script == "auto" and view.profile.script != "zh-Hant":
        return []
    if kind == "shape" and may_be_japanese(view.text):
        return []
    positions = positions[[chr(code) in usual for code in view.codes[positions].tolist()]]
    positions = positions[~_mentioned(view, positions, usual)]
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
        findings.append(_finding(form, usual[form], position, kind))
    return findings


def own_forms(view: View, settings: Settings) -> NDArray[np.bool_]:
    """Whether a code point is a form of the text's norm, asked for or its own, and so not Simplified."""
    norm = _NORMS.get(settings.script)
    if norm is None and settings.script != "zh-Hans" and _writes_mainland(view, settings):
        norm = "CN"
    return _forms_of(norm) if norm in ("HK", "CN") else np.zeros(CODE_POINTS, dtype=np.bool_)


@cache
def _forms_of(norm: str) -> NDArray[np.bool_]:
    found = np.zeros(CODE_POINTS, dtype=np.bool_)
    found[list(map(ord, _rows()[norm].values()))] = True
    return found


def without_own_forms(view: View, settings: Settings, found: list[Finding]) -> list[Finding]:
    """The findings, less those that take the norm's own forms for Simplified or for wrong ones.

    They are the norm's where that is asked for, and in a text that writes more such forms than
    Taiwan's for the same characters: Hong Kong's (户 税 着) if it has nothing that only Simplified
    has, the mainland's (决 没 游) if it has some that Simplified does not have, either (説 爲). One of
    Hong Kong's is the text's own, of whatever norm, that it writes `OWN` times or more, and more than
    the other form, where it has hardly anything that is Simplified.
    """
    if settings.script in ("zh-Hans", "zh-Hant-TW") or not found:
        return found
    norm = _NORMS.get(settings.script)
    if norm == "CN" or (norm is None and _writes_mainland(view, settings)):
        own = _rows()["CN"]
        return [f for f in found if own.get(f.replacement or "") != view.text[f.start : f.end]]
    norms = set(_rows()["HK"].values())
    hong_kong = {form: usual for form, usual in _rows()["TW"].items() if form in norms}
    ours = [f for f in found if view.text[f.start : f.end] in hong_kong and f.replacement]
    if ours and norm != "HK" and not _writes_hong_kong(view, hong_kong):
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


def _writes_mainland(view: View, settings: Settings) -> bool:
    """Whether a text is Traditional as the mainland prints it: for the most part it has those of its
    forms that are never Simplified (説 爲 産), and those that are (决 没); or, unless Traditional is
    asked for, of a few of the latter and of nothing else that is Simplified, no other form."""
    asked = settings.script not in ("auto", "keep")
    name = "mainland's forms, asked" if asked else "mainland's forms"
    return view.once(name, lambda view: _shows_mainland(view, asked))


def _shows_mainland(view: View, asked: bool) -> bool:
    codes = view.codes
    counts = np.bincount(codes[codes < _LAST_OF_BMP], minlength=_LAST_OF_BMP)
    known = _mainland()
    printed, simplified = int(counts[known.printed].sum()), int(counts[known.simplified].sum())
    if not simplified or simplified < _MOSTLY * (theirs := int(counts[known.others].sum())):
        return False
    if printed > int(counts[known.not_printed].sum()):
        return True
    if asked:
        return False
    distinct = np.count_nonzero(counts[known.simplified])
    return bool(distinct >= OWN and theirs == 0 and not counts[known.strays].any())


@dataclass(frozen=True, slots=True)
class _Mainland:
    """The mainland's forms, never Simplified and Simplified, and what Taiwan writes for each."""

    printed: Positions
    not_printed: Positions
    simplified: Positions
    others: Positions
    strays: Positions
    """Simplified characters that are no forms of the mainland's Traditional."""


@cache
def _mainland() -> _Mainland:
    theirs, ours = np.array([list(map(ord, pair)) for pair in _rows()["CN"].items()]).T
    hans = (forms().kind[:_LAST_OF_BMP] & np.uint8(HANS_ONLY)) != 0
    told = ~np.isin(ours, list(map(ord, _BY_MEANING)))
    printed = np.isin(ours, list(map(ord, _rows()["TW"]))) & ~forms().simplified[ours] & told
    simplified = hans[ours] & told
    return _Mainland(
        np.unique(ours[printed]),
        theirs[printed],
        np.unique(ours[simplified]),
        theirs[simplified],
        np.setdiff1d(hans.nonzero()[0], ours),
    )


def _is_own(view: View, form: str, hong_kong: dict[str, str]) -> bool:
    count = view.text.count
    few = view.profile.simplified * 20 < view.profile.traditional
    return few and count(form) >= OWN and count(form) > count(hong_kong[form])


def _strays(view: View, settings: Settings, shapes: dict[str, str]) -> dict[str, str]:
    """Which of the shapes are not of this text's own norm."""
    if _writes_mainland(view, settings):
        return {}
    count = view.text.count
    printed = sum(map(count, _PRINTED))
    if printed and printed * 2 >= sum(map(count, _PRINTED_USUAL)):
        return {}
    strays = {form: shapes[form] for form in shapes if form not in _OPENCC_TOO and count(form)}
    own = sum(count(form) for form in _OPENCC_TOO)
    usual = sum(count(shapes[form]) for form in _OPENCC_TOO)
    if strays or usual >= _CLEAR * own > 0:
        strays |= {form: shapes[form] for form in _OPENCC_TOO if count(form)}
    return strays


def _mentioned(view: View, positions: Positions, usual_of: dict[str, str]) -> NDArray[np.bool_]:
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
    usual = np.array([ord(usual_of[chr(code)]) for code in view.codes[positions].tolist()])
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
        "CN": "the mainland prints",
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
