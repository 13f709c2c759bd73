"""Characters in two colours: an escape sequence between the two bytes of one, as on Taiwan's boards.

A terminal that shows half a character in each colour reads the bytes as they come. As text the
sequence can only stand beside the character, so it is put after it; the bytes are kept.
"""

import numpy as np

from jiaokan.repair.decode.codecs import decode_bytes
from jiaokan.repair.decode.lattice import Stretch
from jiaokan.repair.decode.reading import follow, read_everywhere
from jiaokan.repair.decode.scoring import costs_alone
from jiaokan.repair.decode.tables import PAIR_LEADS
from jiaokan.validators.expressions import expression
from jiaokan.validators.view import code_points

Spans = list[tuple[int, int]]
_SPLIT = expression(rb"([\x81-\xfe])((?:\x1b\[[0-9;]*m)+)([\x40-\x7e\x80-\xfe])")
_RARE = 19.0
"""Bits from which a character is too rare to be put together from two bytes apart."""


def is_split(part: bytes) -> bool:
    """Whether these bytes are a character with a sequence in it, and nothing else."""
    return _SPLIT.fullmatch(part) is not None


def rejoined(line: bytes, encoding: str) -> tuple[bytes, Spans]:
    """The line with the second byte of each such character before the sequence, and where they are.
    Positions stay what they are."""
    if encoding not in PAIR_LEADS or b"\x1b[" not in line:
        return line, []
    spans: Spans = []
    out = bytearray(line)
    astray = _astray(line, encoding)
    for match in _SPLIT.finditer(line):
        pair = match[1] + match[3]
        start, end = match.span()
        if start in astray and len(spans) < _MOST and _is_common(pair, encoding):
            out[start:end] = pair + match[2]
            spans.append((start, end))
            # A second byte alone had put what follows out of step.
            astray = _astray(bytes(out), encoding)
    return bytes(out), spans


_MOST = 256


def _astray(line: bytes, encoding: str) -> set[int]:
    starts, wrong = follow(read_everywhere(encoding, np.frombuffer(line, dtype=np.uint8)))
    return set(starts[wrong].tolist())


def _is_common(pair: bytes, encoding: str) -> bool:
    try:
        character = decode_bytes(pair, encoding)
    except UnicodeDecodeError:
        return False
    return len(character) == 1 and float(costs_alone(code_points(character))[0]) < _RARE


def cut_out(stretches: list[Stretch], line: bytes, spans: Spans) -> list[Stretch]:
    """The stretches of a rejoined line with each of these characters as one of its own."""
    out: list[Stretch] = []
    left = spans[::-1]
    for stretch in stretches:
        at = stretch.start
        while left and left[-1][1] <= stretch.end:
            start, end = left.pop()
            if start < at or stretch.encoding is None:
                continue
            if start > at:
                out.append(Stretch(stretch.encoding, at, start))
            text = decode_bytes(line[start:end], stretch.encoding)
            out.append(Stretch(stretch.encoding, start, end, text))
            at = end
        while left and left[-1][0] < stretch.end:
            left.pop()
        if at < stretch.end:
            out.append(Stretch(stretch.encoding, at, stretch.end))
    return out
