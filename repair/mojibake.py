"""What a gap in misread text may have been: the bytes that are left, and the neighbours, tell."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.families import is_asked_for
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.plausibility import alone, likelihood_after, log_likelihood
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View, code_points

OFFERED = 0.85
"""Below this probability a guess is not offered."""
CERTAIN = 0.995
_ALSO_CERTAIN = 0.99
"""From these probabilities on, by both models together and by the plain one alone, the bytes and the
neighbours leave no second character. Of 4,815 such gaps in held-out and unseen text of twenty kinds
two were filled wrongly, both in classical names; one model alone failed in 31 of 15,043."""
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


_Guess = tuple[str, float, bool]
"""A character, how probable it is, and whether it is certain."""


def _number(finding: Finding, name: str) -> int:
    number = finding.evidence[name]
    assert isinstance(number, int)
    return number


def _with_guesses(
    run: Finding, gaps: list[Finding], guesses: dict[int, _Guess], filled: bool
) -> Iterator[Finding]:
    """A run and its gaps; where guesses are wanted, the run is cut around those that there are."""
    assert run.replacement is not None
    text = list(run.replacement)
    certain = [gap for gap in gaps if guesses[id(gap)][2]]
    for gap in certain:
        text[_number(gap, "place")] = guesses[id(gap)][0]
    proven, meant = "".join(text), text
    offered = [gap for gap in gaps if guesses[id(gap)][1] >= OFFERED and not guesses[id(gap)][2]]
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
        guess, probability, known = guesses[id(gap)]
        first, last = _number(gap, "first"), _number(gap, "last")
        sure = probability >= OFFERED and not known
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
    seen: dict[_Asked, int] = {}  # what is the same has one answer
    places = []
    of_gaps = [runs[_number(gap, "run")] for gap in gaps]
    doubts = _doubts(list({run.start: run for run in of_gaps}.values()))
    for gap, run in zip(gaps, of_gaps, strict=True):
        doubt = doubts[run.start]
        text, place = run.replacement or "", _number(gap, "place")
        left = text[place - 1] if place else view.text[run.start - 1 : run.start]
        right = text[place + 1 : place + 2] or view.text[run.end : run.end + 1]
        asked = (_beside(left), str(gap.evidence["bytes"]), _beside(right), doubt)
        places.append(seen.setdefault(asked, len(seen)))
    guesses = _most_probable(list(seen))
    return [guesses[place] for place in places]


_Asked = tuple[int, str, int, float]
"""What stands before, the bytes known, what stands after, and the doubt of the run."""
_WELL_KNOWN = 8.0
"""Bits of a Han character in text like that which the models are counted from."""


def _doubts(runs: list[Finding]) -> dict[int, float]:
    """By how much the models know each run less well than the text which they are counted from:
    what they say of poems and chronicles is worth less."""
    text = _EDGE.join(["", *(run.replacement or "" for run in runs)])
    codes = code_points(text)
    bits = -log_likelihood(codes)
    han = (codes >= 0x3400) & (codes < 0xA000)
    doubts = {}
    at = 0
    for run in runs:
        inside = slice(at + 1, at + 1 + len(run.replacement or ""))
        at = inside.stop
        own = bits[inside][han[inside]]
        mean = float(own.mean()) if len(own) else 0.0
        doubts[run.start] = round(max(1.0, mean / _WELL_KNOWN), 1)
    return doubts


def _beside(neighbour: str) -> int:
    return ord(neighbour if neighbour and neighbour != _GAP else _EDGE)


def _most_probable(asked: list[_Asked]) -> list[_Guess]:
    """The best candidate for the bytes between each pair of neighbours."""
    choices = [_candidates(bytes_) for _, bytes_, _, _ in asked]
    counts = np.array([len(points) for points in choices])
    guesses: list[_Guess] = [(_GAP, 0.0, False)] * len(asked)
    points = np.concatenate(choices)
    if not len(points):
        return guesses
    owners = np.repeat(np.arange(len(asked)), counts)
    sides = np.array([(left, right) for left, _, right, _ in asked], dtype=np.uint32)
    before, after = sides[owners].T
    to_it, from_it = likelihood_after(before, points), likelihood_after(points, after)
    plain = (to_it + from_it).astype(np.float64)
    likely = plain > _highest(plain, owners, len(asked))[owners] - _FAR
    owners, points, before, after = owners[likely], points[likely], before[likely], after[likely]
    doubt = np.array([each for *_, each in asked])[owners]
    both = _by_both(to_it[likely], before, points) + _by_both(from_it[likely], points, after)
    both /= 2 * doubt
    shares = _shares(both, owners, len(asked))
    certain = (shares >= CERTAIN) & (
        _shares(plain[likely] / doubt, owners, len(asked)) >= _ALSO_CERTAIN
    )
    certain &= (points >= 0x3400) & (points < 0xA000)
    best = np.flatnonzero(both == _highest(both, owners, len(asked))[owners])
    for at in best[::-1].tolist():
        guesses[int(owners[at])] = (
            chr(int(points[at])),
            round(float(shares[at]), 4),
            bool(certain[at]),
        )
    return guesses


def _by_both(
    plain: NDArray[np.float32], left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """The sum of what two models say of a character after another."""
    chinese = continuation().after(left, right)
    known = chinese > 0
    second = plain.astype(np.float64)
    second[known] = np.log2(chinese[known])
    return plain + second


def _highest(
    score: NDArray[np.float64], owners: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, owners, score)
    return highest


def _shares(
    score: NDArray[np.float64], owners: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    """The probability of each candidate among those of its gap."""
    weights = np.exp2(score - _highest(score, owners, count)[owners])
    shares: NDArray[np.float64] = weights / np.bincount(owners, weights, count)[owners]
    return shares


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
