"""What users do today with wrapped lines: three joiners of a few lines of script each."""

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_TERMINAL = "。！？!?…：:；;」』”’）)》"


@dataclass(frozen=True)
class Line:
    start: int
    end: int
    edge: int


def lines_of(text: str) -> list[Line]:
    """Lines with ink: where the ink begins and ends, and the column of its end."""
    found = []
    at = 0
    for raw in re.split(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text):
        ink = raw.strip()
        if ink:
            start = at + raw.index(ink[0])
            edge = sum(1 + (unicodedata.east_asian_width(c) in "WFA") for c in raw.rstrip())
            found.append(Line(start, start + len(ink) - 1, edge))
        at += len(raw) + 1
        if text[at - 1 : at + 1] == "\r\n":
            at += 1
    return found


def joins_by_peers(text: str) -> dict[str, set[tuple[int, int]]]:
    """Where each joins: last ink before, first ink after."""
    lines = lines_of(text)
    pairs = list(itertools.pairwise(lines))
    blank = [text.count("\n", a.end, b.start) > 1 for a, b in pairs]
    widest = [max(line.edge for line in lines[max(0, i - 6) : i + 7]) for i in range(len(lines))]
    return {
        "joined all": {(a.end, b.start) for a, b in pairs},
        "no full stop": {(a.end, b.start) for a, b in pairs if text[a.end] not in _TERMINAL},
        "full width": {
            (a.end, b.start)
            for (a, b), gap, wide in zip(pairs, blank, widest, strict=False)
            if not gap and a.edge >= wide - 3
        },
    }


def _joined(text: str, joined: set[tuple[int, int]]) -> str:
    """The text with these breaks taken out, as users of such scripts do: nothing put between."""
    out = []
    at = 0
    for left, right in sorted(joined):
        out.append(text[at : left + 1])
        at = right
    return "".join([*out, text[at:]])


PEERS: dict[str, Callable[[str], str]] = {
    name: (lambda text, name=name: _joined(text, joins_by_peers(text)[name]))  # type: ignore[misc]
    for name in ("joined all", "no full stop", "full width")
}
