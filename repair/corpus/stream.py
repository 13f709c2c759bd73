"""What comes on a stream, such as standard input: recognised by its content, and repaired as it comes.

Records of a stream have no audit. So none is left out: one that cannot be read is passed on as it is.
"""

import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from jiaokan.repair.corpus.compression import PACKED_APART, compressed, reading, writing
from jiaokan.repair.corpus.long_text import repaired_parts
from jiaokan.repair.corpus.recognise import Columns, is_columnar, recognise
from jiaokan.repair.corpus.records import FormatError, RecordFormat, Rejected
from jiaokan.repair.corpus.repairing import RepairedChunk, repair_chunks
from jiaokan.repair.corpus.run import output_of, packed_apart, whole
from jiaokan.repair.corpus.text_source import Source
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.cutting import parts_of
from jiaokan.repair.files import Input, Refused
from jiaokan.repair.files.content import is_binary
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.run import repair_bytes

HEAD = 2 << 20
"""Bytes that are looked at before the rest is read: more than a block of bzip2."""
MOST_UNREAD = 100
"""So many records that could not be read are kept to be named; all are counted."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream whose beginning is known. `form` is None for text."""

    rest: BinaryIO
    """All of it, from its beginning."""
    head: BinaryIO
    """Its beginning, seekable; all of it, where its format is read in any order."""
    form: RecordFormat | None
    codec: str | None
    is_long: bool


@dataclass(slots=True)
class StreamCounts:
    """What was done to the records of a stream."""

    records: int = 0
    edits: int = 0
    unread: int = 0
    named: list[Rejected] = field(default_factory=list)
    """The first of the unread ones, and why."""


def open_stream(stream: BinaryIO, name: str, columns: Columns) -> Stream:
    """Look at the beginning of a stream. Raises FormatError."""
    start = stream.read(HEAD)
    is_long = len(start) == HEAD
    if is_columnar(start, name):
        copy = tempfile.NamedTemporaryFile(prefix="jiaokan-")  # noqa: SIM115 (goes with the stream)
        while start:
            copy.write(start)
            start = stream.read(HEAD)
        copy.flush()
        copy.seek(0)
        whole_of_it = cast(BinaryIO, copy)
        form, codec = recognise(whole_of_it, name, columns)
        # Two readers, since each has its place.
        return Stream(whole_of_it, Path(copy.name).open("rb"), form, codec, is_long)
    head = io.BytesIO(start)
    form, codec = recognise(head, name, columns)
    rest = cast(BinaryIO, io.BufferedReader(_Joined(start, stream), 1 << 20))
    return Stream(rest, head, form, codec, is_long)


def repair_stream(
    stream: Stream, target: BinaryIO, repairer: Repairer, workers: Workers
) -> StreamCounts:
    """Repair the records of a stream into another, in the same format and compression.

    Raises FormatError, where what came before is written, and OSError.
    """
    assert stream.form is not None
    form, counts = stream.form, StreamCounts()
    counted = cast(BinaryIO, _Counted(target))
    apart = packed_apart(form, stream.codec)
    out = counted if apart else output_of(form, counted, stream.codec, stream.head)

    def outcomes() -> Iterator[Any]:
        chunks = whole(form.read(reading(stream.rest, stream.codec)), stream.codec)
        for done in repair_chunks(
            form, chunks, repairer, workers, _nothing, keeps_unreadable=True, codec=apart
        ):
            counts.records += done.changed.records
            counts.edits += done.edits
            counts.unread += len(done.changed.unread)
            counts.named += done.changed.unread[: MOST_UNREAD - len(counts.named)]
            yield done.changed.data

    form.write(out, outcomes(), stream.head)
    if out is not counted:
        out.close()
    elif apart and not counted.tell():
        counted.write(compressed(b"", apart))
    return counts


def read_text(stream: Stream) -> Callable[[int], bytes]:
    """What reads a text, without its compression; it raises FormatError where that is not whole."""
    return Source(stream.rest, stream.codec).read


def read_on(start: bytes, read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """What reads what was read already, and then the rest."""
    first = io.BytesIO(start)
    return lambda size: first.read(size) or read(size)


def repair_text_stream(
    stream: Stream, target: BinaryIO, item: Input, repairer: Repairer, workers: Workers
) -> None:
    """Repair a text into a stream, in the same compression: a long one as it comes.

    Raises FormatError where it is no text or cannot be repaired, and OSError.
    """
    read = read_text(stream)
    parts = parts_of(read)
    first = next(parts)
    if is_binary(first.data):
        raise FormatError("not text but binary")
    apart = stream.codec if stream.codec in PACKED_APART and not first.is_last else None
    packed = target if apart else writing(cast(BinaryIO, _Counted(target)), stream.codec)
    if first.is_last:
        result = repair_bytes(first.data, repairer, item.name, item.path)
        if isinstance(result, Refused):
            raise FormatError(result.reason)
        packed.write(result.output)
    else:
        for done in repaired_parts(chain([first], parts), item, repairer, workers, apart):
            if done.failure:
                raise FormatError(done.failure)
            packed.write(done.output)
    if stream.codec is not None and packed is not target:
        packed.close()


def _nothing(chunk: RepairedChunk) -> None:
    return None


class _Joined(io.RawIOBase):
    """What was read of a stream, and what is left of it."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = memoryview(start)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: Any = self._start[: len(buffer)] or self._stream.read(len(buffer))
        self._start = self._start[len(data) :]
        buffer[: len(data)] = data
        return len(data)


class _Counted(io.RawIOBase):
    """A stream that says how much was written, as those that write formats want to know."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._stream.write(data)
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        if not self._stream.closed:
            self._stream.flush()

    def tell(self) -> int:
        return self._size
