"""Several kinds of damage in one text, one after another, as the life of a text makes them.

Passages are of 300 to 900 code points from the reporting halves. *Left*: of the distance between the
damaged text and the original (code points inserted, deleted or replaced), what is left after repair by
default settings; over 100%: it is farther away than before. *Whole*: passages that are the original
again, to the last code point. The chain is ftfy with its Chinese-safe settings, then, where the text
was converted, OpenCC there and back; bytes are decoded as chardet says. Passages that a history does
not change are left out. Some things cannot come back: a mark that the original has in the other width,
a break where a paragraph ended with the line.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import chardet
import ftfy
import opencc
from rapidfuzz.distance import Levenshtein

import jiaokan
from tests.accuracy.damage import Damage, characters, encodings, lines
from tests.accuracy.mojibake import misread
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import documents, rank_of

SETS = {
    "zh-Hans": ("zh-Hans/wikipedia", "zh-Hans/prc-laws", "zh-Hans/lctt-tech-news"),
    "zh-Hant": ("zh-Hant/wikipedia", "zh-Hant/tw-tainan-news", "zh-Hant/tw-president-news"),
}
PASSAGES = 40
"""Of each set, at a share of 1."""
SHORTEST, LONGEST = 300, 900

Step = Callable[[str, random.Random], str | bytes]
"""What happens to a text; a step that makes bytes is the last."""


@dataclass(frozen=True)
class History:
    """What happened to a text, in words and in steps. `is_converted`: it is Traditional, by way of
    Simplified."""

    told: str
    steps: tuple[Step, ...]
    is_converted: bool = False


def _of(rule: str) -> Step:
    """The damage that the rule's recall is measured on."""
    damage: Damage = (encodings.damages() | characters.damages() | lines.damages())[rule]

    def step(text: str, draw: random.Random) -> str | bytes:
        made = damage.injure(text, draw)
        return text if made is None else made.data

    return step


def _misread(true: str, wrong: str, share: float = 1.0) -> Step:
    """Lines, or a share of them, read wrongly, where that loses nothing."""

    def step(text: str, draw: random.Random) -> str:
        found = []
        for line in text.split("\n"):
            try:
                found.append(misread(line, true, wrong) if draw.random() < share else line)
            except UnicodeError:
                found.append(line)
        return "\n".join(found)

    return step


def _by_ftfy(text: str, draw: random.Random) -> str:
    return ftfy.fix_text(text)


def histories() -> tuple[History, ...]:
    wrapped, pages = _of("lines/hard-wrap"), _of("lines/page-break")
    converted, leaked = _of("script/over-converted"), _of("glosses/leaked-pinyin")
    invisible, mixed = _of("characters/invisible"), _of("encoding/mixed")
    spaced, entities = _of("punctuation/space-between-han"), _of("characters/html-entity")
    return (
        History("GBK read as Latin-1, then wrapped", (_misread("gbk", "latin1"), wrapped)),
        History("wrapped, then UTF-8 read as GBK", (wrapped, _misread("utf8", "gbk"))),
        History("wrapped, then ftfy's defaults", (wrapped, _by_ftfy)),
        History("pages of twenty lines, numbered, then ftfy's defaults", (pages, _by_ftfy)),
        History("ftfy's defaults, then UTF-8 read as cp1252", (_by_ftfy, _misread("utf8", "cp1252"))),
        History("ftfy's defaults, a third of the lines UTF-8 read as GBK",
                (_by_ftfy, _misread("utf8", "gbk", 1 / 3))),
        History("ftfy's defaults, then Big5 read as Latin-1", (_by_ftfy, _misread("big5", "latin1"))),
        History("ftfy's defaults, then a third of the lines in GBK, the others in UTF-8",
                (_by_ftfy, mixed)),
        History("converted by the character, then ftfy's defaults", (converted, _by_ftfy), True),
        History("converted by the character, with leaked pinyin, then ftfy's defaults",
                (converted, leaked, _by_ftfy), True),
        History("entities, zero-width spaces, then wrapped", (entities, invisible, wrapped)),
        History("sentences spaced out, then UTF-8 read as EUC-KR, a third of the lines",
                (spaced, _misread("utf8", "euc-kr", 1 / 3))),
    )  # fmt: skip


def passages(script: str, share: float) -> Iterator[str]:
    """Whole lines from the beginnings of documents of the reporting half."""
    for name in SETS[script]:
        left = max(3, int(PASSAGES * share))
        for document in sorted(documents(name, "report"), key=rank_of):
            taken: list[str] = []
            for line in document.split("\n"):
                if sum(map(len, taken)) + len(line) > LONGEST:
                    break
                taken.append(line)
            if sum(map(len, taken)) >= SHORTEST:
                yield "\n".join(taken)
                left -= 1
            if not left:
                break


def measure(share: float) -> Iterator[Row]:
    texts = {script: list(passages(script, share)) for script in SETS}
    repairer = jiaokan.Repairer()
    there, back = opencc.OpenCC("tw2s"), opencc.OpenCC("s2tw")
    safe = ftfy.TextFixerConfig(fix_character_width=False, uncurl_quotes=False)
    for history in histories():
        chosen = texts["zh-Hant"] if history.is_converted else texts["zh-Hans"] + texts["zh-Hant"]
        pairs = [(text, _after(history, text)) for text in chosen]
        pairs = [(text, damaged) for text, damaged in pairs if damaged != text]
        total = left = by_chain = whole = 0
        for (text, damaged), out in zip(
            pairs, repairer.repair_many(damaged for _, damaged in pairs), strict=True
        ):
            seen = damaged if isinstance(damaged, str) else _decoded(damaged)
            chained = ftfy.fix_text(seen, safe)
            if history.is_converted:
                chained = back.convert(there.convert(chained))
            total += Levenshtein.distance(seen, text)
            left += Levenshtein.distance(out.text, text)
            by_chain += Levenshtein.distance(chained, text)
            whole += out.text == text
        yield Row(
            history.told,
            "",
            f"{percent(left, total)} left",
            {"chain": f"{percent(by_chain, total)} left"},
            f"{percent(whole, len(pairs), 0)} passages whole",
        )


def _after(history: History, text: str) -> str | bytes:
    draw = random.Random(rank_of(text))
    damaged: str | bytes = text
    for step in history.steps:
        if isinstance(damaged, str):
            damaged = step(damaged, draw)
    return damaged


def _decoded(data: bytes) -> str:
    return data.decode(chardet.detect(data)["encoding"] or "utf-8", "replace")
