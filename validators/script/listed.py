"""Lists of words: what holds words in both scripts on purpose (dictionaries, synonyms, words to be found),
and what has nothing but words, a line each, so that no prose says what is meant."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice

from jiaokan.validators.expressions import expression
from jiaokan.validators.script.forms import forms
from jiaokan.validators.values import Finding
from jiaokan.validators.view import code_points, text_of

_LONGEST = 8
"""Characters of what is listed."""
_SOME = 400
"""Findings that are looked at: enough to know a list by."""
_TWINS = 2
_SHARE = 0.05
_ENTRY = expression(r".*\t|\s*(?:.{1,12}|\S{1,12}(?:\s+\d[\d.]*)?(?:\s+[a-z]{1,4})?)\s*$")
"""Most lines of a list of words: short, of fields between tabs, or a word, how often it is and what it is."""
_MEAN = 24
"""Characters of a line of such a list, on the average, at most."""
_WORD_LINE = expression(r"\s*[\u3400-\u9fff]{1,4}\s*$")
_WORD_LINES, _OF_LINES = 16, 0.75
"""So many lines of one word each, and such a share of all, make a list of words. Verse has longer lines."""
_HAN = expression("[\u3400-\u9fff]")
_CELL_MARK = expression(r"[,\t;|\r\n]")
_PAIRS, _PAIR_SHARE = 2, 0.1
"""In so many of the lines with findings, and such a share of them, a word beside its other form makes a list of both."""
_LONGEST_LINE = 400
_BETWEEN = expression(r"[^\w*$]+|_")
_WORD = expression(r"[\w*$]")


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


def sets_side_by_side(text: str, found: Sequence[Finding]) -> bool:
    """Whether the lines of these findings set words beside the same words in other forms, as rows of a
    dictionary or of a table for conversion do (万众, 萬眾)."""
    lines = set()
    for finding in found[:_SOME]:
        start = text.rfind("\n", 0, finding.start) + 1
        end = text.find("\n", finding.start)
        lines.add(text[start : len(text) if end < 0 else end][:_LONGEST_LINE])
    if len(lines) < _PAIRS:
        return False
    pairs = sum(_have_pairs([_words_of(line) for line in lines]))
    return pairs >= max(_PAIRS, _PAIR_SHARE * len(lines))


def _words_of(line: str) -> set[str]:
    return {
        word for word in _BETWEEN.split(line) if 0 < len(word) <= _LONGEST and not word.isascii()
    }


def _have_pairs(lines: Sequence[set[str]]) -> Iterator[bool]:
    """Whether each line has a word and, as a word by itself, too, the same in other forms."""
    words = list(chain.from_iterable(lines))
    folded = text_of(forms().folded[code_points("".join(words))])
    ends = accumulate(map(len, words))
    kinds = (folded[end - len(word) : end] for word, end in zip(words, ends, strict=True))
    for line in lines:
        yield len(set(islice(kinds, len(line)))) < len(line)


def lists_words(text: str, is_table: bool) -> bool:
    """Whether a text is a list of words, one a line or cell, which may be parts of others (打斷發, from
    打斷發言) or of another Chinese (風颱)."""
    if is_table:
        cells = [cell for cell in _CELL_MARK.split(text) if _HAN.search(cell)]
        words = sum(_WORD_LINE.match(cell) is not None for cell in cells)
        return words >= _WORD_LINES and words >= _OF_LINES * len(cells)
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
