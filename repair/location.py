"""Where a place of a text is in its file: byte offset, line and column."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from re import compile as pattern

from jiaokan.validators.values import Document, Run

_BREAK = pattern(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Place:
    """`byte` counts from 0 in the file as it was read; `line` and `column` (code points) from 1."""

    byte: int
    line: int
    column: int


class Locator:
    """Finds the places of one document. Cheapest when asked from the start to the end."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        decoding = document.decoding
        self._runs = decoding.runs if decoding else ()
        self._bom = len(decoding.bom) if decoding else 0
        self._run_starts = [run.start for run in self._runs]
        self._last = (-1, 0, 0)  # run, position, byte

    @cached_property
    def line_starts(self) -> list[int]:
        """The position after each line break (LF, CR LF or CR), and 0."""
        return [0, *(match.end() for match in _BREAK.finditer(self._text))]

    def place(self, position: int) -> Place:
        """The place of a code point, or of the end of the text."""
        line = bisect_right(self.line_starts, position)
        return Place(self.byte(position), line, position - self.line_starts[line - 1] + 1)

    def byte(self, position: int) -> int:
        """The byte offset of a code point. In bytes that their encoding could not read, the
        offset of the first of them; of a text that never was bytes, its offset in UTF-8."""
        if not self._runs:
            return self._bom + self._step(-1, 0, 0, position, "utf-8")
        index = max(0, bisect_right(self._run_starts, position) - 1)
        run = self._runs[index]
        if position >= run.end:
            return run.byte_end
        if run.raw is not None:
            return self._inside_raw(run, position)
        return self._step(index, run.start, run.byte_start, position, run.encoding)

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its break."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n")

    def _step(self, index: int, start: int, byte: int, position: int, encoding: str) -> int:
        last_index, last_position, last_byte = self._last
        if last_index == index and last_position <= position:
            start, byte = last_position, last_byte
        part = self._text[start:position]
        byte += len(part) if part.isascii() and encoding in _ASCII else _length(part, encoding)
        self._last = (index, position, byte)
        return byte

    @staticmethod
    def _inside_raw(run: Run, position: int) -> int:
        return run.byte_start if position > run.start else run.byte_start


_ASCII = frozenset({"utf-8", "ascii", "gb18030", "gbk", "big5", "cp1252", "latin-1"})


def _length(part: str, encoding: str) -> int:
    if encoding in ("utf-16", "utf-32"):
        encoding += "-le"  # no BOM in the middle of a text
    try:
        return len(part.encode(encoding, "surrogatepass" if "utf" in encoding else "replace"))
    except LookupError:
        return len(part.encode("utf-8", "surrogatepass"))
