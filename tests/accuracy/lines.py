"""Breaks joined, kept and reported, on real wrapped text and on breaks injected into clean text.

`joined all` puts every line behind the one before; `no full stop` joins where no mark ends the line;
`full width` joins where the line is as wide as the widest near it. F1 is over breaks whose truth is known.

Why two rows stay short. *Paragraphs restored exactly*: who rendered these manuals lost spaces within lines, which
nothing in the text tells (`许多 类 Unix`, `HTML、 Perl`), and their writers set a space between Han and Latin letters
now and then, so that at a break either may be right; the notes count both. *PDF*: these pages have neither blank lines
nor indents between their paragraphs, so that where a sentence ends in a full line either may follow; the notes count
how often the text runs on there, and it ends twice as often, so that such breaks stay. Without `-layout` a row that was
spread to fill its width is read in parts, too, some of which end a sentence short of the width, as paragraphs do.

The last rows are of text that was wrapped at 18 to 60 characters and whose lines were joined with a blank, of which
`lines/joined-by-blank` is to see which are not the writer's. The manuals' row is short by a set whose writers put as
many blanks between Han themselves.
"""

import itertools
import random
import re
import statistics
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jieba

import jiaokan
from recipes._wrapping import columns
from tests.accuracy._joined import joined_rows
from tests.accuracy._line_peers import PEERS, joins_by_peers, lines_of
from tests.accuracy.rows import Row, percent
from tests.accuracy.sets import SHARED, documents, json_lines, prose_sets, rank_of

_SPACES = re.compile(r"\s+")
_FOOTNOTE = re.compile(r"\^?\[\d{1,3}\]")
_REACH = 7
_KEY = 7


@dataclass(frozen=True)
class Break:
    """Between the ink that ends one line and the ink that begins another: does the text run on?"""

    left: int
    right: int
    runs_on: bool


def measure(share: float) -> Iterator[Row]:
    yield from _aligned(share)
    yield from _whole_documents()
    yield from _injected(share)
    yield from _kept_documents()
    yield from _truncated(share)
    yield from _clean(share)
    yield from joined_rows(share)


_OTHERS = ("encoding", "mojibake", "characters", "glosses", "script", "punctuation", "debris")


def repairer() -> jiaokan.Repairer:
    return jiaokan.Repairer(ignore=_OTHERS)


def _folders(kind: str) -> list[str]:
    return sorted(path.name for path in (SHARED / "lines" / kind).iterdir())


def _aligned(share: float) -> Iterator[Row]:
    for folder in _folders("hardwrap"):
        rows = [
            r
            for r in json_lines("lines", "hardwrap", folder, "aligned.jsonl")
            if rank_of(r["wrapped"]) < share
        ]
        ours = sum(
            _spaced(repairer().repair(r["wrapped"]).text) == _spaced(r["truth"]) for r in rows
        )
        peers = {
            name: percent(
                sum(_spaced(peer(r["wrapped"])) == _spaced(r["truth"]) for r in rows), len(rows)
            )
            for name, peer in PEERS.items()
        }
        loose = sum(
            _bare(line) == _bare(r["truth"])
            for r in rows
            for line in [repairer().repair(r["wrapped"]).text]
            if "\n" not in line
        )
        within = sum(_is_within_reach(r["wrapped"], r["truth"]) for r in rows)
        yield Row(
            f"hardwrap/{folder}: paragraphs restored exactly", "≥ 97%", percent(ours, len(rows)), peers,
            f"within reach of any joining: {percent(within, len(rows))}; all lines joined, spaces aside: {percent(loose, len(rows))}; "
            f"of the {len(rows) - ours} others {len(rows) - within} lost spaces within lines, {within - ours} have another space at a join, or a break",
        )  # fmt: skip


def _is_within_reach(wrapped: str, truth: str) -> bool:
    """Whether the right choice at each break gives the truth: the formatter lost other spaces, too."""
    lines = [re.escape(_spaced(line.strip(" \u00a0"))) for line in wrapped.split("\n")]
    return re.fullmatch(" ?".join(lines), _spaced(truth)) is not None


def _whole_documents() -> Iterator[Row]:
    for kind, target in (("hardwrap", "≥ 0.99"), ("pdf", "≥ 0.97"), ("pdf_roundtrip", "≥ 0.97")):
        for folder in _folders(kind):
            text, breaks = labelled(kind, folder)
            joined = joins_of(text)
            score = Score.of(breaks, joined)
            peers = {
                name: Score.of(breaks, baseline).short
                for name, baseline in joins_by_peers(text).items()
            }
            note = score.long
            if kind == "pdf":
                note += "; " + _at_sentence_ends(text, breaks, joined)
            yield Row(
                f"{kind}/{folder}: break F1, whole document", target, score.short, peers, note
            )
            if kind == "hardwrap":
                stay = sum(not b.runs_on for b in breaks)
                yield Row(
                    f"{kind}/{folder}: breaks that must stay, joined",
                    "≤ 0.5%",
                    percent(score.false, stay, 2),
                )


def _at_sentence_ends(text: str, breaks: list[Break], joined: set[tuple[int, int]]) -> str:
    """How often a text runs on where a sentence ends, and in full lines with nothing but a line's end behind."""

    def width(b: Break) -> int:
        return columns(text[text.rfind("\n", 0, b.left) + 1 : b.left + 1].strip())

    ends = [b for b in breaks if text[b.left] in "。！？!?"]
    missed = sum(b.runs_on and (b.left, b.right) not in joined for b in ends)
    full = statistics.median(width(b) for b in breaks if b.runs_on) - 8
    at_width = [b for b in ends if width(b) >= full and text[b.left + 1 : b.right].count("\n") == 1]
    run_on = sum(b.runs_on for b in at_width)
    return f"{missed} of those missed end a sentence; in full lines {run_on} of {len(at_width)} such breaks run on"


@dataclass(frozen=True)
class Score:
    right: int
    missed: int
    false: int

    @classmethod
    def of(cls, breaks: list[Break], joined: set[tuple[int, int]]) -> "Score":
        right = sum(b.runs_on and (b.left, b.right) in joined for b in breaks)
        total = sum(b.runs_on for b in breaks)
        false = sum(not b.runs_on and (b.left, b.right) in joined for b in breaks)
        return cls(right, total - right, false)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.missed + other.missed, self.false + other.false)

    def rates(self, stay: int) -> str:
        recall = 100 * self.right / max(self.right + self.missed, 1)
        return f"{recall:.1f}%, {100 * self.false / max(stay, 1):.2f}%"

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.missed + self.false, 1)

    @property
    def short(self) -> str:
        return f"{self.f1:.4f}"

    @property
    def long(self) -> str:
        return f"right {self.right:,}, missed {self.missed:,}, false {self.false:,}"


def joins_of(text: str) -> set[tuple[int, int]]:
    """Where our edits join: last ink before, first ink after."""
    joined = set()
    for edit in repairer().repair(text).edits:
        left, right = edit.start - 1, edit.end
        while left > 0 and text[left].isspace():
            left -= 1
        while right < len(text) and text[right].isspace():
            right += 1
        if edit.before.startswith(("-", "‐", "\u00ad")):
            left += 1
        joined.add((left, right))
    return joined


def _spaced(text: str) -> str:
    """No-break spaces as spaces, and one space for several: what HTML and its reader do not keep apart."""
    return re.sub(" +", " ", text.replace("\u00a0", " "))


def _bare(text: str) -> str:
    return _SPACES.sub("", _FOOTNOTE.sub("", unicodedata.normalize("NFKC", text)))


@cache
def labelled(kind: str, folder: str) -> tuple[str, list[Break]]:
    """A whole extracted document, and the breaks in it whose truth the paragraphs of its source tell."""
    name = "extracted.txt" if kind == "pdf_roundtrip" else "wrapped.txt"
    text = SHARED.joinpath("lines", kind, folder, name).read_bytes().decode("utf-8")
    truth = "\0".join(["", *(_bare(p) for p in _truth(kind, folder)), ""])
    lines = lines_of(text)
    bare = [_bare(text[line.start : line.end + 1]) for line in lines]
    breaks: list[Break] = []
    for i in range(len(lines) - 1):
        tail = bare[i][-_KEY:]
        onward = None
        for j in range(i + 1, min(i + 1 + _REACH, len(lines))):
            head = bare[j][:_KEY]
            if len(tail) + len(head) >= _KEY and tail + head in truth:
                onward = j
                break
            if kind == "hardwrap":
                break
        if onward is not None:
            breaks.append(Break(lines[i].end, lines[onward].start, True))
            if onward > i + 1:
                breaks.append(Break(lines[i].end, lines[i + 1].start, False))
        elif bare[i][-10:] + "\0" in truth or "\0" + bare[i + 1][:10] in truth:
            breaks.append(Break(lines[i].end, lines[i + 1].start, False))
    return text, breaks


def _truth(kind: str, folder: str) -> list[str]:
    """The paragraphs, headings and cells of the document that was wrapped."""
    found = [r["truth"] for r in json_lines("lines", kind, folder, "aligned.jsonl")]
    if kind == "pdf_roundtrip":
        found += [r["text"] if isinstance(r, dict) else r
                  for r in json_lines("lines", kind, folder, "truth_paragraphs.jsonl")]  # fmt: skip
    else:
        name = re.sub(r"_.*", "", folder)
        script = "zh-Hans" if "cn" in name else "zh-Hant"
        found += [r["text"] for r in json_lines("prose", script, name, "paragraphs.jsonl")]
    return found


PROSE = {
    "news": ("zh-Hant/tw-president-news", "zh-Hant/tw-tainan-news"),
    "laws": ("zh-Hans/prc-laws", "zh-Hant/tw-laws"),
    "novels": ("other/lzh-vernacular-novels-hant",),
    "encyclopedia": ("zh-Hans/wikipedia", "zh-Hant/wikipedia"),
}
_LIST = (
    "一、报名时间：周一至周五",
    "二、报名地点：市图书馆一楼",
    "三、联系电话：见封底",
    "（记者 王小明）",
    "附件：名单",
)
_BREAKS = ("\n\n", "\n", "\n\n　　")


def injected(kind: str, share: float, within_words: bool) -> Iterator[tuple[str, list[Break]]]:
    """Clean documents of the reporting half with false breaks in mid-sentence, and all their breaks.

    `within_words`: only where a word is cut, as segmented by jieba; else anywhere between two Han or digits.
    """
    for name in PROSE[kind]:
        for text in documents(name, "report"):
            if rank_of(text) >= share or len(text) < 200:
                continue
            rng = random.Random(rank_of(text))
            lines = [line for line in text.split("\n") if line.strip()][:40]
            newline = rng.choice(_BREAKS)
            if kind == "news" or rng.random() < 0.3:
                lines[1:1] = rng.sample(_LIST, 2)
            yield _with_breaks(lines, newline, rng, within_words)


def _with_breaks(
    lines: list[str], newline: str, rng: random.Random, within_words: bool
) -> tuple[str, list[Break]]:
    pieces: list[tuple[str, bool]] = []
    for line in lines:
        places = (
            [i for i in range(6, len(line) - 6) if _mid_sentence(line, i)]
            if len(line) >= 40
            else []
        )
        if within_words and places:
            ends = set(itertools.accumulate(map(len, jieba.cut(line, HMM=False))))
            places = [i for i in places if i not in ends]
        if places and rng.random() < 0.3:
            at = rng.choice(places)
            pieces += [(line[:at], True), (line[at:], False)]
        else:
            pieces.append((line, False))
    text = ""
    breaks = []
    for piece, cut in pieces:
        text += piece
        breaks.append((len(text) - 1, cut))
        text += newline
    text = text.removesuffix(newline)
    margin = len(newline)
    return text, [Break(left, left + 1 + margin, cut) for left, cut in breaks[:-1]]


def _mid_sentence(line: str, at: int) -> bool:
    return all("\u4e00" <= c <= "\u9fff" or c.isdigit() for c in line[at - 2 : at + 2])


def _injected(share: float) -> Iterator[Row]:
    for kind in PROSE:
        for within_words in (True, False):
            score = Score(0, 0, 0)
            peers = dict.fromkeys(PEERS, Score(0, 0, 0))
            stay = 0
            for text, breaks in injected(kind, min(1.0, 0.15 * share + 0.01), within_words):
                score += Score.of(breaks, joins_of(text))
                stay += sum(not b.runs_on for b in breaks)
                for name, joined in joins_by_peers(text).items():
                    peers[name] += Score.of(breaks, joined)
            where = "inside a word" if within_words else "anywhere in mid-sentence"
            yield Row(
                f"false breaks in {kind}, {where}", "recall ≥ 98%, false ≤ 0.2%", score.rates(stay),
                {name: peer.rates(stay) for name, peer in peers.items()}, f"{score.right + score.missed:,} breaks",
            )  # fmt: skip


def _kept_documents() -> Iterator[Row]:
    """The negative rows of tests/cases/lines.toml: verse, dialogue, lists, code and the like."""
    rows = tomllib.loads((Path(__file__).parents[1] / "cases" / "lines.toml").read_text("utf-8"))[
        "case"
    ]
    texts = [row["before"] for row in rows if row["kind"] == "negative"]
    joined = sum(len(joins_of(text)) for text in texts)
    peers = {name: str(sum(len(joins_by_peers(text)[name]) for text in texts)) for name in PEERS}
    yield Row("verse, dialogue, lists, subtitles, code, Markdown: lines joined", "0",
              f"{joined} in {len(texts)} documents", peers)  # fmt: skip


def _truncated(share: float) -> Iterator[Row]:
    """Whole paragraphs of 60 characters and more, and the same cut at random, half of them with dots."""
    right = missed = false = 0
    for name in (n for names in PROSE.values() for n in names):
        for text in documents(name, "report"):
            if rank_of(text) >= min(1.0, 0.15 * share + 0.01):
                continue
            rng = random.Random(rank_of(text))
            lines = [
                line for line in text.split("\n") if len(line) >= 60 and line[-1] in "。！？」”"
            ]
            if not lines:
                continue
            line = rng.choice(lines)
            at = rng.randrange(30, len(line) - 4)
            false += _is_truncated(line)
            if line[at - 1] in "。！？；」”":
                continue  # a text that ends with a sentence is whole for all that can be seen
            found = _is_truncated(line[:at] + rng.choice(["", "", "...", "……"]))
            right += found
            missed += not found
    total = right + missed
    yield Row(
        "truncated against whole paragraphs", "precision ≥ 0.97, recall ≥ 0.9",
        f"precision {right / max(right + false, 1):.3f}, recall {right / max(total, 1):.3f}",
        note=f"{total:,} cut in mid-sentence, as many whole; {false} of the whole ones called truncated",
    )  # fmt: skip


def _is_truncated(text: str) -> bool:
    return any(finding.rule == "lines/truncated" for finding in repairer().check(text))


def _clean(share: float) -> Iterator[Row]:
    found: Counter[str] = Counter()
    size = 0
    for name in prose_sets():
        for out in repairer().repair_many(
            d for d in documents(name, "report") if rank_of(d) < share
        ):
            size += len(out.document.text)
            found.update(edit.rule for edit in out.edits)
    yield Row(
        "clean prose with its own lines, all sets: joins", "0 in 1 million characters",
        f"{sum(found.values())} in {size / 1e6:.1f} million", note=", ".join(f"{r} {n}" for r, n in found.items()),
    )  # fmt: skip
