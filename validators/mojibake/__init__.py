"""Text that was decoded wrongly before it came here, and content that was lost that way."""

from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake import (
    escapes,
    garbage,
    lost,
    rules,
    shifted,
    signature,
    signs,
    suspicion,
)
from jiaokan.validators.mojibake.gaps import OwnGaps
from jiaokan.validators.mojibake.holes import lost_by
from jiaokan.validators.mojibake.mentioned import are_mentioned
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.misreadings import are_misread, misreadings
from jiaokan.validators.mojibake.mostly_lost import without_mostly_lost
from jiaokan.validators.mojibake.prior import likely_among
from jiaokan.validators.mojibake.rare import rare_positions, sign_positions
from jiaokan.validators.mojibake.remains import without_remains
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.mojibake.together import Suspected
from jiaokan.validators.values import Applicability, Evidence, Finding, Rule, Settings
from jiaokan.validators.view import View, text_of

RULES: tuple[Rule, ...] = rules.RULES


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    for positions in (
        suspicion.positions(view),
        sign_positions(view),
        shifted.positions(view),
        escapes.positions(view),
        signature.positions(view),
        garbage.positions(view),
        signs.positions(view),
    ):
        if len(positions):
            flags |= view.documents_with(positions)
    return flags


def find(view: View, settings: Settings) -> list[Finding]:
    misread, unexplained = without_remains(likely_among(_misreadings(view), view), view)
    misread, lost_for_good = without_mostly_lost(misread, view)
    unexplained += lost_for_good
    misread = signs.with_signs(misread, view)
    view.notes[_GAPS] = _with_losses(misread, view)
    taken = [(item.start, item.end) for item in misread]
    others = shifted.find_shifted(view, taken)
    if not taken or taken[0][0] > 1:
        others += signature.find_signature(view.text)
    others += escapes.find_escapes(view.text)
    others += escapes.find_misread_escapes(view.text)
    others += unexplained
    taken += [(each.start, each.end) for each in others]
    others += lost.find_lost(view, [*taken, *view.restored])
    taken += [(each.start, each.end) for each in others]
    others += garbage.find_garbage(view, taken)
    return [*_findings(view, misread, settings), *others]


def _with_losses(found: Sequence[Misreading], view: View) -> dict[int, OwnGaps]:
    """The gaps of each run by where it starts, with what can be lost of it: all that the text shows of a
    page tells which page it was."""
    gaps = {item.start: item.gaps for item in found if item.gaps is not None}
    once = {item.start: item.paths[0] for item in found if len(item.paths) == 1}
    paths = {once[start] for start in gaps if start in once}
    if not paths:
        return gaps
    losses = {}
    for path in paths:
        spans = [(item.start, item.end) for item in found if item.paths[0].wrong == path.wrong]
        seen = np.bincount(view.codes[covered(len(view.codes), spans)]).nonzero()[0]
        losses[path] = lost_by(path.wrong, map(chr, seen.tolist()), path.true)
    return {
        start: OwnGaps(own.gaps, own.first, own.stop, losses[once[start]]) if start in once else own
        for start, own in gaps.items()
    }


_GAPS = "misread gaps"


def gaps_of(view: View) -> dict[int, OwnGaps]:
    """The gaps of each run that `find` found in this view, by where the run starts. `repair.mojibake`
    makes findings of them, with what may have been there."""
    gaps: dict[int, OwnGaps] = view.notes.get(_GAPS, {})
    return gaps


def gather(views: Sequence[View], settings: Settings) -> None:
    """Look for misreadings in many documents at once, for `find` to take up: it is much faster."""
    many: list[tuple[View, Suspected]] = []
    few: list[tuple[View, Suspected]] = []
    for view in views:
        view.notes[_FOUND] = []
        at = suspicion.positions(view)
        # Of what U+FFFD stands for nothing is left to tell.
        if len(at) and not (view.codes[at] == 0xFFFD).all():
            of = few if _FEW * len(at) < len(view.codes) else many
            of.append((view, Suspected(view.codes, at, rare_positions(view))))
    around = [text.around_suspects() for _, text in few]
    misread = [is_misread for some in _portions(around) for is_misread in are_misread(some)]
    many += compress(few, misread)
    found = [of for some in _portions([text for _, text in many]) for of in misreadings(some)]
    for (view, _), items in zip(many, found, strict=True):
        view.notes[_FOUND] = items


def _portions(texts: Sequence[Suspected]) -> Iterator[list[Suspected]]:
    """Texts that are looked at together."""
    some: list[Suspected] = []
    size = 0
    for text in texts:
        some.append(text)
        size += len(text.codes)
        if size >= _TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


_FOUND = "misreadings"
_FEW = 8
"""Of a text with so many characters to each suspect it is asked first whether anything is misread at all."""
_TOGETHER = 1 << 16
"""Code points looked at together: enough to be fast, few enough to need little memory."""


def _misreadings(view: View) -> list[Misreading]:
    if _FOUND not in view.notes:
        gather([view], Settings())
    found: list[Misreading] = view.notes.pop(_FOUND)
    return found


def _findings(view: View, found: Sequence[Misreading], settings: Settings) -> Iterator[Finding]:
    """Of each all that is proven, gaps left visible in it."""
    if not found:
        return
    text = view.text
    mentioned = are_mentioned(found, view, settings)
    codes = np.concatenate([item.codes for item in found])
    meant = text_of(codes)
    running = np.append(0, np.cumsum(codes >= 0x80))
    ends = np.cumsum([len(item.codes) for item in found])
    at = 0
    for item, end, high, is_mentioned in zip(
        found, ends.tolist(), np.diff(running[ends], prepend=0).tolist(), mentioned, strict=True
    ):
        seen = text[item.start : item.end]
        rule, way = rules.named(item.paths, seen, meant[at:end])
        lost = meant.count("\ufffd", at, end) if item.gaps is not None else 0
        evidence: Evidence = {
            "path": way,
            "gain in bits": round(item.gain, 1),
            "bits beyond chance": round(item.surprise, 1),
            "proven": high - lost,
            "lost": lost,
        }
        confidence = min(max(1 - 2.0 ** -(item.surprise / 4), 0.5), 0.9999)
        message = f"text misread: {way}"
        sure = Applicability.SAFE
        if is_mentioned:
            message = f"text misread, perhaps as an example: {way}"
            sure = Applicability.UNSAFE
        yield Finding(
            rule, item.start, item.end, message, confidence, sure, meant[at:end], evidence,
        )  # fmt: skip
        at = end
