"""Slips of the hand in documents that otherwise have their marks: pointed out, and changed only if asked."""

from collections.abc import Iterator, Sequence

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.punctuation.context import Context, Positions
from jiaokan.validators.punctuation.flattened import SENTENCE
from jiaokan.validators.punctuation.marks import ellipses, full_stops
from jiaokan.validators.punctuation.not_prose import spans_lines
from jiaokan.validators.punctuation.pairs import bracket_pairs, quote_pairs, turned_quotes
from jiaokan.validators.punctuation.rules import RULES_BY_DEFECT
from jiaokan.validators.punctuation.screening import USUAL, full_forms, slips
from jiaokan.validators.values import Applicability, Evidence, Finding
from jiaokan.validators.view import View, distinct

_CHANCE = 0.8

Slips = tuple[str, Positions, Positions, Sequence[str]]
"""A defect; where its slips begin and end; what was meant by each."""


def slips_of(views: Sequence[View]) -> list[list[Finding]]:
    """The findings of each document, all of them unsafe."""
    pieces: list[View] = []
    owners: list[tuple[int, int]] = []
    for number, view in enumerate(views):
        for start, piece in _around_slips(view):
            pieces.append(piece)
            owners.append((number, start))
    context = Context(pieces)
    found: list[list[Finding]] = [[] for _ in views]
    evidence: list[Evidence] = [{"full-width marks": int(full_forms(view)[0])} for view in views]
    for defect, starts, ends, marks in _found(context, [views[number] for number, _ in owners]):
        rule = RULES_BY_DEFECT[defect]
        piece_of = context.document_of(starts)
        shifts = context.starts[piece_of]
        places = zip((starts - shifts).tolist(), (ends - shifts).tolist(), marks, strict=True)
        for piece, (start, end, mark) in zip(piece_of.tolist(), places, strict=True):
            number, begin = owners[piece]
            found[number].append(
                Finding(
                    rule.id, begin + start, begin + end, rule.summary, _CHANCE,
                    Applicability.UNSAFE, mark, evidence[number],
                )
            )  # fmt: skip
    for findings in found:
        findings.sort(key=lambda finding: finding.start)
    return found


def _around_slips(view: View) -> Iterator[tuple[int, View]]:
    """The lines with slips, each with where it begins; the whole document where marks span lines."""
    if spans_lines(view.text):
        yield 0, view
        return
    edges = np.concatenate([[-1], view.breaks, [len(view.text)]])
    for line in distinct(edges.searchsorted(slips(view))).tolist():
        start, end = int(edges[line - 1]) + 1, int(edges[line])
        yield start, view.stretch(start, end)


def _found(context: Context, owners: Sequence[View]) -> Iterator[Slips]:
    """Slips in lines of documents, each with the document that it is of."""
    at = context.of(",;")
    at = at[context.han(at - 1) & context.han(at + 1)]
    at = at[context.in_chinese(at)]
    if len(stops := _stops_at_ends(context)):
        at = np.union1d(at, stops)
    for defect, mark in (("ascii-comma", ","), ("ascii-semicolon", ";"), ("ascii-full-stop", ".")):
        yield _single(defect, context, at[context.codes[at] == ord(mark)])
    brackets, _ = bracket_pairs(context)
    is_ascii = context.codes[brackets] < 0x80
    mixed = brackets[is_ascii.sum(axis=1) == 1]
    yield _single("ascii-brackets", context, mixed[context.codes[mixed] < 0x80])
    yield _single("reversed-quotes", context, turned_quotes(context))
    if '"' in context.text:
        yield from _straight(context, owners)
    if "..." in context.text:
        usual = np.array([_has_dots(view) for view in owners])
        runs, dots = ellipses(context, usual)
        yield "ascii-ellipsis", runs[:, 0], runs[:, 1], dots


_MEANT = dict(zip(",;.()“”", "，；。（）”“", strict=True))


def _single(defect: str, context: Context, at: Positions) -> Slips:
    return defect, at, at + 1, [_MEANT[chr(code)] for code in context.codes[at].tolist()]


def _straight(context: Context, owners: Sequence[View]) -> Iterator[Slips]:
    """Straight quotes in documents that have so many others that they are no style."""
    pairs = quote_pairs(context, '"')
    document = context.document_of(pairs[:, 0]).tolist()
    usual = [usual_quotes(view) for view in owners]
    kept = [index for index, number in enumerate(document) if usual[number]]
    for side, at in enumerate(pairs[kept].T):
        yield "ascii-quotes", at, at + 1, [usual[document[index]][side] for index in kept]


def _has_dots(view: View) -> bool:
    return view.once("usual dots", lambda view: "……" in view.text)


def usual_quotes(view: View) -> str:
    """The quotes that a document has; "" where it has straight ones too often for slips."""
    return view.once("usual quotes", _usual_quotes)


def _usual_quotes(view: View) -> str:
    curly, cornered, straight = map(view.text.count, '“「"')
    if max(curly, cornered) * 2 < USUAL * straight:
        return ""
    return "“”" if curly >= cornered else "「」"


def _stops_at_ends(context: Context) -> Positions:
    """Full stops after Han that end a line, which is a sentence."""
    at = full_stops(context)
    if not len(at):
        return at
    at = at[context.han(at - 1) & context.any(at + 1, int(Class.BREAK))]
    found: Positions = at[context.line_han[context.line_of(at)] >= SENTENCE]
    return found
