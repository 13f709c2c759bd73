"""The links below a heading such as 相关新闻: short lines that are no sentences."""

import re
from collections.abc import Iterator

_MARKED = re.compile(r"\s*(?:[-–—·•*●○◆◇■□▪▸▶►>»★☆※‧・]|\d{1,2}[.、．)]|\[\d{1,2}\])\s*\S")
_SENTENCE_END = re.compile(r"[。；;，,：:]\s*$")
LONGEST = 60
"""Code points of a link's text."""
MOST = 30
"""Links below one heading."""


def links_below(
    text: str, headings: list[tuple[int, int]], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Lines of links: with list marks, as far as they go; without, to the end of the text."""
    for _, end in headings:
        lines = list(_lines_after(text, end))
        marked = [line for line in lines if _MARKED.match(text, line[0], line[1])]
        if lines and marked[:1] == lines[:1]:
            for start, stop in lines:
                if not _MARKED.match(text, start, stop):
                    break
                if start not in taken:
                    yield start, stop
            continue
        if not _is_closing(text, lines):
            continue
        for start, stop in lines:
            if start not in taken:
                yield start, stop


def _lines_after(text: str, end: int) -> Iterator[tuple[int, int]]:
    """The non-empty lines from `end` on, up to an empty line that follows one of them."""
    at = end
    count = 0
    while at < len(text) and count < MOST:
        at += 2 if text[at : at + 2] == "\r\n" else 1
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line_end = stop - 1 if stop > at and text[stop - 1] == "\r" else stop
        if text[at:line_end].strip():
            count += 1
            yield at, line_end
        elif count:
            return
        at = stop


def _is_closing(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether unmarked lines are links: at least two, all short, none a sentence, none after."""
    if len(lines) < 2 or len(lines) >= MOST:
        return False
    for start, end in lines:
        line = text[start:end].strip()
        if not 6 <= len(line) <= LONGEST or _SENTENCE_END.search(line):
            return False
    return not text[lines[-1][1] :].strip()
