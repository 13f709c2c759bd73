"""Documents broken on purpose, with the truth of every line break: what the break model learns from.

A document is a list of blocks: paragraphs, which may be wrapped or cut, and blocks whose lines are meant
(headings, verse, lists, labels, dialogue, tables). `Broken` has the text and, for each line with ink but
the last, whether the next one goes on with it.
"""

import random
import re
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.accuracy.sets import Half, documents, half_of, prose_sets, rank_of

SETS_LEFT_OUT = ("ja-", "ko-", "debian", "maint-guide", "libreoffice", "moedict", "oi-wiki")
MODEL_SHARE = 0.3
"""The part of the tuning half that the model learns from."""
_NO_START = "，。、；：？！」』”’）》〉】〕…·,.;:?!)]}%"
_NO_END = "「『“‘（《〈【〔([{"
_TERMINAL = "。！？…．!?"
_FLATTENED = str.maketrans("，：；？！（）", ",:;?!()")
_TOKEN = re.compile(r"[A-Za-z0-9!-/:-@\[-`{-~]+|.", re.DOTALL)
_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s「」『』（）()“”]+[，。！？；：、]?")


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


def columns(text: str) -> int:
    """The width of a text: two columns a wide character."""
    return sum(2 if ord(c) >= 0x2E80 or c in "“”‘’—…·①②③" else 1 for c in text)


_NARROW, _BROAD = frozenset("iljtfr.,:;'!|()[] "), frozenset("mwMWQOGD@%")


def proportional(text: str) -> float:
    """The width of a text in a font whose Latin letters differ, in columns."""
    return sum(
        2.0
        if ord(c) >= 0x2E80 or c in "“”‘’—…"
        else 0.6
        if c in _NARROW
        else 1.5
        if c in _BROAD
        else 1.08
        for c in text
    )


def wrap(
    text: str,
    width: int,
    *,
    first: int = 0,
    kinsoku: bool = True,
    words: bool = True,
    columns: Callable[[str], float] = columns,
) -> list[str]:
    """A paragraph cut into lines of at most `width` columns; `first` are lost to the first line's indent."""
    tokens = _TOKEN.findall(text) if words else list(text)
    lines: list[str] = []
    line = ""
    used: float = first
    for token in tokens:
        size = columns(token)
        if used + size > width and line:
            if kinsoku and token[0] in _NO_START and used + size <= width + 2:
                line += token
                used += size
                continue
            carry = ""
            if kinsoku and (token[0] in _NO_START or line[-1] in _NO_END) and len(line) > 1:
                carry, line = line[-1], line[:-1]
            lines.append(line.rstrip(" "))
            line = carry
            used = columns(carry)
            if token == " " and not line:
                continue
        while size > width:
            lines.append(token[:width])
            token = token[width:]
            size = columns(token)
        line += token
        used += size
    lines.append(line)
    return [piece for piece in lines if piece.strip()]


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


def clauses(text: str) -> list[str]:
    return [piece for piece in _CLAUSE.findall(text) if 2 <= len(piece) <= 24]


def verse(text: str, rng: random.Random) -> list[str]:
    """Clauses, a line each: verse, lyrics, subtitles; regular where asked, with or without marks."""
    found = clauses(text)
    if rng.random() < 0.5:
        bare = [piece.rstrip("，。！？；：、") for piece in found]
        size = rng.choice([4, 5, 5, 7, 7])
        found = [p for p, b in zip(found, bare, strict=True) if len(b) == size] or found
    if rng.random() < 0.6:
        found = [piece.rstrip("，。！？；：、") for piece in found]
    if rng.random() < 0.3:
        mark = rng.choice(["，", " ", "　", ""])
        found = [a.rstrip("，。") + mark + b for a, b in zip(found[::2], found[1::2], strict=False)]
    return found[: rng.randint(2, 24)]


_BULLETS = ("- ", "* ", "• ", "· ", "● ", "○ ", "", "", "")
_SURNAMES = "王李张刘陈楊黃趙周吳徐孫馬朱胡林郭何高羅郑梁謝"


def listing(text: str, rng: random.Random) -> list[str]:
    """Items of a list, with or without marks before them."""
    found = [piece.rstrip("，。！？；：、") for piece in clauses(text)][: rng.randint(3, 12)]
    if rng.random() < 0.3:
        mark = rng.choice(["，", "，", "：", "、"])
        found = [a + mark + b for a, b in zip(found[::2], found[1::2], strict=False)]
    style = rng.randrange(6)
    ending = rng.choice(["", "", "；", "。", "、"])
    numerals = "一二三四五六七八九十"
    lines = []
    bullet = rng.choice(_BULLETS)
    for index, piece in enumerate(found):
        head = {
            0: bullet,
            1: f"{index + 1}. ",
            2: f"{index + 1}、",
            3: f"（{numerals[index % 10]}）",
            4: f"{numerals[index % 10]}、",
            5: "",
        }[style]
        lines.append(f"{head}{piece}{ending}")
    return lines


def labels(text: str, rng: random.Random) -> list[str]:
    """Fields of a form, an address block, a colophon, a chat."""
    found = [piece.rstrip("，。！？；：、") for piece in clauses(text)][: rng.randint(3, 8)]
    names = [
        "姓名",
        "地址",
        "电话",
        "时间",
        "地点",
        "主辦單位",
        "來源",
        "记者",
        "编辑",
        "作者",
        "備註",
        "Tel",
    ]
    style = rng.randrange(4)
    lines: list[str] = []
    for piece in found:
        if style == 0:
            lines.append(f"{rng.choice(names)}{rng.choice('：:')}{piece}")
        elif style == 1:
            who = rng.choice(_SURNAMES) + rng.choice(["先生", "小明", "工", "同学", "醫師"])
            lines.append(f"{who} {rng.randint(0, 23)}:{rng.randint(10, 59)}")
            lines.append(piece)
        elif style == 2:
            lines.append(f"{rng.choice(_SURNAMES)}某：{piece}")
        else:
            lines.append(f"{piece[:6]}\t{rng.randint(1, 900)}\t{piece[-3:]}")
    return lines


def contents(text: str, rng: random.Random) -> list[str]:
    """A table of contents, or a column of titles."""
    found = [piece.rstrip("，。！？；：、") for piece in clauses(text)][: rng.randint(3, 12)]
    fill = rng.choice(["……", " ", ".....", "\t", "  "])
    page = rng.randint(1, 40)
    numbers = rng.random() < 0.6
    lines = []
    for index, piece in enumerate(found):
        page += rng.randint(1, 9)
        head = f"第{index + 1}章 " if rng.random() < 0.5 else ""
        lines.append(head + piece + (f"{fill}{page}" if numbers else ""))
    return lines


def headline(text: str, rng: random.Random) -> str:
    """A title made of one to three clauses."""
    found = [piece.rstrip("，。！？；：、") for piece in clauses(text)]
    if not found:
        return ""
    start = rng.randrange(len(found))
    return rng.choice([" ", "　", "：", "——", "，", "！"]).join(
        found[start : start + rng.randint(1, 3)]
    )


def byline(rng: random.Random) -> str:
    """Who wrote it, when, where it is from."""
    name = rng.choice(_SURNAMES) + rng.choice(["建國", "小红", "志明", "丽", "雅婷", "大为"])
    day = f"{rng.randint(1990, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return rng.choice([
        f"（{name}）", f"({name})", f"记者 {name}", f"本報記者{name}", f"文/{name}", f"作者：{name}",
        f"晚报 {day}", f"{day} {rng.randint(10, 23)}:{rng.randint(10, 59)}", f"發布單位：{name[:1]}氏文教基金會",
        f"{day.replace('-', '年', 1).replace('-', '月')}日", f"責任編輯：{name}", f"来源：{name}的博客", name,
    ])  # fmt: skip


def dateline(rng: random.Random) -> str:
    """How a report begins."""
    day = f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    place = rng.choice(["北京", "臺北", "上海", "高雄", "杭州", "東京", "成都"])
    return rng.choice([
        f"本报讯 {day}，", f"新华社{place}{day}电 ", f"（中央社記者{place}{day}電）", f"【本報{place}訊】",
        f"中新网{place}{day}电 (记者 王建)", f"{place}讯（记者李丽）", f"{day}，", f"记者从{place}获悉，", "本报讯 ",
    ])  # fmt: skip


@cache
def _programs() -> tuple[str, ...]:
    """Lines of the standard library, for blocks of code."""
    folder = Path(sysconfig.get_path("stdlib"))
    found: list[str] = []
    for name in ("shutil.py", "ast.py", "argparse.py", "tarfile.py", "calendar.py", "zipfile.py"):
        path = folder / name
        if path.exists():
            found += [
                line.rstrip() for line in path.read_text("utf-8").splitlines() if line.strip()
            ]
    return tuple(found)


_SHELL = ("cd {}", "$ ls -l {}", "sudo apt install {}", "dh_install{}", "# cp {} /tmp/", "{}.tar.gz", "/etc/{}.conf",
          "{}=1", "-rw-r--r-- 1 root root 1024 {}", "import {}", "git commit -m {}", "{}", "{} -> {}")  # fmt: skip


def code(text: str, rng: random.Random) -> list[str]:
    """A listing: program text, commands and their output, names of files."""
    lines = _programs()
    size = rng.randint(2, 14)
    if rng.random() < 0.6:
        start = rng.randrange(len(lines) - size)
        return list(lines[start : start + size])
    names = re.findall(r"[a-z_]{4,12}", " ".join(rng.sample(lines, 60)))
    form = rng.choice(_SHELL)
    same = rng.random() < 0.5
    rows = [(form if same else rng.choice(_SHELL)) for _ in range(size)]
    return [row.replace("{}", rng.choice(names)) for row in rows]


def _is_code(piece: str) -> bool:
    return piece.isascii() and piece not in english()


@cache
def english() -> tuple[str, ...]:
    """Paragraphs of English prose: licences that every Debian system has."""
    found: list[str] = []
    for name in ("GPL-2", "GPL-3", "LGPL-2.1", "Apache-2.0", "MPL-2.0"):
        path = Path("/usr/share/common-licenses") / name
        if path.exists():
            parts = re.split(r"\n\s*\n", path.read_text("utf-8"))
            found += [" ".join(part.split()) for part in parts if len(part) > 200]
    return tuple(found)


_MEANT: tuple[Callable[[str, random.Random], list[str]], ...] = (
    verse,
    listing,
    labels,
    contents,
    code,
)


def blocks(lines: Sequence[str], rng: random.Random) -> list[list[str]]:
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
            made = rng.choice(_MEANT)(line, rng)
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


def wrapped(lines: Sequence[str], rng: random.Random) -> Broken:
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
    for block in blocks(lines, rng):
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
            if _is_code(piece):
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


def fragment(lines: Sequence[str], rng: random.Random) -> Broken:
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


def cut(lines: Sequence[str], rng: random.Random) -> Broken:
    """Whole paragraphs, some of them cut by a false paragraph break in mid-sentence."""
    newline, indent = rng.choice([("\n", ""), ("\n\n", ""), ("\n\n", ""), ("\n", "　　"), ("\n\n", "　　"),
                                  ("\n\n\n", ""), ("\r\n\r\n", "")])  # fmt: skip
    rate = rng.choice([0.1, 0.3, 0.6])
    pieces: list[str] = []
    joins: list[bool | None] = []
    for block in blocks(lines, rng):
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


def whole(lines: Sequence[str], rng: random.Random) -> Broken:
    """Nothing broken: the lines as they were meant, in one of the usual conventions."""
    newline, indent = rng.choice([("\n", ""), ("\n\n", ""), ("\n", "　　"), ("\n\n", "　　")])
    pieces = [piece for block in blocks(lines, rng) for piece in block]
    text = newline.join(indent + piece for piece in pieces)
    joins = tuple(None if is_doubtful(*pair) else False for pair in pairwise(pieces))
    return Broken(text, joins, "whole")


def meant(lines: Sequence[str], rng: random.Random) -> Broken:
    """Nothing but lines that are meant: verse, lists, forms, contents, chats."""
    long = [line for line in lines if len(line) > 40]
    pieces: list[str] = []
    make = rng.choice(_MEANT)
    gap = rng.random() < 0.4
    for line in rng.sample(long, min(len(long), rng.randint(1, 6))):
        made = make(line, rng)
        if made and gap and pieces:
            made[0] = "\n" + made[0]
        pieces += made
    newline = rng.choice(["\n", "\n", "\n", "\n\n"])
    return Broken(newline.join(pieces), (False,) * max(len(pieces) - 1, 0), "meant")


KINDS: dict[str, Callable[[Sequence[str], random.Random], Broken]] = {
    "wrapped": wrapped,
    "fragment": fragment,
    "cut": cut,
    "whole": whole,
    "meant": meant,
}


@cache
def broken_documents(half: Half, per_set: int, seed: int) -> tuple[Broken, ...]:
    """Documents of every kind, from every set of one half, the same each time."""
    rng = random.Random(seed)
    made: list[Broken] = []
    for _, lines in paragraphs_of(half, rng, per_set):
        if rng.random() < 0.12:
            lines = [line.translate(_FLATTENED) for line in lines]
        kind = rng.choices(list(KINDS), weights=[25, 20, 25, 17, 13])[0]
        broken = KINDS[kind](lines, rng)
        if len(broken.joins) >= 1:
            made.append(broken)
    return tuple(made)
