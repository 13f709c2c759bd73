"""Punctuation: marks that tools made ASCII, marks doubled, spaces where Chinese text has none.

The decision is about the document first: one that has no full-width form left was flattened, and
its marks come back; one that has both uses both on purpose, and only slips are pointed out.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.format import format_of, has_program_lines
from jiaokan.validators.punctuation.context import PAD, Context
from jiaokan.validators.punctuation.flattened import Flattened
from jiaokan.validators.punctuation.rules import RULES, RULES_BY_DEFECT
from jiaokan.validators.punctuation.screening import screen_marks, screen_sequences, slips
from jiaokan.validators.punctuation.sequences import (
    doubled,
    impossible,
    spaces_before_marks,
    spaces_between_han,
)
from jiaokan.validators.values import Applicability, Evidence, Finding, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "gather", "screen"]

_CHINESE = ("zh", "yue", "lzh")
_JSON = re.compile(r'\s*(?:[{\[]\s*"|\[\s*[{\[]|\{\s*\}|\[\s*\])')
_NOT_PROSE = ("code", "csv")


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    return _marks(view) | _in_sequence(view)


def gather(views: Sequence[View], settings: Settings) -> None:
    """Do for many documents at once what `find` needs of each."""
    View.know_languages(views)


def find(view: View, settings: Settings) -> list[Finding]:
    context = Context(view)
    found = _flattened(context) if _marks(view)[0] else []
    if _in_sequence(view)[0]:
        found += _sequences(context)
    # Of most documents nothing is found: what takes longer is asked last.
    if found and (view.profile.language not in _CHINESE or _is_machine_text(view, settings)):
        return []
    return found


def _marks(view: View) -> NDArray[np.bool_]:
    return view.flags("punctuation marks", screen_marks)


def _in_sequence(view: View) -> NDArray[np.bool_]:
    return view.flags("punctuation sequences", screen_sequences)


def _is_machine_text(view: View, settings: Settings) -> bool:
    """Code or CSV. Flattened laws look like code (their items end in `;`), but hold hardly Latin."""
    if _JSON.match(view.text):
        return True
    found = format_of(view, settings)
    if found == "code" and settings.format == "auto" and view.text.lstrip()[:1] not in "{[<":
        few = view.profile.han < 3 * view.profile.count(Class.LATIN)
        return few or has_program_lines(view.text)
    return found in _NOT_PROSE


def _flattened(context: Context) -> list[Finding]:
    flattened = Flattened(context)
    if not flattened.is_sure:
        return _slips(context)
    evidence = {
        "flattened marks": context.flattened_marks,
        "full-width marks": context.full_forms,
        "weight": flattened.weight,
    }
    found: list[Finding] = []
    for defect, spans in flattened.replacements():
        found += _findings(defect, spans, Applicability.SAFE, 0.99, evidence, PAD)
    return found


def _slips(context: Context) -> list[Finding]:
    """ASCII commas tight between Han, in a document that otherwise has full-width marks."""
    at = slips(context.view)
    if not len(at) or not context.full_forms:
        return []
    at = context.in_chinese_of_few(at)
    evidence: Evidence = {"full-width marks": context.full_forms}
    found: list[Finding] = []
    for defect, mark, full in (("ascii-comma", ",", "，"), ("ascii-semicolon", ";", "；")):
        spans = [(p, p + 1, full) for p in at.tolist() if context.text[p] == mark]
        found += _findings(defect, spans, Applicability.UNSAFE, 0.8, evidence, 0)
    return found


def _sequences(context: Context) -> list[Finding]:
    found = _findings("doubled", list(doubled(context)), Applicability.UNSAFE, 0.9, {}, 0)
    found += _findings("doubled", list(impossible(context)), Applicability.UNSAFE, 0.6, {}, 0)
    chains = list(spaces_between_han(context))
    starts = np.array([start for start, *_ in chains])
    ends = np.array([0, *(end for _, end, *_ in chains)])
    alone = [
        span
        for span in spaces_before_marks(context)
        if span[0] >= ends[np.searchsorted(starts, span[0], side="right")]
    ]
    found += _findings("space-before-mark", alone, Applicability.UNSAFE, 0.8, {}, 0)
    for start, end, words, sentence in chains:
        level = Applicability.SAFE if sentence else Applicability.UNSAFE
        chance = 0.99 if sentence else 0.7
        found += _findings("space-between-han", [(start, end, words)], level, chance, {}, 0)
    return found


def _findings(
    defect: str,
    spans: list[tuple[int, int, str]],
    applicability: Applicability,
    confidence: float,
    evidence: Evidence,
    shift: int,
) -> list[Finding]:
    rule = RULES_BY_DEFECT[defect]
    return [
        Finding(
            rule.id, start - shift, end - shift, rule.summary, confidence, applicability, mark,
            evidence,
        )
        for start, end, mark in spans
    ]  # fmt: skip
