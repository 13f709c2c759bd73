"""Which breaks cut a text that runs on: the four rules whose findings can be mended."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.format import format_of
from jiaokan.validators.lines.evidence import COLUMN
from jiaokan.validators.lines.held_back import held_back
from jiaokan.validators.lines.interleaved import are_in_turns
from jiaokan.validators.lines.kinds import HARD_WRAP, RULES_OF_JOINS, cut_words, rules_of
from jiaokan.validators.lines.layout import Flags
from jiaokan.validators.lines.sureness import are_sure
from jiaokan.validators.lines.weighing import LIKELY, Decided, decided_in
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

_LIKELY_ELSE = 0.6
"""From this probability on a join is reported, as `unsafe`, where lines were not cut at a width."""
_LIKELY_IF_HELD = 0.95
"""The same where lines are set in clauses or in one pattern."""
_SHOWN = (
    "runs_on",
    "crosses",
    "left_ends",
    "right_begins",
    "slack",
    "peak",
    "blanks",
    "left_chars",
)
_AT_SHOWN = [COLUMN[name] for name in _SHOWN]
_MESSAGES = {
    "lines/hard-wrap": "a line was cut at a width; the text runs on in the next line",
    "lines/broken-paragraph": "a paragraph break in the middle of a sentence",
    "lines/page-break": "a page ends in the middle of a sentence",
    "lines/hyphenation": "a word was cut at a hyphen",
}


def find_joins(view: View, settings: Settings) -> list[Finding]:
    """The breaks that cut a text that runs on; what to put there is decided by `repair.lines`."""
    found: list[Finding] = []
    for decided in decided_in(view, settings):
        chosen = np.flatnonzero(decided.probability >= LIKELY)
        if len(chosen) and view.profile.is_verse:
            return []
        rules = rules_of(decided, chosen)
        kept = np.zeros(len(chosen), dtype=np.bool_)
        if format_of(view, settings) == "markdown":
            # Within a paragraph a break does harm only inside a word, and where all are wrapped that is how it was written.
            within = decided.evidence[chosen, COLUMN["blanks"]] == 0
            shown = ~within | cut_words(decided, chosen)
            kept = (within & (rules == HARD_WRAP).any())[shown]
            chosen, rules = chosen[shown], rules[shown]
        elif are_in_turns(decided, chosen):
            found.append(_columns_in_turns(decided, chosen))
            continue
        found += _findings(decided, chosen, rules, kept)
    return found


def _columns_in_turns(decided: Decided, chosen: NDArray[np.intp]) -> Finding:
    layout, pairs, start = decided.layout, decided.pairs, decided.window.start
    rows = range(int(pairs.left[chosen[0]]), int(pairs.right[chosen[-1]]) + 1)
    return Finding(
        rule="lines/interleaved-columns",
        start=int(layout.first[rows[0]]) + start,
        end=int(layout.last[rows[-1]]) + 1 + start,
        message=f"two columns were read across, line by line, over {len(rows)} lines",
        confidence=0.85,
        applicability=Applicability.DISPLAY,
    )


def _findings(
    decided: Decided, chosen: NDArray[np.intp], rules: NDArray[np.intp], kept: Flags
) -> Iterator[Finding]:
    """The findings of these breaks; `kept` are those whose lines are left as they are."""
    if not len(chosen):
        return
    wraps = rules == HARD_WRAP
    held = kept | held_back(decided, chosen, wraps)
    chance = decided.probability[chosen]
    least = np.where(held, _LIKELY_IF_HELD, np.where(wraps, LIKELY, _LIKELY_ELSE))
    confidence = np.round(chance, 4)
    likely = np.flatnonzero(confidence >= least).tolist()
    if not likely:
        return
    sure = are_sure(decided, chosen, rules, ~held)
    layout, pairs = decided.layout, decided.pairs
    starts = layout.last[pairs.left[chosen]] + 1 + decided.window.start
    ends = layout.first[pairs.right[chosen]] + decided.window.start
    shown = np.round(decided.evidence[chosen][:, _AT_SHOWN], 3).tolist()
    for at in likely:
        rule = RULES_OF_JOINS[rules[at]]
        yield Finding(
            rule=rule,
            start=int(starts[at]),
            end=int(ends[at]),
            message=_MESSAGES[rule],
            confidence=float(confidence[at]),
            applicability=Applicability.SAFE if sure[at] else Applicability.UNSAFE,
            evidence=dict(zip(_SHOWN, shown[at], strict=True)),
        )
