"""Glosses: readings of characters that leaked into the text, `企業(yè)家` for 企業家.

Pages that convert or protect their text by script put a reading after certain characters, each
time they stand there. A writer puts one after a character that the reader might not know, once.
`evidence` weighs which of the two a document shows.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.glosses.evidence import ENOUGH, Weighing
from jiaokan.validators.values import Applicability, Finding, Rule, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "screen"]

RULES = (
    Rule(
        "glosses/leaked-pinyin",
        "A reading in brackets after a character that needs none: it leaked into the text.",
        Applicability.SAFE,
        """\
Pages whose text was converted between the scripts, or protected from copying, carry the reading of
some characters after them, wherever they stand: `企業(yè)家發(fā)展`. It splits every word that it
touches. The shape is a Han character, a bracket of either width, and one or several readings of
that very character: pinyin with tone marks (composed or not), tone numbers, `ü`, `v` or `u:`, or bopomofo.

The document decides. For a leak speak: everyday characters that nobody needs help with, their
usual reading, characters of Traditional script only (those that such pages gloss), half-width
brackets, a word split in the middle, and that a glossed character is glossed wherever it stands.
Against it: rare characters, the second reading of a character that has two, a character glossed
once and then not again, entries (nothing but punctuation around), text with every character
glossed (ruby, lessons), words such as 注音 or 读音 near by.

Left alone: real glosses (`贠(yùn)红卫`), annotated classics, dictionaries, lessons, ruby text,
readings of whole words, romanised names. Where evidence is thin, the change is `unsafe`, as it is
for readings without brackets (`企業yè家`), which the same evidence must prove.
""",
        ("企業(yè)家協(xié)會在線(xiàn)咨詢(xún)", "企業家協會在線咨詢"),
    ),
)

_RULE = RULES[0]
_OPENS_GLOSS = "(（﹙[［〔【"
_OPEN = int(Class.OPEN)
_CLOSE = np.uint32(Class.CLOSE)
_HAN = np.uint32(Class.HAN)
_SPACE = np.uint32(Class.SPACE)
_APART = np.uint32(Class.SPACE | Class.IGNORABLE)
_LETTERS = np.uint32(Class.LATIN | Class.TONED | Class.BOPOMOFO)
_BODY = np.uint32(
    Class.LATIN | Class.TONED | Class.BOPOMOFO | Class.COMBINING | Class.DIGIT | Class.SPACE
)
_TONE = np.uint32(Class.TONED | Class.BOPOMOFO | Class.COMBINING | Class.DIGIT)
_MARKS_IN_BODY = ":：,，、/;·ˉˊˇˋ˙一"
_LONGEST = 24
"""Code points between the brackets, at most."""

_WITHIN = np.arange(1, _LONGEST + 2)
_BRACKET = expression(r"[(（﹙\[［〔【]")
_GLOSS = expression(
    rf"(?<=[〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    rf"(?:[ \t\u00a0\u3000]|[\ufe00-\ufe0f])?([(（﹙\[［〔【])([^()（）\[\]【】\n\r\u3400-\u4dff\u4e01-\u9fff]{{1,{_LONGEST}}})([)）﹚\]］〕】])"
)


_PARTING = frozenset(" \t\u00a0\u3000") | frozenset(map(chr, range(0xFE00, 0xFE10)))
"""What may stand between a character and its bracket."""
_BARE = expression(
    r"(?<=[〇\u3400-\u9fff])()(?=[a-z]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6})()(?![A-Za-z\u00c0-\u024f])"
)
"""A syllable with its tone mark and no brackets; the empty groups are where those would be."""
_FEWEST_BARE = 4


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    return view.documents_with(_brackets(view)) | view.flags("bare glosses", _many_bare)


def find(view: View, settings: Settings) -> list[Finding]:
    enclosed, bare = len(_brackets(view)) > 0, bool(view.flags("bare glosses", _many_bare)[0])
    if not (enclosed or bare) or view.profile.language in ("ja", "ko"):
        return []
    found = []
    if enclosed:
        weighing = Weighing(view, list(_glosses(view.text)))
        found += [
            Finding(_RULE.id, start, end, message, confidence, level, "", evidence)
            for start, end, message, confidence, level, evidence in weighing.leaks()
        ]
    if bare:
        weighing = Weighing(view, list(_BARE.finditer(view.text)))
        if weighing.weight >= ENOUGH:
            found += [
                Finding(_RULE.id, start, end, message, 0.6, Applicability.UNSAFE, "", evidence)
                for start, end, message, _, _, evidence in weighing.leaks()
            ]
    return found


def _many_bare(view: View) -> NDArray[np.bool_]:
    """Documents with enough letters with tone marks that stand, with up to four others, behind Han."""
    at = view.where(Class.TONED)
    if len(at) < _FEWEST_BARE:
        return np.zeros(len(view.starts), dtype=np.bool_)
    bits = view.bits
    behind = np.zeros(len(at), dtype=np.bool_)
    going = np.ones(len(at), dtype=np.bool_)
    for step in range(1, 6):
        kind = np.where(at >= step, bits[np.maximum(at - step, 0)], 0)
        behind |= going & ((kind & _HAN) > 0)
        going &= (kind & _LETTERS) > 0
    at = at[behind]
    flags: NDArray[np.bool_] = view.numbers_of(at) >= _FEWEST_BARE
    return flags


def _glosses(text: str) -> Iterator[re.Match[str]]:
    """What `_GLOSS.finditer` finds, much sooner: it is tried at brackets only."""
    done = 0
    for bracket in _BRACKET.finditer(text):
        start = bracket.start()
        if text[start - 1 : start] in _PARTING:
            start -= 1
        match = _GLOSS.match(text, start) if start >= done else None
        if match:
            yield match
            done = match.end()


def _brackets(view: View) -> NDArray[np.intp]:
    """Positions of brackets after Han that hold nothing but what readings are written with."""
    return view.positions("brackets of glosses", _find_brackets)


def _find_brackets(view: View) -> NDArray[np.intp]:
    at = view.where(_OPEN)
    if not len(at):
        return at
    at = at[(at > 0) & (at < len(view.bits) - 2)]
    at = at[one_of(view.codes[at], _OPENS_GLOSS)]
    bits = view.bits
    after = bits[at + 1]
    after = np.where((after & _SPACE) > 0, bits[at + 2], after)
    at = at[(after & _LETTERS) > 0]
    if not len(at):
        return at
    before = bits[at - 1]
    apart = (before & _APART) > 0
    before = np.where(apart, bits[np.maximum(at - 2, 0)], before)
    at = at[(before & _HAN) > 0]
    if not len(at):
        return at
    inside = at[:, None] + _WITHIN
    last = len(bits) - 1
    kind = bits[np.minimum(inside, last)]
    written = (kind & _BODY) > 0
    written |= one_of(view.codes[np.minimum(inside, last)], _MARKS_IN_BODY)
    written &= inside <= last
    body = np.logical_and.accumulate(written, axis=1)
    toned = np.logical_or.accumulate(body & ((kind & _TONE) > 0), axis=1)
    closes = (kind[:, 1:] & _CLOSE) > 0
    closes &= body[:, :-1] & toned[:, :-1] & (inside[:, 1:] <= last)
    found: NDArray[np.intp] = at[closes.any(axis=1)]
    return found
