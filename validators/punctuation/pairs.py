"""Brackets by what they hold, quotes by what they stand between: paired line by line."""

from collections.abc import Iterator

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.punctuation.context import CHINESE, PAD, Context, Positions, one_of

_WORD = int(Class.LATIN | Class.DIGIT)
_SPACES = int(Class.SPACE)
_MARK = int(Class.CJK_MARK)
MAX_PAIR = 400
"""Code points between two brackets that still are a pair."""


def bracket_pairs(context: Context) -> Iterator[tuple[int, int, bool]]:
    """Pairs of round brackets of Chinese text: the two positions, and whether Han is inside.

    A pair is Chinese where it holds Han, or where it follows Han (or precedes it) directly.
    """
    at = context.of("()")
    if context.full_forms:
        at = np.flatnonzero(one_of(context.codes, "()（）"))
    if not len(at):
        return
    lines = context.line_of(at)
    chinese = context.chinese_lines[lines] & ~context.protected[at]
    codes = context.codes[at]
    opened: list[tuple[int, int, int]] = []
    for position, line, code, good in zip(
        at.tolist(), lines.tolist(), codes.tolist(), chinese.tolist(), strict=True
    ):
        if code in (0x28, 0xFF08):
            opened.append((position, line, code))
            continue
        while opened and opened[-1][1] != line:
            opened.pop()
        if not opened:
            continue
        start, _, start_code = opened.pop()
        if not good or position - start > MAX_PAIR or 0x28 not in (start_code, code - 1):
            continue
        yield from _judged(context, start, position)


def _judged(context: Context, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    bits = context.bits
    holds = bool(context.han_up_to[end] > context.han_up_to[start])
    before, after = int(bits[start - 1]), int(bits[end + 1])
    apart = before & _SPACES and not (holds and int(bits[start - 2]) & _MARK)
    if apart or (before & _SPACES and after & _SPACES):
        return  # set apart from a word it is a writer's ASCII one; from a full stop it is a sentence
    if before & int(Class.BREAK) and _is_number(context, start, end):
        return
    if holds or before & CHINESE or (after & CHINESE and not before & _WORD):
        yield start, end, holds


def _is_number(context: Context, start: int, end: int) -> bool:
    """Whether brackets at the start of a line hold the number of an item.

    Simplified text has （一） and (1); Traditional text has (一) as often, so it stays.
    """
    held = context.text[start - PAD + 1 : end - PAD]
    if held.isascii():
        return True
    return all(c in "一二三四五六七八九十" for c in held) and context.is_traditional


def quote_pairs(context: Context, mark: str) -> Iterator[tuple[int, int]]:
    """Pairs of straight quotes of Chinese text: an opening one, then a closing one, in a line."""
    at = context.of(mark)
    if not len(at):
        return
    left = context.bits[at - 1]
    right = context.bits[at + 1]
    word = np.uint32(_WORD)
    apostrophe = ((left & word) != 0) & ((right & word) != 0) if mark == "'" else None
    lines = context.line_of(at)
    good = context.chinese_lines[lines] & ~context.protected[at]
    if apostrophe is not None:
        good &= ~apostrophe
    at, lines = at[good], lines[good]
    edges = np.flatnonzero(np.diff(lines)) + 1
    for group in np.split(at, edges):
        pairs = group.reshape(-1, 2) if not len(group) % 2 else _around_a_gap(context, group)
        for start, end in pairs.tolist():
            if _quotes_chinese(context, start, end):
                yield start, end


def _around_a_gap(context: Context, group: Positions) -> Positions:
    """Pairs of an odd number of quotes, where the one without a partner shows itself.

    It is a first one that closes (a mark before it) or a last one that opens (a colon before it).
    """
    none = group[:0].reshape(0, 2)
    if len(group) < 3:
        return none
    first, last = int(group[0]), int(group[-1])
    if one_of(context.codes[first - 1 : first], _CLOSING_AFTER)[0]:
        return group[1:].reshape(-1, 2)
    if one_of(context.codes[last - 1 : last], ":：")[0]:
        return group[:-1].reshape(-1, 2)
    return none


_CLOSING_AFTER = ",.!?，。！？…"


def _quotes_chinese(context: Context, start: int, end: int) -> bool:
    bits = context.bits
    if end == start + 1 or int(bits[start + 1]) & _SPACE or int(bits[end - 1]) & _SPACE:
        return False
    if context.han_up_to[end] > context.han_up_to[start]:
        return True
    before, after = int(bits[start - 1]), int(bits[end + 1])
    beside = CHINESE | _SPACE
    return bool((before & CHINESE and after & beside) or (before & beside and after & CHINESE))


_SPACE = int(Class.SPACE | Class.BREAK)
