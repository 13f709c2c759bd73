"""Records of a corpus file: cut into chunks, each of which a worker can mend by itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, TypeAlias

from jiaokan.repair.corpus.paths import named
from jiaokan.repair.memory import at_once, largest_text

CHUNK_BYTES = 1 << 20
"""About how much of a file one chunk holds (uncompressed)."""

MAX_RECORD_BYTES = 32 << 20
"""A record over this is passed through unread rather than held in memory."""


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
    begins_section: bool = False
    """Whether what was written before it is whole by itself; see `checkpoint`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a record that is too long to be read: the data of a chunk of its own."""

    data: bytes
    is_first: bool


@dataclass(frozen=True, slots=True)
class Blocks:
    """Whole records of any bytes: the data of a chunk of a format without rows."""

    items: tuple[bytes, ...]


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
    unread: Sequence[Rejected] = field(default=())
    """Records that stay where they are, unread, and why."""


class FormatError(ValueError):
    """A file that is not what its format says, or lacks a column; the message says how to mend it."""


class NoColumnError(FormatError):
    """A file of records without the column of the text; the message names those that there are."""


def columns_of(
    names: Sequence[str], wanted: Sequence[str], *, every: bool = False
) -> tuple[str, ...]:
    """Of the wanted columns, those of a file with these names.

    Raises NoColumnError where it has none of them; with `every`, where it lacks one.
    """
    found = tuple(name for name in wanted if name in names)
    if not found or (every and len(found) < len(wanted)):
        missing = " or ".join(repr(name) for name in wanted if name not in names)
        raise NoColumnError(f"no column {missing}; name the text with --column: {named(names)}")
    return found


class RecordFormat(Protocol):
    """A file format of records. Frozen and picklable; a stream is only touched in one process."""

    @property
    def name(self) -> str:
        """What it is called in messages and the audit."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose text is changed."""

    @property
    def id_column(self) -> str | None:
        """The column that names a record."""

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        """The file in chunks, in order. Raises FormatError."""

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        """The chunk with the texts of its columns changed, and everything else as it was.

        A record that cannot be read is rejected, or with `keep_unreadable` left where it stands.
        """

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        """Write the data of changed chunks, in order, as one file laid out as `source` is."""


def line_chunks(stream: BinaryIO, most: int = MAX_RECORD_BYTES) -> Iterator[Chunk]:
    """The lines of a stream in chunks of about `CHUNK_BYTES`; a longer line is a chunk itself, and
    one of over `most` bytes comes in parts."""
    number = held = 0
    pieces: list[bytes] = []
    in_long_line = False
    size = at_once(CHUNK_BYTES)
    while block := stream.read(size):
        if in_long_line:
            end = block.find(b"\n") + 1
            yield Chunk(number, Part(block[:end] if end else block, False))
            in_long_line = not end
            number += bool(end)
            block = block[end:] if end else b""
        end = block.rfind(b"\n") + 1
        if end:
            data = b"".join((*pieces, block[:end]))
            yield Chunk(number, data)
            number += data.count(b"\n")
            pieces, held, block = [], 0, block[end:]
        if block:
            pieces.append(block)
            held += len(block)
        if held > most:
            yield Chunk(number, Part(b"".join(pieces), True))
            pieces, held, in_long_line = [], 0, True
    if held:
        yield Chunk(number, b"".join(pieces))


def weight_of(chunk: Chunk) -> int:
    """Bytes of a chunk that may be text."""
    data = chunk.data
    if isinstance(data, bytes):
        return len(data)
    if isinstance(data, Part):
        return 0  # it is not looked at
    if isinstance(data, Blocks):
        return sum(map(len, data.items))
    if isinstance(data, tuple):
        return 3 * sum(map(len, data[1]))
    size: int = data.nbytes
    return size


def unread_of_part(chunk: Chunk, most: int) -> list[Rejected]:
    """What is said of a record over `most` bytes, once, where its first piece passes."""
    reason = f"over {most >> 20} MB, too long for a record; left as it is, unread"
    return [Rejected(chunk.first, reason, b"")] if chunk.data.is_first else []


def longest_record() -> int:
    """Bytes of the longest record that is read; a longer one is passed through."""
    return min(MAX_RECORD_BYTES, largest_text())


def one_line(error: Exception) -> str:
    """What an error says, without line breaks."""
    return " ".join(str(error).split()) or type(error).__name__


def units_of(data: Any) -> list[Any]:
    """The records of a chunk's data, each in the form that `joined` takes."""
    if isinstance(data, bytes):
        lines = data.split(b"\n")
        ended = [line + b"\n" for line in lines[:-1]]
        return ended + lines[-1:] if lines[-1] else ended
    if isinstance(data, tuple):  # the header's names, and rows
        return list(data[1])
    if isinstance(data, Part):
        return [data]
    if isinstance(data, Blocks):
        return list(data.items)
    return [data.slice(row, 1) for row in range(data.num_rows)]


def joined(units: Sequence[Any], like: Any) -> Any:
    """Units put together again as data of the kind that `like` is."""
    if isinstance(like, bytes):
        return b"".join(units)
    if isinstance(like, tuple):
        return like[0], list(units)
    if isinstance(like, Blocks):
        return Blocks(tuple(units))
    import pyarrow as pa

    return pa.Table.from_batches(units).combine_chunks().to_batches()[0]


def halves(chunk: Chunk) -> list[Chunk]:
    """The chunk cut in two between records; nothing where it is a single one."""
    units = units_of(chunk.data)
    middle = len(units) // 2
    if not middle:
        return []
    parts = ((0, units[:middle]), (middle, units[middle:]))
    return [
        Chunk(chunk.first + shift, joined(part, chunk.data), chunk.begins_section and not shift)
        for shift, part in parts
    ]


def raw_of(chunk: Chunk, encoding: str = "utf-8") -> bytes:
    """The bytes of a chunk of one record: its line (of delimited text, in this encoding), or an
    Arrow IPC stream of its row."""
    data = chunk.data
    if isinstance(data, bytes):
        return data
    if isinstance(data, tuple):
        return "".join(data[1]).encode(encoding, "surrogateescape")
    if isinstance(data, Part):
        return data.data
    if isinstance(data, Blocks):
        return data.items[0]
    import pyarrow as pa

    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, data.schema) as writer:
        writer.write_batch(data)
    return bytes(out.getvalue().to_pybytes())


def unit_of(raw: bytes, like: Any) -> Any:
    """The unit that `raw_of` made these bytes of."""
    if isinstance(like, bytes | Blocks):
        return raw
    if isinstance(like, tuple):
        return raw.decode("utf-8", "surrogateescape")
    import pyarrow as pa

    return pa.ipc.open_stream(raw).read_next_batch()
