"""CSV and TSV: rows that do not change stay as they were, byte for byte."""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from jiaokan.repair.corpus.records import (
    CHUNK_BYTES,
    MAX_RECORD_BYTES,
    Cell,
    Change,
    ChangedChunk,
    Chunk,
    FormatError,
    Rejected,
    columns_of,
    longest_record,
)
from jiaokan.repair.memory import at_once

csv.field_size_limit(MAX_RECORD_BYTES)


@dataclass(frozen=True, slots=True)
class Delimited:
    """`columns` are names of the header row; `encoding` is how the file's bytes are read.

    Record 0 is the first row after the header. Output is UTF-8.
    """

    columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    name: str = "csv"

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        rows = self._raw_rows(stream)
        header = next(rows, None)
        if header is None:
            return
        names = next(csv.reader([header.removeprefix("\ufeff")], delimiter=self.delimiter), [])
        columns_of(names, (*self.columns, *filter(None, [self.id_column])), every=True)
        first = -1  # the header travels with the first rows
        pending, size = [header], len(header)
        most = at_once(CHUNK_BYTES)
        for row in rows:
            pending.append(row)
            size += len(row)
            if size >= most:
                yield Chunk(first, (tuple(names), pending))
                first += len(pending)
                pending, size = [], 0
        if pending:
            yield Chunk(first, (tuple(names), pending))

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        names, rows = chunk.data
        wanted = {column: names.index(column) for column in self.columns}
        id_at = names.index(self.id_column) if self.id_column else None
        parsed: list[tuple[str, list[str], list[Cell]]] = []
        unreadable: list[Rejected] = []
        cells: list[Cell] = []
        for number, raw in enumerate(rows, chunk.first):
            if number < 0 or not raw.strip():
                parsed.append((raw, [], []))
                continue
            values = next(csv.reader(io.StringIO(raw, newline=""), delimiter=self.delimiter))
            if len(values) != len(names):
                reason = f"{len(values)} fields where the header has {len(names)}"
                spelt = raw.encode(self.encoding, "surrogateescape")
                unreadable.append(Rejected(number, reason, spelt))
                if keep_unreadable:
                    parsed.append((raw, [], []))
                continue
            id = values[id_at] if id_at is not None else None
            of_row = [Cell(number, id, name, values[at]) for name, at in wanted.items()]
            parsed.append((raw, values, of_row))
            cells += of_row
        texts = iter(change(cells))
        out = []
        for raw, values, of_row in parsed:
            new = {cell.column: next(texts) for cell in of_row}
            if all(new[cell.column] == cell.text for cell in of_row):
                out.append(raw)
                continue
            for column, text in new.items():
                values[wanted[column]] = text
            out.append(self._row(values, raw))
        records = len(parsed) - (chunk.first < 0)
        data = "".join(out).encode("utf-8", "surrogateescape")
        left = ((), unreadable) if keep_unreadable else (unreadable, ())
        return ChangedChunk(data, records, *left)

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        for data in chunks:  # noqa: FURB122 (compressing streams have no writelines)
            stream.write(data)

    def _raw_rows(self, stream: BinaryIO) -> Iterator[str]:
        """Each row as it is spelt, line ends included; quoted fields may hold line breaks."""
        lines = io.TextIOWrapper(
            stream, encoding=self.encoding, errors="surrogateescape", newline=""
        )
        taken: list[str] = []

        def taking() -> Iterator[str]:
            most = longest_record()
            while line := lines.readline(most):
                if len(line) == most:
                    raise FormatError(f"a line over {most >> 20} MB, too long for a row")
                taken.append(line)
                yield line

        try:
            for _ in csv.reader(taking(), delimiter=self.delimiter):
                yield "".join(taken)
                taken.clear()
        except csv.Error as error:
            raise FormatError(f"not {self.name.upper()}: {error}") from None
        finally:
            with suppress(ValueError):  # where the stream is closed already
                lines.detach()

    def _row(self, values: list[str], raw: str) -> str:
        body = raw.rstrip("\r\n")
        quoted = len(body) > 1 and body[0] == body[-1] == '"'
        every = quoted and body.count(f'"{self.delimiter}"') >= len(values) - 1
        out = io.StringIO(newline="")
        writer = csv.writer(
            out,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL,
            lineterminator=raw[len(body) :],
        )
        writer.writerow(values)
        return out.getvalue()
