"""Silences written into a text: `jiaokan: disable-next-line RULE` in a comment of any kind.

Three forms, each with rules or families after it (none: all of them), commas between:

`jiaokan: disable-next-line`
    for the line after the one it stands on.
`jiaokan: disable-line`
    for the line it stands on.
`jiaokan: disable-file`
    for the whole text.

Where a quote or a backtick stands right before it, it is spoken of, and silences nothing. The colon
and the commas may be Chinese ones.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from jiaokan.repair.edits import apply_edits
from jiaokan.validators.values import Repaired

_MARKS = ("jiaokan:", "jiaokan：")
_SILENCE = re.compile(
    r"(?<![`'\"“‘「『])jiaokan[:：][ \t]*disable-(next-line|line|file)\b"
    r"((?:[ \t]*[,，、]?[ \t]*[a-z]+(?:/[a-z0-9-]*[a-z0-9])?(?![\w/]))*)"
)
_MISSPELT = re.compile(
    r"(?<![`'\"“‘「『])jiaokan[:：][ \t]*(disable(?!-(?:next-line|line|file)\b)[a-z-]*)"
)
_BETWEEN = re.compile(r"[\s,，、]+")
BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class UnusedSilence:
    """A silence (at a line, from 1; 0: it stands in no line) of a rule that found nothing there; or
    what was meant for one, `disable…`, in place of the rule."""

    line: int
    rule: str


@dataclass
class _Silence:
    start: int
    end: int
    written_on: int
    line: int | None
    rules: tuple[str, ...]
    used: set[str]

    def covers(self, rule: str, first: int, last: int) -> bool:
        if self.line is not None and not first <= self.line <= last:
            return False
        for name in self.rules:
            if name in ("all", rule, rule.partition("/")[0]):
                self.used.add(name)
                return True
        return False


def rules_of_file(text: str) -> tuple[str, ...]:
    """The rules (families, or "all") that are silenced for the whole of a text."""
    if not _may_silence(text):
        return ()
    starts = [0, *(match.end() for match in BREAK.finditer(text))]
    return tuple(r for s in _read_silences(text, starts) if s.line is None for r in s.rules)


def apply_silences(
    repaired: Repaired, of_file: tuple[str, ...] = ()
) -> tuple[Repaired, tuple[UnusedSilence, ...]]:
    """The result without what the text asks to be left alone, and the silences without use.

    `of_file` are rules that another part of the same text silences for all of it.
    """
    text = repaired.document.text
    if not _may_silence(text) and not of_file:
        return repaired, ()
    starts = [0, *(match.end() for match in BREAK.finditer(text))]
    silences = _read_silences(text, starts)
    if of_file:
        silences.append(_Silence(0, 0, 0, None, of_file, set(of_file)))
    misspelt = tuple(
        UnusedSilence(bisect_right(starts, match.start()), match[1])
        for match in _MISSPELT.finditer(text)
    )
    if not silences:
        return repaired, misspelt

    def is_silenced(rules: tuple[str, ...], start: int, end: int) -> bool:
        if any(silence.start < max(end, start + 1) and start < silence.end for silence in silences):
            return True  # the silence itself is no damage
        first = bisect_right(starts, start)
        last = bisect_right(starts, max(start, end - 1))
        covered = [s.covers(rule, first, last) for s in silences for rule in rules]
        return any(covered)  # all are asked, so that each knows whether it was of use

    findings = tuple(
        finding
        for finding in repaired.findings
        if not is_silenced((finding.rule,), finding.start, finding.end)
    )
    edits = tuple(
        edit
        for edit in repaired.edits
        if not is_silenced((edit.rule, *edit.also), edit.start, edit.end)
    )
    unused = misspelt + tuple(
        UnusedSilence(silence.written_on, rule)
        for silence in silences
        for rule in silence.rules
        if rule not in silence.used
    )
    if len(edits) == len(repaired.edits):
        return replace(repaired, findings=findings), unused
    return replace(repaired, text=apply_edits(text, edits), edits=edits, findings=findings), unused


def _may_silence(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def _read_silences(text: str, starts: list[int]) -> list[_Silence]:
    silences = []
    for match in _SILENCE.finditer(text):
        on = bisect_right(starts, match.start())
        line = {"next-line": on + 1, "line": on, "file": None}[match[1]]
        start, end = match.span()
        line_start = starts[on - 1]
        line_end = starts[on] if on < len(starts) else len(text)
        # A line that is nothing but this comment is no text: its break is no part of one, too.
        if not any(map(str.isalnum, text[line_start:start])):
            start = line_start
        if not any(map(str.isalnum, text[end:line_end])):
            end = line_end
        rules = tuple(filter(None, _BETWEEN.split(match[2]))) or ("all",)
        silences.append(_Silence(start, end, on, line, rules, set()))
    return silences
