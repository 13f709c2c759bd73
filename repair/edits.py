"""Edits as a patch: choose, apply, revert, compose, and map positions back through them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from operator import attrgetter

from jiaokan.validators.values import Applicability, Edit

_RISK = {Applicability.SAFE: 0, Applicability.UNSAFE: 1, Applicability.DISPLAY: 2}


_SPAN = attrgetter("start", "end")


def choose_edits(edits: Iterable[Edit]) -> list[Edit]:
    """A sorted, non-overlapping choice; of two that overlap, the surer, then the longer, stays."""
    edits = sorted(edits, key=_SPAN)
    if not any(left[1] > right[0] or left == right for left, right in pairwise(map(_SPAN, edits))):
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
        self._edits = edits

    @cached_property
    def _ends(self) -> list[int]:
        grown = accumulate([len(edit.after) - edit.end + edit.start for edit in self._edits])
        return [edit.end + shift for edit, shift in zip(self._edits, grown, strict=True)]

    @cached_property
    def _starts(self) -> list[int]:
        return [end - len(edit.after) for edit, end in zip(self._edits, self._ends, strict=True)]

    def edited(self) -> Iterable[tuple[int, int]]:
        """Where in the edited text each edit's own stands."""
        return zip(self._starts, self._ends, strict=True)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span; all of an edit's, where the span lies within what it put there."""
        if not self._starts or end < self._starts[0]:
            return start, end
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1, max(first, 0)) - 1 if end != start else first
        return self._position(start, first, False), self._position(end, last, start != end)

    def _position(self, position: int, at: int, is_end: bool) -> int:
        """`at` is the last edit that begins at or before the character that this bounds."""
        if at < 0:
            return position
        edit = self._edits[at]
        if position < self._ends[at]:
            return edit.end if is_end else edit.start
        return position - self._ends[at] + edit.end


def compose_edits(first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """One patch that does what `first` and then `second` does.

    `second` is in the positions of the text that `first` made. An edit of `second` that touches
    what an edit of `first` put there becomes one edit with it.
    """
    if not first:
        return list(second)
    composed: list[Edit] = []
    shift = 0  # of the middle text against the original
    i = j = 0
    while i < len(first) and j < len(second):
        old, new = first[i], second[j]
        start = old.start + shift
        end = start + len(old.after)
        if end < new.start or (start <= new.end and _before(old, shift, new)):
            composed.append(old)
            shift += len(old.after) - len(old.before)
            i += 1
        elif new.end < start or _after(old, shift, new):
            composed.append(_moved(new, -shift))
            j += 1
        else:
            merged, i, j, shift = _merge(first, second, i, j, shift)
            if merged.before != merged.after:
                composed.append(merged)
    composed += first[i:]
    shift += sum(len(edit.after) - len(edit.before) for edit in first[i:])
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
) -> tuple[Edit, int, int, int]:
    """One edit for the run of edits that touch, from `first[i]` and `second[j]` on."""
    olds: list[tuple[int, int, Edit]] = []  # with their spans in the middle text
    news: list[Edit] = []
    start, end = _middle(first[i], shift)
    start, end = min(start, second[j].start), max(end, second[j].end)
    while True:
        if i < len(first):
            span = _middle(first[i], shift)
            if any(_touch(span, new) for new in news[-1:]) or (
                not olds and _touch(span, second[j])
            ):
                olds.append((*span, first[i]))
                end = max(end, span[1])
                shift += len(first[i].after) - len(first[i].before)
                i += 1
                continue
        if j < len(second) and any(_touch(old[:2], second[j]) for old in olds[-1:]):
            news.append(second[j])
            end = max(end, second[j].end)
            j += 1
            continue
        break
    # Text of the middle, from `start` on, is known where an edit of either side covers it.
    before: list[str] = []
    middle_at = start
    pieces: list[tuple[int, int, str]] = [(s, e, old.after) for s, e, old in olds]
    pieces += [(new.start, new.end, new.before) for new in news]
    middle = [""] * (end - start)
    for piece_start, _, text in pieces:
        for offset, character in enumerate(text):
            middle[piece_start - start + offset] = character
    for old_start, old_end, old in olds:
        before += (*middle[middle_at - start : old_start - start], old.before)
        middle_at = old_end
    before += middle[middle_at - start : end - start]
    after: list[str] = []
    middle_at = start
    for new in news:
        after += (*middle[middle_at - start : new.start - start], new.after)
        middle_at = new.end
    after += middle[middle_at - start : end - start]
    lead = olds[0][2]
    original_start = lead.start - max(0, olds[0][0] - start)
    text_before = "".join(before)
    parts = [old for _, _, old in olds] + news
    names = dict.fromkeys(name for part in parts for name in (part.rule, *part.also))
    names.pop(lead.rule)
    merged = Edit(
        rule=lead.rule,
        start=original_start,
        end=original_start + len(text_before),
        before=text_before,
        after="".join(after),
        confidence=min(part.confidence for part in parts),
        applicability=max((part.applicability for part in parts), key=_RISK.__getitem__),
        also=tuple(names),
    )
    return merged, i, j, shift
