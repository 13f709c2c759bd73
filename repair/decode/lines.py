"""A file that one encoding reads best: its lines that do not read well in it are read anew.

A quick look at the text finds the lines in question, costs by line find the encoding of most of
them, and what is left goes through the lattice. Work grows with the size of the file; the lattice,
which is slow, has a budget.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.codecs import decode_bytes, is_table_driven
from jiaokan.repair.decode.colours import cut_out, rejoined
from jiaokan.repair.decode.lattice import CHANGE_AT_LINE, Stretch, plain_cost, walk
from jiaokan.repair.decode.ranking import (
    PRIOR,
    USUAL,
    LineCosts,
    Read,
    line_costs,
    rank,
    read_lines_by,
)
from jiaokan.repair.decode.reading import SAFE_BELOW, follow, read_everywhere
from jiaokan.repair.decode.scoring import costs_after, costs_between
from jiaokan.repair.decode.screening import screen_gb18030
from jiaokan.repair.decode.suspicion import (
    UNUSUAL,
    doubtful_lines,
    foreign_places,
    missing_places,
)

BLOCK = 1 << 20
"""Bytes that are looked at together."""
PIECE = 4096
"""A line longer than this is looked at in pieces."""
LATTICE_BYTES = 1 << 16
"""How many bytes of a document may go through the lattice."""
_FINE_BYTES = 1 << 13
"""How many of these are looked at with two models."""
CONSIDERED = ("cp932", "euc_jp", "cp949", "big5hkscs", "big5-uao", "cp1251", "koi8-r")
"""Other encodings in which passages of a Chinese file may be."""
_CLEARLY = 2.0
"""Bits by which a reading with damage must be better than one without. Of 12 million characters of
clean text three places are better by one, and of Big5 with damage one in fifty by two to three."""
_MORE = 10.0
"""The same for each further damage, and for each passage in another encoding."""
_TAIL = 128
_HIGH = bytes(range(0x80, 0x100))


class _Lattice:
    """The encodings that a document's lines may be in, and what is left of the budget."""

    def __init__(self, main: str) -> None:
        self.main = main
        self.budget = LATTICE_BYTES
        self.encodings = [main, *(name for name in self._others() if name != main)]

    def _others(self) -> tuple[str, ...]:
        if self.main == "utf-8":
            return (*USUAL, "cp1252")
        # Text of other scripts is too little known to tell a rare word from Chinese within it.
        return USUAL if self.main in USUAL else ("utf-8",)

    def consider(self, sample: bytes) -> None:
        """Also try what this sample reads best in, where it is none of the usual encodings."""
        best = rank(sample[:2048]).encodings[0]
        if self.main in USUAL and best in CONSIDERED and best not in self.encodings:
            self.encodings.append(best)

    def read(self, line: bytes, best: str) -> list[Stretch]:
        return self.read_part(line, _questionable(line, self.main), best)

    def read_part(self, line: bytes, part: tuple[int, int, bool], best: str) -> list[Stretch]:
        start, end, foreign = part
        if end - start > self.budget:
            return _greedy(line, best)
        self.budget -= end - start
        encodings = self.encodings if foreign else [self.main]
        fine = self.budget > LATTICE_BYTES - _FINE_BYTES
        cost_of = costs_between if fine else costs_after
        inside: list[Stretch] = []
        if fine and self.main == "gb18030":  # whose damage the plain model sees as well
            inside, cost = walk(line[start:end], encodings, self.main)
        if not inside or len(inside) > 1 or inside[0].encoding != self.main:
            inside, cost = walk(line[start:end], encodings, self.main, cost_of)
        odd = sum(stretch.encoding != self.main for stretch in inside)
        if odd:
            plain = plain_cost(line[start:end], self.main, cost_of)
            more = odd - (1 if any(stretch.encoding is None for stretch in inside) else 0)
            if plain is not None and plain < cost + _CLEARLY + _MORE * more:
                inside = [Stretch(self.main, 0, end - start)]
        stretches = [Stretch(self.main, 0, start)] if start else []
        stretches += (Stretch(s.encoding, s.start + start, s.end + start) for s in inside)
        if end < len(line):
            stretches.append(Stretch(self.main, end, len(line)))
        return _merged(stretches)


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for stretch in stretches:
        if merged and merged[-1].encoding == stretch.encoding:
            merged[-1] = Stretch(stretch.encoding, merged[-1].start, stretch.end)
        else:
            merged.append(stretch)
    return merged


def _questionable(line: bytes, main: str) -> tuple[int, int, bool]:
    """The part of a line that does not read well, with enough around it to decide; and whether
    it may be in another encoding (if not, a byte may be missing)."""
    array = np.frombuffer(line, dtype=np.uint8)
    read = read_lines_by(main, array)
    foreign = foreign_places(read)
    if read.wrong.any() or not is_table_driven(main):
        at = np.flatnonzero(read.wrong | (read.windows > UNUSUAL))
    else:
        at = np.union1d(np.flatnonzero(foreign), missing_places(read, array))
    if not len(at):
        return 0, len(line), True
    positions, wrong = read.positions, read.wrong
    safe = np.flatnonzero(array < SAFE_BELOW)
    first, last = int(positions[at[0]]), int(positions[at[-1]])
    if wrong.any():
        before = safe[safe < first - 8]
        start = int(before[-1]) + 1 if len(before) else 0
    else:
        start = int(positions[max(0, int(at[0]) - 8)])
    after = safe[safe > last + 32]
    end = int(after[0]) + 1 if len(after) else len(line)
    end = min(end, _well_read_from(read, int(at[-1]), len(line)))
    return start, end, bool(wrong.any() or foreign.any())


def _well_read_from(read: Read, last: int, size: int) -> int:
    """The byte behind a stretch of good text that follows a character; what comes then is in step."""
    rest = read.costs[last + _AWAY :]
    if len(rest) <= _STRETCH:
        return size
    running = np.append(0, np.cumsum(rest, dtype=np.float64))
    good = np.flatnonzero(running[_STRETCH:] - running[:-_STRETCH] < _WELL * _STRETCH)
    if not len(good):
        return size
    behind = last + _AWAY + int(good[0]) + _STRETCH
    return int(read.positions[behind]) if behind < len(read.positions) else size


_AWAY = 8
_STRETCH = 16
_WELL = 9.5
"""Bits that the characters of good text cost on average; out of step they cost 13 and more."""


def read_lines(data: bytes, main: str) -> list[Stretch]:
    """Stretches that cover all the data, mostly of the encoding `main`."""
    stretches: list[Stretch] = []
    lattice = _Lattice(main)
    for start, end in blocks(data, main):
        block = data if end - start == len(data) else data[start:end]
        for stretch in _read_block(block, main, lattice):
            at, until = stretch.start + start, stretch.end + start
            last = stretches[-1] if stretches else None
            if last and last.encoding == stretch.encoding and last.text is stretch.text is None:
                stretches[-1] = Stretch(last.encoding, last.start, until)
            else:
                stretches.append(Stretch(stretch.encoding, at, until, stretch.text))
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
            end = cut or end - PIECE + _cut(data[end - PIECE : end], main)
        yield start, end
        start = end


def _read_block(data: bytes, main: str, lattice: _Lattice) -> list[Stretch]:
    name, text = main, None
    try:
        if main == "gb18030":
            text, name, numbers = screen_gb18030(data)
        else:
            text, numbers = decode_bytes(data, main), None
    except UnicodeDecodeError:
        pieces = list(_pieces(data, main))
        flagged = _flagged(data, main, pieces)
    else:
        if main == "utf-8":
            return [Stretch(main, 0, len(data), text)]
        pieces = _unusual_pieces(data, main, numbers)
        doubts = _doubtful(main, [data[start:end] for start, end in pieces])
        flagged = np.flatnonzero(doubts).tolist()
        if not flagged:
            return [Stretch(name, 0, len(data), text)]
    if not flagged:
        return [Stretch(main, 0, len(data))]
    readings = _read_flagged([data[slice(*pieces[index])] for index in flagged], lattice)
    if text is not None and all(len(r) == 1 and r[0].encoding == main for r in readings):
        return [Stretch(name, 0, len(data), text)]
    stretches: list[Stretch] = []
    at = 0
    for index, reading in zip(flagged, readings, strict=True):
        start, end = pieces[index]
        if start > at:
            stretches.append(Stretch(main, at, start))
        stretches += (Stretch(s.encoding, s.start + start, s.end + start, s.text) for s in reading)
        at = end
    if at < len(data):
        stretches.append(Stretch(main, at, len(data)))
    return stretches


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
            cut = _cut(data[start : start + PIECE], main)
            yield start, start + cut
            start += cut
        yield start, end
        start = end


def _cut(piece: bytes, main: str) -> int:
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


def _flagged(data: bytes, main: str, pieces: list[tuple[int, int]]) -> list[int]:
    """Indices of the pieces that do not decode, or are doubtful."""
    failed: list[int] = []
    decoded: list[int] = []
    for index, (start, end) in enumerate(pieces):
        piece = data[start:end]
        if piece.isascii():
            continue
        try:
            decode_bytes(piece, main)
            decoded.append(index)
        except UnicodeDecodeError:
            failed.append(index)
    if main == "utf-8":
        return failed
    doubts = _doubtful(main, [data[slice(*pieces[index])] for index in decoded])
    return sorted({*failed, *(i for i, doubt in zip(decoded, doubts, strict=True) if doubt)})


def _doubtful(main: str, lines: list[bytes]) -> list[bool]:
    if not lines or not is_table_driven(main):
        return [False] * len(lines)
    doubts: list[bool] = doubtful_lines(main, *_end_to_end(lines)).tolist()
    return doubts


def _end_to_end(lines: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Lines in one array, and where each begins; a line feed is put after each."""
    lengths = np.fromiter(map(len, lines), dtype=np.intp, count=len(lines)) + 1
    joined = np.frombuffer(b"\n".join([*lines, b""]), dtype=np.uint8)
    return joined, np.cumsum(lengths) - lengths


def _read_flagged(lines: list[bytes], lattice: _Lattice) -> list[list[Stretch]]:
    """Each line by the encoding that reads the whole of it well, or by the lattice."""
    joined = [rejoined(line, lattice.main) for line in lines]
    readings = _read_joined([line for line, _ in joined], lattice)
    return [
        cut_out(reading, line, spans) if spans else reading
        for reading, (line, spans) in zip(readings, joined, strict=True)
    ]


def _read_joined(lines: list[bytes], lattice: _Lattice) -> list[list[Stretch]]:
    parts = [_questionable(line, lattice.main) for line in lines]
    foreign = [index for index, part in enumerate(parts) if part[2]]
    others = iter(_read_foreign([lines[index] for index in foreign], lattice))
    return [
        next(others) if part[2] else lattice.read_part(line, part, lattice.main)
        for line, part in zip(lines, parts, strict=True)
    ]


def _read_foreign(lines: list[bytes], lattice: _Lattice) -> list[list[Stretch]]:
    if not lines:
        return []
    joined, starts = _end_to_end(lines)
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
    readings: list[list[Stretch]] = []
    for index, line in enumerate(lines):
        best = min(costs, key=lambda name: costs[name].bits[index] + penalty[name])
        if _reads(costs[best], index):
            readings.append([Stretch(best, 0, len(line))])
        else:
            readings.append(lattice.read(line, best))
    return readings


def _reads(costs: LineCosts, index: int) -> bool:
    return bool(costs.wrong[index] == 0 and costs.worst[index] <= UNUSUAL)


def _suits(costs: LineCosts, index: int, line: bytes) -> bool:
    """Whether the line may well be in this encoding, though perhaps not all of it."""
    high = len(line) - len(line.translate(None, _HIGH))
    return bool(costs.bits[index] < 5.0 * (len(line) - high) + 7.0 * high)


def _greedy(line: bytes, encoding: str) -> list[Stretch]:
    """From the first byte on, passing over what begins no character."""
    starts, wrong = follow(read_everywhere(encoding, np.frombuffer(line, dtype=np.uint8)))
    if not wrong.any():
        return [Stretch(encoding, 0, len(line))]
    changes = np.flatnonzero(np.diff(wrong, prepend=~wrong[:1]))
    ends = [*starts[changes[1:]].tolist(), len(line)]
    return [
        Stretch(None if wrong[change] else encoding, int(starts[change]), end)
        for change, end in zip(changes.tolist(), ends, strict=True)
    ]
