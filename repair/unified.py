"""A unified diff made from the edits themselves, without comparing texts."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jiaokan.repair.edits import apply_edits
from jiaokan.validators.values import Edit

CONTEXT = 3


@dataclass
class _Block:
    """Lines `[first, last)` (from 0) of the text, and the edits in them."""

    first: int
    last: int
    edits: list[Edit]


def unified_diff(
    name: str, text: str, edits: Sequence[Edit], marks: tuple[str, str] | None = None
) -> Iterator[str]:
    """The lines of a diff, each with its line feed, in a form that patch and git apply take.

    Lines end at a line feed, as those programs have it. With `marks`, which are not in the text,
    they stand around what goes and what comes.
    """
    if not edits:
        return
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    starts.pop()
    name = name.lstrip("/")
    yield f"--- {_quoted('a/' + name)}\n"
    yield f"+++ {_quoted('b/' + name)}\n"
    shift = 0
    for hunk in _hunks(_blocks(starts, edits)):
        low = max(0, hunk[0].first - CONTEXT)
        high = min(_count(lines), hunk[-1].last + CONTEXT)
        body: list[str] = []
        at, removed, added = low, 0, 0
        for block in hunk:
            body += _rows(" ", lines, at, block.first)
            start = starts[block.first]
            end = starts[block.last] if block.last < len(starts) else len(text)
            moved = [
                Edit(e.rule, e.start - start, e.end - start, e.before, e.after, 1, e.applicability)
                for e in block.edits
            ]
            gone = list(_rows("-", lines, block.first, min(block.last, _count(lines))))
            if marks:
                marked = apply_edits(text[start:end], [_marked(e, marks, e.before) for e in moved])
                for number, line in enumerate(marked.split("\n")[: block.last - block.first]):
                    gone[number] = f"-{line}\n"
                moved = [_marked(e, marks, e.after) for e in moved]
            after = apply_edits(text[start:end], moved)
            body += gone
            new = after.split("\n")
            ends_open = bool(new[-1])
            body += [f"+{line}\n" for line in (new if ends_open else new[:-1])]
            if ends_open:
                body.append("\\ No newline at end of file\n")
            removed += min(block.last, _count(lines)) - block.first
            added += len(new) - (not ends_open)
            at = block.last
        body += _rows(" ", lines, at, high)
        old = high - low
        new_count = old - removed + added
        yield f"@@ -{_range(low, old)} +{_range(low + shift, new_count)} @@\n"
        yield from body
        shift += added - removed


def _marked(edit: Edit, marks: tuple[str, str], inside: str) -> Edit:
    """An edit that puts this between the marks."""
    return replace(edit, after=inside.join(marks) if inside else "")


def _count(lines: Sequence[str]) -> int:
    """How many lines there are; what follows the last line feed is one only if it is not empty."""
    return len(lines) - (lines[-1] == "")


def _rows(mark: str, lines: Sequence[str], first: int, last: int) -> Iterator[str]:
    for number in range(first, min(last, _count(lines))):
        yield f"{mark}{lines[number]}\n"
        if number == len(lines) - 1:
            yield "\\ No newline at end of file\n"


def _range(first: int, count: int) -> str:
    return f"{first + 1},{count}" if count else f"{first},0"


def _blocks(starts: Sequence[int], edits: Sequence[Edit]) -> list[_Block]:
    blocks: list[_Block] = []
    for edit in edits:
        first = bisect_right(starts, edit.start) - 1
        last = bisect_right(starts, edit.end)
        if blocks and first < blocks[-1].last:
            blocks[-1].last = max(blocks[-1].last, last)
            blocks[-1].edits.append(edit)
        else:
            blocks.append(_Block(first, last, [edit]))
    return blocks


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block.first - hunk[-1].last > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _quoted(name: str) -> str:
    """A file name as git writes it: in C quotes where it has more than plain characters."""
    if name.isprintable() and not set(name) & set('"\\'):
        return name + ("\t" if " " in name else "")
    plain = {0x22: '\\"', 0x5C: "\\\\", 0x0A: "\\n", 0x09: "\\t", 0x0D: "\\r"}
    raw = name.encode("utf-8", "surrogateescape")
    quoted = (plain.get(b) or (chr(b) if 0x20 <= b < 0x7F else f"\\{b:03o}") for b in raw)
    return f'"{"".join(quoted)}"'
