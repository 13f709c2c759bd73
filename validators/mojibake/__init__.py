"""Text that was decoded wrongly before it came here, and content that was lost that way."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake import escapes, lost, rules, shifted, suspicion
from jiaokan.validators.mojibake.misreadings import Misreading, Suspected, misreadings
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
    found: list[Finding] = []
    for misreading in _misreadings(view):
        found += _findings(view.text, misreading)
    found += shifted.find_shifted(view, [(f.start, f.end) for f in found])
    found += escapes.find_escapes(view.text)
    found += lost.find_lost(view, [(finding.start, finding.end) for finding in found])
    return found


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


def _findings(text: str, item: Misreading) -> list[Finding]:
    """One finding for all that is proven, gaps left visible in it, and one for each gap."""
    seen = text[item.start : item.end]
    meant = item.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    rule = rules.rule_of(item.paths, seen)
    way = ", then ".join(
        f"{path.true} as {rules.shown_as(path.wrong, seen)}" for path in reversed(item.paths)
    )
    confidence = min(max(1 - 2.0 ** -(item.surprise / 4), 0.5), 0.9999)
    proven = len(meant) - len(meant.encode("ascii", "ignore")) - len(item.gaps)
    evidence: Evidence = {
        "path": way,
        "gain in bits": round(item.gain, 1),
        "bits beyond chance": round(item.surprise, 1),
        "proven": proven,
        "lost": len(item.gaps),
    }
    found = [
        Finding(
            rule, item.start, item.end, f"text misread: {way}", confidence, Applicability.SAFE,
            meant, evidence,
        )
    ]  # fmt: skip
    for gap in item.gaps:
        found.append(
            Finding(
                rules.GAP, gap.start, gap.end, "a character of which only some bytes are left",
                confidence, Applicability.UNSAFE, None,
                {
                    "bytes": _shown(gap.raw), "place": gap.place, "first": gap.first, "last": gap.last,
                    "run": item.start,
                },
            )
        )  # fmt: skip
    return found


@lru_cache(1 << 12)
def _shown(raw: bytes) -> str:
    """Bytes of which some are lost, as a person reads them."""
    return " ".join("??" if byte in _LOST else f"{byte:02X}" for byte in raw)


_LOST = (0x3F, 0xFF)
