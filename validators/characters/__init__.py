"""Characters: is this the right code point? Controls, the invisible, radicals, references, width.

`screen` looks at classes only, but for a few ASCII marks; each module finds its own defects.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.characters import ideographs, invisible, letters, markup, noise
from jiaokan.validators.characters.rules import RULES
from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.format import format_of
from jiaokan.validators.programs import is_marked_up, is_roff
from jiaokan.validators.punctuation.screening import cjk_codes, cjk_marks
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "screen"]

_LETTERS = {
    f"characters/{defect}"
    for defect in ("soft-hyphen", "compatibility-ideograph", "radical", "private-use", "decomposed",
                   "look-alike", "ligature")
}  # fmt: skip
"""What changes letters: a program's strings may be compared with others, or be tables of characters."""

_BY_CLASS = (
    (int(Class.CONTROL), invisible.find_controls),
    (int(Class.IGNORABLE), invisible.find_ignorable),
    (int(Class.NONCHARACTER), invisible.find_noncharacters),
    (int(Class.RADICAL), ideographs.find_radicals),
    (int(Class.COMPATIBILITY), ideographs.find_compatibility),
    (int(Class.PRIVATE), ideographs.find_private_use),
    (int(Class.FULLWIDTH), letters.find_width),
    (int(Class.COMBINING), letters.find_decomposed),
)
_BY_POSITION = (
    (letters.small_forms, letters.find_small),
    (letters.narrow_marks, letters.find_narrow_marks),
    (letters.ligatures, letters.find_ligatures),
    (invisible.objects, invisible.find_objects),
)
_SUSPECT = int(
    Class.CONTROL | Class.IGNORABLE | Class.NONCHARACTER | Class.RADICAL | Class.COMPATIBILITY
    | Class.PRIVATE | Class.COMBINING
)  # fmt: skip
# Plain numbers: the operators of IntFlag are slow.
_CONTROL = int(Class.CONTROL)
_COMBINING = int(Class.COMBINING)
_HAN = int(Class.HAN)
_KANA = int(Class.KANA)
_OF_ZEROS = int(Class.LATIN | Class.LETTER | Class.DIGIT | Class.FULLWIDTH)
_CHINESE = int(Class.HAN | Class.KANA | Class.BOPOMOFO | Class.HANGUL)
_STRAY = np.uint32(Class.SPACE | Class.BREAK | Class.HAN)
_LATIN = np.uint32(Class.LATIN)
_ALPHANUMERIC = np.uint32(Class.LATIN | Class.DIGIT)
_QUOTES = ("'", '"', "`")
_STRING = 2000
"""Code points on each side in which the quotes of a string are looked for."""
_CONTROLS, _MARKS_OF_FILES, *_INVISIBLE = (
    f"characters/{defect}" for defect in ("control", "byte-order-mark", "invisible", "soft-hyphen")
)
_BEFORE_A_YEAR = np.arange(1, 4)
_NUMERALS = "一二三四五六七八九〇"
_PAUSES = "、。，；："
_LIKE_HAN = "".join(letters.KANA_LIKE_HAN)


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    for positions in (
        _suspects(view),
        _jamo(view),
        _markup(view),
        _mixed_words(view),
        _look_alikes(view),
        noise.noise_positions(view),
        *(positions(view) for positions, _ in _BY_POSITION),
    ):
        if len(positions):
            flags |= view.documents_with(positions)
    return flags | _mixed_width(view)


def find(view: View, settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    present = view.present
    for classes, find_defect in _BY_CLASS:
        if present & classes and not (classes == _CONTROL and is_roff(view.text)):
            found += find_defect(view)
    if not present & _COMBINING and len(_jamo(view)):
        found += letters.find_decomposed(view)
    has_words = len(_mixed_words(view)) > 0
    if has_words or len(_look_alikes(view)):
        zeros = _zeros_in_years(view)
        found += letters.find_look_alikes(view, has_words=has_words, zeros=zeros)
    for positions, find_those in _BY_POSITION:
        if len(positions(view)):
            found += find_those(view)
    if len(_markup(view)):
        found += markup.find_references(view, settings)
        found += markup.find_tags(view, settings)
    if len(noise.noise_positions(view)):
        found += noise.find_noise(view, settings)
    if not found:
        return found
    in_code = format_of(view, settings) == "code"
    in_program = in_code and not is_marked_up(view.text)
    return [
        replace(finding, applicability=Applicability.UNSAFE)
        if finding.applicability is Applicability.SAFE
        and (
            _is_quoted(view.text, finding)
            or (in_program and finding.rule in _LETTERS)
            or (in_code and _may_be_meant(view, finding))
        )
        else finding
        for finding in found
    ]


def _is_quoted(text: str, finding: Finding) -> bool:
    """Whether it stands alone between quotes, as the code point that is meant: "\\ufeff"."""
    before = text[finding.start - 1 : finding.start]
    return before in _QUOTES and before == text[finding.end : finding.end + 1]


def _may_be_meant(view: View, finding: Finding) -> bool:
    """Whether a program may mean it: controls in its strings, marks of files inside its lines, and in
    its tables of characters, and in messages that are keys, what is invisible and not beside Chinese."""
    if finding.rule == _MARKS_OF_FILES:
        return view.text[finding.start - 1] != "\n"
    if finding.rule in _INVISIBLE:
        return not any(side & _CHINESE for side in invisible.neighbours(view, finding.start))
    return finding.rule == _CONTROLS and _is_in_string(view.text, finding)


def _is_in_string(text: str, finding: Finding) -> bool:
    """Whether quotes stand around it in its line: controls of a program's strings are its data."""
    start, end = finding.start, finding.end
    before = text[max(0, start - _STRING) : start].rpartition("\n")[2]
    after = text[end : end + _STRING].partition("\n")[0]
    return any(quote in before and quote in after for quote in _QUOTES)


def _near(bits: NDArray[np.uint32], positions: NDArray[np.intp], step: int) -> NDArray[np.uint32]:
    """The classes of what stands `step` code points away; at the edges, of what stands there."""
    there: NDArray[np.uint32] = bits[np.clip(positions + step, 0, len(bits) - 1)]
    return there


def _suspects(view: View) -> NDArray[np.intp]:
    """Positions of characters of suspect classes, but for marks and selectors in their places."""
    at = view.where(_SUSPECT)
    if not len(at):
        return at
    bits, codes = view.bits[at], view.codes[at]
    combining = (bits & np.uint32(_COMBINING)) > 0
    selector = codes - np.uint32(0xFE00) < 16
    before = _near(view.bits, at, -1)
    stray = (before & _STRAY) > 0
    if selector.any():
        stray |= one_of(view.codes[np.maximum(at - 1, 0)], invisible.NO_EMOJI)
    joins = (codes - np.uint32(0x300) < 0x70) | (codes - np.uint32(0x3099) < 2)
    return np.asarray(at[~combining | (selector & (stray | (at == 0))) | joins], dtype=np.intp)


def _markup(view: View) -> NDArray[np.intp]:
    """Positions of `&`, `＆` and `<` before what a reference or a tag has there."""
    at = view.where(Class.ASCII_MARK)
    at = at[one_of(view.codes[at], "&<")]
    if "＆" in view.text:
        at = np.sort(np.concatenate([at, cjk_marks(view)[cjk_codes(view) == ord("＆")]]))
    if not len(at):
        return at
    after = view.codes[np.minimum(at + 1, len(view.codes) - 1)]
    letter = (after | 0x20) - np.uint32(0x61) < 26
    reference = (view.codes[at] != 0x3C) & (letter | (after == 0x23))
    tag = (view.codes[at] == 0x3C) & (letter | (after == 0x2F) | (after == 0x21))
    return np.asarray(at[reference | tag], dtype=np.intp)


def _mixed_words(view: View) -> NDArray[np.intp]:
    """Positions of letters of other scripts beside Latin ones."""
    at = view.where(Class.LETTER)
    if not len(at):
        return at
    beside = _near(view.bits, at, -1) | _near(view.bits, at, 1)
    mixed: NDArray[np.intp] = at[(beside & _LATIN) > 0]
    return mixed


def _jamo(view: View) -> NDArray[np.intp]:
    """Positions of conjoining initials of hangul before vowels."""
    at = view.where(Class.HANGUL)
    if not len(at):
        return at
    codes = view.codes
    after = codes[np.minimum(at + 1, len(codes) - 1)]
    jamo = (codes[at] - np.uint32(0x1100) < 0x13) & (after - np.uint32(0x1161) < 0x15)
    return np.asarray(at[jamo], dtype=np.intp)


def _look_alikes(view: View) -> NDArray[np.intp]:
    """Positions of o and 0 behind a Han numeral in a year, 一 and dashes between kana, ー between none,
    丶, 囗 and katakana that look like ideographs before ideographs."""
    if not view.present & _HAN:
        return np.empty(0, dtype=np.intp)
    codes = view.codes
    found = [_zeros_in_years(view)]
    if view.present & _KANA:
        kana = view.where(_KANA)
        behind = kana[kana + 1 < len(codes)] + 1
        at = behind[one_of(codes[behind], "一—―")]
        before, after = codes[at - 1], codes[np.minimum(at + 1, len(codes) - 1)]
        found.append(at[(before - np.uint32(0x30A1) < 0x5A) & (after - np.uint32(0x30A1) < 0x5A)])
        at = kana[codes[kana] == ord("ー")]
        beside = _near(view.bits, at, -1) | _near(view.bits, at, 1)
        found.append(at[(beside & np.uint32(_KANA)) == 0])
        at = kana[one_of(codes[kana], _LIKE_HAN)]
        before, after = codes[np.maximum(at - 1, 0)], codes[np.minimum(at + 1, len(codes) - 1)]
        begins = (before - np.uint32(0x3400) < 0x6C00) | (before == 0x0A) | (at == 0)
        ends = (after - np.uint32(0x3400) < 0x6C00) | one_of(after, _PAUSES)
        found.append(at[begins & ends])
    found += [(codes == ord(char)).nonzero()[0] for char in "丶囗" if char in view.text]
    return np.concatenate(found) if len(found) > 1 else found[0]


def _zeros_in_years(view: View) -> NDArray[np.intp]:
    """Positions of o and 0 behind a Han numeral, and up to three before 年."""
    codes = view.codes
    at = view.where(_OF_ZEROS)
    at = at[one_of(codes[at], letters.LIKE_ZERO + letters.DIGITS_ZERO)]
    if len(at):
        at = at[one_of(codes[np.maximum(at - 1, 0)], _NUMERALS)]
    if len(at):
        years = codes[np.minimum(at[:, None] + _BEFORE_A_YEAR, len(codes) - 1)] == ord("年")
        at = at[years.any(axis=1)]
    return at


def _mixed_width(view: View) -> NDArray[np.bool_]:
    """Documents where full-width letters and digits are few beside, or touch, those of ASCII."""
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    at = view.where(Class.FULLWIDTH)
    if not len(at):
        return flags
    codes = view.codes[at]
    kana = (codes >= 0xFF66) & (codes <= 0xFF9F)
    flags |= view.documents_with(at[kana])
    wide = at[codes - np.uint32(0xFF10) < 0x4B]
    if not len(wide):
        return flags
    beside = _near(view.bits, wide, -1) | _near(view.bits, wide, 1)
    flags |= view.documents_with(wide[(beside & _ALPHANUMERIC) > 0])
    number = view.numbers_of(wide)
    narrow = view.numbers_of(view.where(Class.LATIN | Class.DIGIT))
    return flags | ((number > 0) & (number * 10 <= narrow))
