"""Compressed again as it was: the same bytes, where the codec here can make them.

The audit keeps a `sample_of` the compressed original. When it is restored, the codec's settings
are tried on the beginning of its content until one makes the sample. Not every file can be made
again: GNU gzip, pigz, threaded xz and other versions of zstd pack the same content otherwise.
"""

import base64
import bz2
import hashlib
import lzma
import struct
import sys
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Protocol

from jiaokan.repair.corpus.compression import writing, zstd_module

HEAD = 512
"""Bytes of the compressed original that are kept as they are: its headers."""
SAMPLE = 1 << 16
"""Bytes of it that are kept as a hash."""
TRIED = 4 << 20
"""Bytes of content, at most, on which settings are tried."""


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


def sample_of(stream: BinaryIO) -> dict[str, Any]:
    """What the audit keeps of the first bytes of a compressed file."""
    stream.seek(0)
    data = stream.read(SAMPLE)
    digest = hashlib.sha256(data).hexdigest()
    head = base64.b64encode(data[:HEAD]).decode("ascii")
    return {"head": head, "length": len(data), "sha256": digest}


class Repacked:
    """A stream that compresses into `stream` as a file was that began with `sample`.

    Close it to finish, which leaves `stream` open.
    """

    def __init__(self, stream: BinaryIO, codec: str, sample: Mapping[str, Any]) -> None:
        self._stream = stream
        self._codec = codec
        self._head = base64.b64decode(sample["head"])
        self._length: int = sample["length"]
        self._sha256: str = sample["sha256"]
        self._first: bytearray | None = bytearray()
        self._packer: _Packer | None = None
        self._otherwise: BinaryIO | None = None

    def write(self, data: bytes) -> int:
        if self._first is None:
            self._put(data)
        else:
            self._first += data
            if len(self._first) >= TRIED:
                self._begin(is_whole=False)
        return len(data)

    def close(self) -> None:
        if self._first is not None:
            self._begin(is_whole=True)
        if self._packer is not None:
            self._stream.write(self._packer.flush())
        elif self._otherwise is not None:
            self._otherwise.close()

    def _put(self, data: bytes) -> None:
        if self._packer is not None:
            self._stream.write(self._packer.compress(data))
        elif self._otherwise is not None:
            self._otherwise.write(data)

    def _begin(self, *, is_whole: bool) -> None:
        assert self._first is not None
        first, self._first = bytes(self._first), None
        for number, packer in enumerate(_packers(self._codec, self._head)):
            if self._makes_sample(packer, first, is_whole=is_whole):
                self._packer = next(
                    again
                    for n, again in enumerate(_packers(self._codec, self._head))
                    if n == number
                )
                break
        else:
            self._otherwise = writing(self._stream, self._codec)
        self._put(first)

    def _makes_sample(self, packer: _Packer, content: bytes, *, is_whole: bool) -> bool:
        made = bytearray()
        for start in range(0, len(content), 1 << 16):
            made += packer.compress(content[start : start + (1 << 16)])
            kept = min(len(made), len(self._head))
            if made[:kept] != self._head[:kept]:
                return False
            if len(made) >= self._length:
                break
        if is_whole and len(made) < self._length:
            made += packer.flush()
        if len(made) < self._length and not is_whole:  # packed too well to be told sooner
            return made[: len(self._head)] == self._head
        return hashlib.sha256(made[: self._length]).hexdigest() == self._sha256


def _packers(codec: str, head: bytes) -> Iterator[_Packer]:
    """The codec under the settings that may have made a file that begins with `head`."""
    match codec:
        case "gzip":
            for level in {2: (9,), 4: (1,)}.get(head[8], (6, 5, 4, 3, 2, 1, 7, 8, 9)):
                for memory in (8, 9):
                    yield _Gzip(head, level, memory)
        case "bzip2":
            yield bz2.BZ2Compressor(int(head[3:4]))
        case "xz":
            presets = _XZ_PRESETS.get(head[16], ())
            for preset in (*presets, *(preset | lzma.PRESET_EXTREME for preset in presets)):
                yield lzma.LZMACompressor(check=head[7] & 15, preset=preset)
        case "zstd":
            yield from _zstd_packers(head)


_XZ_PRESETS = {
    12: (0,), 16: (1,), 18: (2,), 20: (3, 4), 22: (6, 5), 24: (7,), 26: (8,), 28: (9,)
}  # fmt: skip
"""The presets of each size of the dictionary, as the header spells it."""


def _zstd_packers(head: bytes) -> Iterator[_Packer]:
    zstd = zstd_module()
    info = zstd.get_frame_info(head)
    options = {
        zstd.CompressionParameter.checksum_flag: head[4] >> 2 & 1,
        zstd.CompressionParameter.content_size_flag: int(info.decompressed_size is not None),
    }
    for level in (3, *(level for level in range(1, 23) if level != 3)):
        for threads in (0, 1):
            packer = zstd.ZstdCompressor(
                options={
                    **options,
                    zstd.CompressionParameter.compression_level: level,
                    zstd.CompressionParameter.nb_workers: threads,
                }
            )
            yield (
                packer if info.decompressed_size is None else _Sized(packer, info.decompressed_size)
            )


class _Sized:
    """Zstd whose first frame says how much it holds. What comes after that much, where files were put
    one behind another, goes into a second frame."""

    def __init__(self, packer: Any, size: int) -> None:
        packer.set_pledged_input_size(size)
        self._packer = packer
        self._left = size

    def compress(self, data: bytes) -> bytes:
        first, more = data[: self._left], data[self._left :]
        made: bytes = self._packer.compress(first)
        self._left -= len(first)
        if more:
            made += self._packer.flush() + self._packer.compress(more)
            self._left = sys.maxsize
        return made

    def flush(self) -> bytes:
        made: bytes = self._packer.flush()
        return made


class GzipMembers:
    """A stream of gzip members, each with the header that the first had in a file that begins with
    `head`: one for each record, as in WARC. Close it to finish, which leaves `stream` open."""

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        self._stream = stream
        self._head = head if head[3] == 0 else head[:3] + b"\0" + head[4:10]
        self._level = {2: 9, 4: 1}.get(head[8], 6)
        self._member: _Gzip | None = None

    def write(self, data: bytes) -> int:
        if self._member is None:
            self._member = _Gzip(self._head, self._level, 8)
        self._stream.write(self._member.compress(data))
        return len(data)

    def end_member(self) -> None:
        if self._member is not None:
            self._stream.write(self._member.flush())
            self._member = None

    def close(self) -> None:
        self.end_member()


class _Gzip:
    """One member with the header that the original had, its time and name included."""

    def __init__(self, head: bytes, level: int, memory: int) -> None:
        self._header = head[: _gzip_header(head)]
        self._deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, memory)
        self._crc = self._size = 0

    def compress(self, data: bytes, /) -> bytes:
        header, self._header = self._header, b""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        return header + self._deflate.compress(data)

    def flush(self) -> bytes:
        header, self._header = self._header, b""
        end = struct.pack("<II", self._crc, self._size & 0xFFFFFFFF)
        return header + self._deflate.flush() + end


def _gzip_header(head: bytes) -> int:
    """How long the header of a gzip member is (RFC 1952)."""
    flags, end = head[3], 10
    if flags & 4:
        end += 2 + int.from_bytes(head[end : end + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            end = head.find(b"\0", end) + 1
    return end + 2 * bool(flags & 2)
