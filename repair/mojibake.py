"""What a gap in misread text may have been: the bytes that are left, and the neighbours, tell."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.families import is_asked_for
from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.plausibility import alone, likelihood_after
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

OFFERED = 0.9
"""Below this probability a guess is not offered."""
CERTAIN = 0.995
"""From this probability on the bytes and the neighbours together leave no second character: of 104
such gaps in a real accident all were filled rightly."""
_GAP = "\ufffd"


def mend(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    """The findings, with a guess for each gap whose neighbours leave one character."""
    runs = {f.start: f for f in findings if f.rule != GAP and f.replacement is not None}
    gaps = [finding for finding in findings if finding.rule == GAP]
    if not gaps:
        return findings
    filled = settings.runs(GAP) and (settings.unsafe or is_asked_for(GAP, settings))
    guesses = dict(zip(map(id, gaps), _guesses(view, gaps, runs), strict=True))
    of_run: dict[int, list[Finding]] = {}
    for gap in gaps:
        of_run.setdefault(_number(gap, "run"), []).append(gap)
    out: list[Finding] = []
    for finding in findings:
        if finding.rule == GAP:
            continue
        own = of_run.get(finding.start, []) if finding.replacement is not None else []
        if own:
            out += _with_guesses(finding, own, guesses, filled)
        else:
            out.append(finding)
    return out


_Guess = tuple[str, float]


def _number(finding: Finding, name: str) -> int:
    return int(str(finding.evidence[name]))


def _with_guesses(
    run: Finding, gaps: list[Finding], guesses: dict[int, _Guess], filled: bool
) -> Iterator[Finding]:
    """A run and its gaps; where guesses are wanted, the run is cut around those that there are."""
    assert run.replacement is not None
    text = list(run.replacement)
    certain = [gap for gap in gaps if guesses[id(gap)][1] >= CERTAIN]
    for gap in certain:
        text[_number(gap, "place")] = guesses[id(gap)][0]
    proven, meant = "".join(text), text
    offered = [gap for gap in gaps if OFFERED <= guesses[id(gap)][1] < CERTAIN]
    for gap in offered:
        meant[_number(gap, "place")] = guesses[id(gap)][0]
    count = len(offered) if filled else 0
    counted = {
        **run.evidence,
        "proven with the neighbours": len(certain),
        "guessed": count,
        "lost": len(gaps) - len(certain) - count,
    }
    start, at = run.start, 0
    for gap in gaps:
        guess, probability = guesses[id(gap)]
        first, last = _number(gap, "first"), _number(gap, "last")
        sure = OFFERED <= probability < CERTAIN
        yield Finding(
            gap.rule, gap.start, gap.end,
            f"{gap.message}, probably {guess!r}" if probability >= OFFERED else gap.message,
            probability, gap.applicability, "".join(meant[first:last]) if sure else None,
            {"bytes": gap.evidence["bytes"], "guess": guess, "probability": probability},
        )  # fmt: skip
        if sure and filled and first >= at:
            if gap.start > start:
                yield replace(
                    run, start=start, end=gap.start, replacement=proven[at:first], evidence=counted
                )
            start, at = gap.end, last
    if run.end > start:
        yield replace(run, start=start, replacement=proven[at:], evidence=counted)


def _guesses(view: View, gaps: list[Finding], runs: dict[int, Finding]) -> Iterator[_Guess]:
    """For each gap the most probable character with its bytes between its neighbours, and how
    probable it is among all that the bytes allow."""
    for at in range(0, len(gaps), _AT_ONCE):
        yield from _guesses_at_once(view, gaps[at : at + _AT_ONCE], runs)


_AT_ONCE = 512
_EDGE = "\n"
_FAR = 12.0
"""Bits by which a character may be rarer than the commonest candidate to be one itself."""


def _guesses_at_once(view: View, gaps: list[Finding], runs: dict[int, Finding]) -> list[_Guess]:
    seen: dict[tuple[str, str, str], int] = {}  # what is the same has one answer
    places = []
    for gap in gaps:
        run = runs[_number(gap, "run")]
        text, place = run.replacement or "", _number(gap, "place")
        left = text[place - 1] if place else view.text[run.start - 1 : run.start]
        right = text[place + 1 : place + 2] or view.text[run.end : run.end + 1]
        asked = (left, str(gap.evidence["bytes"]), right)
        places.append(seen.setdefault(asked, len(seen)))
    guesses = _most_probable(
        [(_beside(left), bytes_, _beside(right)) for left, bytes_, right in seen]
    )
    return [guesses[place] for place in places]


def _beside(neighbour: str) -> int:
    return ord(neighbour if neighbour and neighbour != _GAP else _EDGE)


def _most_probable(asked: list[tuple[int, str, int]]) -> list[_Guess]:
    """The best candidate for the bytes between each pair of neighbours."""
    choices = [_candidates(bytes_) for _, bytes_, _ in asked]
    counts = np.array([len(points) for points in choices])
    points = np.concatenate(choices)
    before, after = np.array([(left, right) for left, _, right in asked], dtype=np.uint32).T
    score = likelihood_after(np.repeat(before, counts), points).astype(np.float64)
    score += likelihood_after(points, np.repeat(after, counts))
    guesses: list[_Guess] = [(_GAP, 0.0)] * len(asked)
    some = np.flatnonzero(counts)
    if not len(some):
        return guesses
    counts = counts[some]
    firsts = np.cumsum(counts) - counts
    best = np.maximum.reduceat(score, firsts)
    is_best = np.flatnonzero(score == np.repeat(best, counts))
    weights = np.add.reduceat(np.exp2(score - np.repeat(best, counts)), firsts)
    chosen = points[is_best[np.searchsorted(is_best, firsts)]].tolist()
    for place, point, weight in zip(some.tolist(), chosen, weights.tolist(), strict=True):
        guesses[place] = chr(point), round(1 / weight, 4)
    return guesses


@cache
def _candidates(known: str) -> NDArray[np.uint32]:
    """Code points whose UTF-8 has these bytes; of three bytes, those missing come last."""
    bytes_ = [None if byte == "??" else int(byte, 16) for byte in known.split()]
    if len(bytes_) > 3:
        return np.empty(0, dtype=np.uint32)
    lead, second, third = [*bytes_, None, None, None][:3]
    every = np.arange(0x80, 0xC0, dtype=np.uint32)
    leads = np.arange(0xE3, 0xF0, dtype=np.uint32) if lead is None else np.array([lead])
    seconds = every if second is None else np.array([second])
    thirds = every if third is None else np.array([third])
    grid = ((leads[:, None, None] & 15) << 12) | ((seconds[:, None] & 63) << 6) | (thirds & 63)
    points: NDArray[np.uint32] = grid.ravel().astype(np.uint32)
    points = points[(points >= 0x800) & ~((points >= 0xD800) & (points < 0xF900))]
    bits = alone()[points]
    likely: NDArray[np.uint32] = points[bits > bits.max(initial=-99) - _FAR]
    return likely
