"""Runs documents through the stages, one document or a batch at a time.

A batch goes stage by stage: each stage screens all documents, many as one array, and looks at those
that it flagged, which are few, from all these arrays together. Documents that an earlier stage changed
are screened anew, they alone, as an array of their own.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.edits import SpanMap, apply_edits, choose_edits, compose_edits
from jiaokan.repair.misread import OF_BYTES, is_offered_anew, outside
from jiaokan.repair.once import REPLACEMENT, once_each
from jiaokan.validators.families import FAMILIES, is_asked_for, rules_by_id, validator
from jiaokan.validators.not_text import found_in_text
from jiaokan.validators.values import (
    Applicability,
    Document,
    Edit,
    Finding,
    Repaired,
    Settings,
)
from jiaokan.validators.view import View

MAX_ROUNDS = 24
"""A text whose lines are broken everywhere may show one more join each time: a fuzz found one that took ten."""
TOGETHER = 1 << 19
"""Code points that a stage has as one array: more leave the processor's cache, fewer are not worth the calls."""
_SPAN = attrgetter("start", "end")


_MendTogether = Callable[[Sequence[View], Sequence[list[Finding]], Settings], list[list[Finding]]]


@dataclass(frozen=True)
class Stage:
    """One defect family: which documents to look at, what is wrong, what should stand there."""

    family: str
    screen: Callable[[View, Settings], NDArray[np.bool_]]
    find: Callable[[View, Settings], list[Finding]]
    mend: Callable[[View, list[Finding], Settings], list[Finding]]
    gather: Callable[[Sequence[View], Settings], None] | None = None
    """Does for many documents at once what `find` needs of each, and keeps it in their views."""
    mend_together: _MendTogether | None = None
    """Does for many documents at once what `mend` does for each."""

    def look(self, view: View, settings: Settings) -> list[Finding]:
        """The findings that the user wants, with their replacements."""
        return self.look_at([view], settings)[0]

    def look_at(self, views: Sequence[View], settings: Settings) -> Sequence[list[Finding]]:
        """The findings in each of many documents, each as if it were looked at alone."""
        if self.gather is not None and len(views) > 1:
            self.gather(views, settings)
        found = [self.find(view, settings) for view in views]
        if self.mend_together is not None:
            found = self.mend_together(views, found, settings)
        else:
            found = [
                self.mend(view, findings, settings) if findings else findings
                for view, findings in zip(views, found, strict=True)
            ]
        wanted = wanted_rules(settings)
        kept = [[f for f in findings if f.rule in wanted] for findings in found]
        return found_in_text(views, kept, is_of_bytes=self.family in OF_BYTES)


def _as_found(view: View, findings: list[Finding], settings: Settings) -> list[Finding]:
    return findings


@cache
def stages() -> tuple[Stage, ...]:
    """All stages, in their order."""
    built = []
    for family in FAMILIES:
        notice = validator(family)
        mender = f"jiaokan.repair.{family}"
        settle = import_module(mender) if find_spec(mender) else None
        mend = settle.mend if settle else _as_found
        gather = getattr(notice, "gather", None)
        together = getattr(settle, "mend_together", None)
        built.append(Stage(family, notice.screen, notice.find, mend, gather, together))
    return tuple(built)


@cache
def wanted_rules(settings: Settings) -> frozenset[str]:
    """The rules that these settings run."""
    return frozenset(rule for rule in rules_by_id() if settings.runs(rule))


@cache
def wanted_stages(settings: Settings) -> tuple[Stage, ...]:
    """The stages with at least one rule that these settings run."""
    families = {rules_by_id()[rule].family for rule in wanted_rules(settings)}
    return tuple(stage for stage in stages() if stage.family in families)


@cache
def _applied_though_unsafe(settings: Settings) -> frozenset[str]:
    """The rules whose unsafe changes these settings make."""
    return frozenset(
        rule.id
        for rule in rules_by_id().values()
        if settings.unsafe
        or (rule.applicability is Applicability.UNSAFE and is_asked_for(rule.id, settings))
    )


class _Course:
    """A document that some stage looked at: its text as it is now, and what was found on the way."""

    __slots__ = (
        "document", "edits", "findings", "misread", "seen", "spans", "text", "version", "view",
    )  # fmt: skip

    def __init__(
        self, document: Document, view: View, noticed: Sequence[Finding], settings: Settings
    ) -> None:
        self.document = document
        self.text = document.text
        self.view = view
        self.version = 0
        """How often the text was changed."""
        self.seen: dict[str, int] = {}
        """The version that each stage saw last, of those that saw a changed one."""
        self.edits: list[Edit] = []
        self.spans = SpanMap(())
        self.findings = {(f.rule, f.start, f.end): f for f in noticed if settings.runs(f.rule)}
        self.misread: list[tuple[int, int]] = []
        """Where the original holds what is misread and only offered: what stands there is no text."""

    def take(self, found: list[Finding], settings: Settings) -> None:
        """Take what a stage found, and make the changes that these settings make."""
        if not found:
            return
        edits = _edits_of(found, self.text, settings)
        if edits and self.misread:
            edits = list(outside(edits, self.misread, self.edits))
        chosen = choose_edits(edits)
        findings = self.findings
        for finding in _in_original(found, self.spans) if self.edits else found:
            findings.setdefault((finding.rule, finding.start, finding.end), finding)
            if is_offered_anew(finding) and finding.rule not in _applied_though_unsafe(settings):
                self.misread.append((finding.start, finding.end))
        if chosen:
            self.text = apply_edits(self.text, chosen)
            self.edits = compose_edits(self.spans, chosen)
            self.spans = SpanMap(self.edits)
            self.version += 1

    def restored(self) -> list[tuple[int, int]]:
        """Where the text holds what was restored with something lost, which its finding counts."""
        if REPLACEMENT not in self.text:
            return []
        findings = self.findings
        return [
            (start, end)
            for edit, start, end in zip(self.edits, *self.spans.edited, strict=True)
            if REPLACEMENT in edit.after
            and (finding := findings.get((edit.rule, edit.start, edit.end))) is not None
            and finding.evidence.get("lost")
        ]

    def repaired(self) -> Repaired:
        ordered = sorted(self.findings.values(), key=_SPAN)
        if REPLACEMENT in self.document.text:
            ordered = once_each(ordered, self.document.text)
        return Repaired(self.document, self.text, tuple(self.edits), tuple(ordered))


def repair_document(
    document: Document, settings: Settings, *, noticed: Sequence[Finding] = ()
) -> Repaired:
    """Run the stages over one document until none of them changes anything more.

    `noticed` are findings of the decoding, in the positions of the text.
    """
    (repaired,) = repair_batch([document], settings, [noticed])
    return repaired


def repair_batch(
    texts: Sequence[str | Document],
    settings: Settings,
    noticed: Sequence[Sequence[Finding]],
) -> Iterator[Repaired]:
    """Run the stages over many documents, as `repair_document` does over each alone.

    What is a plain text becomes a document here, where no garbage is collected: of many short ones
    that had taken a tenth of the time.
    """
    with _no_collection():
        documents = [Document("", text) if isinstance(text, str) else text for text in texts]
        courses = _courses_of(documents, settings, noticed)
    for index, document in enumerate(documents):
        course = courses.get(index)
        if course is not None:
            yield course.repaired()
        elif noticed[index]:
            findings = tuple(f for f in noticed[index] if settings.runs(f.rule))
            yield Repaired(document, document.text, (), findings)
        else:
            yield Repaired(document, document.text, (), ())


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from going through all findings and edits again and again while more of
    them are made: of damaged text that is a seventh of the time, and nothing here is left for it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _courses_of(
    documents: Sequence[Document], settings: Settings, noticed: Sequence[Sequence[Finding]]
) -> dict[int, _Course]:
    """The documents that some stage looked at, by their index, after no stage changes them any more."""
    courses = _first_round(documents, settings, noticed)
    changed = [course for course in courses.values() if course.version]
    for _ in range(MAX_ROUNDS - 1):
        if not changed:
            break
        before = [course.version for course in changed]
        batch = _ChangedBatch()
        for stage in wanted_stages(settings):
            batch.look(stage, changed, settings)
        changed = [c for c, version in zip(changed, before, strict=True) if c.version != version]
    for looked_at in courses.values():
        looked_at.view.forget()
    return courses


def _first_round(
    documents: Sequence[Document], settings: Settings, noticed: Sequence[Sequence[Finding]]
) -> dict[int, _Course]:
    """The documents that some stage looked at, by their index, after all stages ran once."""
    arrays = _arrays_of([document.text for document in documents])
    courses: dict[int, _Course] = {}
    changed: list[_Course] = []
    changed_batch = _ChangedBatch()
    for stage in wanted_stages(settings):
        flagged: list[_Course] = []
        for number, (view, index) in _flagged(stage, arrays, settings):
            course = courses.get(number)
            if course is None:
                part = view.part(index)
                course = _Course(documents[number], part, noticed[number], settings)
                courses[number] = course
            if not course.version:
                flagged.append(course)
        # Of a clean text, no more than the screens: it may be one of many that are asked for singly.
        if flagged:
            _look(stage, flagged, settings)
        if changed:
            changed_batch.look(stage, changed, settings)
        if newly := [course for course in flagged if course.version]:
            changed += newly
            arrays = [
                (first, view)
                for first, view in arrays
                if not all(
                    (course := courses.get(first + index)) is not None and course.version
                    for index in range(len(view.starts))
                )
            ]
    return courses


def _arrays_of(texts: Sequence[str]) -> list[tuple[int, View]]:
    """The texts as batches of about `TOGETHER` code points, each with the number of its first text."""
    return [
        (first, View(texts[first]) if end == first + 1 else View.of_batch(texts[first:end]))
        for first, end in _stretches([len(text) for text in texts])
    ]


def _stretches(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the end of each stretch of texts that are about `TOGETHER` code points long."""
    first = size = 0
    for end, length in enumerate(lengths, 1):
        size += length
        if size >= TOGETHER or end == len(lengths):
            yield first, end
            first, size = end, 0


def _flagged(
    stage: Stage, arrays: Sequence[tuple[int, View]], settings: Settings
) -> Iterator[tuple[int, tuple[View, int]]]:
    """The number of each text that the stage is to look at, its batch and its number in that."""
    for first, view in arrays:
        for index in stage.screen(view, settings).nonzero()[0].tolist():
            yield first + index, (view, index)


def _look(stage: Stage, courses: Sequence[_Course], settings: Settings) -> None:
    for first, end in _stretches([len(course.text) for course in courses]):
        some = courses[first:end]
        found = stage.look_at([course.view for course in some], settings)
        for course, findings in zip(some, found, strict=True):
            course.take(findings, settings)


class _ChangedBatch:
    """Changed documents as arrays, made anew when one of them was changed again."""

    def __init__(self) -> None:
        self._arrays: list[tuple[int, View]] = []
        self._of: list[tuple[_Course, int]] = []

    def look(self, stage: Stage, changed: Sequence[_Course], settings: Settings) -> None:
        """Have the stage look at those documents that it flags, of those that it has not seen."""
        unseen = [c for c in changed if c.seen.get(stage.family) != c.version]
        if not unseen:
            return
        of = [(course, course.version) for course in unseen]
        if of != self._of:
            self._arrays = _arrays_of([course.text for course in unseen])
            self._of = of
            for first, view in self._arrays:
                for index in range(len(view.starts)):
                    course = unseen[first + index]
                    course.view.forget()
                    course.view = view.part(index)
                    course.view.restored = course.restored()
        flagged = _flagged(stage, self._arrays, settings)
        for course in unseen:
            course.seen[stage.family] = course.version
        _look(stage, [unseen[number] for number, _ in flagged], settings)


def _in_original(found: list[Finding], spans: SpanMap) -> Iterator[Finding]:
    """The findings, in the positions of the original text."""
    for finding in found:
        start, end = spans.original(finding.start, finding.end)
        if start != finding.start or end != finding.end:
            finding = Finding(
                finding.rule, start, end, finding.message, finding.confidence,
                finding.applicability, finding.replacement, finding.evidence,
            )  # fmt: skip
        yield finding


def _edits_of(found: list[Finding], text: str, settings: Settings) -> list[Edit]:
    """What the findings change, where these settings make the change."""
    safe, unsafe = Applicability.SAFE, Applicability.UNSAFE
    applied = _applied_though_unsafe(settings)
    return [
        Edit(f.rule, f.start, f.end, before, f.replacement, f.confidence, f.applicability)
        for f in found
        if f.replacement is not None
        and (f.applicability is safe or (f.applicability is unsafe and f.rule in applied))
        and (before := text[f.start : f.end]) != f.replacement
    ]
