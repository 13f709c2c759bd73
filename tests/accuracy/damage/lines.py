"""Damage of lines and of script."""

import random
import re

import opencc
import zhconv_rs

from jiaokan.validators.script.forms import read_rows
from recipes._script_free import FREE
from tests.accuracy.damage import Damage, Damaged, Injure, Writer, is_han, swap, whole

_SENTENCE = "。！？」”"


def _cuts(line: str, width: int) -> list[int]:
    """Where a line is wrapped at a width: within Han anywhere, within Latin at spaces only."""
    cuts = []
    at = 0
    while len(line) - at > width:
        cut = at + width
        while cut > at + 1 and not (is_han(line[cut - 1]) and is_han(line[cut])):
            cut -= 1
        if cut == at + 1:
            break
        cuts.append(cut)
        at = cut
    return cuts


def _wrap(text: str, draw: random.Random, between: str = "\n") -> Damaged | None:
    width = draw.randrange(24, 40)
    writer = Writer()
    for number, line in enumerate(text.split("\n")):
        writer.keep("\n" if number else "")
        at = 0
        for cut in _cuts(line, width):
            writer.keep(line[at:cut])
            writer.put(between, "")
            at = cut
        writer.keep(line[at:])
    return writer.damaged(5)


def _join(text: str, draw: random.Random) -> Damaged | None:
    return _wrap(text, draw, " ")


def _break(
    text: str, draw: random.Random, break_: str = "\n\n", share: float = 0.3
) -> Damaged | None:
    """Some lines cut in mid-sentence, once, all paragraphs apart by an empty line."""
    writer = Writer()
    for number, line in enumerate(text.split("\n")):
        writer.keep("\n\n" if number else "")
        places = [at for at in range(6, len(line) - 6) if all(map(is_han, line[at - 2 : at + 2]))]
        if len(line) >= 40 and places and draw.random() < share:
            at = draw.choice(places)
            writer.keep(line[:at])
            writer.put(break_, "")
            writer.keep(line[at:])
        else:
            writer.keep(line)
    return writer.damaged()


def _pages(text: str, draw: random.Random, original: str = "") -> Damaged | None:
    """Lines wrapped, twenty to a page, its number between; the places are the numbers in
    mid-sentence, or (for an original of a break) those between paragraphs."""
    number, width = draw.randrange(2, 90), draw.randrange(26, 38)
    writer = Writer()
    rows = 0
    for at, line in enumerate(text.split("\n")):
        writer.keep("\n" if at else "")
        start = 0
        for cut in [*_cuts(line, width), len(line)]:
            writer.keep(line[start:cut])
            start = cut
            rows += 1
            if rows % 20 == 0:
                writer.put(f"\n\n- {number} -\n\n", "" if cut < len(line) else "\n")
                number += 1
            elif cut < len(line):
                writer.put("\n", "")
    made = writer.damaged(4)
    if made is None:
        return None
    own = tuple(p for p in made.places if p.end - p.start > 1 and p.original == original)
    return Damaged(made.data, made.original, own, also=made.places) if own else None


def _heads(text: str, draw: random.Random) -> Damaged | None:
    return _pages(text, draw, "\n")


def _hyphenate(text: str, draw: random.Random) -> Damaged | None:
    writer = Writer()
    at = 0
    for match in re.finditer(r"(?<![\w/.@-])[a-z]{8,}(?![\w/.@-])", text):
        if draw.random() < 0.5:
            continue
        cut = match.start() + len(match[0]) // 2
        writer.keep(text[at:cut])
        writer.put("-\n", "")
        at = cut
    writer.keep(text[at:])
    return writer.damaged()


def _columns(text: str, draw: random.Random) -> Damaged | None:
    """The halves of a text beside each other, in columns of 18."""
    rows = [line[at : at + 18] for line in text.split("\n") for at in range(0, len(line), 18)]
    half = len(rows) // 2
    if half < 6:
        return None
    pairs = zip(rows[:half], rows[half : 2 * half], strict=True)
    return whole(
        "\n".join(f"{left.ljust(18, chr(0x3000))}        {right}" for left, right in pairs), text
    )


def _truncate(text: str, draw: random.Random) -> Damaged | None:
    places = [at for at in range(60, len(text) - 4) if all(map(is_han, text[at - 2 : at + 2]))]
    return whole(text[: draw.choice(places)], text) if places else None


def _collapse(text: str, draw: random.Random) -> Damaged | None:
    lines = [line for line in text.split("\n") if line and line[-1] in _SENTENCE]
    return whole("".join(lines), "\n".join(lines)) if len(lines) >= 4 else None


def _repeat(text: str, draw: random.Random) -> Damaged | None:
    writer = Writer()
    for number, line in enumerate(text.split("\n")):
        writer.keep("\n" if number else "")
        writer.keep(line)
        if len(line) >= 20 and line[-1] in _SENTENCE and draw.random() < 0.3:
            writer.put(f"\n{line}", "")
    return writer.damaged()


def _mix_endings(text: str, draw: random.Random) -> Damaged | None:
    if text.count("\n") < 4:
        return None
    parts = text.split("\n")
    ends = ["\r\n" if n % 4 == 1 else "\n" for n in range(len(parts) - 1)]
    return whole("".join(part + end for part, end in zip(parts, [*ends, ""], strict=True)), text)


def _convert(config: str) -> Injure:
    """The whole text in the other script, by OpenCC; the places are what that changed."""
    convert = opencc.OpenCC(config).convert

    def injure(text: str, draw: random.Random) -> Damaged | None:
        there = convert(text)
        if len(there) != len(text):
            return None
        writer = Writer()
        for other, char in zip(there, text, strict=True):
            if other == char:
                writer.keep(char)
            else:
                writer.put(other, char)
        return writer.damaged(20)

    return injure


def _by_character(kind: str) -> Injure:
    """Converted to Simplified and back by the character: the first choice for each. The places are
    those where a Simplified form stays (`under`), or another character comes out (`over`)."""
    rows = read_rows()

    def first(char: str) -> str:
        simplified = rows["T"].get(char, char)[0]
        return rows["S"].get(simplified, char)[0]

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        for char in text:
            if first(char) != char:
                writer.put(first(char), char)
            else:
                writer.keep(char)
        made = writer.damaged()
        if made is None:
            return None
        places = tuple(
            place
            for place in made.places
            if (rows["T"].get(place.original, "")[:1] == made.data[place.start])
            == (kind == "under")
            and frozenset((place.original, str(made.data[place.start]))) not in FREE
        )
        return Damaged(made.data, made.original, places, also=made.places) if places else None

    return injure


def _of_both() -> tuple[dict[str, str], dict[str, str]]:
    """Traditional characters to Simplified ones that no Traditional text has, and forms to their
    variants in another norm."""
    rows = read_rows()
    both = {simplified for simplified, forms in rows["S"].items() if simplified in forms}
    astray = {t: s[0] for t, s in rows["T"].items() if s[0] != t and s[0] not in both}
    return astray, {usual: variant for variant, usual in rows["V"].items()}


def _mainland_words(text: str, draw: random.Random) -> Damaged | None:
    """The mainland's words, as MediaWiki's tables have them, for those of Taiwan."""

    def differs(part: str) -> bool:
        return zhconv_rs.zhconv(part, "zh-cn") != zhconv_rs.zhconv(part, "zh-hans")

    writer = Writer()
    at = 0
    while at < len(text):
        parts = (text[at : at + length] for length in (2, 3, 4))
        word = next((part for part in parts if all(map(is_han, part)) and differs(part)), text[at])
        other = zhconv_rs.zhconv(zhconv_rs.zhconv(word, "zh-cn"), "zh-hant")
        if len(word) == 1 or differs(word[1:]) or other == word:  # it begins later, or is none
            writer.keep(text[at])
            at += 1
            continue
        writer.put(other, word)
        at += len(word)
    return writer.damaged()


def damages() -> dict[str, Damage]:
    astray, variants = _of_both()
    return {
        "lines/hard-wrap": Damage("every line wrapped at 24 to 39 characters", _wrap),
        "lines/broken-paragraph": Damage("an empty line in mid-sentence, in a third of the lines", _break),
        "lines/page-break": Damage("wrapped pages of 20 lines, numbered; the numbers in mid-sentence", _pages, together=6),
        "debris/running-head": Damage(
            "wrapped pages of 20 lines, numbered; the numbers between paragraphs", _heads,
            together=6, is_mendable=False,
        ),
        "lines/hyphenation": Damage(
            "half of the long Latin words cut by a hyphen and a break", _hyphenate,
            "zh-Hans/lctt-tech-news zh-Hans/d2l-zh-textbook zh-Hans/oi-wiki",
        ),
        "lines/joined-by-blank": Damage("every line wrapped at 24 to 39 characters, and joined with a blank", _join),
        "lines/interleaved-columns": Damage(
            "the halves of a text side by side", _columns, is_mendable=False
        ),
        "lines/truncated": Damage(
            "cut in mid-sentence", _truncate, is_mendable=False
        ),
        "lines/collapsed": Damage(
            "four paragraphs and more in one", _collapse, is_mendable=False
        ),
        "lines/duplicated": Damage(
            "a third of the lines twice", _repeat, options={"extend_select": ["lines/duplicated"]}
        ),
        "lines/mixed-endings": Damage(
            "every fourth line ends in CR LF", _mix_endings,
            options={"extend_select": ["lines/mixed-endings"]},
        ),
        "script/mixed": Damage(
            "one in 30 of the characters that only Traditional text has", swap(astray, 1 / 30, 2),
            "zh-Hant",
        ),
        "script/under-converted": Damage(
            "converted there and back by the character: Simplified forms that stay",
            _by_character("under"), "zh-Hant", {"script": "zh-Hant-TW"},
        ),
        "script/over-converted": Damage(
            "converted there and back by the character: other characters that come out",
            _by_character("over"), "zh-Hant", {"script": "zh-Hant-TW"},
        ),
        "script/formal-numeral": Damage(
            "every 一 becomes 壹", swap({"一": "壹"}), "zh-Hant/tw-tainan-news zh-Hant/tw-president-news",
        ),
        "script/converted": Damage(
            "converted by OpenCC to Simplified; asked for: Taiwan's Traditional", _convert("tw2s"),
            "zh-Hant", {"script": "zh-Hant-TW"},
        ),
        "script/regional-word": Damage(
            "words of the mainland by MediaWiki's tables; asked for: Taiwan's (most findings are words that Taiwan uses too, and unsafe)", _mainland_words,
            "zh-Hant/tw-tainan-news zh-Hant/tw-president-news",
            {"script": "zh-Hant-TW", "regional_words": True}, tries=4,
        ),
        "script/variant": Damage(
            "a fifth of the characters of which another norm has a variant",
            swap(variants, 0.2), "zh-Hant", {"script": "zh-Hant-TW"},
        ),
    }  # fmt: skip
