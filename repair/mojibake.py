"""Guesses what a gap in misread text was, from the bytes that are left and the neighbours."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.gaps import EDGE, OFFERED, Guess, doubts, guesses
from jiaokan.repair.gaps.sentence_ends import (
    FULL_STOP,
    ends_paragraph,
    open_brackets,
    outside_brackets,
)
from jiaokan.validators.families import is_asked_for
from jiaokan.validators.mojibake import gaps_of
from jiaokan.validators.mojibake.codepages import LOST
from jiaokan.validators.mojibake.gaps import Gaps, OwnGaps, unpacked
from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.values import Applicability, Evidence, Finding, Settings
from jiaokan.validators.view import View, code_points, text_of

_REPLACED = "\ufffd"


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
    """A misread run with gaps, and the two characters on each side of it."""

    finding: Finding
    before: str
    after: str
    gaps: OwnGaps
    view: View


def _runs(view: View, findings: list[Finding]) -> Iterator[_Run]:
    """The runs that have gaps, in the order of the findings."""
    gaps, text = gaps_of(view), view.text
    if gaps:
        for finding in findings:
            if finding.start in gaps and finding.replacement is not None:
                before = text[max(finding.start - 2, 0) : finding.start].rjust(2, EDGE)
                after = text[finding.end : finding.end + 2].ljust(2, EDGE)
                yield _Run(finding, before, after, gaps[finding.start], view)


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
        sizes = np.array([len(run.finding.replacement or "") for run in runs], dtype=np.intp)
        begins = np.cumsum(sizes + 4) - sizes - 2
        gaps, counts = _concatenated([run.gaps for run in runs])
        owners = np.repeat(np.arange(len(runs)), counts)
        at = begins[owners] + gaps.place
        start = np.array([run.finding.start for run in runs], dtype=np.intp)[owners] + gaps.start
        end = start - gaps.start + gaps.end
        behind = np.where(gaps.place + 1 < sizes[owners], _first_bytes(codes[at + 1]), 0)
        doubt, losses = doubts(codes, begins, sizes), [run.gaps.loss for run in runs]
        which, found = guesses(codes, at, gaps.raw, behind, owners, doubt, losses)
        characters = np.array([ord(guess.character) for guess in found], dtype=np.uint32)[which]
        certain = np.array([guess.is_certain for guess in found])[which]
        probability = np.array([guess.probability for guess in found])[which]
        offered = (probability >= OFFERED) & ~certain
        guessed = codes.copy()
        guessed[at[certain | offered]] = characters[certain | offered]
        leads = np.where(certain | offered, 0, gaps.raw >> np.uint32(16) & np.uint32(0xFF))
        stops = (characters == FULL_STOP) & (probability > 0.5) & ~certain
        stops &= _ends_paragraph(runs, owners, end)
        stops &= outside_brackets(guessed, at, leads, begins[owners])
        certain, offered = certain | stops, offered & ~stops
        proven = codes.copy()
        proven[at[certain]] = characters[certain]
        guessed[at[certain]] = characters[certain]
        self._proven, all_guessed = text_of(proven), text_of(guessed)
        self._begins, self._sizes = begins.tolist(), sizes.tolist()
        self._certain, self._offered = (
            np.bincount(owners, those, len(runs)).astype(np.intp).tolist()
            for those in (certain, offered)
        )
        self._ends = np.cumsum(self._offered).tolist()
        rows = np.flatnonzero(offered)
        self._spans = list(zip(gaps.first[rows].tolist(), gaps.last[rows].tolist(), strict=True))
        origin = begins[owners[rows]]
        bounds = zip(
            (origin + gaps.first[rows]).tolist(), (origin + gaps.last[rows]).tolist(), strict=True
        )
        said = [
            _said(raw, found[number])
            for raw, number in zip(gaps.raw[rows].tolist(), which[rows].tolist(), strict=True)
        ]
        self._guessed = [
            Finding(
                GAP, first, last, each.message, each.probability, Applicability.UNSAFE,
                all_guessed[begin:stop], each.evidence,
            )
            for each, first, last, (begin, stop) in zip(
                said, start[rows].tolist(), end[rows].tolist(), bounds, strict=True
            )
        ]  # fmt: skip
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
        evidence = self._runs[number].finding.evidence
        gaps = evidence["lost"]
        assert isinstance(gaps, int)
        lost = gaps - certain - guessed
        return {
            **evidence, "proven with the neighbours": certain, "guessed": guessed, "lost": lost,
        }  # fmt: skip

    def with_gaps(self, number: int) -> list[Finding]:
        """The guesses for gaps of a run, what is lost of it, and the run, in which gaps that are certain
        are filled."""
        run, begin, size = self._runs[number].finding, self._begins[number], self._sizes[number]
        meant = self._proven[begin : begin + size]
        found = [*self._guessed[self._guesses_of(number)], *self._lost_of(number)]
        if _is_meant(meant):
            found.append(_part(run, run.start, run.end, meant, self._counted(number, 0)))
        return found

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
                    if _is_meant(proven):
                        yield _part(run, start, gap.start, proven, counted)
                start, at = gap.end, last
        if run.end > start:
            proven = self._proven[begin + at : begin + size]
            if _is_meant(proven):
                yield _part(run, start, run.end, proven, counted)


def _first_bytes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The first byte of each code point in UTF-8, 0 of a gap."""
    first = np.where(codes < 0x800, 0xC0 | codes >> 6, 0xE0 | codes >> 12)
    first = np.where(codes < 0x80, codes, np.where(codes < 0x10000, first, 0xF0 | codes >> 18))
    return np.where(codes == ord(_REPLACED), np.uint32(0), first)


def _ends_paragraph(
    runs: Sequence[_Run], owners: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Whether a paragraph of its document ends where each gap does, and no bracket is open before the run."""
    views = [run.view for run in runs]
    firsts = [n for n, view in enumerate(views) if n == 0 or view is not views[n - 1]]
    parts = np.split(ends, owners.searchsorted(firsts)[1:])
    found = np.concatenate(
        [ends_paragraph(views[n], part) for n, part in zip(firsts, parts, strict=True)]
    )
    starts = np.split(np.array([run.finding.start for run in runs], dtype=np.intp), firsts[1:])
    opens = [open_brackets(views[n], part) for n, part in zip(firsts, starts, strict=True)]
    return found & ~np.concatenate(opens)[owners]


def _concatenated(owned: Sequence[OwnGaps]) -> tuple[Gaps, NDArray[np.intp]]:
    """The gaps of all runs, one run after the other, and how many each has."""
    offsets: dict[int, int] = {}
    parts: list[Gaps] = []
    size = 0
    for gaps, *_ in owned:
        if id(gaps) not in offsets:
            offsets[id(gaps)] = size
            parts.append(gaps)
            size += len(gaps.place)
    bounds = np.array([(offsets[id(g)] + first, stop - first) for g, first, stop, _ in owned])
    begins, counts = bounds.T
    ends = np.cumsum(counts)
    rows = np.arange(ends[-1]) + np.repeat(begins - ends + counts, counts)
    place, first, last, start, end, raw = (np.concatenate(c) for c in zip(*parts, strict=True))
    return Gaps(place[rows], first[rows], last[rows], start[rows], end[rows], raw[rows]), counts


@lru_cache(1 << 15)
def _said(raw: int, guess: Guess) -> _Said:
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
    return " ".join("??" if byte in _SIGNS else f"{byte:02X}" for byte in raw)


_SIGNS = (0x3F, *range(0xF8, LOST + 1))


def _is_meant(meant: str) -> bool:
    """Whether more than a gap would be put there for what bytes are left."""
    return _REPLACED not in meant or not meant.replace(_REPLACED, "").isascii()


def _part(run: Finding, start: int, end: int, meant: str, counted: Evidence) -> Finding:
    """A part of a run."""
    return Finding(
        run.rule, start, end, run.message, run.confidence, run.applicability, meant, counted
    )
