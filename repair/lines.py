"""What stands where a false break was: nothing between Han, a space between Latin words."""

import re
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

_WIDE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff—…“”‘’·]"
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]"
_IS_WIDE = re.compile(_WIDE)
_IS_HAN = re.compile(_HAN)
_HAN_LATIN = re.compile(rf"(?<={_HAN})( ?)(?=[A-Za-z])|(?<=[A-Za-z])( ?)(?={_HAN})")
_HAN_DIGIT = re.compile(rf"(?<={_HAN})( ?)(?=[0-9])|(?<=[0-9])( ?)(?={_HAN})")
_LAST_WORD = re.compile(r"[A-Za-z]+$")
_FIRST_WORD = re.compile(r"[A-Za-z]+")
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
        return _is_habit(_HAN_LATIN, self._text)

    @cached_property
    def space_at_digits(self) -> bool:
        return _is_habit(_HAN_DIGIT, self._text)


def _is_habit(pattern: re.Pattern[str], text: str) -> bool:
    found = [match.end() > match.start() for match in pattern.finditer(text)]
    return sum(found) * 2 > len(found)


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
    if (
        last in _HYPHENS
        or last in "/_\\~@#"
        or first in "/_\\"
        or last in "([{<"
        or first in ")]}>,.;:!?%"
    ):
        return ""
    if _IS_WIDE.match(last) and _IS_WIDE.match(first):
        return ""
    kept_space = between[:1] in (" ", "\t") and not _IS_WIDE.match(first)
    if _IS_HAN.match(last) or _IS_HAN.match(first):
        other = first if _IS_HAN.match(last) else last
        if other.isdigit():
            return " " if kept_space or habits.space_at_digits else ""
        if other.isalpha():
            return " " if kept_space or habits.space_at_letters else ""
        return " " if kept_space else ""
    if _IS_WIDE.match(last) or _IS_WIDE.match(first):
        return ""
    if last.isdigit() and first.isdigit():
        return " " if kept_space else ""
    if kept_space:
        return " "
    return "" if _is_cut_word(left, right) else " "


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
    import jiaokan.validators

    path = Path(str(jiaokan.validators.__file__)).parent / "tables" / "english_words.txt"
    lines = path.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
