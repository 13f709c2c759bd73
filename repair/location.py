"""Where a position in a text is in its file: byte offset, line and column."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from re import compile as pattern

from jiaokan.validators.values import Document

_BREAK = pattern(r"\r\n|\n|\r")
_LF = pattern(r"\n")


@dataclass(frozen=True, slots=True)
class Place:
    """`byte` counts from 0 in the file as it was read; `line` and `column` (code points) from 1."""

    byte: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a file stands before a part of its text: bytes, code points, line breaks, and code
    points since the last of those."""

    bytes: int = 0
    characters: int = 0
    lines: int = 0
    column: int = 0

    def with_text(self, text: str, size: int) -> "Extent":
        """This and a text of `size` bytes in the file."""
        breaks = [match.end() for match in _BREAK.finditer(text)] if "\r" in text else None
        lines = text.count("\n") if breaks is None else len(breaks)
        since = text.rfind("\n") + 1 if breaks is None else breaks[-1] if breaks else 0
        return Extent(
            self.bytes + size,
            self.characters + len(text),
            self.lines + lines,
            len(text) - since if lines else self.column + len(text),
        )

    def and_then(self, other: "Extent") -> "Extent":
        """This and what stands before a place in a text after it."""
        return Extent(
            self.bytes + other.bytes,
            self.characters + other.characters,
            self.lines + other.lines,
            other.column if other.lines else self.column + other.column,
        )

    def moved(self, place: "Place") -> "Place":
        """Where in the file a place of the part is."""
        column = place.column + (self.column if place.line == 1 else 0)
        return Place(place.byte + self.bytes, place.line + self.lines, column)


AT_START = Extent()


class Locator:
    """Finds the places of one document. Cheapest when asked from the start to the end."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        decoding = document.decoding
        self._runs = decoding.runs if decoding else ()
        self._run_starts = [run.start for run in self._runs]
        self._last = (-1, 0, 0)  # the last answer inside a run: run, position, byte

    @cached_property
    def line_starts(self) -> list[int]:
        """0, and the position after each line break (LF, CR LF or CR)."""
        breaks = _BREAK if "\r" in self._text else _LF  # the plain one is found much faster
        return [0, *(match.end() for match in breaks.finditer(self._text))]

    def again(self) -> "Locator":
        """Another for the same document, so that both can go from the start to the end."""
        other = Locator(self._document)
        other.__dict__["line_starts"] = self.line_starts
        return other

    def place(self, position: int) -> Place:
        """The place of a code point, or of the end of the text."""
        line = bisect_right(self.line_starts, position)
        return Place(self.byte(position), line, position - self.line_starts[line - 1] + 1)

    def byte(self, position: int) -> int:
        """The byte offset of a code point. In bytes that their encoding could not read, the
        offset of the first of them; of a text that never was bytes, its offset in UTF-8."""
        if not self._runs:
            return self._step(-1, 0, 0, position, "utf-8")
        index = max(0, bisect_right(self._run_starts, position) - 1)
        run = self._runs[index]
        if position >= run.end:
            return run.byte_end
        if run.raw is not None:
            return run.byte_start
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
        byte += _length(self._text[start:position], encoding)
        self._last = (index, position, byte)
        return byte


def _length(part: str, encoding: str) -> int:
    """How many bytes a part of a run takes."""
    if encoding in ("utf-8", "ascii"):
        return len(part.encode("utf-8", "surrogatepass"))
    from jiaokan.repair.decode.codecs import encode_text

    try:
        return len(encode_text(part, encoding))
    except (UnicodeEncodeError, LookupError):  # cannot be: the run says that it encodes again
        return len(part.encode("utf-8", "surrogatepass"))
