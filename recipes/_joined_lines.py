"""Documents whose lines were joined with a blank, and others whose blanks are meant: what the blank model learns from."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from recipes._meant_lines import MEANT_AND_TALK, credits_of, headline, is_code
from recipes._wrapping import columns, proportional, wrap
from recipes.sources import SourceMissingError

Makes: TypeAlias = Callable[[Sequence[str], random.Random], "Joined"]
_HONOURED = re.compile(
    "(?:先|故)?[總总][統统]|[國国]父|[蔣蒋]公|神|主(?=[，。的是耶])|上帝|陛下|大人|先生|[鈞钧][座長长部院會会鑒]|"
    "貴[部院公會校府]|聖[上旨諭]|皇[上帝]|天[主子]|恩師|先[父母]"
)
"""Before whom old and official usage leaves a blank."""
_NAMES = "王李张張刘劉陈陳杨楊黄黃赵趙周吴吳徐孙孫马馬朱胡林郭何高罗羅郑鄭梁谢謝賴蔡许許"
_PARTS = re.compile(
    "[縣县市區区鄉乡鎮镇里村路街](?=[\u4e00-\u9fff]{1,3}[區区鄉乡鎮镇里村路街巷段])|"
    "(?:[局處处部院市科校組组]長|[部处局院市科校组]长|主任|理事長|秘[書书]|教授|先生|[記记]者|委[員员])"
    f"(?=[{_NAMES}])|[局處处部院科組组會会](?=局|處|处|副|科|[組组]|秘|主任|理事)"
)
"""Parts of addresses, and what stands before names and the titles of those who hold an office."""
_SPACES = re.compile(r"\s+")


@dataclass
class Joined:
    """A text, and where blanks of it begin that stand for a line's end; `unknown` are those of which nobody knows."""

    text: str = ""
    ends: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)

    def join(self, paragraph: str, rows: Sequence[str], blank: str) -> None:
        """Add a paragraph that was wrapped in these rows; as it is where they are not all of it, in order."""
        if _SPACES.sub("", "".join(rows)) != _SPACES.sub("", paragraph):
            rows = [paragraph]
        at = 0
        for number, row in enumerate(rows):
            start = paragraph.index(row, at)
            if number:
                # Where the writer had a blank at the line's end, joining with one was right.
                (self.ends if start == at else self.unknown).add(len(self.text))
                self.text += blank
            self.text += row
            at = start + len(row)


def joined(lines: Sequence[str], rng: random.Random) -> Joined:
    """Wrapped at a width, its lines joined with a blank, all of them or those of some paragraphs."""
    made = Joined()
    width = 2 * rng.randint(13, 62)
    kinsoku, words = rng.random() < 0.8, rng.random() < 0.8
    measure = rng.choice([columns, columns, proportional])
    share = rng.choice([1.0, 1.0, 1.0, 0.6, 0.3, 0.1])
    first, blank = rng.choice([0, 0, 4, 2]), rng.choice([" "] * 14 + ["  ", "\u3000", "\u00a0"])
    jitter = rng.choice([0, 0, 0, 1, 2])
    if rng.random() < 0.4:
        start = rng.randrange(len(lines))
        lines = lines[start : start + rng.randint(1, 4)]
    for line in lines:
        if rng.random() >= share or is_code(line):
            made.text += line + "\n"
            continue
        room = max(width - rng.randint(0, jitter), 16)
        # What stood before the paragraph, in its first line, is often none of the text.
        before = first if rng.random() < 0.7 else rng.randint(0, room - 8)
        rows = wrap(line, room, first=before, kinsoku=kinsoku, words=words, columns=measure)
        made.join(line, [row.strip() for row in rows], blank)
        made.text += "\n"
    return made


def once(lines: Sequence[str], rng: random.Random) -> Joined:
    """A text with a blank or a few where lines of another width, which nobody sees, had ended."""
    made = Joined()
    share = rng.choice([0.05, 0.1, 0.3])
    for line in lines:
        if len(line) >= 30 and rng.random() < share:
            at = rng.randrange(8, len(line) - 1)
            row = line[:at].rstrip()
            made.join(line, [row, line[at:].lstrip()], " ")
        else:
            made.text += line
        made.text += "\n"
    return made


def as_is(lines: Sequence[str], rng: random.Random) -> Joined:
    return Joined("\n".join(lines))


def in_one(lines: Sequence[str], rng: random.Random) -> Joined:
    """Lines that are meant, verse, names, items, joined with a blank; some of them within prose."""
    blank = rng.choice([" ", " ", "\u3000", "  "])
    pieces = []
    for line in lines:
        made = rng.choice(MEANT_AND_TALK)(line, rng) if rng.random() < 0.4 else []
        if made and not is_code(made[0]):
            line = line + blank.join(made) if rng.random() < 0.3 else blank.join(made)
        pieces.append(line)
    return Joined("\n".join(pieces))


def with_titles(lines: Sequence[str], rng: random.Random) -> Joined:
    """Titles, names and datelines before prose, on its own line."""
    pieces = []
    for line in lines:
        title = headline(rng.choice(lines), rng)
        if rng.random() < 0.3:
            title += rng.choice([" ", "\u3000"]) + rng.choice(credits_of(line, rng))
        pieces.append(title + rng.choice([" ", " ", "\u3000", "  "]) + line)
    return Joined("\n".join(pieces))


def without_marks(lines: Sequence[str], rng: random.Random) -> Joined:
    """Blanks where others set marks, or some of them."""
    share = rng.choice([0.2, 0.5, 1.0])
    blank = rng.choice([" ", " ", " ", "\u3000"])
    marks = re.compile(rng.choice(["[，、；：。]", "[，。]", "，", "[、]"]))

    def without(line: str) -> str:
        return marks.sub(lambda mark: blank if rng.random() < share else mark[0], line)

    return Joined("\n".join(without(line).strip() for line in lines))


def after_marks(lines: Sequence[str], rng: random.Random) -> Joined:
    """A blank behind marks, as those write who come from English."""
    share, marks = (
        rng.choice([0.1, 0.4, 0.9]),
        re.compile(rng.choice(["[，、；：。]", "。", "[，。]"])),
    )
    return Joined(
        "\n".join(
            marks.sub(lambda mark: mark[0] + " " * (rng.random() < share), line).strip()
            for line in lines
        )
    )


def in_words(lines: Sequence[str], rng: random.Random) -> Joined:
    """Words set apart: all, as tokenisers do, or some with a blank on both sides, as links and what is
    stressed; honoured names with one before them."""
    try:
        import jieba
    except ImportError:
        raise SourceMissingError("pip install jieba") from None
    style = rng.randrange(6)
    share = rng.choice([0.02, 0.05, 0.15])
    one, blank = rng.random() < 0.4, rng.choice([" ", " ", " ", "\u3000"])
    pieces = []
    for line in lines:
        if style == 0:
            pieces.append(" ".join(jieba.cut(line, HMM=False)))
            continue
        if style == 1:
            pieces.append(_HONOURED.sub(lambda name: blank + name[0], line).strip())
            continue
        if style == 4:
            pieces.append(_PARTS.sub(lambda part: part[0] + blank, line))
            continue
        found = ""
        kept = 0
        for word in jieba.cut(line, HMM=False):
            if kept:  # the rest of a link
                kept -= 1
                found += word + blank * (kept == 0)
            elif style == 5 and rng.random() < share / 2:
                kept = rng.randint(1, 5)
                found += blank + word
            elif not ("\u4e00" <= word[0] <= "\u9fff") or rng.random() >= share:
                found += word
            elif style == 2:
                found += blank + word + blank * (not one)
            else:
                found += word + blank
        pieces.append(re.sub(r" (?=[，、；：。])|(?<=[，、；：。]) ", "", found).strip())
    return Joined("\n".join(pieces))


KINDS: tuple[tuple[Makes, int], ...] = (
    (joined, 34), (once, 8), (as_is, 12), (in_one, 12), (with_titles, 6), (without_marks, 10),
    (after_marks, 6), (in_words, 12),
)  # fmt: skip
"""What is made of a text, and how often."""


def joined_documents(
    paragraphs: Iterator[tuple[str, list[str]]], rng: random.Random
) -> Iterator[Joined]:
    makers, weights = zip(*KINDS, strict=True)
    for _, lines in paragraphs:
        yield rng.choices(makers, weights=weights)[0](lines, rng)
