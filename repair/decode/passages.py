"""The passages of a document's lines that do not read well, read by the lattice, which has a budget."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from jiaokan.repair.decode.lattice import Stretch, plain_cost, walk_all
from jiaokan.repair.decode.placing import best_place, cost_in_step
from jiaokan.repair.decode.questionable import Part
from jiaokan.repair.decode.ranking import USUAL, rank
from jiaokan.repair.decode.reading import follow, read_everywhere
from jiaokan.repair.decode.scoring import CostOf, costs_after, costs_between

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


class Asked(NamedTuple):
    """A line, the part of it that is in question, and the encoding that reads it best on the whole."""

    line: bytes
    part: Part
    best: str


class Lattice:
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

    def read(self, asked: Sequence[Asked]) -> list[list[Stretch]]:
        """Each of these parts of lines, as far as the budget goes."""
        read: dict[int, list[Stretch]] = {}
        fine: list[bool] = []
        alike: dict[tuple[bool, bool, bool], list[int]] = {}
        for number, (line, (start, end, foreign, missing), best) in enumerate(asked):
            fine.append(False)
            if end - start > self.budget:
                read[number] = _greedy(line, best)
                continue
            self.budget -= end - start
            fine[-1] = self.budget > LATTICE_BYTES - _FINE_BYTES
            alike.setdefault((foreign, missing, fine[-1]), []).append(number)
        for (foreign, missing, is_fine), numbers in alike.items():
            encodings = self.encodings if foreign else [self.main]
            parts = [
                line[start:end] for line, (start, end, *_), _ in map(asked.__getitem__, numbers)
            ]
            for number, inside in zip(
                numbers, self._insides(parts, encodings, missing, is_fine), strict=True
            ):
                read[number] = self._whole(asked[number], inside)
        return [read[number] for number in range(len(asked))]

    def _insides(
        self, parts: list[bytes], encodings: list[str], missing: bool, fine: bool
    ) -> list[list[Stretch]]:
        by_both = fine and self.main != "gb18030"
        cost_of = costs_between if fine else costs_after
        found = walk_all(
            parts, encodings, self.main, costs_between if by_both else costs_after, missing
        )
        if fine and not by_both:  # the damage of GBK is seen by the plain model as well
            again = [i for i, (inside, _) in enumerate(found) if _is_odd(inside, self.main)]
            better = walk_all([parts[i] for i in again], encodings, self.main, cost_of, missing)
            for index, walked in zip(again, better, strict=True):
                found[index] = walked
        return [
            self._placed(part, self._unless_plain(part, inside, cost, cost_of))
            if fine and missing
            else self._unless_plain(part, inside, cost, cost_of)
            for part, (inside, cost) in zip(parts, found, strict=True)
        ]

    def _placed(self, part: bytes, inside: list[Stretch]) -> list[Stretch]:
        """The same with each missing byte where three characters in a row say."""
        if len(inside) == 1 and inside[0].encoding == self.main:
            best = best_place(part, self.main, len(part) // 2)
            plain = None if best is None else cost_in_step(part, self.main)
            if best is None or plain is None or plain < best.cost + _CLEARLY:
                return inside
            return _with_gap(self.main, 0, best.at, len(part))
        placed: list[Stretch] = []
        for number, stretch in enumerate(inside):
            before, after = placed[-1:], inside[number + 1 : number + 2]
            if (
                stretch.encoding is None
                and stretch.end - stretch.start == 1
                and all(s.encoding == self.main for s in (*before, *after))
            ):
                start = before[0].start if before else stretch.start
                end = after[0].end if after else stretch.end
                best = best_place(part[start:end], self.main, stretch.start - start)
                if best is not None:
                    placed[len(placed) - len(before) :] = _with_gap(
                        self.main, start, start + best.at, end
                    )
                    inside[number + 1 : number + 2] = []
                    continue
            placed.append(stretch)
        return placed

    def _unless_plain(
        self, part: bytes, inside: list[Stretch], cost: float, cost_of: CostOf
    ) -> list[Stretch]:
        """What was found, if it is clearly better than the part read by the main encoding."""
        odd = sum(stretch.encoding != self.main for stretch in inside)
        if not odd:
            return inside
        plain = plain_cost(part, self.main, cost_of)
        more = odd - (1 if any(stretch.encoding is None for stretch in inside) else 0)
        if plain is not None and plain < cost + _CLEARLY + _MORE * more:
            return [Stretch(self.main, 0, len(part))]
        return inside

    def _whole(self, asked: Asked, inside: list[Stretch]) -> list[Stretch]:
        """The line with its part read so."""
        line, (start, end, *_), _ = asked
        stretches = [Stretch(self.main, 0, start)] if start else []
        stretches += (Stretch(s.encoding, s.start + start, s.end + start) for s in inside)
        if end < len(line):
            stretches.append(Stretch(self.main, end, len(line)))
        return _merged(stretches)


def _with_gap(encoding: str, start: int, gap: int, end: int) -> list[Stretch]:
    """Bytes of one encoding with one of them astray."""
    whole = (
        Stretch(encoding, start, gap),
        Stretch(None, gap, gap + 1),
        Stretch(encoding, gap + 1, end),
    )
    return [stretch for stretch in whole if stretch.start < stretch.end]


def _is_odd(inside: list[Stretch], main: str) -> bool:
    return len(inside) > 1 or inside[0].encoding != main


def _merged(stretches: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for stretch in stretches:
        if merged and merged[-1].encoding == stretch.encoding:
            merged[-1] = Stretch(stretch.encoding, merged[-1].start, stretch.end)
        else:
            merged.append(stretch)
    return merged


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
