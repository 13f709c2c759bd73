"""Brackets by what they hold, quotes by what they stand between: paired line by line."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.punctuation.context import CHINESE, Context, Flags, Positions

_WORD = int(Class.LATIN | Class.DIGIT)
_SPACES = int(Class.SPACE)
_MARK = int(Class.CJK_MARK)
_BREAK = int(Class.BREAK)
_SPACE = int(Class.SPACE | Class.BREAK)
MAX_PAIR = 400
"""Code points between two brackets that still are a pair."""
_NUMERALS = frozenset("一二三四五六七八九十")


def bracket_pairs(context: Context) -> tuple[NDArray[np.intp], Flags]:
    """Pairs of round brackets of Chinese text, shape (n, 2), and whether Han is inside.

    A pair is Chinese where it holds Han, or where it follows Han (or precedes it) directly.
    """
    pairs = _paired(context)
    if not len(pairs):
        return pairs, np.zeros(0, dtype=np.bool_)
    start, end = pairs[:, 0], pairs[:, 1]
    codes = context.codes
    ascii_one = (codes[start] == 0x28) | (codes[end] == 0x29)
    good = ascii_one & (end - start <= MAX_PAIR) & context.in_chinese(end)
    pairs, start, end = pairs[good], start[good], end[good]
    holds = context.han_up_to[end] > context.han_up_to[start]
    before, after = context.bits[start - 1], context.bits[end + 1]
    quoted = codes[start - 1] == 0x22  # a quote that closes is as what it holds
    before = np.where(quoted, context.bits[context.left(start)], before)
    spaced = (before & np.uint32(_SPACES)) != 0
    # Set apart from a word it is a writer's ASCII one; from a full stop it is a sentence.
    apart = spaced & ~(holds & context.any(start - 2, _MARK))
    apart |= spaced & ((after & np.uint32(_SPACES)) != 0)
    chinese = holds | ((before & np.uint32(CHINESE)) != 0)
    chinese |= ((after & np.uint32(CHINESE)) != 0) & ((before & np.uint32(_WORD)) == 0)
    good = chinese & ~apart
    heads = np.flatnonzero(good & ((before & np.uint32(_BREAK)) != 0))
    traditional = context.is_traditional[context.document_of(start[heads])].tolist()
    for index, its_text_is in zip(heads.tolist(), traditional, strict=True):
        held = context.text[int(start[index]) + 1 : int(end[index])]
        good[index] = not _is_number(held, its_text_is)
    first = heads[~good[heads]]
    if len(first):  # those that go on in its line are written as the first: (1)…；(2)…
        lines = context.line_of(start)
        others = good & np.isin(lines, lines[first]) & ((before & np.uint32(Class.HAN)) == 0)
        for index in np.flatnonzero(others).tolist():
            held = context.text[int(start[index]) + 1 : int(end[index])]
            good[index] = not (held.isdecimal() or _NUMERALS.issuperset(held))
    return pairs[good], holds[good]


def _paired(context: Context) -> NDArray[np.intp]:
    """Opening brackets and those that close them, in the same line."""
    at = one_of(context.codes, "()（）").nonzero()[0]
    if not len(at):
        return at.reshape(-1, 2)
    lines = context.line_of(at)
    opens = one_of(context.codes[at], "(（")
    # Most brackets close the one before them: only the others need a stack.
    found: list[tuple[int, int]] = []
    opened: list[tuple[int, int]] = []
    for position, line, opening in zip(at.tolist(), lines.tolist(), opens.tolist(), strict=True):
        if opening:
            opened.append((position, line))
        elif opened:
            start, its_line = opened.pop()
            if its_line == line:
                found.append((start, position))
            else:
                opened.clear()  # all of lines before
    return np.array(found, dtype=np.intp).reshape(-1, 2)


def _is_number(held: str, is_traditional: bool) -> bool:
    """Whether what brackets at the start of a line hold is the number of an item.

    Simplified text has （一） and (1); Traditional text has (一) as often, so it stays.
    """
    return held.isascii() or (is_traditional and _NUMERALS.issuperset(held))


def quote_pairs(context: Context, mark: str) -> NDArray[np.intp]:
    """Pairs of straight quotes of Chinese text, shape (n, 2): opening one and closing one, in a line, or
    where a speech goes over some lines."""
    at = context.of(mark)
    good = context.in_chinese(at)
    if mark == "'":
        good &= ~(context.any(at - 1, _WORD) & context.any(at + 1, _WORD))  # an apostrophe
        good &= (context.codes[at - 1] != 0x27) & (context.codes[at + 1] != 0x27)  # a wiki's ''
    at = at[good]
    lines = context.line_of(at)
    first = np.flatnonzero(np.diff(lines, prepend=-1))  # of each line
    number = np.diff(first, append=len(at))
    odd = np.repeat(number % 2 == 1, number)
    found = [at[~odd].reshape(-1, 2)]
    without: list[int] = []
    for index in np.flatnonzero(number % 2 == 1).tolist():
        group = at[first[index] : first[index] + number[index]]
        found.append(_around_a_gap(context, group))
        rest = np.setdiff1d(group, found[-1])
        without.append(int(rest[0]) if len(rest) == 1 else 0)
    found.append(_over_lines(context, np.array(without, dtype=np.intp)))
    pairs = np.concatenate(found)
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return pairs[_quote_chinese(context, pairs)]


def _around_a_gap(context: Context, group: Positions) -> NDArray[np.intp]:
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


_MOST_LINES = 8
"""Lines that a speech goes on for, at the most."""


def _over_lines(context: Context, without: Positions) -> NDArray[np.intp]:
    """Pairs of those without a partner in their line (0: a line in which none is known): one that opens
    behind a colon and the next one, which closes behind the end of a sentence, some lines on."""
    start, end = without[:-1], without[1:]
    codes = context.codes
    opens = one_of(codes[start - 1], ":：") & context.han(start + 1)
    closes = one_of(codes[end - 1], _ENDING) & one_of(codes[end + 1], "\n\r,.，。;；")
    near = context.line_of(end) - context.line_of(start) <= _MOST_LINES
    near &= context.document_of(start) == context.document_of(end)
    found: NDArray[np.intp] = np.stack([start, end], axis=1)[
        (start > 0) & (end > 0) & opens & closes & near
    ]
    return found


_ENDING = ".!?。！？…"
_CLOSING_AFTER = ",.!?，。！？…"


def _quote_chinese(context: Context, pairs: NDArray[np.intp]) -> Flags:
    """Which pairs of quotes hold Han, or stand beside it with no space inside."""
    start, end = pairs[:, 0], pairs[:, 1]
    tight = (end != start + 1) & ~context.any(start + 1, _SPACE) & ~context.any(end - 1, _SPACE)
    holds = context.han_up_to[end] > context.han_up_to[start]
    before, after = context.bits[start - 1], context.bits[end + 1]
    chinese, beside = np.uint32(CHINESE), np.uint32(CHINESE | _SPACE)
    stands = ((before & chinese) != 0) & ((after & beside) != 0)
    stands |= ((before & beside) != 0) & ((after & chinese) != 0)
    # Between Han, or a colon behind it, and a mark that closes.
    codes = context.codes
    opens = context.han(start - 1) | (one_of(codes[start - 1], ":：") & context.han(start - 2))
    stands |= opens & one_of(codes[end + 1], ",.:;?!)(，。：；？！）（、")
    value = codes[start - 1] == 0x3D  # text='…'
    found: Flags = tight & (holds | stands) & ~value
    return found


LONGEST_QUOTE = 200
"""Code points of what two quotes hold of which one faces the wrong way."""


def turned_quotes(context: Context) -> Positions:
    """“ where one closes and ” where one opens: of a line whose quotes, an even number, are no pairs.

    Every second one closes, then. Left alone where one could not stand so, or far from its partner:
    there one is missing, or they are inches.
    """
    at: Positions = one_of(context.codes, "“”").nonzero()[0]
    if not len(at):
        return at
    lines = context.line_of(at)
    first = np.flatnonzero(np.diff(lines, prepend=-1))
    number = np.diff(first, append=len(at))
    opens = context.codes[at] == ord("“")
    turned = opens != ((np.arange(len(at)) - np.repeat(first, number)) % 2 == 0)
    depth = np.cumsum(np.where(opens, 1, -1))
    depth -= np.repeat(depth[first] - np.where(opens[first], 1, -1), number)
    unpaired = np.minimum.reduceat(depth, first) < 0 if len(first) else number < 0
    unpaired |= depth[first + number - 1] != 0
    found = [at[:0]]
    for index in np.flatnonzero(unpaired & (number % 2 == 0)).tolist():
        here = slice(int(first[index]), int(first[index] + number[index]))
        start, end = at[here].reshape(-1, 2).T
        hold = _can_open(context, start) & _can_close(context, end) & (end - start <= LONGEST_QUOTE)
        if hold.all():
            found.append(at[here][turned[here]])
    turned_ones = np.concatenate(found)
    kept: Positions = turned_ones[context.in_chinese(turned_ones)]
    return kept


def _can_open(context: Context, at: Positions) -> Flags:
    after = context.codes[at + 1]
    found: Flags = ~context.any(at + 1, _SPACE) & ~one_of(after, "，。、；：？！）”,.;:?!)")
    return found & ~context.any(at - 1, int(Class.DIGIT))


def _can_close(context: Context, at: Positions) -> Flags:
    found: Flags = ~context.any(at - 1, _SPACE) & ~one_of(context.codes[at - 1], "：（“:(")
    return found
