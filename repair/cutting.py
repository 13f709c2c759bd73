"""Long texts, cut into parts that are repaired one by one: always at the same places.

Where a text is cut follows from its bytes alone, never from the memory or the workers that there
are, so that it becomes the same everywhere. It is cut where least is lost: between paragraphs, else
between lines, else behind a sentence, else between two characters.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jiaokan.repair.decode import decode_document
from jiaokan.repair.decode.lines import PIECE, cut_within
from jiaokan.repair.decode.signatures import byte_order_mark
from jiaokan.repair.decode.wide import WIDE
from jiaokan.repair.memory import LONG, PART
from jiaokan.validators.expressions import expression

_TAIL = 1 << 16
"""Bytes at the end of a part in which the best place to cut it is looked for first."""
_STOP = (
    b"(?:%b|[.!?]|" % b"|".join(mark.encode() for mark in "。！？…”」』")
    + rb"\xa1[\xa3\xb1\x43\x48\x49]|\xa3[\xa1\xbf])"
)
"""What a sentence ends with in UTF-8, GBK and Big5: enough to prefer a place, not to decode it."""
_LINE_ENDS = tuple(
    expression(pattern + rb"(?!---|\xef\xbb\xbf)")
    for pattern in (
        _STOP + rb"[ \t\r]*\n(?:[ \t\r]*\n)+",
        _STOP + rb"[ \t\r]*\n",
        rb"\n(?:[ \t\r]*\n)+",
        rb"\n",
        rb"\r(?=[^\n])",
    )
)
"""Ends of paragraphs and lines, the best first; not where what follows would at the head of a text be
front matter or a byte order mark."""
_SENTENCE_END = expression("[。！？!?][”」』）]?|\\. ")
_FENCE = expression(rb"^ {0,3}(?:```|~~~)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a text, from byte `at` on."""

    data: bytes
    at: int
    is_last: bool

    @property
    def is_first(self) -> bool:
        return not self.at


def parts_of(read: Callable[[int], bytes]) -> Iterator[Part]:
    """The parts of what `read` gives, a single one of what is not long."""
    held = b""
    at, wide = 0, ""
    is_over = False
    while True:
        while len(held) <= LONG and not is_over:
            block = read(LONG + 1 - len(held))
            is_over = not block
            held += block
        if not at:
            wide = _wide_encoding(held)
        if len(held) <= LONG:
            yield Part(held, at, is_last=True)
            return
        size = _cut(held[:PART], wide)
        yield Part(held[:size], at, is_last=False)
        at += size
        held = held[size:]


def _wide_encoding(head: bytes) -> str:
    """The encoding of a text that begins so, where its characters take two or four bytes; or ""."""
    mark = byte_order_mark(head)
    if mark is not None:
        return mark[1] if mark[1] in WIDE else ""
    if b"\0" not in head[:_TAIL]:
        return ""
    decoding = decode_document(head[:_TAIL])[0].decoding
    return decoding.encoding if decoding and decoding.encoding in WIDE else ""


def _cut(data: bytes, wide: str) -> int:
    """How many of these bytes the part has."""
    if wide:
        return _cut_wide(data, wide)
    fences = [m.start() for m in _FENCE.finditer(data)] if b"```" in data or b"~~~" in data else []
    for known in (fences, []):  # at last as if there were none: all may be one, or they are none
        for start in (len(data) - _TAIL, len(data) // 2):
            for pattern in _LINE_ENDS:
                ends = [match.end() for match in pattern.finditer(data, start)]
                outside = [end for end in ends if not bisect_left(known, end) & 1]
                if outside:
                    return outside[-1]
    return _cut_in_line(data)


def _cut_in_line(data: bytes) -> int:
    """Behind a sentence of a line that has no end in sight, or at least between two characters."""
    end = len(data)
    while end > len(data) - 4 and data[end - 1] & 0xC0 == 0x80:
        end -= 1
    if data[end - 1] >= 0xC0:  # the first byte of a character that is cut
        end -= 1
    tail = data[end - PIECE : end]
    while tail and tail[0] & 0xC0 == 0x80:
        tail = tail[1:]
    try:
        text = tail.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        decoding = decode_document(data[:_TAIL])[0].decoding
        return len(data) - PIECE + cut_within(data[-PIECE:], decoding.encoding if decoding else "")
    stops = [match.end() for match in _SENTENCE_END.finditer(text)]
    return end - len(text[stops[-1] :].encode("utf-8", "surrogatepass")) if stops else end


def _cut_wide(data: bytes, wide: str) -> int:
    line_feed = "\n".encode(wide)
    size = len(line_feed)
    at = data.rfind(line_feed, len(data) // 2)
    while at >= 0 and at % size:
        at = data.rfind(line_feed, len(data) // 2, at + size - 1)
    if at >= 0:
        return at + size
    end = len(data) // size * size
    is_cut = size == 2 and 0xD8 <= data[end - 1 if wide.endswith("le") else end - 2] <= 0xDB
    return end - size if is_cut else end
