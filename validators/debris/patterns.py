"""The table of patterns, and which lines are worth matching against which of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.debris.folding import fold, forms

_TABLE = Path(__file__).parent.parent / "tables" / "debris.tsv"
_FIRST, _SECOND = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(12)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the table.

    `longest` is the longest line that it may match, `within` the last place of a trigger in it, both
    in code points.
    """

    kind: str
    at_end: bool
    confidence: float
    longest: int
    within: int
    triggers: tuple[str, ...]
    expression: re.Pattern[str]

    def match(self, line: str) -> tuple[int, int] | None:
        """The span of the furniture in a folded line, or None."""
        found = self.expression.search(line) if self.at_end else self.expression.fullmatch(line)
        return found.span() if found else None


ANYWHERE = 1 << 30


@cache
def patterns() -> tuple[Pattern, ...]:
    """All rows, the parts put in."""
    rows = [
        line.split("\t")
        for line in _TABLE.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    parts = {row[1]: row[2] for row in rows if row[0] == "part"}
    found = []
    for row in rows:
        if row[0] == "part":
            continue
        kind, where, confidence, longest, within, triggers, expression = row
        for name, part in parts.items():
            expression = expression.replace("{" + name + "}", part)
        found.append(
            Pattern(
                kind,
                where == "tail",
                float(confidence),
                int(longest) if longest != "-1" else ANYWHERE,
                int(within) if within != "-1" else ANYWHERE,
                tuple(triggers.split("|")),
                re.compile(expression),
            )
        )
    return tuple(found)


@cache
def by_trigger() -> dict[str, tuple[Pattern, ...]]:
    """The patterns that each pair of folded characters may begin."""
    found: dict[str, list[Pattern]] = {}
    for pattern in patterns():
        for trigger in pattern.triggers:
            found.setdefault(trigger[:2], []).append(pattern)
    return {trigger: tuple(rows) for trigger, rows in found.items()}


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int32]]:
    """What characters a trigger begins with; by hashed pair, the longest line and last place."""
    begins = np.zeros(1 << 16, dtype=np.uint8)
    longest = np.zeros(1 << (32 - int(_SHIFT)), dtype=np.int32)
    within = np.zeros_like(longest)
    for trigger, rows in by_trigger().items():
        pairs = product(*((c, *forms().get(c, "")) for c in trigger))
        for first, second in pairs:
            begins[ord(first) & 0xFFFF] = 1
            codes = np.array([ord(first), ord(second)], dtype=np.uint32)
            slot = _slots(codes, np.zeros(1, dtype=np.intp))
            longest[slot] = np.maximum(longest[slot], max(row.longest for row in rows))
            within[slot] = np.maximum(within[slot], max(row.within for row in rows))
    return begins, longest, within


def _slots(codes: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.uint32]:
    slots: NDArray[np.uint32] = (codes[at] * _FIRST + codes[at + 1] * _SECOND) >> _SHIFT
    return slots


def candidate_lines(
    text: str, codes: NDArray[np.uint32], breaks: NDArray[np.intp]
) -> Iterator[tuple[int, int, str, list[str]]]:
    """Lines that hold a trigger in its place and are short enough: start, end, folded, triggers."""
    begins, longest, within = _tables()
    at = np.flatnonzero(begins[codes[:-1].astype(np.uint16)])
    slots = _slots(codes, at)
    limits = longest[slots]
    hit = limits > 0
    at, slots, limits = at[hit], slots[hit], limits[hit]
    if not len(at):
        return
    edges = np.concatenate([[-1], breaks, [len(codes)]])
    line = np.searchsorted(edges, at, side="left") - 1
    begin, end = edges[line] + 1, edges[line + 1]
    kept = (end - begin <= limits + _SLACK) & (at - begin <= within[slots] + _SLACK)
    at, line = at[kept], line[kept]
    changes = np.flatnonzero(np.diff(line, prepend=-1, append=-1))
    for first, last in zip(changes[:-1].tolist(), changes[1:].tolist(), strict=True):
        start, stop = int(edges[line[first]]) + 1, int(edges[line[first] + 1])
        folded = fold(text[start:stop])
        places = [position - start for position in at[first:last].tolist()]
        yield start, stop, folded, [folded[place : place + 2] for place in places]


_SLACK = 4
"""White space around a line that does not count for its length, in code points."""


def matches(folded: str, triggers: list[str]) -> tuple[Pattern, int, int] | None:
    """The surest pattern that a folded line matches, with the span within the line."""
    stripped = folded.strip()
    if not stripped:
        return None
    offset = folded.index(stripped[0])
    tried: set[int] = set()
    table = by_trigger()
    best: tuple[Pattern, int, int] | None = None
    for trigger in triggers:
        for pattern in table.get(trigger, ()):
            if id(pattern) in tried:
                continue
            tried.add(id(pattern))
            if len(stripped) > pattern.longest:
                continue
            span = pattern.match(stripped)
            if span and (best is None or pattern.confidence > best[0].confidence):
                best = pattern, span[0] + offset, span[1] + offset
    return best
