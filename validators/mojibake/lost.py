"""Content that is gone, and what stands in its place."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from jiaokan.validators.mojibake.rules import LOST
from jiaokan.validators.mojibake.suspicion import sign_positions
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_SIGNS = re.compile(
    r"(?P<gbk>(?:锟斤拷|锟斤|锟[\u4e00-\u9fff])*锟斤拷(?:锟斤拷|锟斤|锟)*)"
    r"|(?P<latin>(?:ï¿½)+)"
    r"|(?P<replacement>\ufffd+)"
    r"|(?P<memory>烫{3,}[烫屯]*|屯{3,}[烫屯]*)"
)


def find_lost(view: View, taken: Iterable[tuple[int, int]]) -> list[Finding]:
    """The signs outside of the spans that other findings take."""
    found = []
    text, spans = view.text, sorted(taken)
    at = reached = 0
    for first in _firsts(view, spans):
        match = _SIGNS.match(text, first) if first >= reached else None
        if match is None:
            continue
        start, end = match.span()
        reached = end
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


def _firsts(view: View, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Where a sign may begin, or what is left of one beyond the span that it begins in."""
    at = sign_positions(view)
    if len(spans):
        begun, ended = np.array(spans, dtype=np.intp).T
        depth = np.zeros(len(view.text) + 2, dtype=np.int32)
        np.add.at(depth, begun, 1)
        np.add.at(depth, ended, -1)
        is_taken = np.cumsum(depth) > 0
        at = at[~(is_taken[at] & is_taken[at + 1])]
    first: list[int] = at.tolist()
    return first


def _count(kind: str, text: str) -> int:
    if kind == "gbk":
        return (2 * len(text) + 2) // 3
    return text.count("½") if kind == "latin" else len(text)
