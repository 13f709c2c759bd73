"""Text that was decoded wrongly before it came here, and content that was lost that way."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake import escapes, lost, rules, shifted, suspicion
from jiaokan.validators.mojibake.misreadings import Misreading, misreadings
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
    suspicious = suspicion.suspects(view)
    found: list[Finding] = []
    if len(suspicious) and not suspicious.are_replaced:
        for misreading in misreadings(view.codes, suspicious, suspicion.rare_positions(view)):
            found += _findings(view.text, misreading)
    found += shifted.find_shifted(view, [(f.start, f.end) for f in found])
    found += escapes.find_escapes(view.text)
    found += lost.find_lost(view, [(finding.start, finding.end) for finding in found])
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
