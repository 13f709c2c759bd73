"""WARC, and the WET files made of it: the text of plain-text records changes, all else stays.

Plain text are the `conversion` records of WET, and others whose content type is text/plain. Pages
of HTML are not text yet; a tool that extracts it comes before this one. A record that changes gets
its new length and, where its digests were right, new ones; the others stay byte for byte.
"""

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from jiaokan.repair.corpus.records import (
    CHUNK_BYTES,
    MAX_RECORD_BYTES,
    Blocks,
    Cell,
    Change,
    ChangedChunk,
    Chunk,
    FormatError,
    Part,
    Rejected,
    units_of,
    unread_of_part,
)
from jiaokan.repair.memory import at_once

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Warc:
    """`id_column` is the name of a header, such as WARC-Target-URI."""

    columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    name: str = "warc"
    most: int = MAX_RECORD_BYTES
    """Longer records are passed through unread."""

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        first = number = size = 0
        pending: list[bytes] = []
        most = at_once(CHUNK_BYTES)
        for data, is_first, is_last in self._pieces(stream):
            if is_first and is_last:
                pending.append(data)
                size += len(data)
            if pending and (size >= most or not (is_first and is_last)):
                yield Chunk(first, Blocks(tuple(pending)))
                pending, size = [], 0
            if not (is_first and is_last):
                yield Chunk(number, Part(data, is_first))
            number += is_last
            if not pending:
                first = number
        if pending:
            yield Chunk(first, Blocks(tuple(pending)))

    def _pieces(self, stream: BinaryIO) -> Iterator[tuple[bytes, bool, bool]]:
        """Each record as it is spelt; one of over `most` bytes in pieces. First, last."""
        kept = _Kept(stream)
        left = 0  # bytes of the last record that are still to come
        is_first = True
        records = 0
        try:
            for record in ArchiveIterator(kept, no_record_parse=True):
                if records:
                    yield self._last_piece(kept, left, is_first, records)
                records += 1
                left, is_first = _length(kept.data, record, records), True
                while record.raw_stream.read(1 << 16):
                    if left > self.most and len(kept.data) >= CHUNK_BYTES:
                        piece = kept.take(min(len(kept.data), left - len(_END)))
                        yield piece, is_first, False
                        left, is_first = left - len(piece), False
        except ArchiveLoadFailed as error:
            raise FormatError(f"not whole WARC after {records:,} records ({error})") from None
        if records:
            yield self._last_piece(kept, left, is_first, records)

    def _last_piece(
        self, kept: "_Kept", left: int, is_first: bool, number: int
    ) -> tuple[bytes, bool, bool]:
        piece = kept.take(left)
        if len(piece) < left or not piece.endswith(_END):
            raise FormatError(
                f"not whole WARC: record {number - 1:,} is cut off, or of a wrong length"
            )
        return piece, is_first, True

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        if isinstance(chunk.data, Part):
            unread = unread_of_part(chunk, self.most)
            return ChangedChunk(chunk.data, len(unread), (), unread)
        kept: list[tuple[bytes, Cell | None]] = []
        unread = []
        for number, raw in enumerate(units_of(chunk.data), chunk.first):
            try:
                kept.append((raw, self._cell(raw, number)))
            except UnicodeDecodeError as error:
                said = f"byte 0x{error.object[error.start]:02X} at {error.start} is not UTF-8"
                unread.append(Rejected(number, f"{said}; left as it is, unread", b""))
                kept.append((raw, None))
        cells = [cell for _, cell in kept if cell is not None]
        texts = iter(change(cells))
        out = []
        for raw, cell in kept:
            text = None if cell is None else next(texts)
            out.append(raw if cell is None or text == cell.text else _with_text(raw, text or ""))
        return ChangedChunk(Blocks(tuple(out)), len(out), (), unread)

    def _cell(self, raw: bytes, number: int) -> Cell | None:
        record = next(iter(ArchiveIterator(io.BytesIO(raw), no_record_parse=True)))
        kind = record.rec_headers.get_header("Content-Type") or ""
        if kind.partition(";")[0].strip().lower() != "text/plain":
            return None
        id = record.rec_headers.get_header(self.id_column) if self.id_column else None
        return Cell(number, id, "text", raw[raw.index(_END) + 4 : -4].decode("utf-8"))

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        end_member = getattr(stream, "end_member", None)
        for data in chunks:
            for record in (data.data,) if isinstance(data, Part) else data.items:
                stream.write(record)
                # Each record is a member of its own, so that indexes can point at it.
                if end_member is not None and record.endswith(_END):
                    end_member()


class _Kept:
    """A stream, and what was read of it and not yet taken."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.data = bytearray()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.data += data
        return data

    def take(self, size: int) -> bytes:
        taken = bytes(self.data[:size])
        del self.data[:size]
        return taken


def _length(data: bytearray, record: Any, number: int) -> int:
    """Bytes of a record, which begins `data`, with what ends it."""
    end = data.find(_END)
    if end < 0 or record.length is None or not data.startswith(b"WARC/"):
        raise FormatError(f"not WARC: record {number - 1:,} has no header with a Content-Length")
    return end + len(_END) + int(record.length) + len(_END)


def _with_text(raw: bytes, text: str) -> bytes:
    header, _, block = raw[:-4].partition(_END)
    new = text.encode("utf-8", "surrogatepass")
    lines = []
    for line in header.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        key, said = name.strip().lower(), value.strip()
        if key == b"content-length":
            line = name + colon + b" %d" % len(new)
        elif key in (b"warc-block-digest", b"warc-payload-digest") and said == _digest(said, block):
            line = name + colon + b" " + _digest(said, new)
        lines.append(line)
    return b"\r\n".join(lines) + _END + new + _END


def _digest(like: bytes, data: bytes) -> bytes:
    """The digest of some bytes, written as another one is."""
    label, _, value = like.partition(b":")
    name = label.decode("ascii", "replace").lower().replace("-", "")
    if name not in ("md5", "sha1", "sha256", "sha512"):
        return b""
    digest = hashlib.new(name, data)
    hexadecimal = len(value) == 2 * digest.digest_size
    spelt = digest.hexdigest().encode() if hexadecimal else base64.b32encode(digest.digest())
    return label + b":" + spelt
