"""Content that is gone, and what stands in its place."""

import re
from collections.abc import Iterable

from jiaokan.validators.mojibake.rules import LOST
from jiaokan.validators.values import Applicability, Finding

_SIGNS = re.compile(
    r"(?P<gbk>(?:锟斤拷|锟斤|锟[\u4e00-\u9fff])*锟斤拷(?:锟斤拷|锟斤|锟)*)"
    r"|(?P<latin>(?:ï¿½)+)"
    r"|(?P<replacement>\ufffd+)"
    r"|(?P<memory>烫{3,}[烫屯]*|屯{3,}[烫屯]*)"
)


def find_lost(text: str, taken: Iterable[tuple[int, int]]) -> list[Finding]:
    """The signs outside of the spans that other findings take."""
    found = []
    spans = sorted(taken)
    at = 0
    for match in _SIGNS.finditer(text):
        start, end = match.span()
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        if at < len(spans) and spans[at][0] < end:
            continue
        kind = match.lastgroup or ""
        count = _count(kind, match.group())
        message = (
            f"{end - start} characters of memory never written to"
            if kind == "memory"
            else f"content lost here: {count} replacement character{'s' if count > 1 else ''}"
        )
        sure = 0.7 if kind == "memory" and end - start < 4 else 0.99
        found.append(
            Finding(
                LOST, start, end, message, sure, Applicability.DISPLAY,
                evidence={"lost": count, "seen as": kind},
            )
        )  # fmt: skip
    return found


def _count(kind: str, text: str) -> int:
    if kind == "gbk":
        return (2 * len(text) + 2) // 3
    return text.count("½") if kind == "latin" else len(text)
