"""Wrapped text whose lines were joined with a blank: which of the blanks go, and which of the writer's."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import jieba

import jiaokan
from recipes._joined_lines import Joined
from recipes._wrapping import wrap
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import SHARED, documents, json_lines, rank_of

RULE = "lines/joined-by-blank"
_REPAIRER = jiaokan.Repairer(select=["lines"])
_HAN = "[\u3400-\u9fff〇]"
_BLANK = re.compile(rf"(?<={_HAN})[ \u3000\u00a0]{{1,2}}(?={_HAN})")
_AFTER_MARK = re.compile("(?<=[，、；：。！？」』”’）》〉】]) (?=[\u3400-\u9fff〇「『“‘（《〈【])")
_PROSE = {
    "news": ("zh-Hant/tw-president-news", "zh-Hant/tw-tainan-news", "zh-Hans/lctt-tech-news"),
    "laws": ("zh-Hans/prc-laws", "zh-Hant/tw-laws", "zh-Hant/tw-ey-gazette"),
    "novels": ("other/lzh-vernacular-novels-hant",),
    "encyclopedia": ("zh-Hans/wikipedia", "zh-Hant/wikipedia"),
    "manuals": ("zh-Hans/tidb-docs-cn", "zh-Hans/python-docs-zh-cn", "zh-Hant/libreoffice-help-zh-tw"),
}  # fmt: skip
_SHARES = {"news": 0.01, "laws": 0.01, "novels": 0.04, "encyclopedia": 0.2, "manuals": 0.1}
"""Of the documents of each kind."""


@dataclass
class Tally:
    """What became of blanks: how many there were, and how many went."""

    of: int = 0
    gone: int = 0

    def add(self, is_gone: bool) -> None:
        self.of += 1
        self.gone += is_gone

    def __str__(self) -> str:
        return percent(self.gone, self.of)


def joined_rows(share: float) -> Iterator[Row]:
    """By kinds of prose, at widths of 18 to 60 characters; and the manuals that were really wrapped."""
    for kind, names in _PROSE.items():
        found = _Found()
        for name in names:
            for text in documents(name, "report"):
                if rank_of(text) < share * _SHARES[kind] and len(text) >= 150:
                    found.look_at(_joined(text))
        yield found.row(f"wrapped {kind} joined with blanks")
    for folder in sorted(path.name for path in (SHARED / "lines" / "hardwrap").iterdir()):
        found = _Found()
        found.look_at(_manual(folder))
        yield found.row(f"hardwrap/{folder}, its lines joined with blanks")


class _Found:
    """The blanks of some texts by where they stand, and what our edits do with them."""

    def __init__(self) -> None:
        self.words, self.between, self.marks, self.writers = Tally(), Tally(), Tally(), Tally()
        self.exact = Tally()

    def look_at(self, joined: Joined) -> None:
        text = joined.text
        edits = _REPAIRER.repair(text).edits
        gone = {edit.start for edit in edits if edit.rule == RULE}
        wrong = gone - joined.ends - joined.unknown
        inside = set()
        for blank in _BLANK.finditer(text):
            at = blank.start()
            if at in joined.ends:
                inside.add(at)
                (self.words if _cuts_word(text, *blank.span()) else self.between).add(at in gone)
            elif at not in joined.unknown:
                self.writers.add(at in gone)
        for blank in _AFTER_MARK.finditer(text):
            if blank.start() in joined.ends:
                self.marks.add(blank.start() in gone)
        self.exact.add(not wrong and inside <= gone)

    def row(self, measure: str) -> Row:
        return Row(
            measure,
            "≥ 90%; ≥ 70%; 0",
            f"{self.words}; {self.between}; {self.writers.gone}",
            note=f"within words; between words; of the writers' own {self.writers.of}. "
            f"Behind or before marks {self.marks}; texts in which all between Han and none else went: {self.exact}",
        )


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a word goes over a blank, as segmented by jieba."""
    left = re.search("[\u3400-\u9fff]*$", text[max(0, start - 12) : start])
    right = re.match("[\u3400-\u9fff]*", text[end : end + 12])
    assert left is not None
    assert right is not None
    ends = itertools.accumulate(map(len, jieba.cut(left[0] + right[0], HMM=False)))
    return len(left[0]) not in ends


def _joined(text: str) -> Joined:
    chance = random.Random(rank_of(text))
    width, first, kinsoku = (
        2 * chance.randint(18, 60),
        chance.choice([0, 4]),
        chance.random() < 0.8,
    )
    made = Joined()
    for line in text.split("\n"):
        rows = wrap(line.strip(), width, first=first, kinsoku=kinsoku)
        made.join(line.strip(), [row.strip() for row in rows], " ")
        made.text += "\n"
    return made


def _manual(folder: str) -> Joined:
    """The paragraphs of a manual, each on a line of its own; its truth says where the writer has a blank."""
    made = Joined()
    for row in json_lines("lines", "hardwrap", folder, "aligned.jsonl"):
        truth, at = row["truth"], 0
        for number, line in enumerate(line.strip() for line in row["wrapped"].split("\n")):
            start = at
            for char in line:
                if char.isspace():
                    continue
                found = truth.find(char, at)
                if at == start and found > at:
                    start = found
                at = found + 1 if found >= 0 else at
            if number:
                is_end = not truth[max(start - 1, 0) : start].isspace()
                (made.ends if is_end else made.unknown).add(len(made.text))
                made.text += " "
            made.text += line
        made.text += "\n"
    return made
