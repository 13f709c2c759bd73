"""Which lines are worth matching against which patterns: those in which a trigger stands where it can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.debris.folding import fold_lines, forms
from jiaokan.validators.debris.patterns import (
    Match,
    Pattern,
    by_trigger,
    digest,
    match_line,
    patterns,
)
from jiaokan.validators.tables import rows_of
from jiaokan.validators.view import View, code_points, ranges

Positions = NDArray[np.intp]

_FIRST, _SECOND = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(14)


@dataclass(frozen=True, slots=True)
class _Tables:
    """The triggers as arrays.

    `kinds` is by a hash of the pair and small enough for the cache: 0 for what is no trigger, else a
    row of the rest: the longest line that matters, the last place of the trigger in it, whether it
    means something without a digit beside it, whether it does at the end of a line of any length,
    and whether in a menu only.

    `parts` has bit 1 for the first, and bit 2 for the second characters of those that mean something
    in long lines, or in sentences, and bits 4 and 8 for those of all; by code point.

    `pairs` are the triggers themselves, ascending (see `_pairs`), and `rows` the patterns of each:
    numbers of `patterns()`, from `first` to where those of the next begin.
    """

    kinds: NDArray[np.uint8]
    parts: NDArray[np.uint8]
    longest: NDArray[np.int32]
    within: NDArray[np.int32]
    alone: NDArray[np.bool_]
    tail: NDArray[np.bool_]
    menu: NDArray[np.bool_]
    pairs: NDArray[np.uint64]
    rows: NDArray[np.intp]
    first: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Rows:
    """`patterns()` as arrays."""

    longest: NDArray[np.int32]
    within: NDArray[np.int32]
    at_end: NDArray[np.bool_]
    kinds: NDArray[np.uint16]
    """Of the characters that begin lines, by code point."""
    begins: NDArray[np.bool_]
    """Whether a line that each matches may begin with each kind."""


@cache
def _rows() -> _Rows:
    longest, within, at_end = zip(
        *((row.longest, row.within, row.at_end) for row in patterns()), strict=True
    )
    listed = dict(rows_of("debris-begins.tsv"))
    numbers = {c: at for at, c in enumerate(sorted(set().union(*listed.values())), _LISTED)}
    kinds = np.full(_BMP, _UNKNOWN, dtype=np.uint16)  # the last stands for all that are beyond
    for block in _WITHOUT_OTHER_DIGITS:
        kinds[block] = _UNLISTED
    for character, number in numbers.items():
        for form in (character, *forms().get(character, "")):
            if ord(form) < _BMP - 1:
                kinds[ord(form)] = number
    begins = np.ones((len(patterns()), _LISTED + len(numbers)), dtype=np.bool_)
    for row, pattern in enumerate(patterns()):
        characters = listed.get(digest(pattern.source))
        if characters is not None and not pattern.at_end:
            begins[row, _UNLISTED:] = False
            begins[row, [numbers[character] for character in characters]] = True
    return _Rows(
        np.array(longest, np.int32), np.array(within, np.int32), np.array(at_end), kinds, begins
    )


_UNKNOWN, _UNLISTED, _LISTED = range(3)
"""Kinds of characters that begin a line: it may be any; none of those that are told apart; the first of these."""
_BMP = 0x10000
_WITHOUT_OTHER_DIGITS = slice(0x80), slice(0x2000, 0xA000)
"""Code points among which expressions find no digits but those of ASCII."""


def _pairs(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Each pair of code points as one number."""
    pairs: NDArray[np.uint64] = first.astype(np.uint64) << np.uint64(32) | second
    return pairs


def _hashed(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A hash of each pair of code points, of which the high bits count."""
    hashed: NDArray[np.uint32] = first * _FIRST
    hashed += second * _SECOND
    return hashed


@cache
def _written() -> dict[str, tuple[Pattern, ...]]:
    """`by_trigger`, for every form in which each trigger is written."""
    found: dict[str, tuple[Pattern, ...]] = {}
    for trigger, rows in by_trigger().items():
        for pair in product(*((c, *forms().get(c, "")) for c in trigger)):
            found["".join(pair)] = rows
    return found


_Limits: TypeAlias = tuple[int, int, bool, bool, bool]
"""A row of `_Tables`."""
_NO_TRIGGER: _Limits = (0, 0, False, False, True)


@cache
def _tables() -> _Tables:
    pairs = code_points("".join(_written())).reshape(-1, 2)
    numbers_of = {id(row): number for number, row in enumerate(patterns())}
    of_each = [[numbers_of[id(row)] for row in rows] for rows in _written().values()]
    first = np.cumsum([0, *map(len, of_each)])
    rows = np.fromiter(chain.from_iterable(of_each), dtype=np.intp)
    slot_of = _hashed(pairs[:, 0], pairs[:, 1]) >> _SHIFT
    by_slot = slot_of.argsort(kind="stable")
    slots = slot_of[by_slot]
    # What holds of a slot is what holds of any pattern of the pairs that have it.
    of_slots, begin = _regrouped(rows, first, by_slot)
    is_first = np.append(True, slots[1:] != slots[:-1])
    limits = zip(*_limits(of_slots, begin[:-1][is_first]), strict=True)
    numbers = {_NO_TRIGGER: 0}
    of_slot = [numbers.setdefault(own, len(numbers)) for own in limits]
    kinds = np.zeros(1 << (32 - int(_SHIFT)), dtype=np.uint8)
    if len(numbers) > np.iinfo(kinds.dtype).max + 1:
        raise ValueError("debris.tsv has triggers of too many kinds")
    kinds[slots[is_first]] = of_slot
    longest, within, alone, tail, menu = zip(*numbers, strict=True)
    parts = np.zeros(_BMP, dtype=np.uint8)  # the last stands for all that are beyond
    is_far = np.array(tail) | (np.array(longest) > _SHORT)
    for bit, some in ((1, pairs[is_far[kinds[slot_of]]]), (4, pairs)):
        for shift, characters in enumerate(some.T):
            parts[characters] |= np.uint8(bit << shift)
    keys = _pairs(pairs[:, 0], pairs[:, 1])
    order = keys.argsort()
    rows, first = _regrouped(rows, first, order)
    return _Tables(
        kinds,
        parts,
        np.array(longest, dtype=np.int32),
        np.array(within, dtype=np.int32),
        np.array(alone),
        np.array(tail),
        np.array(menu),
        keys[order],
        rows,
        first,
    )


def _regrouped(rows: Positions, first: Positions, order: Positions) -> tuple[Positions, Positions]:
    """Groups of numbers in another order, and where each begins."""
    sizes = (first[1:] - first[:-1])[order]
    return rows[ranges(first[order], sizes)], np.append(0, sizes.cumsum())


def _limits(rows: Positions, first: Positions) -> Iterator[list[Any]]:
    """The columns of `_Limits`, of groups of patterns that begin at `first`."""
    known = _rows()
    lines = ~known.at_end
    is_label = np.array([row.kind == "counter" for row in patterns()])
    is_menu = np.array([row.is_menu for row in patterns()])
    for limit in (known.longest * lines, known.within * lines):
        yield np.maximum.reduceat(limit[rows], first).tolist()
    yield np.logical_or.reduceat(~is_label[rows], first).tolist()
    yield np.logical_or.reduceat(known.at_end[rows], first).tolist()
    yield np.logical_and.reduceat(is_menu[rows], first).tolist()


def triggers() -> list[str]:
    """The pairs of characters, in every form in which they are written."""
    return list(_written())


_FEW = 64
"""Code points of a text that is one line as a rule."""


def triggers_in(view: View) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Where triggers begin (and little else) that may mean something where they stand, and their kinds.

    Most mean something only in a short line that does not end as a sentence does; prose has few.
    """
    codes, tables = view.codes, _tables()
    if len(codes) < 2:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.uint8)
    if len(codes) <= _FEW:  # to look for lines would take longer
        kinds = tables.kinds.take(_hashed(codes[:-1], codes[1:]) >> _SHIFT)
        at = kinds.nonzero()[0]
        return at, kinds[at]
    begin, end = lines_of(view)
    length = end - begin
    is_short = (length <= _SHORT + _SLACK) & (length > 1)
    short = is_short.nonzero()[0]
    is_short[short] = ~_ends_sentence(codes[end[short] - 1])
    asked = np.where(is_short, _OF_ANY | _OF_FAR, _OF_FAR).repeat(length + 1)
    parts = tables.parts.take(codes, mode="clip")
    pairs = parts[1:] >> np.uint8(1)
    pairs &= parts[:-1]
    pairs &= asked[: len(pairs)]
    at = (pairs != 0).nonzero()[0]
    kinds = tables.kinds.take(_hashed(codes.take(at), codes.take(at + 1)) >> _SHIFT)
    some = kinds.nonzero()[0]
    return at[some], kinds[some]


_OF_FAR, _OF_ANY = np.uint8(1), np.uint8(4)
"""Bits of `_Tables.parts`."""


def lines_of(view: View) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each line of a text begins and ends, empty ones too."""
    return view.once("debris lines of text", _lines_of)


def _lines_of(view: View) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    edges = np.concatenate([[-1], view.breaks, [len(view.codes)]])
    return edges[:-1] + 1, edges[1:]


def matching_lines(view: View) -> Iterator[tuple[int, int, Match]]:
    """Lines of a document or a batch, or ends of long ones, that a pattern matches."""
    found = list(candidate_lines(view))
    folded = fold_lines([view.text[start:end].strip() for start, end, _ in found])
    for (start, end, tried), line in zip(found, folded, strict=True):
        match = match_line(line, tried) if line else None
        if match:
            text = view.text[start:end]
            offset = len(text) - len(text.lstrip())
            yield start, end, match._replace(start=match.start + offset, end=match.end + offset)


def candidate_lines(view: View) -> Iterator[tuple[int, int, list[Pattern]]]:
    """Lines, or ends of long ones, that hold triggers: start, end, the patterns worth trying."""
    codes, tables = view.codes, _tables()
    at, kinds = triggers_in(view)
    if not len(at):
        return
    begins, ends_of = lines_of(view)
    line = begins.searchsorted(at, side="right") - 1
    begin, end = begins[line], ends_of[line]
    limits = tables.longest[kinds]
    last_words = tables.tail[kinds] & (end - at <= TAIL)
    some = ((end - begin <= limits + _SLACK) | last_words).nonzero()[0]  # of prose, next to none
    if not len(some):
        return
    at, kinds, begin, end = at[some], kinds[some], begin[some], end[some]
    limits, last_words = limits[some], last_words[some]
    edge = view.bits[begin] | view.bits[end - 1]
    slack = np.where(edge & _EDGE, _SLACK, 0)
    whole = (end - begin <= limits + slack) & (at - begin <= tables.within[kinds] + slack)
    # A short line that ends as a sentence does is one; a counter has its number beside its word.
    whole &= (limits > _SHORT) | ~_ends_sentence(codes[end - 1])
    counting = (whole & ~tables.alone[kinds]).nonzero()[0]
    if len(counting):
        document = view.starts.searchsorted(at[counting], side="right") - 1
        around = at[counting, None] + _AROUND
        near = codes[np.clip(around, view.starts[document, None], view.ends[document, None] - 1)]
        whole[counting] = ((near - np.uint32(0x30)) < 10).any(axis=1)
    menus = (whole & tables.menu[kinds]).nonzero()[0]
    if len(menus):
        within = codes[np.minimum(begin[menus, None] + _MENU, end[menus, None] - 1)]
        whole[menus] = np.count_nonzero(one_of(within, _APART), axis=1) >= 2
    kept = (whole | last_words).nonzero()[0]
    if not len(kept):
        return
    pairs = _pairs(codes[at[kept]], codes[at[kept] + 1])
    number = np.minimum(tables.pairs.searchsorted(pairs), len(tables.pairs) - 1)
    known = (tables.pairs[number] == pairs).nonzero()[0]  # the hash of others is that of a trigger
    kept, number = kept[known], number[known]
    if not len(kept):
        return
    each = tables.first[number + 1] - tables.first[number]
    kept = np.repeat(kept, each)
    ends = np.cumsum(each)
    rows = tables.rows[np.arange(len(kept)) + np.repeat(tables.first[number + 1] - ends, each)]
    length, before, asked = end[kept] - begin[kept], at[kept] - begin[kept], _rows()
    worth = np.where(
        asked.at_end[rows],
        length - before <= TAIL,
        (length <= asked.longest[rows] + slack[kept])
        & (before <= asked.within[rows] + slack[kept]),
    )
    known_start = ((view.bits[begin[kept]] & _EDGE) == 0) & (length <= _LONG)
    start_kinds = asked.kinds.take(codes[begin[kept]], mode="clip")
    worth &= asked.begins[rows, np.where(known_start, start_kinds, _UNKNOWN)]
    worth = worth.nonzero()[0]
    every = patterns()
    found: dict[tuple[int, int], dict[int, Pattern]] = {}
    held = (begin[kept[worth]], end[kept[worth]], rows[worth])
    for start, stop, row in zip(*(each.tolist() for each in held), strict=True):
        found.setdefault((start, stop), {})[row] = every[row]
    for (start, stop), tried in found.items():
        yield (start if stop - start <= _LONG else stop - TAIL), stop, list(tried.values())


TAIL = 48
"""How far from the end of a line its last words begin, in code points."""
_LONG = 400
_SHORT = 100
_AROUND = np.arange(-5, 9)
_MENU = np.arange(104)
_APART = (
    "|｜·>＞/／ \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What stands between the words of a menu, as it is written."""
_EDGE = np.uint32(Class.SPACE | Class.BREAK | Class.CONTROL)
_SLACK = 4
"""White space around a line that does not count for its length, in code points."""


def _ends_sentence(last: NDArray[np.uint32]) -> NDArray[np.bool_]:
    flags: NDArray[np.bool_] = (
        (last == 0x3002) | (last == 0xFF1B) | (last == 0xFF0C) | (last == 0x3001)
    )  # 。；，、
    return flags
