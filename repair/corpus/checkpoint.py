"""Checkpoints: a run that was interrupted resumes a long file from its last complete section."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.corpus.compression import writing
from jiaokan.repair.corpus.records import Chunk, Part, weight_of
from jiaokan.repair.files import Input
from jiaokan.repair.files.temporary import new_temporary, temporary_beside, write_atomically

SECTION = 256 << 20
"""Bytes of records, uncompressed, after which the state is kept. Compressed output begins a new
frame there, so that a run that was broken off gives the bytes of one that was not."""
SUFFIX = ".point.tmp"
FORMATS = ("jsonl", "json", "csv", "warc")
"""Formats whose output can be gone on with."""


def key_of(
    item: Input, status: os.stat_result, configuration: str, form: str, codec: str | None
) -> dict[str, Any]:
    """What has to be the same for a run to go on with a file."""
    return {
        "name": item.name,
        "size": status.st_size,
        "changed": status.st_mtime_ns,
        "configuration": configuration,
        "form": form,
        "compression": codec,
    }


class Checkpoint:
    """The state of a file's run: what it has written into some temporary files, and its counts.

    `key` is what has to be the same for a later run to go on.
    """

    def __init__(self, made: Sequence[Path], key: Mapping[str, Any]) -> None:
        """`made` are the places of the files that are written beside them."""
        self._made = made
        self._key = dict(key)
        self._path = temporary_beside(made[0]).with_suffix(SUFFIX)
        self.files: list[BinaryIO] = []
        self.is_kept = False
        """Whether there is a state to go on from."""
        self._beside = ThreadPoolExecutor(1)
        self._saving: Future[None] | None = None

    def open(self) -> Any:
        """Open the files; the state that they are in, or None where they are new."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._path.read_bytes())
            if kept["key"] == self._key:
                for path, position in zip(self._made, kept["positions"], strict=True):
                    self.files.append(_at(temporary_beside(path), position))
                self.is_kept = True
                return kept["state"]
        for file in self.files:
            file.close()
        self.discard()
        self.files = [new_temporary(path) for path in self._made]
        return None

    def save(self, state: Any) -> None:
        """Keep the state, once what it rests on is on the disk. The run, which a slow disk would hold
        up for a second, does not wait for that, unless the state before is still being kept.

        Raises OSError where that one could not be.
        """
        self.settle()
        for file in self.files:
            file.flush()
        kept = {
            "key": self._key,
            "positions": [file.tell() for file in self.files],
            "files": [temporary_beside(path).name for path in self._made],
            "state": state,
        }
        self._saving = self._beside.submit(self._keep, json.dumps(kept).encode())

    def _keep(self, kept: bytes) -> None:
        for file in self.files:
            os.fsync(file.fileno())
        write_atomically(self._path, kept, durable=True)
        self.is_kept = True

    def settle(self) -> None:
        """Wait until the last state is kept. Raises OSError where it, or what it rests on, could not be."""
        if self._saving is not None:
            saving, self._saving = self._saving, None
            saving.result()

    def rest(self) -> None:
        """The same, whether or not that went well."""
        with suppress(OSError):
            self.settle()

    def forget(self) -> None:
        """The state is not needed any more."""
        self.rest()
        self._path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Take away the state and what was written."""
        self.forget()
        for path in self._made:
            temporary_beside(path).unlink(missing_ok=True)

    def close(self) -> None:
        self.rest()
        self._beside.shutdown()
        for file in self.files:
            file.close()
        self.files = []


def _at(path: Path, position: int) -> BinaryIO:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    file = os.fdopen(descriptor, "r+b")
    if file.seek(0, os.SEEK_END) < position:
        file.close()
        raise ValueError("shorter than it was")
    file.truncate(position)
    file.seek(position)
    return file


def kept_names(point: Path) -> set[str]:
    """The names of the temporary files that a checkpoint needs, its own included."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return {point.name, *map(str, json.loads(point.read_bytes())["files"])}
    return set()


def in_sections(chunks: Iterable[Chunk], done: int | None) -> Iterator[Chunk]:
    """The chunks, those marked that begin a section; without those before record `done`, which
    begins one."""
    size = 0
    for chunk in chunks:
        goes_on = isinstance(chunk.data, Part) and not chunk.data.is_first
        if size >= SECTION and not goes_on:
            chunk, size = replace(chunk, begins_section=True), 0
        size += len(chunk.data.data) if isinstance(chunk.data, Part) else weight_of(chunk)
        if done is None or (chunk.begins_section and chunk.first == done):
            done = None
            yield chunk


class Sections:
    """A stream that compresses into `stream`, each section by itself.

    Close it to finish, which leaves `stream` open.
    """

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        self._stream = stream
        self._codec = codec
        self._section: BinaryIO | None = None
        self._is_empty = stream.tell() == 0

    def write(self, data: bytes) -> int:
        if self._section is None:
            self._section = writing(self._stream, self._codec)
            self._is_empty = False
        return self._section.write(data)

    def end_section(self) -> None:
        if self._section is not None:
            self._section.close()
            self._section = None

    def close(self) -> None:
        if self._is_empty:
            self.write(b"")
        self.end_section()
