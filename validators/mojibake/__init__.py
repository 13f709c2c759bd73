"""Text that was decoded wrongly before it came here, and content that was lost that way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake import escapes, lost, rules, shifted, suspicion
from jiaokan.validators.mojibake.inversion import Gap
from jiaokan.validators.mojibake.misreadings import Misreading, Suspected, misreadings
from jiaokan.validators.mojibake.prior import likely_among
from jiaokan.validators.values import Applicability, Evidence, Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = rules.RULES


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    for positions in (
        suspicion.positions(view),
        suspicion.sign_positions(view),
        shifted.positions(view),
        escapes.positions(view),
    ):
        if len(positions):
            flags |= view.documents_with(positions)
    return flags


def find(view: View, settings: Settings) -> list[Finding]:
    misread = likely_among(_misreadings(view), view)
    view.__dict__[_GAPS] = {item.start: item.gaps for item in misread if item.gaps}
    taken = [(item.start, item.end) for item in misread]
    others = shifted.find_shifted(view, taken)
    others += escapes.find_escapes(view.text)
    taken += [(each.start, each.end) for each in others]
    others += lost.find_lost(view, taken)
    return [*(_finding(view.text, item) for item in misread), *others]


_GAPS = "misread gaps"


def gaps_of(view: View) -> dict[int, tuple[Gap, ...]]:
    """The gaps of each run that `find` found in this view, by where the run starts. `repair.mojibake`
    makes findings of them, with what may have been there."""
    gaps: dict[int, tuple[Gap, ...]] = view.__dict__.get(_GAPS, {})
    return gaps


def gather(views: Sequence[View], settings: Settings) -> None:
    """Look for misreadings in many documents at once, for `find` to take up: it is much faster."""
    waiting: list[tuple[View, Suspected]] = []
    size = 0
    for view in views:
        at = suspicion.positions(view)
        # Of what U+FFFD stands for nothing is left to tell.
        if not len(at) or (view.codes[at] == 0xFFFD).all():
            view.__dict__[_FOUND] = []
            continue
        waiting.append((view, Suspected(view.codes, at, suspicion.rare_positions(view))))
        size += len(view.codes)
        if size >= _TOGETHER:
            _look_for_all(waiting)
            waiting, size = [], 0
    _look_for_all(waiting)


def _look_for_all(waiting: list[tuple[View, Suspected]]) -> None:
    found = misreadings([each for _, each in waiting]) if waiting else []
    for (view, _), items in zip(waiting, found, strict=True):
        view.__dict__[_FOUND] = items


_FOUND = "misreadings"
_TOGETHER = 1 << 16
"""Code points looked at together: enough to be fast, few enough to need little memory."""


def _misreadings(view: View) -> list[Misreading]:
    if _FOUND not in view.__dict__:
        gather([view], Settings())
    found: list[Misreading] = view.__dict__.pop(_FOUND)
    return found


def _finding(text: str, item: Misreading) -> Finding:
    """All that is proven, gaps left visible in it."""
    seen = text[item.start : item.end]
    meant = item.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    rule, way = rules.named(item.paths, bool(seen) and max(seen) >= "\u0100")
    evidence: Evidence = {
        "path": way,
        "gain in bits": round(item.gain, 1),
        "bits beyond chance": round(item.surprise, 1),
        "proven": len(meant) - len(meant.encode("ascii", "ignore")) - len(item.gaps),
        "lost": len(item.gaps),
    }
    confidence = min(max(1 - 2.0 ** -(item.surprise / 4), 0.5), 0.9999)
    return Finding(
        rule, item.start, item.end, f"text misread: {way}", confidence, Applicability.SAFE, meant,
        evidence,
    )  # fmt: skip
