"""What a gloss says: its syllables, whatever they are written in, and whether a character has them."""

import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from jiaokan.validators.expressions import expression
from jiaokan.validators.tables import rows_of

_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4", "\u0306": "3"}
"""Combining tone marks; a breve is often typed for a caron."""
_SEPARATORS = expression(r"[,，、/／;；|·・\s]+")
_UMLAUT = expression(r"u[:：]|u\u0308|v")

_INITIALS = {
    "ㄅ": "b", "ㄆ": "p", "ㄇ": "m", "ㄈ": "f", "ㄉ": "d", "ㄊ": "t", "ㄋ": "n", "ㄌ": "l",
    "ㄍ": "g", "ㄎ": "k", "ㄏ": "h", "ㄐ": "j", "ㄑ": "q", "ㄒ": "x", "ㄓ": "zh", "ㄔ": "ch",
    "ㄕ": "sh", "ㄖ": "r", "ㄗ": "z", "ㄘ": "c", "ㄙ": "s",
}  # fmt: skip
_FINALS = {
    "": "i", "ㄚ": "a", "ㄛ": "o", "ㄜ": "e", "ㄝ": "ê", "ㄞ": "ai", "ㄟ": "ei", "ㄠ": "ao",
    "ㄡ": "ou", "ㄢ": "an", "ㄣ": "en", "ㄤ": "ang", "ㄥ": "eng", "ㄦ": "er", "ㄧ": "i",
    "ㄧㄚ": "ia", "ㄧㄛ": "io", "ㄧㄝ": "ie", "ㄧㄞ": "iai", "ㄧㄠ": "iao", "ㄧㄡ": "iu",
    "ㄧㄢ": "ian", "ㄧㄣ": "in", "ㄧㄤ": "iang", "ㄧㄥ": "ing", "ㄨ": "u", "ㄨㄚ": "ua",
    "ㄨㄛ": "uo", "ㄨㄞ": "uai", "ㄨㄟ": "ui", "ㄨㄢ": "uan", "ㄨㄣ": "un", "ㄨㄤ": "uang",
    "ㄨㄥ": "ong", "ㄩ": "ü", "ㄩㄝ": "üe", "ㄩㄢ": "üan", "ㄩㄣ": "ün", "ㄩㄥ": "iong",
}  # fmt: skip
_ALONE = {
    "iu": "you", "in": "yin", "ing": "ying", "i": "yi", "ui": "wei", "un": "wen", "ong": "weng",
    "u": "wu", "iong": "yong",
}  # fmt: skip
_BOPOMOFO_TONES = {"ˉ": "1", "ˊ": "2", "ˇ": "3", "ˋ": "4", "˙": "5"}
_BOPOMOFO = expression(r"(˙?)([ㄅ-ㄙ]?)([ㄚ-ㄩ]{0,2})([ˉˊˇˋ˙]?)")


class Reading(NamedTuple):
    """What is known of a character and the gloss that stands after it."""

    belongs: bool
    """Every syllable is a reading of the character."""
    usual: bool
    """One is what the character is usually read as."""
    single: bool
    """The character has no second usual reading that the gloss could tell this one from."""
    weak: bool
    """No tone is given, so that a Latin word could look like it."""


NOT_A_READING = Reading(False, False, False, True)


@cache
def _rows() -> dict[str, tuple[str, str]]:
    """For each numbered syllable the characters usually read so, and those that may be."""
    return {syllable: (usual, other) for syllable, usual, other in rows_of("readings.tsv")}


@cache
def everyday_characters() -> frozenset[str]:
    """Characters that anyone reads without help, in either script."""
    return frozenset(_rows()["everyday"][0])


@lru_cache(100_000)
def usual_readings(character: str) -> frozenset[str]:
    """The numbered syllables that a character is usually read as."""
    return frozenset(s for s, (usual, _) in _rows().items() if character in usual) - {"everyday"}


@lru_cache(100_000)
def read_gloss(character: str, gloss: str) -> Reading:
    """Judge what stands in brackets after a character, brackets not included."""
    syllables = syllables_of(gloss)
    if not syllables:
        return NOT_A_READING
    rows = _rows()
    usual = weak = False
    for syllable in syllables:
        tones = [syllable] if syllable[-1].isdigit() else [syllable + tone for tone in "12345"]
        row = [rows[tone] for tone in tones if tone in rows]
        is_usual = any(character in characters for characters, _ in row)
        if not (is_usual or any(character in characters for _, characters in row)):
            return NOT_A_READING
        usual |= is_usual
        weak |= len(tones) > 1
    return Reading(True, usual, len(_kinds_of(character)) < 2, weak)


def syllables_of(gloss: str) -> tuple[str, ...]:
    """The numbered syllables of a gloss, `lü4`; without a number where no tone is given.

    Empty where the gloss is anything but single syllables, side by side with separators.
    """
    text = gloss.strip().lower()
    if any("\u3105" <= char <= "\u312f" for char in text):
        return _bopomofo(text)
    found = []
    for part in _SEPARATORS.split(unicodedata.normalize("NFD", text)):
        tone, letters = "", []
        for char in part.replace("ɑ", "a").replace("ɡ", "g"):
            if char in _MARKS or char in "12345":
                if tone:
                    return ()
                tone = _MARKS.get(char, char)
            elif tone and char in "0":
                return ()
            else:
                letters.append(char)
        syllable = unicodedata.normalize("NFC", _UMLAUT.sub("ü", "".join(letters)))
        if tone and syllable + tone not in _rows():
            # jǘ, lüè: the dots are written where pinyin leaves them out
            syllable = syllable.replace("ü", "u")
        if tone and syllable + tone not in _rows():
            return ()
        if not tone and not any(syllable + number in _rows() for number in "12345"):
            return ()
        found.append(syllable + tone)
    return tuple(found)


def _bopomofo(text: str) -> tuple[str, ...]:
    found = []
    for part in _SEPARATORS.split(text):
        match = _BOPOMOFO.fullmatch(part.replace("一", "ㄧ"))
        if match is None or match[3] not in _FINALS:
            return ()
        initial = _INITIALS.get(match[2], "")
        tone = _BOPOMOFO_TONES.get(match[1] or match[4], "1")
        syllable = _pinyin(initial, _FINALS[match[3]]) + tone
        if syllable not in _rows():
            return ()
        found.append(syllable)
    return tuple(found)


def _pinyin(initial: str, final: str) -> str:
    if initial in ("j", "q", "x"):
        return initial + final.replace("ü", "u")
    if initial:
        return initial + final
    if final in _ALONE:
        return _ALONE[final]
    if final[0] == "ü":
        return "yu" + final[1:]
    return {"i": "y", "u": "w"}.get(final[0], final[0]) + final[1:]


def _kinds_of(character: str) -> set[str]:
    """Usual readings, a neutral tone not counted beside a full one."""
    readings = usual_readings(character)
    return {r for r in readings if not r.endswith("5")} or set(readings)
