"""Letters, digits and marks that look right and are not: width, look-alikes, decomposed letters."""

import re
from collections.abc import Iterator
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.characters.finding import finding
from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.plausibility import make_words
from jiaokan.validators.punctuation.screening import cjk_codes, cjk_marks
from jiaokan.validators.tables import words_of
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View, code_points

WIDE = expression(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
_NARROW_KANA = expression(r"[\uff66-\uff9f]+")
_DECOMPOSED = expression(r"(?:[A-Za-z\u00c0-\u024f][\u0300-\u036f]+)+")
_KANA_MARKS = expression(r"[\u3041-\u30fe][\u3099\u309a]")
_JAMO = expression(r"[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_OLD_JAMO = expression(r"[\u1113-\u1160\u1176-\u11a7\u11c3-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]")
"""Korean of old is written in letters throughout, since most of its syllables have no code point."""
_PHONETIC = expression(r"[\u0250-\u02af\u02b0-\u02c5\u02c8-\u02ff\u0329\u032f\u0361ˈˌː]")
_ABOUT_FORMS = words_of("of normalization")
_NORM = 10
"""One width is a document's norm where it is this many times the other."""

_CYRILLIC = dict(zip("АВЕЅЗІЈКМНОРСТХУаеѕіјорсхуһԁ", "ABES3IJKMHOPCTXYaesijopcxyhd", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
_LIKE_LATIN = {k: v for k, v in {**_CYRILLIC, **_GREEK}.items() if v != "3"}
MIXED_WORD = expression(r"[A-Za-z\u0370-\u03ff\u0400-\u052f]+")
_NUMERALS = "一二三四五六七八九"
_NUMERALS_AND_TEN = frozenset(_NUMERALS + "〇零十百")
LIKE_ZERO = "oOｏＯοΟ"
DIGITS_ZERO = "0０"
_IN_YEAR = f"[{_NUMERALS}〇{LIKE_ZERO}{DIGITS_ZERO}]"
ZERO = expression(
    rf"(?<![{_NUMERALS}〇A-Za-z0-9０-９])[{_NUMERALS}]{_IN_YEAR}{{2}}{_IN_YEAR}(?=年)"
)
# What stands before is asked for last: each begins with what is looked for, which is found much sooner.
KATAKANA_ONE = expression(r"一(?<=[\u30a1-\u30f4]一)(?=[\u30a1-\u30f4])")
_KATAKANA_END = expression(r"一(?<=[\u30a1-\u30f4]一)(?=[をがはとのにでもへや。、\s」）)]|\Z)")
_DASH_IN_KATAKANA = expression(r"[\u2014\u2015](?<=[\u30a1-\u30f4].)(?=[\u30a1-\u30f4])")
_LONG_VOWEL = expression(
    r"ー(?<=[\u3400-\u9fff0-9A-Za-z）)」』，。]ー)(?=[\u3400-\u9fff0-9A-Za-z（(「『])"
)
_HIRAGANA = expression(r"[\u3041-\u3096]")
_MANY = 3
KANA_LIKE_HAN = dict(zip("ニエロハカタト", "二工口八力夕卜", strict=True))
_KANA_FOR_HAN = expression(
    r"[ニエロハカタト](?:(?<=[\u3400-\u9fff].)|(?<=^.))(?=[、。，；：\u3400-\u9fff])", re.MULTILINE
)
_ABOUT_KANA = expression(r"假名|五十音|日[语語文]")
_DOT = expression(r"丶(?<=[\u3400-\u9fff]丶)(?=[\u3400-\u9fff])")
_ENCLOSURE = expression(
    r"(?<=[人门門窗路户戶港进進出入河海关關胃伤傷缺胸渡街井洞岔借接])囗"
    r"|囗(?=[味号號径徑岸罩腔袋语語头頭碑才吻述译譯试試粮糧令红紅感])"
)
_ABOUT_STROKES = expression(
    r"部首|偏旁|筆[畫劃]|笔[画划]|字[根形旁]|部件|康熙|[点點]部|缺字|闕文|[丨丿乚亅]"
)


def find_width(view: View) -> Iterator[Finding]:
    """Full-width letters and digits, half-width katakana, where the document has the other."""
    text = view.text
    wide = list(_wide_runs(view))
    number = sum(match.end() - match.start() for match in wide)
    ascii_number = view.profile.count(Class.LATIN | Class.DIGIT)
    for match in wide:
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        mixed = any(c.isascii() and c.isalnum() for c in (before, after) if c)
        if match[0] == "０" and (before in _NUMERALS_AND_TEN or after in _NUMERALS_AND_TEN):
            continue  # 一九九０: it stands for 〇
        if not mixed and number * _NORM > ascii_number:
            continue
        yield finding(
            "width",
            *match.span(),
            "Full-width letters or digits, where the document has the others.",
            normalize("NFKC", match[0]),
            0.8 if mixed else 0.6,
        )
    if int(view.codes.max()) >= 0xFF66 and view.profile.count(Class.KANA) > _NORM:
        for match in _NARROW_KANA.finditer(text):
            yield finding(
                "width",
                *match.span(),
                "Half-width katakana, where the document has full-width ones.",
                normalize("NFKC", match[0]),
                0.7,
            )


def _wide_runs(view: View) -> Iterator[re.Match[str]]:
    """What `WIDE.finditer` finds, sooner: it is tried where such characters are."""
    done = 0
    for at in view.where(Class.FULLWIDTH).tolist():
        match = WIDE.match(view.text, at) if at >= done else None
        if match is not None:
            done = match.end()
            yield match


_SMALL = dict(
    zip(
        range(0xFE50, 0xFE6C),
        "，、\ufe52\ufe53；：？！—（）｛｝〔〕＃＆＊＋－＜＞＝\ufe67＼＄％＠",
        strict=True,
    )
)
"""The marks of CNS 11643 that are printed small, and those they are forms of."""
_VERTICAL = {
    ord(form): mark
    for form, mark in zip(
        "︐︑︒︓︔︕︖︗︘︵︶︹︺︻︼︽︾︿﹀﹁﹂﹃﹄",
        "，、。：；！？〖〗（）〔〕【】《》〈〉「」『』",
        strict=True,
    )
}
"""Marks as they stand in lines that run down, and as they stand in others. Not ︰, which is typed for a
colon, nor ︱, which parts things."""
_ABOUT_SMALL = expression(r"CNS ?11643|小型[标標][点點]|[Ss]mall [Ff]orm|U\+FE[56]")
_OF_SMALL = ("11643", "小型标", "小型標", "mall f", "mall F", "U+FE")
"""What all that it finds has: found sooner."""


def find_small(view: View) -> Iterator[Finding]:
    """Small forms of marks, which no norm of Chinese has, and vertical ones beside Han, left by a page
    whose lines ran down."""
    text = view.text
    if holds(text, *_OF_SMALL) and _ABOUT_SMALL.search(text):
        return
    for at in small_forms(view).tolist():
        char = text[at]
        if (form := _SMALL.get(ord(char), char)) != char:
            message = f"{char} is a small form of {form}."
            yield finding("width", at, at + 1, message, form, 0.8)
        elif (mark := _VERTICAL.get(ord(char))) and _BESIDE_HAN.match(text, max(0, at - 1)):
            message = f"{char} is the form that {mark} has in vertical lines."
            yield finding("width", at, at + 1, message, mark, 0.8)


def narrow_marks(view: View) -> NDArray[np.intp]:
    """Positions of the half-width 。「」、."""
    found: NDArray[np.intp] = cjk_marks(view)[cjk_codes(view) - np.uint32(0xFF61) < 4]
    return found


def find_narrow_marks(view: View) -> Iterator[Finding]:
    """Half-width marks beside Han in Chinese: the terminals that had them were Japanese."""
    if view.profile.language not in _CHINESE:
        return
    for at in narrow_marks(view).tolist():
        char = view.text[at]
        if not _HAN_NEAR.search(view.text, max(0, at - 2), at + 3):
            continue  # a table of characters
        mark = normalize("NFKC", char)
        yield finding("width", at, at + 1, f"{char} is a half-width form of {mark}.", mark, 0.8)


_HAN_NEAR = expression(r"[㐀-鿿]")
_CHINESE = ("zh", "yue", "lzh")
_BESIDE_HAN = expression(r"[㐀-鿿]|.[︐-﹄][㐀-鿿]|[︐-﹄][㐀-鿿]")


def small_forms(view: View) -> NDArray[np.intp]:
    """Positions of small and of vertical forms."""
    first, last = min(_VERTICAL), max(_SMALL)
    are_forms = cjk_codes(view) - np.uint32(first) <= last - first
    found: NDArray[np.intp] = cjk_marks(view)[are_forms]
    return found


_FIRST_LIGATURE, _LAST_LIGATURE = 0xFB00, 0xFB06
_ABOUT_LIGATURES = expression(r"连字|連字|合字|[Ll]igature|U\+FB0", re.ASCII)
_LIGATURE = expression(r"(?<=[A-Za-z])[\ufb00-\ufb06]+|[\ufb00-\ufb06]+(?=[A-Za-z])")


def find_ligatures(view: View) -> Iterator[Finding]:
    """Ligatures in words, left in by extraction from PDF."""
    if _ABOUT_LIGATURES.search(view.text):
        return
    for match in _LIGATURE.finditer(view.text):
        letters = normalize("NFKC", match[0])
        message = f"{match[0]} is a ligature of the letters {letters}."
        yield finding("ligature", *match.span(), message, letters)


def ligatures(view: View) -> NDArray[np.intp]:
    at = view.where(Class.LATIN)
    are_ligatures = view.codes[at] - np.uint32(_FIRST_LIGATURE) <= _LAST_LIGATURE - _FIRST_LIGATURE
    found: NDArray[np.intp] = at[are_ligatures]
    return found


def find_decomposed(view: View) -> Iterator[Finding]:
    """Letters with their marks apart, where one code point is the same letter."""
    text = view.text
    if any(word in text for word in _ABOUT_FORMS):
        return
    for pattern in (_DECOMPOSED, _KANA_MARKS, _JAMO):
        if pattern is _JAMO and _OLD_JAMO.search(text):
            continue
        for match in pattern.finditer(text):
            composed = normalize("NFC", match[0])
            if composed == match[0] or _is_phonetic(text, match):
                continue
            yield finding(
                "decomposed",
                *match.span(),
                f"{composed} is written as a letter with its mark apart.",
                composed,
            )


def _is_phonetic(text: str, match: re.Match[str]) -> bool:
    """Whether the word around is a transcription, whose marks are set as they are on purpose."""
    start, end = match.span()
    while start and not text[start - 1].isspace() and match.start() - start < 24:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - match.end() < 24:
        end += 1
    return bool(_PHONETIC.search(text, start, end))


def find_look_alikes(view: View, *, has_words: bool, zeros: NDArray[np.intp]) -> Iterator[Finding]:
    """Characters taken for others that look like them, where the context proves it.

    `has_words`: letters of another script stand beside Latin ones. `zeros`: positions of what looks like a
    zero behind a Han numeral and up to three characters before 年.
    """
    text = view.text
    if has_words:
        yield from _mixed_words(text)
    for match in _years(text, zeros):
        for offset, char in enumerate(match[0]):
            at = match.start() + offset
            if char in LIKE_ZERO:
                yield _look_alike(at, f"The letter {char} in a year stands for 〇.", "〇")
            elif char in DIGITS_ZERO:
                message = f"The digit {char} in a year in Han numerals stands for 〇."
                yield _look_alike(at, message, "〇", False)
    if view.present & Class.KANA:
        yield from _among_kana(view)
    if ("丶" in text or "囗" in text) and not _ABOUT_STROKES.search(text):
        dots = list(_DOT.finditer(text))
        places = {text[match.start() - 1 : match.end() + 1] for match in dots}
        sure = len(places) >= _MANY and "、" not in text  # else it may be part of a name
        for match in dots:
            message = "The stroke 丶 between words stands for the comma 、."
            yield _look_alike(match.start(), message, "、", sure)
        if "囗囗" in text:
            return  # it stands for characters that are missing
        for match in _ENCLOSURE.finditer(text):
            yield _look_alike(match.start(), "The enclosure 囗 in a word stands for 口.", "口")


def _years(text: str, zeros: NDArray[np.intp]) -> Iterator[re.Match[str]]:
    """What `ZERO.finditer` finds of years with such a zero, much sooner: it is tried before each 年 only."""
    done = 4
    for at in zeros.tolist():
        end = text.find("年", at, at + 4)
        match = ZERO.match(text, end - 4) if end >= done else None
        if match is not None:
            done = end + 4
            yield match


def _among_kana(view: View) -> Iterator[Finding]:
    """What stands for ー between katakana, ー for a dash, and katakana for ideographs."""
    text = view.text
    ones = list(KATAKANA_ONE.finditer(text))
    sure = len(ones) > 1 and "ー" not in text  # else it may count: テスト一ページ
    if sure:
        ones += _KATAKANA_END.finditer(text)
    for match in ones:
        message = "The numeral 一 between katakana stands for ー."
        yield _look_alike(match.start(), message, "ー", sure)
    for match in _DASH_IN_KATAKANA.finditer(text):
        yield _look_alike(match.start(), "The dash between katakana stands for ー.", "ー", False)
    if "ー" in text and not _HIRAGANA.search(text):
        yield from _long_vowels(text)
    yield from _kana_for_han(view)


def _long_vowels(text: str) -> Iterator[Finding]:
    """ー between no kana: the numeral 一 where that makes a word with what stands beside it, else a dash."""
    matches = list(_LONG_VOWEL.finditer(text))
    around = [text[m.start() - 1] + "一" + text[m.end()] for m in matches]
    rows = code_points("".join(around)).reshape(-1, 3)
    pairs = make_words(rows) & (rows[:, ::2] >= 0x3400)
    joined: list[bool] = np.logical_or(pairs[:, 0], pairs[:, 1]).tolist()
    for match, in_word in zip(matches, joined, strict=True):
        if in_word:
            yield _look_alike(match.start(), "The ー in Chinese stands for 一.", "一", False)
        else:
            message = "The ー between no katakana stands for a dash."
            yield _look_alike(match.start(), message, "—", False)


def _kana_for_han(view: View) -> Iterator[Finding]:
    """Katakana for the ideographs they look like, as OCR reads them, in text with no other kana."""
    text = view.text
    matches = list(_KANA_FOR_HAN.finditer(text))
    if not matches or view.profile.count(Class.KANA) > len(matches) or _ABOUT_KANA.search(text):
        return
    meant = [KANA_LIKE_HAN[match[0]] for match in matches]
    around = [
        (text[m.start() - 1 : m.start()] or "\n") + han + text[m.end()]
        for m, han in zip(matches, meant, strict=True)
    ]
    rows = code_points("".join(around)).reshape(-1, 3)
    pairs = make_words(rows) & (rows[:, 1:] >= 0x3400)
    joined: list[bool] = np.logical_or(pairs[:, 0], pairs[:, 1]).tolist()
    sure = sum(joined) >= _MANY
    for match, han, in_word in zip(matches, meant, joined, strict=True):
        if sure or in_word:  # else a particle of Japanese
            kana = match[0]
            message = f"The katakana {kana} in Chinese stands for {han}."
            yield _look_alike(match.start(), message, han, sure and in_word)


_WORD_OF_OTHERS = expression("[\u0370-\u03ff]{3}|[\u0400-\u04ff]{3}")


def _mixed_words(text: str) -> Iterator[Finding]:
    """Cyrillic and Greek letters inside Latin words: each must look like a Latin one."""
    for match in MIXED_WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        strange = [c for c in word if not c.isascii()]
        latin = len(word) - len(strange)
        if latin < 3 or latin < 2 * len(strange):
            continue
        if not all(char in _LIKE_LATIN for char in strange):
            continue
        if word[:latin].isascii() and _WORD_OF_OTHERS.search(text):
            continue  # an ending: Russian inflects TeX, too
        if word[0].islower() and word[1].isupper() and word[1:].isascii():
            continue  # a preposition without its blank, as Ukrainian has
        for offset, char in enumerate(word):
            if not char.isascii():
                kind = "Cyrillic" if char in _CYRILLIC else "Greek"
                message = f"The {kind} letter {char} stands in a Latin word."
                yield _look_alike(match.start() + offset, message, _LIKE_LATIN[char])


def _look_alike(at: int, message: str, after: str, sure: bool = True) -> Finding:
    applicability = None if sure else Applicability.UNSAFE
    return finding("look-alike", at, at + 1, message, after, 0.95 if sure else 0.6, applicability)
