"""What replaces a false line break: nothing between Han, a space between Latin words."""

import re
from dataclasses import replace
from functools import cache, cached_property

from jiaokan.validators.expressions import expression
from jiaokan.validators.tables import rows_of
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

_WIDE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff—…“”‘’·]"
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]"
_IS_WIDE = expression(_WIDE)
_IS_HAN = expression(_HAN)
_LETTERS = expression(r"[A-Za-z]+")
_DIGITS = expression(r"[0-9]+")
_LAST_WORD = expression(r"[A-Za-z]+$")
_FIRST_WORD = expression(r"[A-Za-z]+")
_HYPHENS = "-‐\u00ad"
_MENDED = {"lines/hard-wrap", "lines/broken-paragraph", "lines/page-break", "lines/hyphenation"}


def mend(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    """Give each false break what joins its halves."""
    habits = Habits(view.text)
    return [
        _mended(view.text, finding, habits) if finding.rule in _MENDED else finding
        for finding in findings
    ]


class Habits:
    """Whether a document puts a space between Han and Latin letters, and between Han and digits."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def space_at_letters(self) -> bool:
        return _habit(_LETTERS, self._text) > 0

    @cached_property
    def space_at_digits(self) -> bool:
        habit = _habit(_DIGITS, self._text)
        return habit > 0 if habit else self.space_at_letters


def _habit(words: re.Pattern[str], text: str) -> int:
    """How many more of these words have a space between them and Han than have none."""
    tight = spaced = 0
    for match in words.finditer(text):
        start, end = match.span()
        for beside, beyond in ((start - 1, start - 2), (end, end + 1)):
            character = text[beside] if 0 <= beside < len(text) else ""
            if character == " ":
                other = text[beyond] if 0 <= beyond < len(text) else ""
                spaced += _IS_HAN.match(other) is not None
            else:
                tight += _IS_HAN.match(character) is not None
    return spaced - tight


def _mended(text: str, finding: Finding, habits: Habits) -> Finding:
    left = text[max(0, finding.start - 40) : finding.start]
    right = text[finding.end : finding.end + 40]
    if finding.rule == "lines/hyphenation" and _drops_hyphen(left, right, text):
        return replace(finding, start=finding.start - 1, replacement="")
    between = text[finding.start : finding.end]
    return replace(finding, replacement=join_of(left, right, between, habits))


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
_REFERENCE_HEAD = re.compile(_REFERENCE + r"\s*[“「]")
_REFERENCE_TAIL = re.compile(_REFERENCE + "$")
_REFERENCE_NUMBER = re.compile(r"\d+(?:\.\d+)+(?:[ \u00a0][章节節]|,)")


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
