"""What is misread and only offered to be read anew: what stands there is no text, so that families that
need text leave it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from jiaokan.validators.mojibake.rules import GAP
from jiaokan.validators.values import Applicability, Edit, Finding

OF_BYTES = ("encoding", "mojibake")
"""Families that read what another program made of bytes; all others need text."""
_RULES_OF_BYTES = tuple(f"{family}/" for family in OF_BYTES)


def is_offered_anew(finding: Finding) -> bool:
    """Whether it offers another reading of its place."""
    return (
        finding.applicability is Applicability.UNSAFE
        and finding.replacement is not None
        and finding.rule.startswith("mojibake/")
        and finding.rule != GAP
    )


def outside(
    edits: Sequence[Edit], misread: Sequence[tuple[int, int]], made: Sequence[Edit]
) -> Iterator[Edit]:
    """The edits, and of those of families that need text what is outside of what is misread.

    `misread` is in positions of the original text, the edits are in those of the text that the edits
    already `made`, ascending, gave.
    """
    starts, ends = _in_text(misread, made)
    for edit in edits:
        first, last = bisect_right(ends, edit.start), bisect_left(starts, edit.end)
        if first >= last or edit.rule.startswith(_RULES_OF_BYTES):
            yield edit
        elif len(edit.after) == len(edit.before):
            begins = [edit.start, *ends[first:last]]
            stops = [*starts[first:last], edit.end]
            for start, end in zip(begins, stops, strict=True):
                part = slice(start - edit.start, max(start, end) - edit.start)
                if (before := edit.before[part]) != (after := edit.after[part]):
                    yield replace(edit, start=start, end=end, before=before, after=after)


def _in_text(
    misread: Sequence[tuple[int, int]], made: Sequence[Edit]
) -> tuple[list[int], list[int]]:
    """Beginnings and ends of what is misread, apart and ascending, in the text that the edits gave."""
    edited = [edit.end for edit in made]
    grown = list(accumulate((len(e.after) - len(e.before) for e in made), initial=0))
    starts: list[int] = []
    ends: list[int] = []
    for first, last in sorted(misread):
        shift = grown[bisect_right(edited, first)]
        if ends and first + shift < ends[-1]:
            ends[-1] = max(ends[-1], last + shift)
        else:
            starts.append(first + shift)
            ends.append(last + shift)
    return starts, ends
