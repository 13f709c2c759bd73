"""The text of `../shared/data`, read as documents and split into a tuning and a reporting half."""

import json
import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import zstandard

SHARED = Path(os.environ.get("JIAOKAN_SHARED", Path(__file__).parents[3] / "shared")) / "data"

Half = Literal["tune", "report"]


def available() -> bool:
    return SHARED.is_dir()


def prose_sets() -> list[str]:
    """Every clean set below `prose`, as `kind/name`."""
    root = SHARED / "prose"
    files = [*root.glob("*/*.txt.zst"), *root.glob("*/*/paragraphs.jsonl")]
    names = [
        path.parent if path.name == "paragraphs.jsonl" else path.with_name(path.name[:-8])
        for path in files
    ]
    return sorted(str(name.relative_to(root)) for name in names)


def documents(name: str, half: Half | None = None) -> Iterator[str]:
    """The documents of a prose set, all or those of one half.

    A document of a `.txt.zst` set is the lines between blank lines; of a `paragraphs.jsonl` set,
    the paragraphs that have the same document name, a line each.
    """
    for text in _documents(name):
        if half is None or half_of(text) == half:
            yield text


def half_of(text: str) -> Half:
    """The half that a document belongs to, by its hash."""
    return "tune" if blake2b(text.encode("utf-8", "replace")).digest()[0] & 1 else "report"


def rank_of(text: str) -> float:
    """A number in [0, 1) by the document's hash: `rank_of(d) < share` is a repeatable sample."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace")).digest()[1:5]) / 2**32


def json_lines(*parts: str) -> Iterator[Any]:
    """The records of a `.jsonl` file below `../shared/data`."""
    with SHARED.joinpath(*parts).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _documents(name: str) -> Iterator[str]:
    packed = SHARED / "prose" / f"{name}.txt.zst"
    if packed.exists():
        text = zstandard.ZstdDecompressor().stream_reader(packed.open("rb")).read().decode("utf-8")
        yield from filter(None, (part.strip("\n") for part in text.split("\n\n")))
        return
    lines: list[str] = []
    current: object = None
    for record in json_lines("prose", *name.split("/"), "paragraphs.jsonl"):
        key = next((record[k] for k in ("doc", "document", "title", "file") if k in record), None)
        if lines and key != current:
            yield "\n".join(lines)
            lines = []
        current = key
        lines.append(record["text"])
    if lines:
        yield "\n".join(lines)
