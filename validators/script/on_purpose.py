"""What a text writes in the other script on purpose: headwords, a table's labels, names, and cited authors.

An entry's headword, a label and a name are found by what they are written as; so long as nothing else in
the text writes them otherwise, changing them is not conversion's to decide.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.script.decisions import Codes, Positions
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.forms import forms
from jiaokan.validators.script.lattice import are_in_words
from jiaokan.validators.script.model import pad
from jiaokan.validators.script.places import within
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View, code_points

_LONGEST = 8
"""Characters of a headword or label."""
_HEADWORDS = 4
"""So many lines with a headword, and half of all lines, make a list of entries or of who says what."""
_CELL_END = expression('[,\t;|\n\r"]')
_FIRST_CELL = expression(
    rf"^(?:\"?[^,\t;|\"\n\r\x80-\U0010ffff]*\"?[,\t;|])*"
    rf"\"?([^,\t;|\"\n\r]{{1,{_LONGEST}}})(?=[,\t;|\"])",
    re.MULTILINE,
)
"""A row's first field that is more than a number or a key."""
_HEAD = expression(
    rf"^[ \t]*(?:[-*•·][ \t]+|\d+[.、)][ \t]*)?([^\s:：,，。;；]{{1,{_LONGEST}}})[ \t]*"
    r"(?:[:：\t]|[-–—]{2}|[ \t][-–—][ \t])",
    re.MULTILINE,
)
"""A line's head with a colon, tab or dash after it: a headword, a field, a speaker."""

_AUTHOR = expression("(?<=[·•・．])[\u3400-\u9fff]{2,4}(?=[《〈])")
"""An author, after a dynasty and before a work: 明·凌濛初《…》."""


def are_chosen(view: View, settings: Settings, found: Sequence[Finding]) -> NDArray[np.bool_]:
    """Whether each of these strays, one character each, stands in a headword of the text or
    where the text repeats that; in a label of a table; in a name; or in that of an author whose work is cited."""
    positions = [finding.start for finding in found]
    better = [finding.replacement or "" for finding in found]
    is_table = format_of(view, settings) == "csv"
    chosen = _are_names(view, np.array(positions), code_points("".join(better)))
    chosen |= within(_AUTHOR, view.text, np.array(positions))
    if heads := _headwords(view.text, positions, is_table):
        chosen |= [_in_one_of(heads, view.text, position) for position in positions]
    if is_table:
        chosen |= _are_labels(view.text, dict(zip(positions, better, strict=True)))
    return chosen


_LONGEST_NAME = 20
_ENDS_OF_CELLS = ',\t;|\n\r"'
_IN_SENTENCES = re.compile(r"[的了是在我你他她們们這这不就都也還还]|[，。！？：；、…“”「」]")


def are_in_names(view: View, settings: Settings, found: Sequence[Finding]) -> NDArray[np.bool_]:
    """Whether each stands in a table's cell that is a name by its looks, unless it is written otherwise in another
    and so but once: a register keeps names of places and companies as they are registered."""
    if format_of(view, settings) != "csv":
        return np.zeros(len(found), dtype=np.bool_)
    return np.array([_is_in_name(view.text, finding) for finding in found], dtype=np.bool_)


def _is_in_name(text: str, finding: Finding) -> bool:
    before = text[max(0, finding.start - _LONGEST_NAME) : finding.start]
    after = text[finding.end : finding.end + _LONGEST_NAME]
    first = max(before.rfind(mark) for mark in _ENDS_OF_CELLS)
    last = min((at for at in map(after.find, _ENDS_OF_CELLS) if at >= 0), default=-1)
    if first < 0 or last < 0:
        return False
    begin, end = before[first + 1 :], after[:last]
    cell = begin + text[finding.start : finding.end] + end
    if len(cell) > _LONGEST_NAME or _IN_SENTENCES.search(cell):
        return False
    other = f"{begin}{finding.replacement or ''}{end}"
    return not _cells(text, other) or _cells(text, cell) > 1


def _cells(text: str, held: str) -> int:
    """How many cells hold this and nothing else, two at the most."""
    found = 0
    at = text.find(held)
    while at >= 0 and found < 2:
        end = at + len(held)
        found += text[at - 1 : at] in _ENDS_OF_CELLS and text[end : end + 1] in _ENDS_OF_CELLS
        at = text.find(held, end)
    return found


def _headwords(text: str, positions: Sequence[int], is_table: bool) -> set[str]:
    """The headwords in which some of the positions are."""
    matches = list((_FIRST_CELL if is_table else _HEAD).finditer(text))
    if not is_table and len(matches) * 2 < max(2 * _HEADWORDS, _lines_of(text)):
        return set()
    ends = np.array([match.span(1) for match in matches]).reshape(-1, 2)
    at = np.searchsorted(ends[:, 0], positions, side="right") - 1
    return {
        matches[row][1]
        for row, position in zip(at.tolist(), positions, strict=True)
        if row >= 0 and position < ends[row, 1]
    }


def _lines_of(text: str) -> int:
    return sum(not line.isspace() for line in text.splitlines() if line)


def _in_one_of(words: set[str], text: str, position: int) -> bool:
    """Whether one of the words stands around a position."""
    return any(
        text[start:end] in words
        for start in range(max(0, position - _LONGEST + 1), position + 1)
        for end in range(position + 1, start + _LONGEST + 1)
    )


def _are_labels(text: str, better: dict[int, str]) -> list[bool]:
    """Whether strays (with what they would become) stand in short cells that the table has again and again, and never as they would
    become."""
    ends = [-1, *(match.start() for match in _CELL_END.finditer(text)), len(text)]
    cell = np.searchsorted(ends, list(better)).tolist()
    short = {row for row in cell if ends[row] - ends[row - 1] <= _LONGEST + 1}
    if not short:
        return [False] * len(better)
    seen = Counter(text[start + 1 : end] for start, end in pairwise(ends))
    labels = set()
    for row in short:
        places = range(ends[row - 1] + 1, ends[row])
        written = "".join(text[at] for at in places)
        becomes = "".join(better.get(at, text[at]) for at in places)
        if seen[written] > 1 and not seen[becomes]:
            labels.add(row)
    return [row in labels for row in cell]


def _are_names(view: View, positions: Positions, better: Codes) -> NDArray[np.bool_]:
    """Whether strays are of a word that no dictionary has, and that the text writes so wherever it
    stands: all places of the character have a neighbour in common, and none has the other form."""
    text, written = view.text, view.codes[positions]
    found = np.zeros(len(positions), dtype=np.bool_)
    for code in _with_one_neighbour(view.codes, positions):
        rows = np.flatnonzero(written == code)
        if chr(better[rows[0]]) not in text and _is_beside_one(text, chr(code)):
            found[rows] = True
    rows = np.flatnonzero(found)
    if len(rows):
        padded = pad(forms().folded[view.codes])
        known = written[rows[are_in_words(padded, positions[rows] + REACH)]]
        found &= ~np.isin(written, known)
    return found


def _with_one_neighbour(codes: Codes, positions: Positions) -> list[int]:
    """Characters that stand in several of the positions, always before or always after the same."""
    places = positions[np.argsort(codes[positions], kind="stable")]
    character, first, times = np.unique(codes[places], return_index=True, return_counts=True)
    same = np.zeros(len(character), dtype=np.bool_)
    for step in (-1, 1):
        beside = codes.take(places + step, mode="wrap")
        same |= np.minimum.reduceat(beside, first) == np.maximum.reduceat(beside, first)
    some: list[int] = character[same & (times > 1)].tolist()
    return some


def _is_beside_one(text: str, character: str) -> bool:
    """Whether the same ideograph stands before, or after, each place of a character."""
    parts = text.split(character)
    before, after = {part[-1:] for part in parts[:-1]}, {part[:1] for part in parts[1:]}
    return any(len(sides) == 1 and "\u3400" <= min(sides) <= "\u9fff" for sides in (before, after))
