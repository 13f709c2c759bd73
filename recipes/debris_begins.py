"""`validators/tables/debris-begins.tsv`: with which characters the lines may begin that a pattern of `debris.tsv` matches.

Most lines that have a trigger begin otherwise, and are seen to by one look-up instead of the expression.
"""

from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from jiaokan.validators.debris.patterns import digest, patterns

HEADER = """\
# Digest of each expression of debris.tsv that a whole line must match, and the characters with which such a line
# may begin, those of `\\d` beyond ASCII left out; expressions that any character may begin are not listed.
# Made by recipes/debris_begins.py; do not edit.
"""
_WIDEST = 1_000
"""Characters of a range that are listed."""


def build() -> dict[str, str | bytes]:
    rows = []
    for pattern in patterns():
        if pattern.source and not pattern.at_end:
            begins, may_be_empty = _of_all(_parser.parse(pattern.source))
            if begins is not None and not may_be_empty:
                rows.append(f"{digest(pattern.source)}\t{''.join(sorted(begins))}\n")
    return {"validators/tables/debris-begins.tsv": HEADER + "".join(dict.fromkeys(rows))}


_Begins = tuple[set[str] | None, bool]
"""The characters with which something begins, None for any, and whether it may be empty."""


def _of_all(parts: Any) -> _Begins:
    """Of parts that follow one another. White space, with which no stripped line begins, is left out."""
    found: set[str] = set()
    for operation, argument in parts:
        begins, may_be_empty = _of(operation, argument)
        if begins is None:
            return None, False
        found |= begins
        if not may_be_empty:
            return found, False
    return found, True


def _of(operation: Any, argument: Any) -> _Begins:
    if operation is sre.LITERAL:
        return _inked({chr(argument)}), False
    if operation is sre.IN:
        return _of_set(argument), False
    if operation is sre.BRANCH:
        each = [_of_all(branch) for branch in argument[1]]
        if any(begins is None for begins, _ in each):
            return None, False
        return set().union(*(begins or () for begins, _ in each)), any(empty for _, empty in each)
    if operation is sre.SUBPATTERN:
        return _of_all(argument[3])
    if operation is sre.ATOMIC_GROUP:
        return _of_all(argument)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        begins, may_be_empty = _of_all(argument[2])
        return begins, may_be_empty or argument[0] == 0
    if operation in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return set(), True
    return None, False


def _of_set(members: Any) -> set[str] | None:
    found: set[str] = set()
    for operation, argument in members:
        if operation is sre.LITERAL:
            found.add(chr(argument))
        elif operation is sre.RANGE and argument[1] - argument[0] < _WIDEST:
            found.update(map(chr, range(argument[0], argument[1] + 1)))
        elif operation is sre.CATEGORY and argument is sre.CATEGORY_DIGIT:
            found.update("0123456789")
        elif operation is not sre.CATEGORY or argument is not sre.CATEGORY_SPACE:
            return None
    return _inked(found)


def _inked(characters: set[str]) -> set[str]:
    return {character for character in characters if not character.isspace()}
