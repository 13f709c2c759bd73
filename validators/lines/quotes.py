"""What a mail quotes, `> ` before each line: its lines without the sign are a text of their own, which may be wrapped."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.lines.joins import find_joins
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

_SIGN = ord(">")
_LINE = expression(r"^((?:>[ \t]?)+)([^\r\n]*)(\r?\n|\r|$)", re.MULTILINE)
_JOINED = "lines/hard-wrap"
_LEAST = 3
"""Lines that are quoted in a text where some may have been wrapped."""
_BETWEEN = "\n\n"


def may_quote(view: View) -> NDArray[np.bool_]:
    """Documents with lines that begin with the sign and end as a line may that was cut."""
    breaks = view.breaks
    quoting = breaks[view.codes[np.minimum(breaks + 1, len(view.text) - 1)] == _SIGN]
    if not len(quoting):
        return np.zeros(len(view.starts), dtype=np.bool_)
    document = np.searchsorted(view.starts, quoting, side="right") - 1
    flags: NDArray[np.bool_] = np.bincount(document, minlength=len(view.starts)) >= _LEAST - 1
    return flags


def find_quoted(view: View, settings: Settings) -> Iterator[Finding]:
    """Joins within what is quoted; a finding reaches over the sign of the line that is joined."""
    if not may_quote(view)[0] or format_of(view, settings) != "text":
        return
    if view.profile.language in ("ja", "ko", "other"):
        return
    by_depth: dict[int, list[list[re.Match[str]]]] = {}
    for run in _quotations(view.text):
        by_depth.setdefault(_depth(run[0]), []).append(run)
    for runs in by_depth.values():
        yield from _joins_of(runs, settings)


def _joins_of(runs: list[list[re.Match[str]]], settings: Settings) -> Iterator[Finding]:
    """Joins within quotations of one depth, which tell of each other how wide their lines were."""
    pieces, places, lengths = [], [], []
    for run in runs:
        pieces += [line[2] + line[3] for line in run] + [_BETWEEN]
        places += [np.arange(line.start(2), line.end()) for line in run]
        places.append(np.full(len(_BETWEEN), -1))
        lengths.append(sum(line.end() - line.start(2) for line in run) + len(_BETWEEN))
    place, run_of = np.concatenate(places), np.repeat(np.arange(len(runs)), lengths)
    for finding in find_joins(View("".join(pieces)), settings):
        last, first = finding.start - 1, finding.end
        if finding.rule == _JOINED and run_of[last] == run_of[first]:
            yield replace(finding, start=int(place[last]) + 1, end=int(place[first]))


def _quotations(text: str) -> Iterator[list[re.Match[str]]]:
    """Runs of lines with the same signs."""
    run: list[re.Match[str]] = []
    for line in _LINE.finditer(text):
        if run and (line.start() != run[-1].end() or _depth(line) != _depth(run[-1])):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _depth(line: re.Match[str]) -> int:
    return line[1].count(">")
