"""Makes damaged text safe to show: nothing in it can hide, reorder, or drive a terminal."""

import re
import shlex
from functools import cache
from unicodedata import combining, east_asian_width

SPACES = frozenset(" \u3000")


def visible(text: str) -> str:
    """A text with its control, bidi and lone surrogate characters shown by their code points."""
    if text.isprintable():
        return text
    return "".join(map(visible_character, text))


def visible_character(character: str) -> str:
    if character.isprintable() or character in SPACES:
        return character
    return f"[U+{ord(character):04X}]"


def quoted(word: str) -> str:
    """A word as a shell takes it. Han need no quotes, though `shlex` gives them some."""
    return word if re.fullmatch(r"[\w@%+=:,./-]+", word) else shlex.quote(word)


def width(text: str) -> int:
    """How many columns of a terminal a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


@cache
def _width(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
