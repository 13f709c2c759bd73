"""The prose of an HTML page: what stands between its tags, as a text of its own."""

import re
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
_NO_PROSE = expression(
    r"<!--.*?-->|<(script|style|pre|code|textarea|kbd|samp|tt|var|svg|math|noscript)\b[^<>]*>.*?</\1\s*>|"
    r"<[A-Za-z/!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
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
    for tag in _NO_PROSE.finditer(text):
        start, end = tag.span()
        pieces.append(text[at:start])
        origins.append(np.arange(at, start))
        if not _INLINE.match(text, start):
            pieces.append("x" if tag[1] and tag[1].lower() in _WORDS else "\n")
            origins.append(np.array([start]))
        at = end
    pieces.append(text[at:])
    origins.append(np.arange(at, len(text)))
    return Prose(View("".join(pieces)), np.concatenate(origins))
