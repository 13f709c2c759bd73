"""Lines of text that is none (`jiaokan.validators.mojibake.garbled`): no reading known here explains them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.garbled import are_garbled
from jiaokan.validators.mojibake.rare import rare_positions
from jiaokan.validators.mojibake.rules import UNEXPLAINED
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_LATIN = expression("[\xa0-\xffŒœŠšŽžŸ](?:[ \n]?[\xa0-\xffŒœŠšŽžŸ]){11,}")
"""Nothing but Latin-1's upper half: what UTF-8 leaves when its bytes are shown by a page that has controls
for a third of them, and those are dropped. In words of Europe every third character at the least is ASCII."""
_LEADS = frozenset("äåæçèé")
"""First bytes of ideographs in UTF-8."""
_LEAST_LEADS = 0.3
"""Of such a run; of ideographs two in five are, of an alphabet one in ten."""
_LEAST = 6
"""Rare characters close together, and garbled ones of a line, from which it is reported."""
_WITHIN = 14
"""Code points in which so many stand: names and terms of clean text lie farther apart."""


def positions(view: View) -> NDArray[np.intp]:
    """Rare characters with so many behind them that their line may be garbage."""
    return _close_together(rare_positions(view))


def _close_together(rare: NDArray[np.intp]) -> NDArray[np.intp]:
    more = _LEAST - 1
    found: NDArray[np.intp] = rare[:-more][rare[more:] - rare[:-more] <= _WITHIN]
    return found


def find_garbage(view: View, taken: Sequence[tuple[int, int]]) -> list[Finding]:
    """Of each line, from the first to the last garbled character outside of what others have taken."""
    rare = rare_positions(view)
    if not len(_close_together(rare)):
        return []
    rare = rare[~covered(len(view.codes), taken)[rare]]
    if not len(_close_together(rare)):
        return []
    at = rare[are_garbled(view, rare) | _are_of_latin(view.text, rare)]
    line = view.breaks.searchsorted(at)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    ends = np.append(first[1:], len(at))[: len(first)]
    return [
        Finding(
            UNEXPLAINED, int(at[begin]), int(at[end - 1]) + 1,
            "text misread, in a way that is not known", 0.9, Applicability.DISPLAY,
        )
        for begin, end in zip(first.tolist(), ends.tolist(), strict=True)
        if end - begin >= _LEAST
    ]  # fmt: skip


def _are_of_latin(text: str, rare: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each of these places is in a run of Latin-1 which UTF-8 left."""
    runs = [
        match.span()
        for match in _LATIN.finditer(text)
        if sum(counts := [match[0].count(lead) for lead in _LEADS]) >= _LEAST_LEADS * len(match[0])
        and max(counts) > 1  # an alphabet has each once
    ]
    if not runs:
        return np.zeros(len(rare), dtype=np.bool_)
    first, last = np.array(runs, dtype=np.intp).T
    inside: NDArray[np.bool_] = last.searchsorted(rare, side="right") < first.searchsorted(
        rare, side="right"
    )
    return inside
