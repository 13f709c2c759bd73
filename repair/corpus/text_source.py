"""Streams the bytes of a text file, decompressed."""

import hashlib
from typing import BinaryIO

from jiaokan.repair.corpus.compression import BROKEN, reading
from jiaokan.repair.corpus.records import FormatError, one_line

DENSEST = 1_000
"""Bytes of text that a packed byte can hold: prose comes to 5, the same line again and again to 900."""
HARMLESS = 16 << 20
"""Bytes of text that are taken however closely they are packed."""


class Source:
    """The bytes of a text as they are read: hashed, counted, and whole or an error."""

    def __init__(self, file: BinaryIO, codec: str | None, most: int | None = None) -> None:
        """Over `most` bytes are an error."""
        self._stream = reading(file, codec)
        self._codec = codec
        self._most = most
        self.size = 0
        self.sha256 = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """Raises FormatError."""
        try:
            data = self._stream.read(size)
        except BROKEN as error:
            if self._codec is None:
                raise
            raise FormatError(
                f"not whole: its {self._codec} data cannot be read ({one_line(error)})"
            ) from None
        self.size += len(data)
        if self._most is not None and self.size > self._most:
            raise FormatError(
                f"over {self._most >> 20:,} MB, packed more closely than text can be (a zip bomb?);"
                f" if it is meant, unpack it first"
            )
        self.sha256.update(data)
        return data
