"""What is found of the marks of many documents at once: flattened ones put back, slips pointed out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.punctuation.context import FLATTENED, Context
from jiaokan.validators.punctuation.flattened import Flattened
from jiaokan.validators.punctuation.rules import RULES_BY_DEFECT
from jiaokan.validators.punctuation.screening import ascii_forms, full_forms, slips
from jiaokan.validators.values import Applicability, Evidence, Finding
from jiaokan.validators.view import View

_SURE, _SLIP = 0.99, 0.8


def decide(views: Sequence[View]) -> list[list[Finding]]:
    """The findings of each document, in order."""
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
        for index, findings in zip(slipped, _slips([views[i] for i in slipped]), strict=True):
            found[index] = findings
    return found


def _flattened(flattened: Flattened) -> list[list[Finding]]:
    """What should stand in each document that surely was flattened; of the others nothing."""
    context = flattened.context
    defects: list[str] = []
    marks: list[str] = []
    starts: list[NDArray[np.intp]] = []
    ends: list[NDArray[np.intp]] = []
    for defect, start, length, replacement in flattened.replacements():
        defects += [defect] * len(start)
        marks += [replacement] * len(start) if isinstance(replacement, str) else replacement
        starts.append(start)
        ends.append(start + length)
    start, end = np.concatenate(starts), np.concatenate(ends)
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    bounds = np.searchsorted(start, np.append(context.starts, len(context.codes))).tolist()
    found: list[list[Finding]] = []
    rules = {defect: RULES_BY_DEFECT[defect] for defect in set(defects)}
    for number, sure in enumerate(flattened.is_sure.tolist()):
        if not sure:
            found.append([])
            continue
        within = slice(bounds[number], bounds[number + 1])
        shift = context.starts[number]
        evidence: Evidence = {
            "flattened marks": int(context.flattened_marks[number]),
            "full-width marks": int(context.full_forms[number]),
            "weight": float(flattened.weight[number]),
        }
        found.append(
            [
                Finding(
                    rules[defects[index]].id, first, last, rules[defects[index]].summary, _SURE,
                    Applicability.SAFE, marks[index], evidence,
                )
                for index, first, last in zip(
                    order[within].tolist(),
                    (start[within] - shift).tolist(),
                    (end[within] - shift).tolist(),
                    strict=True,
                )
            ]
        )  # fmt: skip
    return found


def _slips(views: Sequence[View]) -> list[list[Finding]]:
    """ASCII commas tight between Han, in documents that otherwise have full-width marks."""
    context = Context(views)
    at = context.of(",;")
    at = at[context.han(at - 1) & context.han(at + 1)]
    at = at[context.in_chinese(at)]
    document = context.document_of(at)
    found: list[list[Finding]] = [[] for _ in views]
    evidence: list[Evidence] = [{"full-width marks": int(full_forms(view)[0])} for view in views]
    for number, start in zip(
        document.tolist(), (at - context.starts[document]).tolist(), strict=True
    ):
        mark = views[number].text[start]
        rule = RULES_BY_DEFECT["ascii-comma" if mark == "," else "ascii-semicolon"]
        found[number].append(
            Finding(
                rule.id, start, start + 1, rule.summary, _SLIP, Applicability.UNSAFE,
                "，" if mark == "," else "；", evidence[number],
            )
        )  # fmt: skip
    return found
