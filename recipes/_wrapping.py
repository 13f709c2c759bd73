"""Text wrapped to a width, as terminals, editors and pages do."""

import re
from collections.abc import Callable

_NO_START = "，。、；：？！」』”’）》〉】〕…·,.;:?!)]}%"
_NO_END = "「『“‘（《〈【〔([{"
_TOKEN = re.compile(r"[A-Za-z0-9!-/:-@\[-`{-~]+|.", re.DOTALL)


def columns(text: str) -> int:
    """The width of a text: two columns a wide character."""
    return sum(2 if ord(c) >= 0x2E80 or c in "“”‘’—…·①②③" else 1 for c in text)


_NARROW, _BROAD = frozenset("iljtfr.,:;'!|()[] "), frozenset("mwMWQOGD@%")


def proportional(text: str) -> float:
    """The width of a text in a font whose Latin letters differ, in columns."""
    return sum(
        2.0
        if ord(c) >= 0x2E80 or c in "“”‘’—…"
        else 0.6
        if c in _NARROW
        else 1.5
        if c in _BROAD
        else 1.08
        for c in text
    )


def wrap(
    text: str,
    width: int,
    *,
    first: int = 0,
    kinsoku: bool = True,
    words: bool = True,
    columns: Callable[[str], float] = columns,
) -> list[str]:
    """A paragraph cut into lines of at most `width` columns; `first` are lost to the first line's indent."""
    tokens = _TOKEN.findall(text) if words else list(text)
    lines: list[str] = []
    line = ""
    used: float = first
    for token in tokens:
        size = columns(token)
        if used + size > width and line:
            if kinsoku and token[0] in _NO_START and used + size <= width + 2:
                line += token
                used += size
                continue
            carry = ""
            if kinsoku and (token[0] in _NO_START or line[-1] in _NO_END) and len(line) > 1:
                carry, line = line[-1], line[:-1]
            lines.append(line.rstrip(" "))
            line = carry
            used = columns(carry)
            if token == " " and not line:
                continue
        while size > width:
            lines.append(token[:width])
            token = token[width:]
            size = columns(token)
        line += token
        used += size
    lines.append(line)
    return [piece for piece in lines if piece.strip()]
