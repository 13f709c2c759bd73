"""What a gap in misread text may have been: the bytes that are left, and the neighbours, tell."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.plausibility import log_likelihood
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View, code_points

OFFERED = 0.9
"""Below this probability a guess is not offered."""
_GAP = "\ufffd"


def mend(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    """The findings, with a guess for each gap whose neighbours leave one character."""
    gaps: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.rule == GAP:
            gaps.setdefault(int(str(finding.evidence["run"])), []).append(finding)
    if not gaps:
        return findings
    filled = settings.runs(GAP) and (settings.unsafe or settings.names(GAP))
    out: list[Finding] = []
    for finding in findings:
        if finding.rule == GAP:
            continue
        own = gaps.get(finding.start, [])
        if (
            finding.replacement is None
            or not own
            or finding.applicability is not Applicability.SAFE
        ):
            out.append(finding)
            continue
        out += _with_guesses(view, finding, own, filled)
    return out


def _with_guesses(view: View, run: Finding, gaps: list[Finding], filled: bool) -> Iterator[Finding]:
    """A run and its gaps; where guesses are wanted, the run is cut around those that there are."""
    assert run.replacement is not None
    meant = list(run.replacement)
    after = view.text[run.end : run.end + 1] or "\n"
    before = view.text[run.start - 1 : run.start] or "\n"
    guesses: list[tuple[Finding, str, float]] = []
    for gap in gaps:
        place = int(str(gap.evidence["place"]))
        left = meant[place - 1] if place else before
        right = meant[place + 1] if place + 1 < len(meant) else after
        known = [
            None if byte == "??" else int(byte, 16) for byte in str(gap.evidence["bytes"]).split()
        ]
        guess, probability = _guess(known, left, right)
        guesses.append((gap, guess, probability))
        if probability >= OFFERED:
            meant[place] = guess
    start, at = run.start, 0
    total = sum(probability >= OFFERED for _, _, probability in guesses)
    counted = {**run.evidence, "guessed": total if filled else 0}
    counted["lost"] = len(gaps) - int(str(counted["guessed"]))
    proven = run.replacement
    for gap, guess, probability in guesses:
        first, last = int(str(gap.evidence["first"])), int(str(gap.evidence["last"]))
        offered = probability >= OFFERED
        shown = {"bytes": gap.evidence["bytes"], "guess": guess, "probability": probability}
        yield replace(
            gap,
            message=f"a character of which only some bytes are left, probably {guess!r}"
            if offered
            else gap.message,
            confidence=round(probability, 4),
            replacement="".join(meant[first:last]) if offered else None,
            evidence=shown,
        )
        if offered and filled and first >= at:
            if gap.start > start:
                yield replace(
                    run, start=start, end=gap.start, replacement=proven[at:first], evidence=counted
                )
            start, at = gap.end, last
    if run.end > start:
        yield replace(run, start=start, replacement=proven[at:], evidence=counted)


def _guess(known: list[int | None], left: str, right: str) -> tuple[str, float]:
    """The most probable character with these bytes between these neighbours, and how probable it
    is among all that the bytes allow."""
    candidates = _candidates(known)
    if not len(candidates):
        return _GAP, 0.0
    triples = np.empty((len(candidates), 3), dtype=np.uint32)
    triples[:, 0] = _context(left)
    triples[:, 1] = candidates
    triples[:, 2] = _context(right)
    score = log_likelihood(triples.ravel()).reshape(-1, 3)[:, 1:].astype(np.float64)
    bits = score[:, 0] if right == _GAP else score.sum(axis=1)
    weights = np.exp2(bits - bits.max())
    best = int(weights.argmax())
    return chr(int(candidates[best])), float(weights[best] / weights.sum())


def _context(character: str) -> int:
    return ord("\n") if character == _GAP else int(code_points(character)[0])


def _candidates(known: list[int | None]) -> NDArray[np.uint32]:
    """Code points whose UTF-8 has the known bytes; of three bytes, those missing come last."""
    if len(known) > 3:
        return np.empty(0, dtype=np.uint32)
    pattern = [*known, *([None] * (3 - len(known)))]
    leads = range(0xE3, 0xF0) if pattern[0] is None else (pattern[0],)
    parts = []
    for lead in leads:
        if not 0xE0 <= lead < 0xF0:
            continue
        seconds = range(0x80, 0xC0) if pattern[1] is None else (pattern[1],)
        thirds = range(0x80, 0xC0) if pattern[2] is None else (pattern[2],)
        grid = np.add.outer(
            np.array(seconds, dtype=np.uint32) % 64 << 6, np.array(thirds, dtype=np.uint32) % 64
        )
        parts.append((lead & 15) << 12 | grid.ravel())
    points = np.concatenate(parts) if parts else np.empty(0, dtype=np.uint32)
    return points[(points >= 0x800) & ~((points >= 0xD800) & (points < 0xF900))]
