"""What is found of the marks of many documents at once: flattened ones put back, slips pointed out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import holds
from jiaokan.validators.punctuation.context import FLATTENED, Context
from jiaokan.validators.punctuation.flattened import Flattened
from jiaokan.validators.punctuation.pages import Prose, prose_of
from jiaokan.validators.punctuation.rules import RULES_BY_DEFECT
from jiaokan.validators.punctuation.screening import ascii_forms, full_forms, slips
from jiaokan.validators.punctuation.slips import slips_of
from jiaokan.validators.values import Applicability, Evidence, Finding, Settings, findings_of
from jiaokan.validators.view import View

_SURE = 0.99


def decide(views: Sequence[View], settings: Settings) -> list[list[Finding]]:
    """The findings of each document, in order; of a page, those in its prose."""
    pages: dict[int, Prose] = {}
    if settings.format == "auto":
        for index, view in enumerate(views):
            if holds(view.text, "</") and (prose := prose_of(view.text)) is not None:
                pages[index] = prose
    if not pages:
        return _decide(views)
    found = _decide([pages[i].view if i in pages else view for i, view in enumerate(views)])
    return [pages[i].in_page(each) if i in pages else each for i, each in enumerate(found)]


def _decide(views: Sequence[View]) -> list[list[Finding]]:
    found: list[list[Finding]] = [[] for _ in views]
    may_be = [
        index
        for index, view in enumerate(views)
        if int(full_forms(view)[0]) * FLATTENED <= int(ascii_forms(view)[0])
    ]
    sure: set[int] = set()
    if may_be:
        flattened = Flattened(Context([views[index] for index in may_be]))
        are_sure = flattened.is_sure
        if are_sure.any():
            for number, findings in enumerate(_flattened(flattened)):
                found[may_be[number]] = findings
        sure.update(may_be[number] for number in np.flatnonzero(are_sure).tolist())
    slipped = [
        index
        for index, view in enumerate(views)
        if index not in sure and len(slips(view)) and int(full_forms(view)[0])
    ]
    if slipped:
        for index, findings in zip(slipped, slips_of([views[i] for i in slipped]), strict=True):
            found[index] = findings
    return found


def _flattened(flattened: Flattened) -> list[list[Finding]]:
    """What should stand in each document that surely was flattened; of the others nothing."""
    context = flattened.context
    rules = [RULES_BY_DEFECT[defect] for defect in sorted(RULES_BY_DEFECT)]
    numbers = {defect: number for number, defect in enumerate(sorted(RULES_BY_DEFECT))}
    parts: list[tuple[NDArray[np.intp], ...]] = []
    marks: list[str] = []
    for defect, start, length, replacement in flattened.replacements():
        alike = isinstance(replacement, str)
        mark = len(marks) + (np.zeros_like(start) if alike else np.arange(len(start)))
        marks += [replacement] if isinstance(replacement, str) else replacement
        parts.append((start, start + length, np.full_like(start, numbers[defect]), mark))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    start, end, rule, mark = (column[order] for column in columns)
    bounds = np.searchsorted(start, np.append(context.starts, len(context.codes))).tolist()
    shift = context.starts[context.document_of(start)]
    starts, ends = (start - shift).tolist(), (end - shift).tolist()
    rule_of, mark_of = rule.tolist(), mark.tolist()
    ids, summaries = [rule.id for rule in rules], [rule.summary for rule in rules]
    found: list[list[Finding]] = []
    for number, sure in enumerate(flattened.is_sure.tolist()):
        if not sure:
            found.append([])
            continue
        here = slice(bounds[number], bounds[number + 1])
        evidence: Evidence = {
            "flattened marks": int(context.flattened_marks[number]),
            "full-width marks": int(context.full_forms[number]),
            "weight": float(flattened.weight[number]),
        }
        rules_here = rule_of[here]
        found.append(
            findings_of(
                map(ids.__getitem__, rules_here), starts[here], ends[here],
                map(summaries.__getitem__, rules_here), _SURE, Applicability.SAFE,
                map(marks.__getitem__, mark_of[here]), evidence,
            )
        )  # fmt: skip
    return found
