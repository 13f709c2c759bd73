"""The findings that decisions make, with their evidence: odds, and the word that decided."""

from collections.abc import Iterator

import numpy as np

from jiaokan.validators.script.decisions import Codes, Decisions, Positions, convert
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.forms import SIMPLIFIED, forms
from jiaokan.validators.script.lattice import likeliest_words
from jiaokan.validators.script.model import contexts_of
from jiaokan.validators.script.places import without_special
from jiaokan.validators.script.rules import CONVERTED, MIXED
from jiaokan.validators.script.words import with_words
from jiaokan.validators.values import Applicability, Evidence, Finding, Rule
from jiaokan.validators.view import View, text_of

TELLING = 1.0
"""Log odds for which a context is named as what decided."""
_NO_CONTEXT = (0.0, 0, 0)
_LEAST = 1e-5
"""The odds of a form that are worth telling."""
DISTINCT = 2
"""So many different characters of the other script show that one alone is not a name's."""


def stray_forms(
    view: View, plain: Positions, several: Decisions, script: int, sure: bool, asked: bool
) -> Iterator[Finding]:
    """Characters of the other script, with what stands for them in this one."""
    applicability = Applicability.SAFE if sure else Applicability.UNSAFE
    name = ("Traditional", "Simplified")
    direct = forms().direct[script]
    pairs: list[tuple[int, str, Evidence]]
    better_ones = map(chr, direct[view.codes[plain]].tolist())
    pairs = [(at, better, {}) for at, better in zip(plain.tolist(), better_ones, strict=True)]
    at, codes = several.positions.tolist(), several.codes().tolist()
    pairs += zip(at, map(chr, codes), _evidence(several), strict=True)
    for position, better, evidence in pairs:
        written = view.text[position]
        if better != written:
            # Old editions of Simplified text write what their character set has: 駓, not 𬳵.
            rare = script == SIMPLIFIED and not asked and not _is_in_gb2312(better)
            yield Finding(
                MIXED.id, position, position + 1,
                f"{written} is {name[1 - script]}, in {name[script]} text",
                0.98 if sure else 0.7, Applicability.UNSAFE if rare else applicability, better,
                evidence,
            )  # fmt: skip


def _is_in_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))


def wrong_forms(
    view: View, found: Decisions, rows: list[int], padded: Codes, rules: list[Rule]
) -> Iterator[Finding]:
    """A finding for each of these decisions, with the word that tells most of it."""
    if not rows:
        return
    found = found.select(np.array(rows))
    telling = [
        min(
            ((each[own] - each[best], before, after) for before, after, each in contexts),
            default=_NO_CONTEXT,
        )
        for contexts, own, best in zip(
            contexts_of(padded, found.positions, found.script),
            found.own.tolist(),
            found.best.tolist(),
            strict=True,
        )
    ]
    # Where it is no one context, it is all of them, as the words are cut.
    unsure = [row for row, (against, *_) in enumerate(telling) if against > -TELLING]
    words = {}
    if unsure:
        at = found.positions[unsure] + REACH
        words = dict(zip(unsure, likeliest_words(padded, at, found.best[unsure]), strict=True))
    text = view.text
    for row, (position, code, evidence, margin, rule) in enumerate(
        zip(
            found.positions.tolist(),
            found.codes().tolist(),
            _evidence(found),
            found.margin,
            rules,
            strict=True,
        )
    ):
        _, before, after = telling[row]
        if any(words.get(row, ())):
            before, after = words[row]
        better = chr(code)
        if before + after:
            evidence = {**evidence, "word": text[position - before : position + after + 1]}
        confidence = 1 / (1 + float(np.exp(-min(margin, 12))))
        yield Finding(
            rule.id, position, position + 1, f"{text[position]} where {evidence.get('word', better)} means {better}",
            round(confidence, 4), rule.applicability, better, evidence,
        )  # fmt: skip


def _evidence(found: Decisions) -> list[Evidence]:
    """Of each decision, the odds of each form that may stand there."""
    if not len(found.positions):
        return []
    odds = np.exp(found.odds - found.odds.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    letters = forms().candidates[found.script, found.choice]
    return [
        {
            "odds": tuple(
                f"{chr(code)} {share:.4f}"
                for share, code in sorted(zip(shares, codes, strict=True), reverse=True)
                if code and share > _LEAST
            )
        }
        for shares, codes in zip(odds.tolist(), letters.tolist(), strict=True)
    ]


def converted_lines(view: View, script: int) -> Iterator[Finding]:
    """A finding for each line that conversion changes, from its first to its last change."""
    codes = view.codes
    converted = convert(codes, script)
    if script == SIMPLIFIED:
        converted = with_words(codes, converted)
    changed = without_special(
        view, np.flatnonzero(converted != codes), asked=True, quoted_only=True
    )
    if not len(changed):
        return
    final = codes.copy()
    final[changed] = converted[changed]
    text = text_of(final)
    line = np.searchsorted(view.breaks, changed)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    last = np.append(first[1:], len(line)) - 1
    name = ("Simplified", "Traditional")[script]
    for start, end in zip(first.tolist(), last.tolist(), strict=True):
        at, to = int(changed[start]), int(changed[end]) + 1
        yield Finding(
            CONVERTED.id, at, to, f"{name} text", 0.99, Applicability.SAFE, text[at:to],
            {"characters": end - start + 1},
        )  # fmt: skip


def undecided(view: View, hans: Positions, hant: Positions) -> list[Finding]:
    """A report of a document that both scripts share."""
    hans, hant = (without_special(view, places, asked=False) for places in (hans, hant))
    if min(len(hans), len(hant)) < DISTINCT:
        return []
    both = np.concatenate([hans, hant])
    return [
        Finding(
            MIXED.id, int(both.min()), int(both.max()) + 1,
            "both scripts, and neither rules: ask for one with --script", 0.9,
            Applicability.DISPLAY, None, {"simplified": len(hans), "traditional": len(hant)},
        )
    ]  # fmt: skip


def reported(finding: Finding) -> Finding:
    return Finding(
        finding.rule, finding.start, finding.end, finding.message, finding.confidence,
        Applicability.DISPLAY, finding.replacement, finding.evidence,
    )  # fmt: skip
