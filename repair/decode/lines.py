"""A file that one encoding reads best: its lines that do not read well in it are read anew.

A quick look at the text finds the lines in question, costs by line find the encoding of most of
them, and what is left goes through the lattice. Work grows with the size of the file; the lattice,
which is slow, has a budget.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.codecs import decode_bytes, is_table_driven
from jiaokan.repair.decode.colours import cut_out, rejoined
from jiaokan.repair.decode.lattice import CHANGE_AT_LINE, Stretch
from jiaokan.repair.decode.passages import Asked, Lattice
from jiaokan.repair.decode.questionable import Part, end_to_end, questionable_parts
from jiaokan.repair.decode.ranking import (
    PRIOR,
    LineCosts,
    line_costs,
    read_lines_by,
)
from jiaokan.repair.decode.reading import SAFE_BELOW
from jiaokan.repair.decode.screening import screen_gb18030
from jiaokan.repair.decode.suspicion import UNUSUAL

BLOCK = 1 << 20
"""Bytes that are looked at together."""
_TOGETHER = 1 << 20
"""Bytes of lines from which on they are looked at before more are gathered."""
PIECE = 4096
"""A line longer than this is looked at in pieces."""
_TAIL = 128
_HIGH = bytes(range(0x80, 0x100))


def read_lines(data: bytes, main: str) -> list[Stretch]:
    """Stretches that cover all the data, mostly of the encoding `main`."""
    stretches: list[Stretch] = []
    lattice = Lattice(main)
    waiting: list[_Block] = []
    size = 0
    for start, end in blocks(data, main):
        block = data if end - start == len(data) else data[start:end]
        waiting.append(_screened(start, block, main))
        size += waiting[-1].asked
        if size >= _TOGETHER:
            _read_blocks(waiting, lattice, stretches)
            waiting, size = [], 0
    _read_blocks(waiting, lattice, stretches)
    return stretches


class _Block(NamedTuple):
    """Some of the data, from byte `start` on: its text, if it decodes, the narrowest name of its
    encoding, and the lines to look at."""

    start: int
    data: bytes
    text: str | None
    name: str
    pieces: list[tuple[int, int]]

    @property
    def asked(self) -> int:
        """Bytes of the lines to look at."""
        return sum(end - start for start, end in self.pieces)

    def lines(self) -> list[bytes]:
        return [self.data[start:end] for start, end in self.pieces]


def _screened(start: int, data: bytes, main: str) -> _Block:
    name, text = main, None
    try:
        if main == "gb18030":
            text, name, numbers = screen_gb18030(data)
        else:
            text, numbers = decode_bytes(data, main), None
    except UnicodeDecodeError:
        pieces = [(a, b) for a, b in _pieces(data, main) if not data[a:b].isascii()]
        if main == "utf-8":  # of which lines that decode leave no doubt
            pieces = [(a, b) for a, b in pieces if not _decodes(data[a:b], main)]
        return _Block(start, data, None, main, pieces)
    pieces = [] if main == "utf-8" else _unusual_pieces(data, main, numbers)
    return _Block(start, data, text, name, pieces)


def _decodes(line: bytes, main: str) -> bool:
    try:
        decode_bytes(line, main)
    except UnicodeDecodeError:
        return False
    return True


def _read_blocks(blocks: list[_Block], lattice: Lattice, stretches: list[Stretch]) -> None:
    """Add what the blocks read as. The lines of all are looked at together, which is much faster."""
    main = lattice.main
    parts = iter(questionable_parts([l for block in blocks for l in block.lines()], main))
    flagged = [
        [
            (index, part)
            for index, part in enumerate(islice(parts, len(block.pieces)))
            if part is not None
        ]
        for block in blocks
    ]
    lines = [
        (block.data[slice(*block.pieces[index])], part)
        for block, own in zip(blocks, flagged, strict=True)
        for index, part in own
    ]
    readings = iter(_read_flagged(lines, lattice) if lines else ())
    for block, own in zip(blocks, flagged, strict=True):
        numbers = [index for index, _ in own]
        for stretch in _read_block(block, numbers, list(islice(readings, len(own))), main):
            at, until = stretch.start + block.start, stretch.end + block.start
            last = stretches[-1] if stretches else None
            if last and last.encoding == stretch.encoding and last.text is stretch.text is None:
                stretches[-1] = Stretch(last.encoding, last.start, until)
            else:
                stretches.append(Stretch(stretch.encoding, at, until, stretch.text))


def _read_block(
    block: _Block, flagged: list[int], readings: list[list[Stretch]], main: str
) -> list[Stretch]:
    """A block with these of its lines read so."""
    size = len(block.data)
    if block.text is not None and all(len(r) == 1 and r[0].encoding == main for r in readings):
        return [Stretch(block.name, 0, size, block.text)]
    stretches: list[Stretch] = []
    at = 0
    for index, reading in zip(flagged, readings, strict=True):
        start, end = block.pieces[index]
        if start > at:
            stretches.append(Stretch(main, at, start))
        stretches += (Stretch(s.encoding, s.start + start, s.end + start, s.text) for s in reading)
        at = end
    if at < size:
        stretches.append(Stretch(main, at, size))
    return stretches


def blocks(data: bytes, main: str) -> Iterator[tuple[int, int]]:
    """Spans of some megabytes at most that end with a line, where there are lines."""
    start = 0
    while start < len(data):
        end = start + BLOCK
        if end >= len(data):
            end = len(data)
        else:
            cut = data.rfind(b"\n", start, end) + 1
            end = cut or end - PIECE + cut_within(data[end - PIECE : end], main)
        yield start, end
        start = end


def _unusual_pieces(
    data: bytes, main: str, numbers: NDArray[np.intp] | None
) -> list[tuple[int, int]]:
    """The lines that are worth a closer look: those of these numbers, or all with other than
    ASCII, since trail bytes may be ASCII and a missing byte then need not show."""
    if numbers is None:
        return [(a, b) for a, b in _pieces(data, main) if not data[a:b].isascii()]
    if not len(numbers):
        return []
    breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 0x0A) + 1
    begins = np.where(numbers > 0, breaks[numbers - 1], 0) if len(breaks) else numbers * 0
    found: list[tuple[int, int]] = []
    for begin in begins.tolist():
        line = data[begin : data.find(b"\n", begin) + 1 or len(data)]
        found += ((begin + start, begin + end) for start, end in _pieces(line, main))
    return found


def _pieces(data: bytes, main: str) -> Iterator[tuple[int, int]]:
    """Lines, with their ends; long ones in pieces."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        while end - start > PIECE:
            cut = cut_within(data[start : start + PIECE], main)
            yield start, start + cut
            start += cut
        yield start, end
        start = end


def cut_within(piece: bytes, main: str) -> int:
    """Where to cut a long line: after a byte that is surely a character, if there is one."""
    safe = np.flatnonzero(np.frombuffer(piece, dtype=np.uint8) < SAFE_BELOW)
    if len(safe):
        return int(safe[-1]) + 1
    # Whatever is wrong before, the better of two readings of the end shows where characters begin.
    best = min((_tail(piece, offset, main) for offset in (0, 1)), key=lambda tail: tail[0])
    return best[1]


def _tail(piece: bytes, offset: int, main: str) -> tuple[float, int]:
    """What the end of a piece costs when read from one byte, and where its last character begins."""
    start = len(piece) - _TAIL + offset
    read = read_lines_by(main, np.frombuffer(piece, dtype=np.uint8, offset=start))
    return float(read.costs.sum()), start + int(read.positions[-1])


def _read_flagged(lines: list[tuple[bytes, Part]], lattice: Lattice) -> list[list[Stretch]]:
    """Each line by the encoding that reads the whole of it well, or by the lattice."""
    joined = [rejoined(line, lattice.main) for line, _ in lines]
    changed = [index for index, (_, spans) in enumerate(joined) if spans]
    parts = [part for _, part in lines]
    again = questionable_parts([joined[index][0] for index in changed], lattice.main)
    whole = {}
    for index, part in zip(changed, again, strict=True):
        if part is None:
            whole[index] = [Stretch(lattice.main, 0, len(joined[index][0]))]
        else:
            parts[index] = part
    asked = [index for index in range(len(lines)) if index not in whole]
    readings = _read_joined([joined[i][0] for i in asked], [parts[i] for i in asked], lattice)
    whole |= zip(asked, readings, strict=True)
    return [
        cut_out(whole[index], line, spans) if spans else whole[index]
        for index, (line, spans) in enumerate(joined)
    ]


def _read_joined(lines: list[bytes], parts: list[Part], lattice: Lattice) -> list[list[Stretch]]:
    foreign = [index for index, part in enumerate(parts) if part.foreign]
    best = dict(zip(foreign, _best_of([lines[index] for index in foreign], lattice), strict=True))
    readings: dict[int, list[Stretch]] = {}
    asked: dict[int, Asked] = {}
    for index, (line, part) in enumerate(zip(lines, parts, strict=True)):
        name, is_whole = best.get(index, (lattice.main, False))
        if is_whole:
            readings[index] = [Stretch(name, 0, len(line))]
        else:
            asked[index] = Asked(line, part, name)
    readings.update(zip(asked, lattice.read(list(asked.values())), strict=True))
    return [readings[index] for index in range(len(lines))]


def _best_of(lines: list[bytes], lattice: Lattice) -> list[tuple[str, bool]]:
    """The encoding that reads each line best, and whether it reads the whole of it well."""
    if not lines:
        return []
    joined, starts = end_to_end(lines)
    costs = {name: line_costs(name, joined, starts) for name in lattice.encodings}
    unread = [
        line
        for index, line in enumerate(lines)
        if not any(_suits(cost, index, line) for cost in costs.values())
    ]
    if unread:
        lattice.consider(b"\n".join(unread[:32]))
        for name in lattice.encodings:
            if name not in costs and is_table_driven(name):
                costs[name] = line_costs(name, joined, starts)
    penalty = {n: 0 if n == lattice.main else CHANGE_AT_LINE + PRIOR.get(n, 8) for n in costs}
    best: list[tuple[str, bool]] = []
    for index in range(len(lines)):
        name = min(costs, key=lambda name: costs[name].bits[index] + penalty[name])
        best.append((name, _reads(costs[name], index)))
    return best


def _reads(costs: LineCosts, index: int) -> bool:
    return bool(costs.wrong[index] == 0 and costs.worst[index] <= UNUSUAL)


def _suits(costs: LineCosts, index: int, line: bytes) -> bool:
    """Whether the line may well be in this encoding, though perhaps not all of it."""
    high = len(line) - len(line.translate(None, _HIGH))
    return bool(costs.bits[index] < 5.0 * (len(line) - high) + 7.0 * high)
