"""Records of a corpus file: cut into chunks, each of which a worker can mend by itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, TypeAlias

CHUNK_BYTES = 1 << 20
"""About how much of a file one chunk holds (uncompressed)."""

MAX_RECORD_BYTES = 1 << 30
"""A record over this is rejected rather than held in memory."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one column of one record. `record` counts from 0 in its file."""

    record: int
    id: str | None
    column: str
    text: str


Change: TypeAlias = Callable[[Sequence[Cell]], Sequence[str]]
"""Takes the cells of a chunk and gives their new texts, in the same order."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole records. `data` is bytes, or an Arrow record batch; both can be pickled."""

    first: int
    data: Any


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: its number, why, and its bytes as they were."""

    record: int
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class ChangedChunk:
    """A chunk with its texts changed. `records` counts those in `data`, without the rejected."""

    data: Any
    records: int
    rejected: Sequence[Rejected] = field(default=())


class FormatError(ValueError):
    """A file that is not what its format says, or lacks a column; the message says how to mend it."""


class RecordFormat(Protocol):
    """A file format of records. Frozen and picklable; a stream is only touched in one process."""

    @property
    def name(self) -> str:
        """What it is called in messages and the audit."""

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        """The file in chunks, in order. Raises FormatError."""

    def change(self, chunk: Chunk, change: Change) -> ChangedChunk:
        """The chunk with the texts of its columns changed, and everything else as it was."""

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        """Write the data of changed chunks, in order, as one file laid out as `source` is."""


def line_chunks(stream: BinaryIO, first: int = 0) -> Iterator[Chunk]:
    """The lines of a stream in chunks of about `CHUNK_BYTES`; a longer line is a chunk itself."""
    number = first
    rest = b""
    while block := stream.read(CHUNK_BYTES):
        block = rest + block
        end = block.rfind(b"\n") + 1
        if not end and len(block) < MAX_RECORD_BYTES:
            rest = block
            continue
        data, rest = (block[:end], block[end:]) if end else (block, b"")
        yield Chunk(number, data)
        number += data.count(b"\n")
    if rest:
        yield Chunk(number, rest)


def halves(chunk: Chunk) -> list[Chunk]:
    """The chunk cut in two between records; nothing where it is a single one."""
    data = chunk.data
    if isinstance(data, bytes):
        end = data.rfind(b"\n", 0, len(data) // 2) + 1 or data.find(b"\n") + 1
        if not 0 < end < len(data):
            return []
        first, second = data[:end], data[end:]
        return [Chunk(chunk.first, first), Chunk(chunk.first + first.count(b"\n"), second)]
    if isinstance(data, tuple):  # the header's names, and rows
        names, rows = data
        middle = len(rows) // 2
        if not middle:
            return []
        parts = (rows[:middle], rows[middle:])
        return [Chunk(chunk.first + n * middle, (names, part)) for n, part in enumerate(parts)]
    middle = data.num_rows // 2
    if not middle:
        return []
    parts = (data.slice(0, middle), data.slice(middle))
    return [Chunk(chunk.first + n * middle, part) for n, part in enumerate(parts)]


def raw_of(chunk: Chunk) -> bytes:
    """The bytes of a chunk of one record, as far as it has any of its own."""
    data = chunk.data
    if isinstance(data, bytes):
        return data
    if isinstance(data, tuple):
        return "".join(data[1]).encode("utf-8", "surrogateescape")
    return repr(data.to_pylist()).encode("utf-8", "backslashreplace")
