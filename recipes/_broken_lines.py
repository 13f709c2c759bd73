"""Documents broken on purpose, with the truth of every line break: what the break model learns from.

A document is a list of blocks: paragraphs, which may be wrapped or cut, and blocks whose lines are meant
(headings, verse, lists, labels, dialogue, tables). `Broken` has the text and, for each line with ink but
the last, whether the next one goes on with it.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from recipes._meant_lines import (
    MEANT,
    MEANT_AND_TALK,
    Meant,
    byline,
    dateline,
    english,
    headline,
    is_code,
    programs,
)
from recipes._wrapping import columns, proportional, wrap
from recipes.sources import SourceMissingError
from tests.accuracy.sets import Half, documents, half_of, prose_sets, rank_of

SETS_LEFT_OUT = ("ja-", "ko-", "debian", "maint-guide", "libreoffice", "moedict", "oi-wiki")
MODEL_SHARE = 0.3
"""The part of the tuning half that the model learns from."""
LOOSE_SHARE, LOOSE_SHARE_OF_TALK = 0.12, 0.16
"""Of the documents, those some of whose paragraphs end without a stop, as posts, slides and talk do."""
MIXED_SHARE = 0.25
"""Of the documents, those that name programs, files and products in Latin letters, as manuals do."""
_TERMINAL = "。！？…．!?"
_FLATTENED = str.maketrans("，：；？！（）", ",:;?!()")


@dataclass(frozen=True)
class Broken:
    """`joins[i]`: line i with ink and the next are one paragraph."""

    text: str
    joins: tuple[bool | None, ...]
    kind: str


@dataclass
class Line:
    text: str
    goes_on: bool | None = False
    blank_before: bool = False
    furniture: bool = False
    paragraph: str = ""
    """What the line was cut from."""


def loosened(lines: Sequence[str], rng: random.Random) -> list[str]:
    """Paragraphs, some of them without the stop at their end."""
    share = rng.choice([0.1, 0.3, 0.6, 1.0])
    return [(line.rstrip("。．.；;！") or line) if rng.random() < share else line for line in lines]


def mixed(lines: Sequence[str], rng: random.Random) -> list[str]:
    """Paragraphs, some of their words replaced by Latin names and figures, spaced in one way."""
    try:
        import jieba
    except ImportError:
        raise SourceMissingError("pip install jieba") from None
    names = sorted(set(re.findall(r"[A-Za-z_]{3,12}", " ".join(rng.sample(programs(), 60)))))
    space, share = rng.choice(["", " ", " "]), rng.choice([0.03, 0.08, 0.15])
    kept = rng.sample(names, min(len(names), 12))  # a manual speaks of few things again and again

    def named(word: str) -> str:
        if len(word) < 2 or not _HAN_WORD.fullmatch(word) or rng.random() >= share:
            return word
        name = rng.choice(kept)
        form = rng.choice(_LATIN_FORMS).replace("{}", name).replace("#", str(rng.randint(1, 30)))
        return f"{space}{form}{space}"

    found = ["".join(named(word) for word in jieba.cut(line, HMM=False)) for line in lines]
    return [
        re.sub(r" (?=[，。、；：？！）」”])|(?<=[，。、；：？！（「“]) ", "", line).strip()
        for line in found
    ]


_HAN_WORD = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_FORMS = (
    "{}",
    "{}",
    "{}",
    "{}",
    "/usr/share/{}",
    "{}(1)",
    "lib{}-dev",
    "{} #.0",
    "#",
    "--{}",
    '"{}"',
    "{}.conf",
    "GNU {}",
)


def paragraphs_of(half: Half, rng: random.Random, per_set: int) -> Iterator[tuple[str, list[str]]]:
    """Runs of paragraphs out of whole documents of the prose sets."""
    for name in prose_sets():
        if any(part in name for part in SETS_LEFT_OUT):
            continue
        found = [text for text in documents(name) if half_of(text) == half]
        if (
            half == "tune"
        ):  # the rest is where `continuation` counts: evidence must be as of unseen text
            found = [text for text in found if rank_of(text) < MODEL_SHARE]
        rng.shuffle(found)
        if "wikipedia" in name or "wiki" in name:
            found = ["\n".join(found[i : i + 4]) for i in range(0, len(found), 2)]
        for text in found[:per_set]:
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            if len(lines) > 60:
                start = rng.randrange(len(lines) - 50)
                lines = lines[start : start + rng.randint(10, 50)]
            if rng.random() < 0.3:
                start = rng.randrange(len(lines))
                lines = lines[start : start + rng.randint(1, 4)]
            yield name, lines


def blocks(lines: Sequence[str], rng: random.Random, makers: Sequence[Meant]) -> list[list[str]]:
    """Paragraphs as single lines; now and then a block of meant lines between them."""
    found: list[list[str]] = []
    share = rng.choice([0.0, 0.0, 0.05, 0.15])
    titles = rng.choice([0.0, 0.05, 0.15, 0.3])
    for line in lines:
        if rng.random() < titles and len(line) > 30:
            title = headline(rng.choice(lines), rng)
            if title:
                found.append([title])
                if rng.random() < 0.4:
                    found.append([byline(rng)])
                if rng.random() < 0.6:
                    line = dateline(rng) + line
        found.append([line])
        if rng.random() < 0.01 and english():
            found.append([rng.choice(english())])
        if rng.random() < titles / 2:
            found.append([byline(rng)])
        if rng.random() < share and len(line) > 60:
            made = rng.choice(makers)(line, rng)
            if len(made) > 1:
                found.append(made)
    return found


def _render(lines: Sequence[Line], newline: str = "\n") -> tuple[str, tuple[bool | None, ...]]:
    out: list[str] = []
    for line in lines:
        if line.blank_before and out:
            out.append("")
        out.append(line.text)
    own = [line for line in lines if not line.furniture and line.text.strip()]
    joins = [line.goes_on for line in own]
    for index, (left, right) in enumerate(pairwise(own)):
        if not joins[index] and is_doubtful(left.paragraph, right.paragraph):
            joins[index] = None
    return newline.join(out), tuple(joins[:-1])


_OPEN_END = re.compile(r"[\u4e00-\u9fff0-9A-Za-z，、,]$")
_LONG_OPEN = 25


def is_doubtful(left: str, right: str) -> bool:
    """Whether a break of the source may be damage: a long line with marks inside that ends without one.

    News transcripts and translations do have such; the model must not learn that they are meant.
    """
    if len(left) < _LONG_OPEN or not _OPEN_END.search(left) or not re.search("[，。,]", left[:-1]):
        return False
    return not re.match(r"[-*•·●○#>（(【0-9一二三四五六七八九十第]", right)


def wrapped(lines: Sequence[str], rng: random.Random, makers: Sequence[Meant]) -> Broken:
    """Hard-wrapped by a terminal, an editor, a mail program or a page."""
    width = rng.choice([24, 30, 34, 38, 40, 44, 50, 56, 60, 64, 68, 70, 72, 72, 74, 76, 76, 78, 80, 80,
                        90, 96, 100, 110, 120])  # fmt: skip
    kinsoku, words = rng.random() < 0.6, rng.random() < 0.8
    parting = rng.choice(["blank", "blank", "indent", "indent", "none", "all blank"])
    body = rng.choice([0, 0, 0, 2, 4, 8])
    indent = {"indent": rng.choice(["　　", "    ", "  "])}.get(
        parting, rng.choice(["", "", "", "　　"])
    )
    jitter = rng.choice([0, 0, 0, 1, 2])
    measure = rng.choice([columns, columns, proportional])
    begun = rng.random() < 0.3  # the text was cut out of a larger one: its first line has no margin
    made: list[Line] = []
    for block in blocks(lines, rng, makers):
        item = len(block) > 1
        for piece in block:
            hang = rng.choice([0, 2, 4]) if item else 0
            lead = "" if item else indent
            room = width - body - hang - rng.randint(0, jitter)
            rows = wrap(
                piece,
                max(room, 16),
                first=columns(lead),
                kinsoku=kinsoku,
                words=words,
                columns=measure,
            )
            if is_code(piece):
                rows = [piece]
            for index, row in enumerate(rows):
                margin = " " * body + (lead if index == 0 else " " * hang)
                blank = parting == "all blank" or (
                    parting == "blank" and index == 0 and (not item or piece is block[0])
                )
                made.append(Line(margin + row, index < len(rows) - 1, blank, paragraph=piece))
    if begun and made:
        made[0].text = made[0].text.lstrip(" ")
    if rng.random() < 0.35:
        made = _paged(made, rng)
    text, joins = _render(made, rng.choice(["\n", "\n", "\n", "\r\n"]))
    return Broken(text, joins, "wrapped")


def fragment(lines: Sequence[str], rng: random.Random, makers: Sequence[Meant]) -> Broken:
    """One or two wrapped paragraphs alone, as found in a record or a message; often with a hanging indent."""
    long = [line for line in lines if len(line) > 30] or list(lines)
    start = rng.randrange(len(long))
    width = rng.choice([40, 56, 60, 64, 68, 70, 72, 74, 76, 78, 80, 96, 110])
    kinsoku, words = rng.random() < 0.4, rng.random() < 0.85
    measure = rng.choice([columns, columns, proportional])
    margin = " " * rng.choice([0, 0, 4, 4, 8, 2, 12])
    made: list[Line] = []
    blank = rng.random() < 0.6
    for piece in long[start : start + rng.choice([1, 1, 1, 2, 3])]:
        piece = piece[: rng.choice([60, 120, 240, 600])]
        rows = wrap(piece, width - len(margin), kinsoku=kinsoku, words=words, columns=measure)
        for index, row in enumerate(rows):
            made.append(
                Line(margin + row, index < len(rows) - 1, blank and index == 0, paragraph=piece)
            )
    if made and rng.random() < 0.8:
        made[0].text = made[0].text.lstrip(" ")
    text, joins = _render(made)
    return Broken(text, joins, "fragment")


def _paged(lines: list[Line], rng: random.Random) -> list[Line]:
    """Form feeds, running heads and page numbers, as extractors leave them."""
    every = rng.randint(12, 40)
    head = rng.choice(["", "", "中文手册", "第一章　绪论", "Annual Report 2023", "三國演義"])
    style = rng.choice(["{}", "- {} -", "{} / 90", "第 {} 页", "Page {} of 90", ""])
    feed = rng.random() < 0.5 or not style
    blank = rng.random() < 0.7
    page = rng.randint(1, 30)
    out: list[Line] = []
    for index, line in enumerate(lines):
        if index and index % every == 0:
            page += 1
            pieces = [piece for piece in (style.format(page), head) if piece]
            if rng.random() < 0.5:
                pieces.reverse()
            for piece in pieces:
                out.append(Line(piece, furniture=True, blank_before=blank))
            if feed:
                line = Line("\f" + line.text, line.goes_on, blank, paragraph=line.paragraph)
            else:
                line = Line(line.text, line.goes_on, blank, paragraph=line.paragraph)
        out.append(line)
    return out


def cut(lines: Sequence[str], rng: random.Random, makers: Sequence[Meant]) -> Broken:
    """Whole paragraphs, some of them cut by a false paragraph break in mid-sentence."""
    newline, indent = rng.choice([("\n", ""), ("\n\n", ""), ("\n\n", ""), ("\n", "　　"), ("\n\n", "　　"),
                                  ("\n\n\n", ""), ("\r\n\r\n", "")])  # fmt: skip
    rate = rng.choice([0.1, 0.3, 0.6])
    pieces: list[str] = []
    joins: list[bool | None] = []
    for block in blocks(lines, rng, makers):
        for piece in block:
            rest = piece
            while len(rest) > 30 and len(block) == 1 and rng.random() < rate:
                at = rng.randrange(3, len(rest) - 3)
                if rng.random() < 0.08:
                    figures = [
                        m.end() for m in re.finditer(r"\d", rest) if 3 <= m.end() < len(rest) - 3
                    ]
                    at = rng.choice(figures or [at])
                if rest[at - 1] in _TERMINAL + "：:；;」』”）)" or rest[at] in "「『“（(":
                    break
                if rest[at - 1].isascii() and rest[at].isascii() and not rng.random() < 0.1:
                    break
                if " " in rest[at - 1 : at + 1]:
                    break
                pieces.append(indent + rest[:at])
                joins.append(True)
                rest = rest[at:]
                if rng.random() < 0.5:
                    break
            pieces.append(indent + rest)
            joins.append(False)
    for index, (left, right) in enumerate(pairwise(pieces)):
        if not joins[index] and is_doubtful(left, right):
            joins[index] = None
    return Broken(newline.join(pieces), tuple(joins[:-1]), "cut")


def whole(lines: Sequence[str], rng: random.Random, makers: Sequence[Meant]) -> Broken:
    """Nothing broken: the lines as they were meant, in one of the usual conventions."""
    newline, indent = rng.choice([("\n", ""), ("\n\n", ""), ("\n", "　　"), ("\n\n", "　　")])
    pieces = [piece for block in blocks(lines, rng, makers) for piece in block]
    text = newline.join(indent + piece for piece in pieces)
    joins = tuple(None if is_doubtful(*pair) else False for pair in pairwise(pieces))
    return Broken(text, joins, "whole")


def meant(lines: Sequence[str], rng: random.Random, makers: Sequence[Meant]) -> Broken:
    """Nothing but lines that are meant: verse, lists, forms, contents, chats."""
    long = [line for line in lines if len(line) > 40]
    pieces: list[str] = []
    make = rng.choice(makers)
    gap = rng.random() < 0.4
    for line in rng.sample(long, min(len(long), rng.randint(1, 6))):
        made = make(line, rng)
        if made and gap and pieces:
            made[0] = "\n" + made[0]
        pieces += made
    newline = rng.choice(["\n", "\n", "\n", "\n\n"])
    return Broken(newline.join(pieces), (False,) * max(len(pieces) - 1, 0), "meant")


KINDS: dict[str, Callable[[Sequence[str], random.Random, Sequence[Meant]], Broken]] = {
    "wrapped": wrapped,
    "fragment": fragment,
    "cut": cut,
    "whole": whole,
    "meant": meant,
}


@cache
def broken_documents(half: Half, per_set: int, seed: int, talk: bool) -> tuple[Broken, ...]:
    """Documents of every kind, from every set of one half, the same each time; with talk, whose lines end
    without a stop, among what is meant, or without."""
    makers = MEANT_AND_TALK if talk else MEANT
    loose_share = LOOSE_SHARE_OF_TALK if talk else LOOSE_SHARE
    rng = random.Random(seed)
    made: list[Broken] = []
    for _, lines in paragraphs_of(half, rng, per_set):
        if rng.random() < 0.12:
            lines = [line.translate(_FLATTENED) for line in lines]
        kind = rng.choices(list(KINDS), weights=[25, 20, 25, 17, 13])[0]
        loose = rng.random() < loose_share and not any(is_doubtful(line, "") for line in lines)
        if loose:
            lines = loosened(lines, rng)
        if rng.random() < MIXED_SHARE:
            lines = mixed(lines, rng)
        broken = KINDS[kind](lines, rng, makers)
        if loose:  # what ends without a stop here is meant
            broken = replace(broken, joins=tuple(bool(join) for join in broken.joins))
        if len(broken.joins) >= 1:
            made.append(broken)
    return tuple(made)
