"""Compressed files, recognised by their first bytes, and written again by the same codec."""

import bz2
import gzip
import io
import lzma
import zlib
from contextlib import suppress
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


def zstd_module() -> Any:
    """`compression.zstd` of Python 3.14, or its backport."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ModuleNotFoundError):
            return import_module(name)
    raise ModuleNotFoundError(
        "compressed with zstd, which takes pip install 'jiaokan[corpus]'", name="backports.zstd"
    )


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
            return _zstd_reader(stream)
    return stream


def _zstd_reader(stream: BinaryIO) -> BinaryIO:
    zstd = zstd_module()
    window = {zstd.DecompressionParameter.window_log_max: 31}

    class Reader(zstd.ZstdFile):  # type: ignore[misc, name-defined]
        """Says what is wrong as the readers of the other codecs do."""

        def read(self, size: int | None = -1) -> bytes:
            try:
                data: bytes = super().read(size)
            except zstd.ZstdError as error:
                raise OSError(str(error)) from error
            return data

    return cast(BinaryIO, Reader(stream, options=window))


PACKED_APART = frozenset({"gzip", "bzip2", "xz"})
"""Codecs that are slow, so that workers pack what they repaired, each piece a member of its own. Frames
of zstd are left long: it is fast, and there are readers that stop after the first one."""


def compressed(data: bytes, codec: str) -> bytes:
    """The data in one compressed piece; the same each time."""
    out = io.BytesIO()
    with writing(out, codec) as stream:
        stream.write(data)
    return out.getvalue()


def writing(stream: BinaryIO, codec: str | None) -> BinaryIO:
    """A stream that compresses into `stream`; close it to finish, which leaves `stream` open.

    The same input gives the same bytes: no times or names are written.
    """
    plain: IO[bytes]
    match codec:
        case "gzip":
            # As the program gzip does it: level 9, Python's default, takes a third longer for 0.6%.
            file = gzip.GzipFile(filename="", fileobj=stream, mode="wb", compresslevel=6, mtime=0)
            plain = cast(IO[bytes], file)
        case "bzip2":
            plain = bz2.BZ2File(stream, "wb")
        case "xz":
            plain = lzma.LZMAFile(stream, "wb")  # noqa: SIM115 (the caller closes it)
        case "zstd":
            plain = zstd_module().ZstdFile(stream, "w")
        case _:
            return stream
    return cast(BinaryIO, plain)
