"""Lines that are meant as they stand: verse, lists, forms, contents, headlines, code."""

import random
import re
import sysconfig
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias

_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s「」『』（）()“”]+[，。！？；：、]?")


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


def posts(text: str, rng: random.Random) -> list[str]:
    """Reviews, talk, notes: a sentence or two on each line, most of them without a mark at its end."""
    found = [piece for piece in re.split("(?<=[。！？；])", text) if len(piece) > 3]
    bare, spaced, long = rng.choice([0.5, 0.8, 1.0]), rng.random() < 0.25, rng.random() < 0.3
    if long:
        found = [a + b for a, b in zip(found[::2], found[1::2], strict=False)]
    lines = []
    for piece in found[: rng.randint(3, 24)]:
        if rng.random() < bare:
            piece = piece.rstrip("。；，" if rng.random() < 0.5 else "。！？；，、：")
        if spaced:
            piece = piece.replace("，", " ")
        lines.append(piece.strip("　 "))
    return [line for line in lines if line]


_ROLES = (
    "导演",
    "编剧",
    "摄影",
    "美術",
    "翻译",
    "校对",
    "主编",
    "顧問",
    "程序",
    "音乐",
    "测试",
    "製作人",
    "特别鸣谢",
)


def credits_of(text: str, rng: random.Random) -> list[str]:
    """Who did what: a role and a name on each line or on lines in turn, or nothing but names."""
    letters = [letter for letter in text if "\u4e00" <= letter <= "\u9fff"] or ["文"]

    def name() -> str:
        return rng.choice(_SURNAMES) + "".join(rng.choices(letters, k=rng.choice([1, 2, 2, 2])))

    style, sign = rng.randrange(4), rng.choice([" ", "　", "：", "　　", " / "])
    lines: list[str] = []
    for _ in range(rng.randint(3, 14)):
        if style == 0:
            lines.append(rng.choice(_ROLES) + sign + name())
        elif style == 1:
            lines += [rng.choice(_ROLES), name()]
        elif style == 2:
            lines.append(name())
        else:
            lines.append(" ".join(name() for _ in range(rng.randint(2, 5))))
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
def programs() -> tuple[str, ...]:
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
    lines = programs()
    size = rng.randint(2, 14)
    if rng.random() < 0.6:
        start = rng.randrange(len(lines) - size)
        return list(lines[start : start + size])
    names = re.findall(r"[a-z_]{4,12}", " ".join(rng.sample(lines, 60)))
    form = rng.choice(_SHELL)
    same = rng.random() < 0.5
    rows = [(form if same else rng.choice(_SHELL)) for _ in range(size)]
    return [row.replace("{}", rng.choice(names)) for row in rows]


def is_code(piece: str) -> bool:
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


Meant: TypeAlias = Callable[[str, random.Random], list[str]]
MEANT: tuple[Meant, ...] = (verse, listing, labels, contents, code)
MEANT_AND_TALK: tuple[Meant, ...] = (
    verse, listing, labels, posts, posts, credits_of, contents, code,
)  # fmt: skip
