"""The table of patterns."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import NamedTuple
from zlib import crc32

from jiaokan.validators.debris.words import LONGEST, read_line, words
from jiaokan.validators.tables import rows_of


@dataclass(frozen=True)
class Pattern:
    """One row of the table; without a `source`, the words of `debris-words.tsv`.

    `longest` is the longest line that it may match, `within` the last place of a trigger in it, both
    in code points. Words of a `menu` are set apart: it has two or more separators.
    """

    kind: str
    at_end: bool
    is_menu: bool
    confidence: float
    longest: int
    within: int
    triggers: tuple[str, ...]
    source: str

    def match(self, line: str) -> "Match | None":
        """What it finds in a folded line."""
        if not self.source:
            read = read_line(line)
            if read is None:
                return None
            return Match(read.kind, read.confidence, read.start, len(line), read.start > 0)
        found = self._find(line)
        return found and Match(self.kind, self.confidence, *found.span(), self.at_end)

    @cached_property
    def _find(self) -> Callable[[str], re.Match[str] | None]:
        # Made when first tried: all together take longer than a small text.
        expression = re.compile(self.source)
        return expression.search if self.at_end else expression.fullmatch


class Match(NamedTuple):
    """Furniture in a line: of what kind, how surely, where, and whether the rest of the line stays."""

    kind: str
    confidence: float
    start: int
    end: int
    is_part: bool


ANYWHERE = 1 << 30


@cache
def patterns() -> tuple[Pattern, ...]:
    """All rows, the parts put in."""
    rows = list(rows_of("debris.tsv"))
    parts = {row[1]: row[2] for row in rows if row[0] == "part"}
    found = []
    for row in rows:
        if row[0] == "part":
            continue
        kind, where, confidence, longest, within, triggers, expression = row
        for name, part in reversed(parts.items()):  # a part may name those before it
            expression = expression.replace("{" + name + "}", part)
        found.append(
            Pattern(
                kind,
                where == "tail",
                where == "menu",
                float(confidence),
                int(longest) if longest != "-1" else ANYWHERE,
                int(within) if within != "-1" else ANYWHERE,
                tuple(pair.replace("¦", "|") for pair in triggers.split("|")),
                expression,
            )
        )
    table = words()
    for kind, pairs in (("", table.triggers | {" >", "> "}), ("counter", table.counting)):
        cased = sorted({"".join(p) for t in pairs for p in product(*({c, c.upper()} for c in t))})
        found.append(Pattern(kind, False, False, 0.94, LONGEST, LONGEST, tuple(cased), ""))
    return tuple(found)


@cache
def by_trigger() -> dict[str, tuple[Pattern, ...]]:
    """The patterns that each pair of folded characters may begin."""
    found: dict[str, list[Pattern]] = {}
    for pattern in patterns():
        for trigger in pattern.triggers:
            found.setdefault(trigger[:2], []).append(pattern)
    return {trigger: tuple(rows) for trigger, rows in found.items()}


def digest(source: str) -> str:
    """What stands for an expression in `debris-begins.tsv`; without the right one, none is left out."""
    return f"{crc32(source.encode()):08x}"


def match_line(line: str, tried: list[Pattern]) -> Match | None:
    """The surest match of a line, which is folded and stripped."""
    best: Match | None = None
    for pattern in tried:
        if best is not None and pattern.confidence <= best.confidence:
            continue
        if len(line) <= pattern.longest:
            match = pattern.match(line)
            if match and (best is None or match.confidence > best.confidence):
                best = match
    return best
