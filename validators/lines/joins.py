"""Which breaks cut a text that runs on: the four rules whose findings can be mended."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.format import FENCE, FRONT_MATTER, format_of
from jiaokan.validators.lines.evidence import (
    FEATURES,
    Flags,
    Pairs,
    evidence_of,
    pairs_of,
    running_on,
)
from jiaokan.validators.lines.furniture import find_furniture
from jiaokan.validators.lines.layout import Layout, Positions, gaps
from jiaokan.validators.lines.model import break_model
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

SURE = {"lines/hard-wrap": 0.9, "lines/broken-paragraph": 0.97, "lines/page-break": 0.95}
"""From this probability on a join is `safe`."""
LIKELY = 0.8
"""From this probability on a join is reported, as `unsafe`."""
SCREEN_ODDS = 4.0
"""Log odds of running on that at least one break of a broken document reaches."""
_KEEPS_LINES = {"code", "csv", "subtitles"}
_SHORTEST = 8
_ENDS = Class.TERMINAL | Class.CLOSE | Class.OPEN
_COLUMN = {name: index for index, name in enumerate(FEATURES)}


def suspicious(view: View) -> Positions:
    """Last ink of the lines that may run on: no mark ends them, and the words do not stop there."""
    left, right = gaps(view)
    if not len(left):
        return left
    bits = view.bits
    letters = np.uint32(Class.HAN | Class.LATIN | Class.DIGIT)
    commas = np.isin(view.codes[left], np.array([0xFF0C, 0x3001, 0x2C], dtype=np.uint32))
    ends = bits[left] & np.uint32(_ENDS)
    begin = np.concatenate([[0], right[:-1]])
    keep = (ends == 0) & ((bits[left] & letters != 0) | commas)
    keep &= left - begin >= _SHORTEST
    keep &= (
        bits[right] & np.uint32(Class.HAN | Class.CJK_MARK | Class.ASCII_MARK | Class.DIGIT)
    ) != 0
    left, right = left[keep], right[keep]
    odds, _, _, _ = running_on(view, left, right)
    found: Positions = left[odds >= SCREEN_ODDS]
    return found


@dataclass(frozen=True)
class Decided:
    """All breaks of one document with the probability that the text runs on there."""

    layout: Layout
    pairs: Pairs
    evidence: NDArray[np.float64]
    probability: NDArray[np.float64]


def decide(view: View) -> Decided:
    """Weigh every break of the one document of the view."""
    layout = Layout(view)
    furniture = find_furniture(layout)
    pairs = pairs_of(layout, furniture)
    evidence = evidence_of(layout, pairs)
    probability = break_model().probability(evidence)
    probability[_kept(layout, pairs)] = 0.0
    return Decided(layout, pairs, evidence, probability)


def find_joins(view: View, settings: Settings) -> list[Finding]:
    """The breaks that cut a text that runs on; what to put there is decided by `repair.lines`."""
    if not len(suspicious(view)) or view.profile.language in ("ja", "ko", "other"):
        return []
    form = format_of(view, settings)
    if form in _KEEPS_LINES:
        return []
    decided = decide(view)
    chosen = np.flatnonzero(decided.probability >= LIKELY)
    if form == "markdown":
        blanks = decided.evidence[chosen, _COLUMN["blanks"]]
        chosen = chosen[blanks > 0]
    return [_finding(decided, int(row), len(chosen)) for row in chosen]


def _finding(decided: Decided, row: int, joins: int) -> Finding:
    layout, pairs = decided.layout, decided.pairs
    left, right = int(pairs.left[row]), int(pairs.right[row])
    chance = float(decided.probability[row])
    rule = _rule(decided, row, joins)
    evidence = {
        name: float(decided.evidence[row, at]) for name, at in _COLUMN.items() if name in _SHOWN
    }
    sure = chance >= SURE.get(rule, 0.9)
    return Finding(
        rule=rule,
        start=int(layout.last[left]) + 1,
        end=int(layout.first[right]),
        message=_MESSAGES[rule],
        confidence=round(chance, 4),
        applicability=Applicability.SAFE if sure else Applicability.UNSAFE,
        evidence=evidence,
    )


_SHOWN = {
    "runs_on",
    "crosses",
    "left_ends",
    "right_begins",
    "slack",
    "peak",
    "blanks",
    "left_chars",
}
_MESSAGES = {
    "lines/hard-wrap": "a line was cut at a width; the text runs on in the next line",
    "lines/broken-paragraph": "a paragraph break in the middle of a sentence",
    "lines/page-break": "a page ends in the middle of a sentence",
    "lines/hyphenation": "a word was cut at a hyphen",
}


def _rule(decided: Decided, row: int, joins: int) -> str:
    layout, pairs = decided.layout, decided.pairs
    last = int(layout.last[pairs.left[row]])
    text = layout.view.text
    after = text[int(layout.first[pairs.right[row]])]
    before = text[last - 1 : last]
    hyphen = text[last] in "-‐\u00ad" and before.isascii() and before.isalpha()
    if hyphen and after.isascii() and after.islower():
        return "lines/hyphenation"
    if pairs.page[row]:
        return "lines/page-break"
    evidence = decided.evidence[row]
    at_width = min(evidence[_COLUMN["slack"]], abs(evidence[_COLUMN["slack_document"]])) <= 6
    blank = evidence[_COLUMN["blanks"]] > 0
    if at_width and joins >= 3 and joins * (2 if blank else 5) >= len(pairs):
        return "lines/hard-wrap"
    return "lines/broken-paragraph"


def _kept(layout: Layout, pairs: Pairs) -> Flags:
    """Breaks that are never touched: inside code blocks and front matter, and beside table rows."""
    text = layout.view.text
    kept = np.zeros(len(pairs), dtype=np.bool_)
    for pattern in (FENCE, FRONT_MATTER):
        for match in pattern.finditer(text):
            inside = (layout.last[pairs.left] >= match.start()) & (
                layout.first[pairs.left] < match.end()
            )
            inside |= (layout.last[pairs.right] >= match.start()) & (
                layout.first[pairs.right] < match.end()
            )
            kept |= inside
    table = _is_row(layout)
    kept |= table[pairs.left] | table[pairs.right]
    return kept


def _is_row(layout: Layout) -> Flags:
    """Lines that begin or end with a table's border, or are ruled."""
    borders = np.array([ord(c) for c in "|│┃║┆┊├┤┌┐└┘┬┴┼─━═╔╗╚╝╠╣"], dtype=np.uint32)
    codes = layout.view.codes
    rows: Flags = np.isin(codes[layout.first], borders) | np.isin(codes[layout.last], borders)
    return rows
