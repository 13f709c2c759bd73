"""Compressed files, recognised by their first bytes, and written again by the same codec."""

import bz2
import gzip
import lzma
import zlib
from importlib import import_module
from typing import IO, Any, BinaryIO, cast

MAGIC = {
    "gzip": b"\x1f\x8b",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
}
SUFFIXES = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd", ".zstd": "zstd"}

BROKEN: tuple[type[Exception], ...] = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)
"""What reading a compressed stream raises that is cut off or was altered."""


def compression_of(head: bytes) -> str | None:
    """The codec of a file that begins with these bytes; None where it is not compressed."""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), None)


def _zstandard() -> Any:
    try:
        return import_module("zstandard")
    except ImportError as error:
        raise ModuleNotFoundError(
            "compressed with zstd, which takes pip install 'jiaokan[corpus]'", name="zstandard"
        ) from error


def reading(stream: BinaryIO, codec: str | None) -> BinaryIO:
    """What a compressed stream holds; several frames or members one after another included.

    Raises ModuleNotFoundError, saying what mends it, where the codec is not installed.
    """
    match codec:
        case "gzip":
            return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))
        case "bzip2":
            return cast(BinaryIO, bz2.BZ2File(stream))
        case "xz":
            return cast(BinaryIO, lzma.LZMAFile(stream))
        case "zstd":
            return cast(BinaryIO, _Zstd(stream))
    return stream


_PIECE = 1 << 12
"""Compressed bytes taken at once; so little, because each may become 30,000."""


class _Zstd:
    """zstandard's own reader takes a frame that is cut off for a whole one; this one does not."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zstandard = _zstandard()
        self._stream = stream
        self._frame: Any = None
        self._waiting = b""
        self._ready = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes; fewer only at the end."""
        pieces = [self._ready]
        length = len(self._ready)
        while size < 0 or length < size:
            piece = self._next()
            if piece is None:
                break
            pieces.append(piece)
            length += len(piece)
        data = b"".join(pieces)
        if size < 0:
            size = length
        self._ready = data[size:]
        return data[:size]

    def _next(self) -> bytes | None:
        data = self._waiting or self._stream.read(_PIECE)
        if not data:
            if self._frame is not None:
                raise EOFError("its last frame is cut off")
            return None
        if self._frame is None:
            decompressor = self._zstandard.ZstdDecompressor(max_window_size=1 << 31)
            self._frame = decompressor.decompressobj(write_size=1 << 16)
        try:
            piece: bytes = self._frame.decompress(data)
        except self._zstandard.ZstdError as error:
            raise OSError(0, str(error)) from error
        self._waiting = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame = None
        return piece


def writing(stream: BinaryIO, codec: str | None) -> BinaryIO:
    """A stream that compresses into `stream`; close it to finish, which leaves `stream` open.

    The same input gives the same bytes: no times or names are written.
    """
    plain: IO[bytes]
    match codec:
        case "gzip":
            plain = cast(IO[bytes], gzip.GzipFile(filename="", fileobj=stream, mode="wb", mtime=0))
        case "bzip2":
            plain = bz2.BZ2File(stream, "wb")
        case "xz":
            plain = lzma.LZMAFile(stream, "wb")  # noqa: SIM115 (the caller closes it)
        case "zstd":
            plain = _zstandard().ZstdCompressor().stream_writer(stream, closefd=False)
        case _:
            return stream
    return cast(BinaryIO, plain)
