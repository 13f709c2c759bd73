"""Compressed files, recognised by their first bytes, and written again by the same codec."""

import bz2
import gzip
import lzma
from typing import IO, BinaryIO, cast

import zstandard

MAGIC = {
    "gzip": b"\x1f\x8b",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
}


def compression_of(head: bytes) -> str | None:
    """The codec of a file that begins with these bytes; None where it is not compressed."""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), None)


def reading(stream: BinaryIO, codec: str | None) -> BinaryIO:
    """What a compressed stream holds; several frames or members one after another included."""
    match codec:
        case "gzip":
            return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))
        case "bzip2":
            return cast(BinaryIO, bz2.BZ2File(stream))
        case "xz":
            return cast(BinaryIO, lzma.LZMAFile(stream))
        case "zstd":
            reader = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
            return cast(BinaryIO, reader)
    return stream


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
            plain = zstandard.ZstdCompressor().stream_writer(stream, closefd=False)
        case _:
            return stream
    return cast(BinaryIO, plain)
