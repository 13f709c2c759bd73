"""The audit's rows of a part of a long text: made by a worker, put in their places by who knows
what stands before the part."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from jiaokan.repair.audit.rows import edit_json, finding_json, json_line
from jiaokan.repair.corpus.rows import around
from jiaokan.repair.location import Extent, Locator
from jiaokan.validators.values import Repaired

_PLACED = frozenset({"start", "end", "byte", "line", "column"})


class PartRow(NamedTuple):
    """A row in the positions of its part, as JSON but for them."""

    head: bytes
    start: int
    end: int
    byte: int
    line: int
    column: int
    tail: bytes

    def line_at(self, before: Extent) -> bytes:
        """The row, where so much stands before the part."""
        column = self.column + (before.column if self.line == 1 else 0)
        return b'%b,"start":%d,"end":%d,"byte":%d,"line":%d,"column":%d,%b' % (
            self.head, self.start + before.characters, self.end + before.characters,
            self.byte + before.bytes, self.line + before.lines, column, self.tail,
        )  # fmt: skip


def edit_rows(file: str, part: int, repaired: Repaired) -> Iterator[PartRow]:
    """A row an edit, of part number `part` (from 0)."""
    locator = Locator(repaired.document)
    text = repaired.document.text
    for edit in repaired.edits:
        row = edit_json(file, edit, locator)
        yield _row(row | around(text, edit.start, edit.end), part)


def finding_rows(file: str, part: int, repaired: Repaired) -> Iterator[PartRow]:
    """A row a finding."""
    locator = Locator(repaired.document)
    text = repaired.document.text
    for finding in repaired.findings:
        row = finding_json(file, finding, locator) | around(text, finding.start, finding.end)
        row["text"] = text[finding.start : finding.end][:200]
        yield _row(row, part)


def _row(row: Mapping[str, Any], part: int) -> PartRow:
    head = json_line({"file": row["file"], "part": part, "rule": row["rule"]})[:-2]
    rest = {key: value for key, value in row.items() if key not in _PLACED | {"file", "rule"}}
    return PartRow(
        head, row["start"], row["end"], row["byte"], row["line"], row["column"],
        json_line(rest)[1:],
    )  # fmt: skip


def lines_at(rows: Iterable[PartRow], before: Extent) -> Iterator[bytes]:
    """The rows as lines, where so much stands before the part."""
    return (row.line_at(before) for row in rows)
