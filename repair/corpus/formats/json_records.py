"""JSON that is no lines: one array of records, or records one after another, laid out in any way.

Only the repaired strings change; brackets, commas, indents and whatever else stay byte for byte.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np

from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.records import (
    CHUNK_BYTES,
    Blocks,
    Change,
    ChangedChunk,
    Chunk,
    FormatError,
    Part,
)
from jiaokan.repair.memory import at_once

BEFORE = b"\xef\xbb\xbf \t\r\n"
"""What may stand before JSON."""

_QUOTE = 2
_KINDS = np.zeros(256, np.int8)
_KINDS[list(b'"')], _KINDS[list(b"[{")], _KINDS[list(b"]}")] = _QUOTE, 1, -1


@dataclass(frozen=True, slots=True)
class JsonRecords(JsonLines):
    """As `JsonLines`, but for a record that cannot be read: it stays, since what holds them all
    would break without it."""

    name: str = "json"

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        """The records, each with what stands before it, and the last with what follows it.

        Raises FormatError where the JSON does not end.
        """
        scan = _Scan()
        number = 0
        whole: list[bytes] = []  # held until there are more, since they may be the last ones
        begun: list[bytes] = []
        in_long = False
        for block in _blocks(stream):
            ends, done = scan.ends(block), 0
            if in_long:
                in_long = not ends
                done = ends.pop(0) if ends else len(block)
                yield Chunk(number, Part(block[:done], False))
                number += not in_long
            too_long = not in_long and sum(map(len, begun), len(block)) > self.most
            if whole and (ends or too_long):
                yield Chunk(number, Blocks(tuple(whole)))
                number += len(whole)
                whole = []
            for end in ends:
                whole.append(b"".join((*begun, block[done:end])))
                begun, done = [], end
            begun.append(block[done:])
            if too_long and not ends:
                yield Chunk(number, Part(b"".join(begun), True))
                begun, in_long = [], True
        if not scan.is_over():
            raise FormatError("not whole: its JSON does not end")
        rest = b"".join(begun)
        if whole:
            whole[-1] += rest
            yield Chunk(number, Blocks(tuple(whole)))
        elif rest:
            yield Chunk(number, Part(rest, False))

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        changed = JsonLines.change(self, chunk, change, keep_unreadable=True)
        if isinstance(chunk.data, Part):
            return changed
        unread = [
            replace(one, reason=f"{one.reason}; left as it is, unread", raw=b"")
            for one in changed.unread
        ]
        return replace(changed, unread=unread)

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        for data in chunks:  # noqa: FURB122 (compressing streams have no writelines)
            stream.write(b"".join(data.items) if isinstance(data, Blocks) else data)

    def _record_in(self, unit: bytes) -> bytes:
        return unit.lstrip(BEFORE + b"[,").rstrip(b" \t\r\n]")


class _Scan:
    """Finds where records end, without reading them: by brackets that stand in no string."""

    def __init__(self) -> None:
        self._depth = 0
        self._of_records: int | None = None
        self._in_string = False

    def ends(self, block: bytes) -> list[int]:
        """Behind which bytes of the next block a record ends. No block ends within an escape."""
        if self._of_records is None and (start := block.lstrip(BEFORE)):
            self._of_records = int(start.startswith(b"["))
        # What is escaped is no quote. A backslash stands in strings only.
        plain = block.replace(rb"\\", b"  ").replace(rb"\"", b"  ")
        kinds = _KINDS[np.frombuffer(plain, np.uint8)]
        at = np.flatnonzero(kinds)
        if not len(at):
            return []
        kinds = kinds[at]
        in_string = (np.cumsum(kinds == _QUOTE) + self._in_string) % 2 == 1
        steps = np.where(in_string | (kinds == _QUOTE), 0, kinds)
        depths = self._depth + np.cumsum(steps)
        self._in_string, self._depth = bool(in_string[-1]), int(depths[-1])
        ends: list[int] = (at[(steps < 0) & (depths == self._of_records)] + 1).tolist()
        return ends

    def is_over(self) -> bool:
        return self._depth == 0 and not self._in_string


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in blocks, none of which ends between a backslash and what it escapes."""
    size = at_once(CHUNK_BYTES)
    kept = b""
    while block := stream.read(size):
        block = kept + block
        end = len(block) - (len(block) - len(block.rstrip(b"\\"))) % 2
        kept = block[end:]
        yield block[:end]
    yield kept
