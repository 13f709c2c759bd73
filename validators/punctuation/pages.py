"""The prose of an HTML page: what stands between its tags, as a text of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.values import Finding
from jiaokan.validators.view import View

_TEMPLATE = ("<?php", "<?=", "<%", "{{", "{%", "<template", "xmlns:android", "<svg")
"""What is filled in before it is a page, or is none."""
_CLOSING = expression(
    r"</(?:p|div|span|a|li|ul|ol|h[1-6]|td|tr|table|body|html|b|strong|em|font|title|dd|section)\s*>",
    re.IGNORECASE,
)
_LEAST_TAGS = 2
_TAG = expression(r"<!--|<[A-Za-z/!?][^<>]*>")
_HELD = expression(
    r"<(script|style|pre|code|textarea|kbd|samp|tt|var|svg|math|noscript)\b", re.IGNORECASE
)
"""Elements whose text is no prose."""
_INLINE = expression(
    r"</?(?:a|b|i|u|s|em|strong|span|font|small|big|sub|sup|mark|del|ins|abbr|cite|q|label|wbr)\b",
    re.IGNORECASE,
)
_WORDS = frozenset({"code", "kbd", "samp", "tt", "var"})


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose of a page; `origin` is where in the page each of its code points stands."""

    view: View
    origin: NDArray[np.intp]

    def in_page(self, findings: list[Finding]) -> list[Finding]:
        """The findings in the positions of the page, but for those that tags run through."""
        found = []
        for finding in findings:
            start, end = int(self.origin[finding.start]), int(self.origin[finding.end - 1]) + 1
            if end - start == finding.end - finding.start:
                found.append(replace(finding, start=start, end=end))
        return found


def prose_of(text: str) -> Prose | None:
    """The prose of a page; None where the text is none.

    Tags within a line leave nothing behind, others a line feed, and code in a sentence stands as a
    Latin word; scripts, styles and what is laid out beforehand are left out.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith("<") or any(sign in text for sign in _TEMPLATE):
        return None
    if len(_CLOSING.findall(text)) < _LEAST_TAGS:
        return None
    pieces: list[str] = []
    origins: list[NDArray[np.intp]] = []
    at = 0
    for start, end, is_word in _tags(text):
        pieces.append(text[at:start])
        origins.append(np.arange(at, start))
        if not _INLINE.match(text, start):
            pieces.append("x" if is_word else "\n")
            origins.append(np.array([start]))
        at = end
    pieces.append(text[at:])
    origins.append(np.arange(at, len(text)))
    return Prose(View("".join(pieces)), np.concatenate(origins))


def _tags(text: str) -> Iterator[tuple[int, int, bool]]:
    """Tags and comments, those of elements without prose to their ends; whether one is a Latin word.

    An end that is not there is looked for once, so that many beginnings take no longer than one.
    """
    endless: set[str] = set()
    at = 0
    while tag := _TAG.search(text, at):
        start, at = tag.span()
        held = _HELD.match(text, start)
        name = held[1].lower() if held else "!--" if tag[0] == "<!--" else ""
        if name and name not in endless:
            closing = "-->" if name == "!--" else rf"</{name}\s*>"
            end = re.compile(closing, re.IGNORECASE).search(text, at)
            if end is None:
                endless.add(name)
            else:
                at = end.end()
        yield start, at, name in _WORDS
