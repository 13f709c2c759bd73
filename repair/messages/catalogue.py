"""Catalogues of gettext as translators edit them (`.po`), read as they are.

Nothing is compiled: a file takes a few milliseconds, in Chinese only, and a compiled one beside it
would be a second truth.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

Catalogue: TypeAlias = dict[tuple[str | None, str], str]
"""The translation by context and English (of sentences with a count: the one for one)."""
_FIELD = re.compile(r'^(\w+)(?:\[0\])?((?:\s*".*")+)', re.MULTILINE)
_QUOTED = re.compile(r'"(.*)"')
_DRAFT = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)


def read_catalogue(path: Path) -> Catalogue:
    """What is translated in a `.po` file, without drafts."""
    return dict(_entries(path.read_text("utf-8")))


def _entries(text: str) -> Iterator[tuple[tuple[str | None, str], str]]:
    for entry in re.split(r"\n\s*\n", text):
        fields = {name: _value(quoted) for name, quoted in _FIELD.findall(entry)}
        english, said = fields.get("msgid"), fields.get("msgstr")
        if english and said and not _DRAFT.search(entry):
            yield (fields.get("msgctxt"), english), said


def _value(quoted: str) -> str:
    """A string that may stand in several pieces. Its escapes are among those of JSON."""
    value = "".join(_QUOTED.findall(quoted))
    return str(json.loads(f'"{value}"')) if "\\" in value else value
