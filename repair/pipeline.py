"""The road of one document, or a batch of them, through the stages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.edits import SpanMap, apply_edits, choose_edits, compose_edits
from jiaokan.validators.families import FAMILIES, is_asked_for, rules_by_id, validator
from jiaokan.validators.values import (
    Applicability,
    Document,
    Edit,
    Finding,
    Repaired,
    Settings,
)
from jiaokan.validators.view import View

MAX_ROUNDS = 8


@dataclass(frozen=True)
class Stage:
    """One defect family: which documents to look at, what is wrong, what should stand there."""

    family: str
    screen: Callable[[View, Settings], NDArray[np.bool_]]
    find: Callable[[View, Settings], list[Finding]]
    mend: Callable[[View, list[Finding], Settings], list[Finding]]

    def look(self, view: View, settings: Settings) -> list[Finding]:
        """The findings that the user wants, with their replacements."""
        found = self.find(view, settings)
        if found:
            found = self.mend(view, found, settings)
        return [finding for finding in found if settings.runs(finding.rule)]


def _as_found(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    return findings


@cache
def stages() -> tuple[Stage, ...]:
    """All stages, in their order."""
    built = []
    for family in FAMILIES:
        notice = validator(family)
        mender = f"jiaokan.repair.{family}"
        mend = import_module(mender).mend if find_spec(mender) else _as_found
        built.append(Stage(family, notice.screen, notice.find, mend))
    return tuple(built)


@cache
def wanted_stages(settings: Settings) -> tuple[Stage, ...]:
    """The stages with at least one rule that these settings run."""
    families = {rule.family for rule in rules_by_id().values() if settings.runs(rule.id)}
    return tuple(stage for stage in stages() if stage.family in families)


def is_applied(finding: Finding, settings: Settings) -> bool:
    """Whether these settings make the change that a finding proposes."""
    if finding.replacement is None or finding.applicability is Applicability.DISPLAY:
        return False
    if finding.applicability is Applicability.SAFE or settings.unsafe:
        return True
    rule_itself_is_unsafe = rules_by_id()[finding.rule].applicability is Applicability.UNSAFE
    return rule_itself_is_unsafe and is_asked_for(finding.rule, settings)


def repair_document(
    document: Document,
    settings: Settings,
    *,
    noticed: Sequence[Finding] = (),
    view: View | None = None,
    flagged: Sequence[Stage] | None = None,
) -> Repaired:
    """Run the stages over one document until none of them changes anything more.

    `noticed` are findings of the decoding, in the positions of the text. `view` and `flagged` are
    the document's part of a batch and the stages that the batch's screen left to be run on it.
    """
    text = document.text
    edits: list[Edit] = []
    findings = {(f.rule, f.start, f.end): f for f in noticed if settings.runs(f.rule)}
    looked_at: dict[str, str] = {}
    if flagged is not None:
        looked_at = {s.family: text for s in wanted_stages(settings) if s not in flagged}
    for _ in range(MAX_ROUNDS):
        text_of_round = text
        for stage in wanted_stages(settings):
            if looked_at.get(stage.family) is text:
                continue
            looked_at[stage.family] = text
            view = view or View(text)
            screened = flagged is not None and text is document.text  # as part of its batch
            if not screened and not stage.screen(view, settings)[0]:
                continue
            found = stage.look(view, settings)
            if not found:
                continue
            chosen = choose_edits(
                _edit_of(finding, text) for finding in found if is_applied(finding, settings)
            )
            chosen = [edit for edit in chosen if edit.before != edit.after]
            for finding in _in_original(found, edits):
                findings.setdefault((finding.rule, finding.start, finding.end), finding)
            if chosen:
                text = apply_edits(text, chosen)
                edits = compose_edits(edits, chosen)
                view = None
        if text is text_of_round:
            break
    ordered = sorted(findings.values(), key=lambda f: (f.start, f.end))
    return Repaired(document, text, tuple(edits), tuple(ordered))


def _in_original(found: list[Finding], edits: list[Edit]) -> Iterator[Finding]:
    """The findings, in the positions of the text before these edits."""
    if not edits:
        yield from found
        return
    spans = SpanMap(edits)
    for finding in found:
        start, end = spans.original(finding.start, finding.end)
        if (start, end) != (finding.start, finding.end):
            finding = Finding(
                finding.rule, start, end, finding.message, finding.confidence,
                finding.applicability, finding.replacement, finding.evidence,
            )  # fmt: skip
        yield finding


def _edit_of(finding: Finding, text: str) -> Edit:
    assert finding.replacement is not None
    return Edit(
        finding.rule,
        finding.start,
        finding.end,
        text[finding.start : finding.end],
        finding.replacement,
        finding.confidence,
        finding.applicability,
    )


def repair_batch(
    documents: Sequence[Document],
    settings: Settings,
    noticed: Sequence[Sequence[Finding]],
) -> Iterator[Repaired]:
    """Screen many documents as one array, and run the stages on those that need them."""
    view = View.of_batch([document.text for document in documents])
    wanted = wanted_stages(settings)
    screened = [stage.screen(view, settings) for stage in wanted]
    flags = np.stack(screened) if wanted else np.zeros((0, 0))
    suspicious = set(np.flatnonzero(flags.any(axis=0)).tolist())
    for index, document in enumerate(documents):
        if index in suspicious:
            flagged = [stage for stage, flag in zip(wanted, flags[:, index], strict=True) if flag]
            yield repair_document(
                document,
                settings,
                noticed=noticed[index],
                view=view.part(index),
                flagged=flagged,
            )
        else:
            findings = tuple(f for f in noticed[index] if settings.runs(f.rule))
            yield Repaired(document, document.text, (), findings)
