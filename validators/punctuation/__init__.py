"""Punctuation: marks that tools made ASCII, marks doubled, spaces where Chinese text has none.

The decision is about the document first: one that has no full-width form left was flattened, and
its marks come back; one that has both uses both on purpose, and only slips are pointed out.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.format import format_of
from jiaokan.validators.programs import are_statements, has_program_lines
from jiaokan.validators.punctuation.decisions import decide
from jiaokan.validators.punctuation.pages import prose_of
from jiaokan.validators.punctuation.rules import RULES, RULES_BY_DEFECT
from jiaokan.validators.punctuation.screening import screen_marks, screen_sequences
from jiaokan.validators.punctuation.sequences import (
    doubled,
    impossible,
    spaces_before_marks,
    spaces_between_han,
)
from jiaokan.validators.punctuation.widened import widened
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "gather", "screen"]

_CHINESE = ("zh", "yue", "nan", "lzh")
_JSON = expression(r'\s*(?:[{\[]\s*"|\[\s*[{\[]|\{\s*\}|\[\s*\])')
_SENTENCE = expression(
    r"^(?![ \t]*(?:[#/*;%\"'`|<>$&-]|[\w.-]+[ \t]*[:=][ \t]))(?=[^\n,，。]*[㐀-鿿][,，。])[^\n]{12,}$",
    re.MULTILINE,
)
_HAN = expression(r"[㐀-鿿]")
_NOT_PROSE = ("code", "csv")
_OF_SEQUENCES = {
    f"punctuation/{defect}"
    for defect in ("doubled", "space-before-mark", "space-between-han", "widened")
}
_DECIDED = "punctuation decided"


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    return _marks(view) | _in_sequence(view)


def gather(views: Sequence[View], settings: Settings) -> None:
    """Do for many documents at once what `find` needs of each."""
    View.know_languages(views)
    views = [view for view in views if _marks(view)[0]]
    for view, found in zip(views, decide(views, settings), strict=True):
        view.notes[_DECIDED] = found


def find(view: View, settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    if _marks(view)[0]:
        decided = view.notes.pop(_DECIDED, None)
        found = decide([view], settings)[0] if decided is None else decided
    if _in_sequence(view)[0]:
        found = found + _sequences(view)
    # Of most documents nothing is found: what takes longer is asked last.
    if found and view.profile.language in _CHINESE and _is_page(view, settings):
        return [finding for finding in found if finding.rule not in _OF_SEQUENCES]
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
    # Of a part of a long text, its own lines do not show what the whole is.
    own = settings.format == "auto" and settings.found_format is None
    if found == "code" and own and view.text.lstrip()[:1] not in "{[<":
        few = view.profile.han < 3 * view.profile.count(Class.LATIN)
        if has_program_lines(view.text) or (few and not _describes(view)):
            return True
        return are_statements(view.text.splitlines())
    return found in _NOT_PROSE


def _is_page(view: View, settings: Settings) -> bool:
    """Whether the document is a page whose prose was decided on: what its lines look like says nothing."""
    return settings.format == "auto" and holds(view.text, "</") and prose_of(view.text) is not None


def _describes(view: View) -> bool:
    """Whether most Han of what looks like code is in sentences: of settings, each with what it does.

    A sentence is no comment and not the value of a key, and has a mark between its clauses.
    """
    held = sum(len(_HAN.findall(line[0])) for line in _SENTENCE.finditer(view.text))
    return held * 3 >= 2 * view.profile.han


def _sequences(view: View) -> list[Finding]:
    found = _findings("doubled", list(doubled(view)), Applicability.UNSAFE, 0.9)
    found += _findings("doubled", list(impossible(view)), Applicability.UNSAFE, 0.6)
    chains = list(spaces_between_han(view))
    starts = np.array([start for start, *_ in chains])
    ends = np.array([0, *(end for _, end, *_ in chains)])
    alone = [
        span
        for span in spaces_before_marks(view)
        if span[0] >= ends[np.searchsorted(starts, span[0], side="right")]
    ]
    found += _findings("space-before-mark", alone, Applicability.UNSAFE, 0.8)
    for start, end, words, sentence in chains:
        level = Applicability.SAFE if sentence else Applicability.UNSAFE
        chance = 0.99 if sentence else 0.7
        found += _findings("space-between-han", [(start, end, words)], level, chance)
    for start, end, mark, proven in widened(view):
        level = Applicability.SAFE if proven else Applicability.UNSAFE
        found += _findings("widened", [(start, end, mark)], level, 0.99 if proven else 0.8)
    return found


def _findings(
    defect: str,
    spans: list[tuple[int, int, str]],
    applicability: Applicability,
    confidence: float,
) -> list[Finding]:
    rule = RULES_BY_DEFECT[defect]
    return [
        Finding(rule.id, start, end, rule.summary, confidence, applicability, mark)
        for start, end, mark in spans
    ]
