"""Texts of packages that recipes.script_model learns from: programs in Taiwan's Chinese, and old verse.

Government text has none of a program's words (捲軸, 摺疊, 游標, 3 天後), and what other registers have
for them (卷軸, 天后) is wrong there. Verse is what a dictionary quotes. What is kept are weights.
"""

import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator

from recipes.sources import downloaded

EDITOR, HOME, VERSE = "packages/editor", "packages/home", "packages/verse"
FILES = {
    EDITOR: "codingame-monaco-vscode-language-pack-zh-hant-25.1.2.tgz",
    HOME: "homeassistant-2024.1.6-py3-none-any.whl",
    VERSE: "chinese-poetry-2.0.1.tgz",
}
"""Visual Studio Code (MIT), Home Assistant (Apache-2.0), the complete poems of the Tang (the poems are
in the public domain, the collection is MIT)."""

_HAN = re.compile("[\u4e00-\u9fff]{2}")
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def lines_of(name: str) -> list[str]:
    """Each string of a package once, on a line of its own; of programs those of the tuning half."""
    from tests.accuracy.sets import half_of

    literals = {EDITOR: _of_editor, HOME: _of_home, VERSE: _of_verse}[name]()
    lines = dict.fromkeys(" ".join(text.split()) for text in literals if _HAN.search(text))
    return [line for line in lines if name == VERSE or half_of(line) == "tune"]


def _of_editor() -> Iterator[str]:
    return _decoded(text for path, text in _packed(EDITOR) if "/translations/" in path)


def _of_home() -> Iterator[str]:
    with zipfile.ZipFile(downloaded(FILES[HOME])) as files:
        names = [name for name in files.namelist() if name.endswith("/translations/zh-Hant.json")]
        yield from _decoded(files.read(name).decode("utf-8") for name in sorted(names))


def _of_verse() -> Iterator[str]:
    for path, text in _packed(VERSE):
        if "/poet.tang." in path:
            for poem in json.loads(text):
                yield from (poem.get("title", ""), *poem.get("paragraphs", ()))


def _packed(name: str) -> Iterator[tuple[str, str]]:
    """The paths and texts of a package of npm's."""
    with tarfile.open(downloaded(FILES[name])) as files:
        for entry in files:
            if entry.isfile() and entry.name.endswith((".json", ".js")):
                file = files.extractfile(entry)
                assert file is not None
                yield entry.name, file.read().decode("utf-8")


def _decoded(sources: Iterable[str]) -> Iterator[str]:
    """The string literals of JSON or JavaScript."""
    for source in sources:
        yield from (json.loads(text, strict=False) for text in _LITERAL.findall(source))
