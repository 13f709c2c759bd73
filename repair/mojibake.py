"""What a gap in misread text may have been: the bytes that are left, and the neighbours, tell."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.families import is_asked_for
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake import gaps_of
from jiaokan.validators.mojibake.codepages import LOST
from jiaokan.validators.mojibake.inversion import Gap
from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.plausibility import alone, likelihood_after, log_likelihood
from jiaokan.validators.values import Applicability, Evidence, Finding, Settings
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
    return mend_together([view], [findings], settings)[0]


def mend_together(
    views: Sequence[View], findings: Sequence[list[Finding]], settings: Settings
) -> list[list[Finding]]:
    """The same for many documents at once."""
    runs: list[_Run] = []
    of_view: list[dict[int, _Run]] = []
    for view, found in zip(views, findings, strict=True):
        own = {run.finding.start: run for run in _runs(view, found)}
        runs += own.values()
        of_view.append(own)
    if not runs:
        return list(findings)
    guesses = _guesses(runs)
    filled = settings.runs(GAP) and (settings.unsafe or is_asked_for(GAP, settings))
    out: list[list[Finding]] = []
    for own, found in zip(of_view, findings, strict=True):
        mended: list[Finding] = []
        for finding in found:
            run = own.get(finding.start)
            if run is None or run.finding is not finding:
                mended.append(finding)
            else:
                mended += _with_guesses(run, list(islice(guesses, len(run.gaps))), filled)
        out.append(mended)
    return out


class _Run(NamedTuple):
    """A misread run with gaps, and what stands on both sides of it."""

    finding: Finding
    before: str
    after: str
    gaps: tuple[Gap, ...]


def _runs(view: View, findings: list[Finding]) -> Iterator[_Run]:
    """The runs that have gaps."""
    gaps, text = gaps_of(view), view.text
    if gaps:
        for finding in findings:
            if finding.start in gaps and finding.replacement is not None:
                before = text[finding.start - 1 : finding.start]
                after = text[finding.end : finding.end + 1]
                yield _Run(finding, before, after, gaps[finding.start])


class _Guess(NamedTuple):
    """The most probable character, how probable it is, and whether it is certain."""

    character: str
    probability: float
    is_certain: bool


def _with_guesses(run: _Run, guesses: list[_Guess], filled: bool) -> Iterator[Finding]:
    """A run and its gaps; where guesses are wanted, the run is cut around those that there are."""
    misread, _, _, gaps = run
    assert misread.replacement is not None
    text = list(misread.replacement)
    certain = offered = 0
    for gap, guess in zip(gaps, guesses, strict=True):
        if guess.is_certain:
            text[gap.place] = guess.character
            certain += 1
    proven = "".join(text)
    for gap, guess in zip(gaps, guesses, strict=True):
        if not guess.is_certain and guess.probability >= OFFERED:
            text[gap.place] = guess.character
            offered += 1
    count = offered if filled else 0
    counted = {
        **misread.evidence,
        "proven with the neighbours": certain,
        "guessed": count,
        "lost": len(gaps) - certain - count,
    }
    begin = start = misread.start
    at = 0
    for gap, (character, probability, known) in zip(gaps, guesses, strict=True):
        _, first, last, gap_start, gap_end, raw = gap
        likely = probability >= OFFERED
        sure = likely and not known
        yield Finding(
            GAP, begin + gap_start, begin + gap_end,
            f"a character of which only some bytes are left, probably {character!r}"
            if likely
            else "a character of which only some bytes are left",
            probability, Applicability.UNSAFE, "".join(text[first:last]) if sure else None,
            {"bytes": _shown(raw), "guess": character, "probability": probability},
        )  # fmt: skip
        if sure and filled and first >= at:
            if begin + gap_start > start:
                yield _part(misread, start, begin + gap_start, proven[at:first], counted)
            start, at = begin + gap_end, last
    if misread.end > start:
        yield _part(misread, start, misread.end, proven[at:], counted)


@lru_cache(1 << 12)
def _shown(raw: bytes) -> str:
    """Bytes of which some are lost, as a person reads them."""
    return " ".join("??" if byte in _LOST else f"{byte:02X}" for byte in raw)


_LOST = (0x3F, LOST)


def _part(run: Finding, start: int, end: int, meant: str, counted: Evidence) -> Finding:
    return Finding(
        run.rule, start, end, run.message, run.confidence, run.applicability, meant, counted
    )


_EDGE = "\n"
_FAR = 12.0
"""Bits by which a character may be rarer than the commonest candidate to be one itself."""
_AT_ONCE = 1024
_REMEMBERED = 1 << 15
_known: dict["_Asked", _Guess] = {}
"""The same few characters are lost between the same neighbours again and again."""


def _guesses(runs: list[_Run]) -> Iterator[_Guess]:
    """For each gap the most probable character with its bytes between its neighbours, and how
    probable it is among all that the bytes allow."""
    asked: list[_Asked] = []
    for (finding, before, after, gaps), doubt in zip(runs, _doubts(runs), strict=True):
        text = f"{before or _EDGE}{finding.replacement}{after or _EDGE}"
        asked += [(_beside(text[g.place]), g.raw, _beside(text[g.place + 2]), doubt) for g in gaps]
    answers = {each: _known.get(each) for each in asked}
    new = [each for each, answer in answers.items() if answer is None]
    for at in range(0, len(new), _AT_ONCE):
        some = new[at : at + _AT_ONCE]
        answers.update(zip(some, _most_probable(some), strict=True))
    if len(_known) > _REMEMBERED:
        _known.clear()
    _known.update((each, answers[each]) for each in new)  # type: ignore[misc]
    return map(answers.__getitem__, asked)  # type: ignore[arg-type]


_Asked = tuple[int, bytes, int, float]
"""What stands before, the bytes known, what stands after, and the doubt of the run."""
_WELL_KNOWN = 8.0
"""Bits of a Han character in text like that which the models are counted from."""


def _doubts(runs: list[_Run]) -> list[float]:
    """By how much the models know each run less well than the text which they are counted from:
    what they say of poems and chronicles is worth less."""
    texts = [run.finding.replacement or "" for run in runs]
    codes = code_points(_EDGE.join(["", *texts, ""]))
    bits = -log_likelihood(codes).astype(np.float64)
    han = (codes >= 0x3400) & (codes < 0xA000)
    begins = np.append(0, np.cumsum([len(text) + 1 for text in texts])[:-1])
    count = np.add.reduceat(han, begins, dtype=np.intp)
    mean = np.add.reduceat(bits * han, begins) / np.maximum(count, 1)
    doubts: list[float] = np.round(np.maximum(mean / _WELL_KNOWN, 1.0), 1).tolist()
    return doubts


def _beside(neighbour: str) -> int:
    return ord(neighbour if neighbour != _GAP else _EDGE)


def _most_probable(asked: list[_Asked]) -> list[_Guess]:
    """The best candidate for the bytes between each pair of neighbours."""
    choices = [_candidates(bytes_) for _, bytes_, _, _ in asked]
    counts = np.array([len(points) for points in choices])
    guesses = [_Guess(_GAP, 0.0, False)] * len(asked)
    points = np.concatenate(choices)
    if not len(points):
        return guesses
    numbers = np.flatnonzero(counts)  # of those with candidates, in what follows
    owners = np.repeat(np.arange(len(numbers)), counts[numbers])
    sides = np.array([(left, right) for left, _, right, _ in asked], dtype=np.uint32)[numbers]
    doubts = np.array([each for *_, each in asked])[numbers]
    before, after = sides[owners].T
    to_it, from_it = likelihood_after(before, points), likelihood_after(points, after)
    plain = (to_it + from_it).astype(np.float64)
    likely = plain > _highest(plain, owners)[owners] - _FAR
    owners, points, before, after = owners[likely], points[likely], before[likely], after[likely]
    doubt = doubts[owners]
    both = _by_both(to_it[likely], before, points) + _by_both(from_it[likely], points, after)
    both /= 2 * doubt
    shares = _shares(both, owners)
    certain = (shares >= CERTAIN) & (_shares(plain[likely] / doubt, owners) >= _ALSO_CERTAIN)
    certain &= (points >= 0x3400) & (points < 0xA000)
    best = np.flatnonzero(both == _highest(both, owners)[owners])[::-1]
    for number, point, share, is_certain in zip(
        numbers[owners[best]].tolist(), points[best].tolist(), np.round(shares[best], 4).tolist(),
        certain[best].tolist(), strict=True,
    ):  # fmt: skip
        guesses[number] = _Guess(chr(point), share, is_certain)
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


def _starts(owners: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where the candidates of each gap begin; those of one stand together, and each has some."""
    return np.searchsorted(owners, np.arange(owners[-1] + 1))


def _highest(score: NDArray[np.float64], owners: NDArray[np.intp]) -> NDArray[np.float64]:
    highest: NDArray[np.float64] = np.maximum.reduceat(score, _starts(owners))
    return highest


def _shares(score: NDArray[np.float64], owners: NDArray[np.intp]) -> NDArray[np.float64]:
    """The probability of each candidate among those of its gap."""
    weights = np.exp2(score - _highest(score, owners)[owners])
    shares: NDArray[np.float64] = weights / np.bincount(owners, weights)[owners]
    return shares


@cache
def _candidates(raw: bytes) -> NDArray[np.uint32]:
    """Code points whose UTF-8 has these bytes; of three bytes, those missing come last."""
    if len(raw) > 3:
        return np.empty(0, dtype=np.uint32)
    lead, second, third = [*(None if b in _LOST else b for b in raw), None, None, None][:3]
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
