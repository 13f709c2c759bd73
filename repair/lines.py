"""What replaces a false line break: nothing between Han, a space between Latin words."""

from functools import cache, cached_property
from string import ascii_letters, digits

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.tables import rows_of
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

_WIDE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff—…“”‘’·]"
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]"
_IS_WIDE = expression(_WIDE)
_IS_HAN = expression(_HAN)
_LETTERS, _DIGITS = ascii_letters, digits
_LAST_WORD = expression(r"[A-Za-z]+$")
_FIRST_WORD = expression(r"[A-Za-z]+")
_HYPHENS = "-‐\u00ad"
_MENDED = {"lines/hard-wrap", "lines/broken-paragraph", "lines/page-break", "lines/hyphenation"}


def mend(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    """Give each false break what joins its halves."""
    habits = Habits(view)
    return [
        _mended(view.text, finding, habits) if finding.rule in _MENDED else finding
        for finding in findings
    ]


class Habits:
    """Whether a document puts a space between Han and Latin letters, and between Han and digits."""

    def __init__(self, view: View) -> None:
        self._view = view

    @cached_property
    def space_at_letters(self) -> bool:
        return _habit(self._view, _LETTERS) > 0

    @cached_property
    def space_at_digits(self) -> bool:
        habit = _habit(self._view, _DIGITS)
        return habit > 0 if habit else self.space_at_letters


def _habit(view: View, kinds: str) -> int:
    """How many more of the words of these characters have a space between them and Han than have none."""
    codes = view.codes
    inside = np.concatenate([[False], one_of(codes, kinds), [False]])
    edges = (inside[1:] != inside[:-1]).nonzero()[0]
    starts, ends = edges[::2], edges[1::2]
    around = np.concatenate([[0, 0], codes, [0, 0]])  # two of what is no Han on either side
    beside = around[np.concatenate([starts + 1, ends + 2])]
    beyond = around[np.concatenate([starts, ends + 3])]
    spaced = beside == ord(" ")
    tight = np.count_nonzero(_are_han(beside[~spaced]))
    return int(np.count_nonzero(_are_han(beyond[spaced])) - tight)


def _are_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    han: NDArray[np.bool_] = (codes == ord("〇")) | ((codes >= 0x20000) & (codes < 0x40000))
    han |= ((codes >= 0x3400) & (codes <= 0x9FFF)) | ((codes >= 0xF900) & (codes <= 0xFAFF))
    return han


def _mended(text: str, finding: Finding, habits: Habits) -> Finding:
    left = text[max(0, finding.start - 40) : finding.start]
    right = text[finding.end : finding.end + 40]
    if finding.rule == "lines/hyphenation" and _drops_hyphen(left, right, text):
        return _replaced(finding, finding.start - 1, "")
    between = text[finding.start : finding.end]
    return _replaced(finding, finding.start, join_of(left, right, between, habits))


def _replaced(finding: Finding, start: int, replacement: str) -> Finding:
    # dataclasses.replace takes ten times as long
    return Finding(
        finding.rule, start, finding.end, finding.message, finding.confidence,
        finding.applicability, replacement, finding.evidence,
    )  # fmt: skip


def join_of(left: str, right: str, between: str, habits: Habits) -> str:
    """What joins two halves: the empty string, or one space. `between` is what parted them."""
    last, first = left[-1:], right[:1]
    if last in _GLUE_AFTER or first in _GLUE_BEFORE or _MANUAL_SECTION.match(right):
        return ""
    wide_last, wide_first = bool(_IS_WIDE.match(last)), bool(_IS_WIDE.match(first))
    if _is_at_reference(left, right):
        return " "
    quoted = _space_at_quote(left, right)
    if quoted is not None and not (
        wide_last and wide_first and last not in _CURLY and first not in _CURLY
    ):
        return quoted
    if wide_last and wide_first:
        return ""
    kept_space = between[:1] in (" ", "\t") and not wide_first
    if kept_space:
        return " "
    if wide_last or wide_first:
        if not _IS_HAN.match(last if wide_last else first):
            return ""
        other = first if wide_last else last
        if other.isdigit():
            return " " if habits.space_at_digits else ""
        if other in ",.;:!?":
            return ""
        return " " if habits.space_at_letters else ""
    if last.isdigit() and first.isdigit():
        return ""
    return "" if _is_cut_word(left, right) else " "


_CURLY = "“”‘’"
_GLUE_AFTER = frozenset(_HYPHENS + "/_\\~@#=&([{<")
_GLUE_BEFORE = frozenset("/_\\)]}>,.;:!?%")
_MANUAL_SECTION = expression(r"\(\d[a-z]{0,2}\)")


_REFERENCE = r"(?:第[ \u00a0]\d+(?:\.\d+)*[ \u00a0][章节節]|[章节節][ \u00a0]\d+(?:\.\d+)*,|表格?[ \u00a0]?\d+(?:\.\d+)+,?)"
_REFERENCE_HEAD = expression(_REFERENCE + r"\s*[“「]")
_REFERENCE_TAIL = expression(_REFERENCE + "$")
_REFERENCE_NUMBER = expression(r"\d+(?:\.\d+)+(?:[ \u00a0][章节節]|,)")


def _is_at_reference(left: str, right: str) -> bool:
    """Whether the break is before, inside or behind a reference as DocBook's stylesheets set them,
    number and title apart: 第 1.2 节 “…”, 節 1.2, “…”."""
    if _REFERENCE_HEAD.match(right):
        return _IS_HAN.match(left[-1:]) is not None
    if right[:1] in ("“", "「"):
        return _REFERENCE_TAIL.search(left) is not None
    return left[-1:] in ("第", "节", "節", "表") and _REFERENCE_NUMBER.match(right) is not None


def _space_at_quote(left: str, right: str) -> str | None:
    """What stands on the other side of the same quotation; None where the break is at none."""
    if left[-1:] in ('"', "”") and (left[-1:] == "”" or left.count('"') % 2 == 0):
        opening = left.rfind("“" if left[-1:] == "”" else '"', 0, -1)
        if opening > 0 and (left[opening - 1] == " " or _IS_HAN.match(left[opening - 1])):
            return " " if left[opening - 1] == " " else ""
    if right[:1] in ('"', "“"):
        closing = right.find("”" if right[:1] == "“" else '"', 1)
        if 0 < closing < len(right) - 1 and (
            right[closing + 1] == " " or _IS_HAN.match(right[closing + 1])
        ):
            return " " if right[closing + 1] == " " else ""
    return None


def _is_cut_word(left: str, right: str) -> bool:
    """Whether a Latin word was cut in two: together they are a word, apart they are not."""
    tail, head = _LAST_WORD.search(left), _FIRST_WORD.match(right)
    if not tail or not head or not head[0].islower():
        return False
    words = english_words()
    a, b = tail[0].lower(), head[0].lower()
    return a + b in words and not (a in words and b in words)


def _drops_hyphen(left: str, right: str, text: str) -> bool:
    """Whether the hyphen came with the cut: the word is known, or used here, without it."""
    tail, head = _LAST_WORD.search(left[:-1]), _FIRST_WORD.match(right)
    if not tail or not head:
        return False
    a, b = tail[0], head[0]
    if f"{a}-{b}" in text:
        return False
    if left[-1:] == "\u00ad" or a + b in text:
        return True
    words = english_words()
    return (a + b).lower() in words or not (a.lower() in words and b.lower() in words)


@cache
def english_words() -> frozenset[str]:
    """Common English words, to tell a cut word from two."""
    rows = rows_of("english_words.txt")
    return frozenset(word for (line,) in rows for word in line.split())
