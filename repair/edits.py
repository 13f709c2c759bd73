"""Edits as a patch: choose, apply, revert, compose, and map positions back through them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TypeAlias

from jiaokan.validators.values import Applicability, Edit

_RISK = {Applicability.SAFE: 0, Applicability.UNSAFE: 1, Applicability.DISPLAY: 2}


_SPAN = attrgetter("start", "end")


def choose_edits(edits: Iterable[Edit]) -> list[Edit]:
    """A sorted, non-overlapping choice; of two that overlap, the surer, then the longer, stays."""
    edits = list(edits)
    if not _are_apart(edits):
        edits.sort(key=_SPAN)
    if _are_apart(edits):
        return edits
    ranked = sorted(edits, key=lambda e: (-e.confidence, e.start - e.end, e.start))
    taken: list[Edit] = []
    keys: list[tuple[int, int]] = []
    for edit in ranked:
        at = bisect_right(keys, (edit.start, edit.end))
        if at and _overlap(taken[at - 1], edit):
            continue
        if at < len(taken) and _overlap(edit, taken[at]):
            continue
        taken.insert(at, edit)
        keys.insert(at, (edit.start, edit.end))
    return taken


def _are_apart(edits: Sequence[Edit]) -> bool:
    """Whether edits ascend, and no two overlap or insert at the same place."""
    at = inserted = -1
    for edit in edits:
        start, end = edit.start, edit.end
        if start < at or start == end == inserted:
            return False
        at = end
        inserted = end if start == end else -1
    return True


def _overlap(left: Edit, right: Edit) -> bool:
    same_insertion = (left.start, left.end) == (right.start, right.end)
    return left.end > right.start or same_insertion


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with these sorted, non-overlapping edits made."""
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.after)
        at = edit.end
    pieces.append(text[at:])
    return "".join(pieces)


def revert_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text as it was before these edits.

    Raises ValueError, naming the place, where the text is not what the edits made.
    """
    pieces: list[str] = []
    at = 0
    shift = 0
    for edit in edits:
        start = edit.start + shift
        end = start + len(edit.after)
        if start < at or end > len(text) or text[start:end] != edit.after:
            raise ValueError(
                f"the text was changed after it was repaired: at code point {start} the edit "
                f"{edit.rule} left {edit.after!r}, but there stands {text[start:end]!r}"
            )
        pieces += (text[at:start], edit.before)
        at = end
        shift += len(edit.after) - len(edit.before)
    pieces.append(text[at:])
    return "".join(pieces)


class SpanMap:
    """Maps spans of an edited text back to the text before `edits`."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits

    @cached_property
    def edited(self) -> tuple[list[int], list[int]]:
        """Where in the edited text each edit's own starts and ends."""
        starts, ends = [], []
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            end = start + len(edit.after)
            shift = end - edit.end
            starts.append(start)
            ends.append(end)
        return starts, ends

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span; all of an edit's, where the span lies within what it put there."""
        starts, ends = self.edited
        if not starts or end < starts[0]:
            return start, end
        # The last edits that begin at or before the characters that bound the span.
        first = last = bisect_right(starts, start) - 1
        if end > start + 1:  # else it has one character, or none
            last = bisect_right(starts, end - 1, max(first, 0)) - 1
        before, after = start, end
        if first >= 0:
            edit, reach = self.edits[first], ends[first]
            before = edit.start if start < reach else start - reach + edit.end
        if last >= 0:
            edit, reach = self.edits[last], ends[last]
            if end >= reach:
                after = end - reach + edit.end
            else:
                after = edit.end if start != end else edit.start
        return before, after


def compose_edits(first: SpanMap, second: Sequence[Edit]) -> list[Edit]:
    """One patch that does what the edits of `first` and then `second` do.

    `second` is in the positions of the text that `first` made. An edit of `second` that touches
    what an edit of `first` put there becomes one edit with it.
    """
    olds = first.edits
    if not olds:
        return list(second)
    starts, ends = first.edited
    composed: list[Edit] = []
    i = j = 0
    while i < len(olds) and j < len(second):
        new = second[j]
        apart = bisect_left(ends, new.start, i)
        composed += olds[i:apart]
        i = apart
        if i == len(olds):
            break
        old, shift = olds[i], starts[i] - olds[i].start
        if starts[i] <= new.end and _before(old, shift, new):
            composed.append(old)
            i += 1
        elif new.end < starts[i] or _after(old, shift, new):
            composed.append(_moved(new, -shift))
            j += 1
        else:
            merged, i, j = _merge(olds, second, i, j, shift)
            if merged.before != merged.after:
                composed.append(merged)
    composed += olds[i:]
    shift = ends[-1] - olds[-1].end
    composed += [_moved(edit, -shift) for edit in second[j:]]
    return composed


def _middle(edit: Edit, shift: int) -> tuple[int, int]:
    return edit.start + shift, edit.start + shift + len(edit.after)


def _touch(span: tuple[int, int], other: Edit) -> bool:
    """Whether a span of the middle text and an edit of it share anything."""
    start, end = span
    if start == end or other.start == other.end:
        strictly_inside = start < other.start < end or other.start < start < other.end
        return strictly_inside or (start, end) == (other.start, other.end)
    return max(start, other.start) < min(end, other.end)


def _before(edit: Edit, shift: int, later: Edit) -> bool:
    span = _middle(edit, shift)
    return not _touch(span, later) and (span[1], span[0]) <= (later.start, later.start)


def _after(edit: Edit, shift: int, later: Edit) -> bool:
    span = _middle(edit, shift)
    return not _touch(span, later) and span[0] >= later.end


def _moved(edit: Edit, by: int) -> Edit:
    if not by:
        return edit
    return Edit(
        edit.rule, edit.start + by, edit.end + by, edit.before, edit.after,
        edit.confidence, edit.applicability, edit.also,
    )  # fmt: skip


def _merge(
    first: Sequence[Edit], second: Sequence[Edit], i: int, j: int, shift: int
) -> tuple[Edit, int, int]:
    """One edit for the run of edits that touch, from `first[i]` and `second[j]` on, and where both lists
    go on. `shift` is that of the middle text against the original."""
    olds: list[_Placed] = []
    news: list[Edit] = []
    while True:
        if i < len(first) and _touch(_middle(first[i], shift), news[-1] if news else second[j]):
            olds.append((*_middle(first[i], shift), first[i]))
            shift += len(first[i].after) - len(first[i].before)
            i += 1
        elif j < len(second) and _touch(olds[-1][:2], second[j]):
            news.append(second[j])
            j += 1
        else:
            return _as_one(olds, news), i, j


_Placed: TypeAlias = tuple[int, int, Edit]
"""Where in the middle text what an edit put there stands, and that edit."""


def _as_one(olds: Sequence[_Placed], news: Sequence[Edit]) -> Edit:
    """One edit for edits of both sides that touch."""
    start = min(olds[0][0], news[0].start)
    end = max(olds[-1][1], news[-1].end)
    middle = [""] * (end - start)  # known where an edit of either side covers it
    for at, text in (
        *((at, old.after) for at, _, old in olds),
        *((n.start, n.before) for n in news),
    ):
        middle[at - start : at - start + len(text)] = text
    before = _changed(middle, ((at - start, to - start, old.before) for at, to, old in olds))
    after = _changed(middle, ((new.start - start, new.end - start, new.after) for new in news))
    lead = olds[0][2]
    lead_start = lead.start - (olds[0][0] - start)
    parts = [old for _, _, old in olds] + list(news)
    names = dict.fromkeys(name for part in parts for name in (part.rule, *part.also))
    names.pop(lead.rule)
    return Edit(
        rule=lead.rule,
        start=lead_start,
        end=lead_start + len(before),
        before=before,
        after=after,
        confidence=min(part.confidence for part in parts),
        applicability=max((part.applicability for part in parts), key=_RISK.__getitem__),
        also=tuple(names),
    )


def _changed(characters: Sequence[str], changes: Iterable[tuple[int, int, str]]) -> str:
    """The characters as a text, with something else for some spans, which ascend."""
    pieces: list[str] = []
    at = 0
    for start, end, text in changes:
        pieces += (*characters[at:start], text)
        at = end
    return "".join([*pieces, *characters[at:]])
