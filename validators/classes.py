"""What kind of character each code point is: one 32-bit set of classes for all of Unicode.

The table is `tables/classes.tsv`, built by `recipes/classes.py`; the names are below.
"""

from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.arrays import KeptArray
from jiaokan.validators.tables import rows_of

CODE_POINTS = 0x110000


class Class(IntEnum):  # IntFlag's operators cost more than an array operation on a short text
    """Bits of the class table. A code point may have several; a set of classes is an int."""

    HAN = 1 << 0
    """Ideographs of every block, compatibility ideographs and 〇 included."""
    HANS = 1 << 1
    """Han used in Simplified and never in native Traditional text of any norm, but for slips."""
    HANT = 1 << 2
    """Han used in Traditional and never in Simplified text, but for slips."""
    AMBIGUOUS = 1 << 3
    """Han of both scripts that as Simplified may stand for another Traditional character: 后 里 个."""
    COMMON = 1 << 4
    """Han that modern text uses every day, in either script."""
    KANA = 1 << 5
    HANGUL = 1 << 6
    BOPOMOFO = 1 << 7
    LATIN = 1 << 8
    """Letters of the Latin script, full-width ones excepted."""
    DIGIT = 1 << 9
    """ASCII digits."""
    LETTER = 1 << 10
    """Letters of any other script that is not Chinese, Japanese or Korean."""
    ASCII_MARK = 1 << 11
    """ASCII punctuation and symbols."""
    CJK_MARK = 1 << 12
    """Punctuation of Chinese text: the CJK symbols, full-width marks, curly quotes, … and —."""
    SPACE = 1 << 13
    """Horizontal white space."""
    BREAK = 1 << 14
    """Line breaks: LF, VT, FF, CR, NEL, U+2028, U+2029."""
    CONTROL = 1 << 15
    """C0 and C1 controls other than tab and line breaks."""
    IGNORABLE = 1 << 16
    """Default ignorable code points: zero-width, bidi controls, variation selectors, BOM …"""
    COMBINING = 1 << 17
    """Combining marks."""
    RADICAL = 1 << 18
    """Kangxi Radicals and CJK Radicals Supplement."""
    COMPATIBILITY = 1 << 19
    """CJK compatibility ideographs that have a canonical equivalent."""
    PRIVATE = 1 << 20
    NONCHARACTER = 1 << 21
    """Noncharacters, surrogates and unassigned code points."""
    REPLACEMENT = 1 << 22
    """U+FFFD and U+FFFC."""
    FULLWIDTH = 1 << 23
    """Full-width letters, digits and signs, half-width katakana and hangul."""
    OPEN = 1 << 24
    """Opening brackets and quotes, of any width."""
    CLOSE = 1 << 25
    """Closing brackets and quotes, of any width."""
    TERMINAL = 1 << 26
    """Marks that end a sentence: 。！？…．!?; and their like."""
    TONED = 1 << 27
    """Latin vowels with a Mandarin tone mark, and ü."""
    HIGH_LATIN = 1 << 29
    """U+0080–U+00FF and what Windows code pages put on bytes 80–FF."""


@cache
def class_table() -> NDArray[np.uint32]:
    """The classes of every code point, indexed by code point: shape (0x110000,)."""
    return CLASSES.load()


def _class_table() -> NDArray[np.uint32]:
    table = np.zeros(CODE_POINTS, dtype=np.uint32)
    for name, ranges in rows_of("classes.tsv"):
        bit = np.uint32(Class[name])
        singles = []
        for item in ranges.split():
            first, dash, last = item.partition("-")
            if dash:
                table[int(first, 16) : int(last, 16) + 1] |= bit
            else:
                singles.append(int(first, 16))
        table[singles] |= bit
    return table


CLASSES = KeptArray("classes", ("classes.tsv",), _class_table)


def classes_of(character: str) -> int:
    """The classes of one character."""
    return int(class_table()[ord(character)])
