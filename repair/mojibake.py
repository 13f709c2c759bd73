"""Guesses what a gap in misread text was, from the bytes that are left and the neighbours."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.families import is_asked_for
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake import gaps_of
from jiaokan.validators.mojibake.codepages import LOST
from jiaokan.validators.mojibake.inversion import Gaps, OwnGaps, unpacked
from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.plausibility import alone, likelihood_after, log_likelihood
from jiaokan.validators.values import Applicability, Evidence, Finding, Settings
from jiaokan.validators.view import View, code_points, text_of

OFFERED = 0.85
"""Below this probability a guess is not offered."""
CERTAIN = 0.995
_ALSO_CERTAIN = 0.99
"""From these probabilities on, by both models together and by the plain one alone, the bytes and the
neighbours leave no second character. Of 4,815 such gaps in held-out and unseen text of twenty kinds
two were filled wrongly, both in classical names; one model alone failed in 31 of 15,043."""
_GAP = 0xFFFD


def mend(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    """The findings, with a guess for each gap whose neighbours leave one character."""
    return mend_together([view], [findings], settings)[0]


def mend_together(
    views: Sequence[View], findings: Sequence[list[Finding]], settings: Settings
) -> list[list[Finding]]:
    """The same for many documents at once."""
    runs = [run for view, found in zip(views, findings, strict=True) for run in _runs(view, found)]
    if not runs:
        return list(findings)
    together = _Together(runs)
    filled = settings.runs(GAP) and (settings.unsafe or is_asked_for(GAP, settings))
    out: list[list[Finding]] = []
    number = 0
    for found in findings:
        mended: list[Finding] = []
        for finding in found:
            if number < len(runs) and finding is runs[number].finding:
                mended += together.cut(number) if filled else together.with_gaps(number)
                number += 1
            else:
                mended.append(finding)
        out.append(mended)
    return out


class _Run(NamedTuple):
    """A misread run with gaps, and what stands on both sides of it."""

    finding: Finding
    before: str
    after: str
    gaps: OwnGaps


def _runs(view: View, findings: list[Finding]) -> Iterator[_Run]:
    """The runs that have gaps, in the order of the findings."""
    gaps, text = gaps_of(view), view.text
    if gaps:
        for finding in findings:
            if finding.start in gaps and finding.replacement is not None:
                before = text[finding.start - 1 : finding.start]
                after = text[finding.end : finding.end + 1]
                yield _Run(finding, before or _EDGE, after or _EDGE, gaps[finding.start])


class _Guess(NamedTuple):
    """The most probable character, how probable it is, and whether it is certain."""

    character: str
    probability: float
    is_certain: bool


class _Said(NamedTuple):
    """What is said of all gaps with the same guess."""

    message: str
    probability: float
    evidence: Evidence


class _Together:
    """The runs of many documents and all their gaps, looked at as arrays."""

    def __init__(self, runs: list[_Run]) -> None:
        self._runs = runs
        text = "".join([f"{run.before}{run.finding.replacement}{run.after}" for run in runs])
        codes = code_points(text)
        sizes = np.array([len(run.finding.replacement or "") + 2 for run in runs], dtype=np.intp)
        begins = np.cumsum(sizes) - sizes + 1
        gaps, counts = _concatenated([run.gaps for run in runs])
        owners = np.repeat(np.arange(len(runs)), counts)
        at = begins[owners] + gaps.place
        which, said, guesses = _guesses(codes, at, gaps.raw, _doubts(codes, begins, sizes)[owners])
        characters = np.array([ord(guess.character) for guess in guesses], dtype=np.uint32)[which]
        certain = np.array([guess.is_certain for guess in guesses])[which]
        offered = np.array([guess.probability >= OFFERED for guess in guesses])[which] & ~certain
        proven = codes.copy()
        proven[at[certain]] = characters[certain]
        guessed = proven.copy()
        guessed[at[offered]] = characters[offered]
        self._proven, all_guessed = text_of(proven), text_of(guessed)
        self._begins, self._sizes = begins.tolist(), (sizes - 2).tolist()
        self._certain, self._offered = (
            np.bincount(owners, those, len(runs)).astype(np.intp).tolist()
            for those in (certain, offered)
        )
        self._counts, self._ends = counts.tolist(), np.cumsum(self._offered).tolist()
        start = np.array([run.finding.start for run in runs], dtype=np.intp)[owners] + gaps.start
        end = start - gaps.start + gaps.end
        rows = np.flatnonzero(offered)
        self._spans = list(zip(gaps.first[rows].tolist(), gaps.last[rows].tolist(), strict=True))
        origin = begins[owners[rows]]
        bounds = zip(
            (origin + gaps.first[rows]).tolist(), (origin + gaps.last[rows]).tolist(), strict=True
        )
        numbers = which[rows].tolist()
        messages, probabilities, evidence = zip(*said, strict=True)
        self._guessed: list[Finding] = list(
            map(
                Finding, repeat(GAP), start[rows].tolist(), end[rows].tolist(),
                map(messages.__getitem__, numbers), map(probabilities.__getitem__, numbers),
                repeat(Applicability.UNSAFE), [all_guessed[first:last] for first, last in bounds],
                map(evidence.__getitem__, numbers),
            )
        )  # fmt: skip
        rows = np.flatnonzero(~offered & ~certain)
        first = np.flatnonzero(np.diff(owners[rows], prepend=-1))
        last = np.append(first[1:], len(rows))[: len(first)] - 1
        lost = map(
            _lost,
            start[rows[first]].tolist(),
            end[rows[last]].tolist(),
            (last - first + 1).tolist(),
        )
        self._lost = dict(zip(owners[rows[first]].tolist(), lost, strict=True))

    def _guesses_of(self, number: int) -> slice:
        end = self._ends[number]
        return slice(end - self._offered[number], end)

    def _lost_of(self, number: int) -> list[Finding]:
        return [self._lost[number]] if number in self._lost else []

    def _counted(self, number: int, guessed: int) -> Evidence:
        """The evidence of a run in which so many gaps were filled by a guess."""
        certain = self._certain[number]
        return {
            **self._runs[number].finding.evidence,
            "proven with the neighbours": certain,
            "guessed": guessed,
            "lost": self._counts[number] - certain - guessed,
        }

    def with_gaps(self, number: int) -> list[Finding]:
        """The guesses for gaps of a run, what is lost of it, and the run, in which gaps that are certain
        are filled."""
        run, begin, size = self._runs[number].finding, self._begins[number], self._sizes[number]
        meant = self._proven[begin : begin + size]
        whole = _part(run, run.start, run.end, meant, self._counted(number, 0))
        return [*self._guessed[self._guesses_of(number)], *self._lost_of(number), whole]

    def cut(self, number: int) -> Iterator[Finding]:
        """The same where guesses are wanted: the run is cut around those that there are."""
        run, begin, size = self._runs[number].finding, self._begins[number], self._sizes[number]
        counted = self._counted(number, self._offered[number])
        rows = self._guesses_of(number)
        start = run.start
        at = 0
        yield from self._lost_of(number)
        for gap, (first, last) in zip(self._guessed[rows], self._spans[rows], strict=True):
            yield gap
            if first >= at:
                if gap.start > start:
                    proven = self._proven[begin + at : begin + first]
                    yield _part(run, start, gap.start, proven, counted)
                start, at = gap.end, last
        if run.end > start:
            proven = self._proven[begin + at : begin + size]
            yield _part(run, start, run.end, proven, counted)


def _concatenated(owned: Sequence[OwnGaps]) -> tuple[Gaps, NDArray[np.intp]]:
    """The gaps of all runs, one run after the other, and how many each has."""
    offsets: dict[int, int] = {}
    parts: list[Gaps] = []
    size = 0
    for gaps, _, _ in owned:
        if id(gaps) not in offsets:
            offsets[id(gaps)] = size
            parts.append(gaps)
            size += len(gaps.place)
    bounds = np.array([(offsets[id(g)] + first, stop - first) for g, first, stop in owned])
    begins, counts = bounds.T
    ends = np.cumsum(counts)
    rows = np.arange(ends[-1]) + np.repeat(begins - ends + counts, counts)
    place, first, last, start, end, raw = (np.concatenate(c) for c in zip(*parts, strict=True))
    return Gaps(place[rows], first[rows], last[rows], start[rows], end[rows], raw[rows]), counts


def _said(raw: int, guess: _Guess) -> _Said:
    character, probability, _ = guess
    message = f"a character of which only some bytes are left, probably {character}"
    shown = _shown(unpacked(raw))
    return _Said(
        message, probability, {"bytes": shown, "guess": character, "probability": probability}
    )


def _lost(start: int, end: int, count: int) -> Finding:
    """What is said of all gaps of a run for which there is no guess."""
    message = "a character of which only some bytes are left"
    if count > 1:
        message = f"{count} characters of which only some bytes are left"
    return Finding(GAP, start, end, message, 0.99, Applicability.UNSAFE, evidence={"lost": count})


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
_known: dict["_Asked", tuple[_Guess, _Said]] = {}
"""The same few characters are lost between the same neighbours again and again."""


def _guesses(
    codes: NDArray[np.uint32],
    at: NDArray[np.intp],
    raw: NDArray[np.uint32],
    doubts: NDArray[np.intp],
) -> tuple[NDArray[np.intp], list[_Said], list[_Guess]]:
    """For each gap, which of the guesses is its: the most probable character with its bytes between
    its neighbours, and how probable it is among all that the bytes allow. `doubts` are in tenths."""
    left, right = (np.where(c == _GAP, ord(_EDGE), c) for c in (codes[at - 1], codes[at + 1]))
    _, bytes_and_doubt = np.unique(
        raw.astype(np.uint64) << np.uint64(32) | doubts.astype(np.uint64), return_inverse=True
    )
    key = left.astype(np.uint64) << np.uint64(43) | right.astype(np.uint64) << np.uint64(22)
    key |= bytes_and_doubt.astype(np.uint64)
    _, rows, which = np.unique(key, return_index=True, return_inverse=True)
    asked: list[_Asked] = list(
        zip(left[rows].tolist(), raw[rows].tolist(), right[rows].tolist(), doubts[rows].tolist(),
            strict=True)
    )  # fmt: skip
    answers = {each: _known.get(each) for each in asked}
    new = [each for each, answer in answers.items() if answer is None]
    if len(_known) > _REMEMBERED:
        _known.clear()
    for begin in range(0, len(new), _AT_ONCE):
        some = new[begin : begin + _AT_ONCE]
        for each, guess in zip(some, _most_probable(some), strict=True):
            _known[each] = answers[each] = guess, _said(each[1], guess)
    found = [answers[each] for each in asked]
    guesses, said = zip(*found, strict=True)
    return which, list(said), list(guesses)


_Asked = tuple[int, int, int, int]
"""What stands before, the bytes known, what stands after, and the doubt of the run."""
_WELL_KNOWN = 8.0
"""Bits of a Han character in text like that which the models are counted from."""


def _doubts(
    codes: NDArray[np.uint32], begins: NDArray[np.intp], sizes: NDArray[np.intp]
) -> NDArray[np.intp]:
    """By how much, in tenths, the models know each run less well than the text which they are
    counted from: what they say of poems and chronicles is worth less."""
    inside = np.ones(len(codes), dtype=np.bool_)
    inside[begins - 1] = inside[begins + sizes - 2] = False
    texts = np.where(inside, codes, np.uint32(ord(_EDGE)))
    bits = -log_likelihood(texts).astype(np.float64)
    han = (texts >= 0x3400) & (texts < 0xA000)
    count = np.add.reduceat(han, begins, dtype=np.intp)
    mean = np.add.reduceat(bits * han, begins) / np.maximum(count, 1)
    doubts: NDArray[np.intp] = np.round(10 * np.maximum(mean / _WELL_KNOWN, 1.0)).astype(np.intp)
    return doubts


def _most_probable(asked: list[_Asked]) -> list[_Guess]:
    """The best candidate for the bytes between each pair of neighbours."""
    choices = [_candidates(unpacked(raw)) for _, raw, _, _ in asked]
    counts = np.array([len(points) for points in choices])
    guesses = [_Guess(chr(_GAP), 0.0, False)] * len(asked)
    points = np.concatenate(choices)
    if not len(points):
        return guesses
    numbers = np.flatnonzero(counts)  # of those with candidates, in what follows
    owners = np.repeat(np.arange(len(numbers)), counts[numbers])
    sides = np.array([(left, right) for left, _, right, _ in asked], dtype=np.uint32)[numbers]
    doubts = np.array([each for *_, each in asked])[numbers] / 10
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
