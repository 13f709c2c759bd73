"""Lists of words: what holds words in both scripts on purpose (dictionaries, synonyms, words to be found),
and what has nothing but words, a line each, so that no prose says what is meant."""

import re
from collections.abc import Sequence

from jiaokan.validators.values import Finding

_LONGEST = 8
"""Characters of what is listed."""
_SOME = 400
"""Findings that are looked at: enough to know a list by."""
_TWINS = 2
_SHARE = 0.05
_ENTRY = re.compile(r".*\t|\s*(?:.{1,12}|\S{1,12}(?:\s+\d[\d.]*)?(?:\s+[a-z]{1,4})?)\s*$")
"""Most lines of a list of words: short, of fields between tabs, or a word, how often it is and what it is."""
_MEAN = 24
"""Characters of a line of such a list, on the average, at most."""
_WORD_LINE = re.compile(r"\s*[\u3400-\u9fff]{1,4}\s*$")
_WORD_LINES, _OF_LINES = 16, 0.75
"""So many lines of one word each, and such a share of all, make a list of words. Verse has longer lines."""
_BETWEEN = re.compile(r"[^\w*$]+|_")
_WORD = re.compile(r"[\w*$]")


def lists_both(text: str, found: Sequence[Finding]) -> bool:
    """Whether what these findings would make of the words they stand in is in the text, too, as a
    word by itself: then the text lists both forms."""
    if not _is_list(text):
        return False
    changed = [f for f in found[:_SOME] if f.replacement is not None and f.end - f.start == 1]
    if len(changed) < _TWINS:
        return False
    words: dict[tuple[int, int], list[str]] = {}
    for finding in changed:
        start, end = _word_around(text, finding.start)
        if end - start <= _LONGEST:
            letters = words.setdefault((start, end), list(text[start:end]))
            letters[finding.start - start] = finding.replacement or ""
    if len(words) < _TWINS:
        return False
    listed = set(_BETWEEN.split(text))
    twins = {word for letters in words.values() if (word := "".join(letters)) in listed}
    return len(twins) >= max(_TWINS, _SHARE * len(words))


def lists_words(text: str) -> bool:
    """Whether a text is a list of words, one a line, which may be parts of others (打斷發, from 打斷發言)."""
    if len(text) > _MEAN * (text.count("\n") + 1):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    words = sum(_WORD_LINE.match(line) is not None for line in lines)
    return words >= _WORD_LINES and words >= _OF_LINES * len(lines)


def _is_list(text: str) -> bool:
    if "\t" not in text and len(text) > _MEAN * (text.count("\n") + 1):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(_ENTRY.match(line) is not None for line in lines) * 2 > len(lines)


def _word_around(text: str, position: int) -> tuple[int, int]:
    start, end = position, position + 1
    while start and position - start <= _LONGEST and _WORD.match(text, start - 1):
        start -= 1
    while end < len(text) and end - position <= _LONGEST and _WORD.match(text, end):
        end += 1
    return start, end
