"""Parquet and Arrow IPC: only the text columns change; schema, metadata and compression stay."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from jiaokan.repair.corpus.arrow_texts import (
    column_of,
    index_of,
    is_text,
    paths_of,
    texts_of,
    type_of,
)
from jiaokan.repair.corpus.paths import named, steps_in
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
    one_line,
)
from jiaokan.repair.memory import at_once, largest_text

ROWS = 4096
"""Rows of a chunk."""

GROUP_BYTES = 64 << 20
"""A written row group is closed at this size, or at that of the file's own row groups."""


@dataclass(frozen=True, slots=True)
class Columnar:
    """`columns` are columns of strings, of any Arrow string type, or paths to such in a column."""

    columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    name: str = "parquet"

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        first = 0
        is_checked = False
        try:
            for batch in self._batches(stream):
                if not is_checked:
                    self._check(batch.schema)
                    is_checked = True
                yield Chunk(first, batch)
                first += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise FormatError(f"not whole {self.name}: {one_line(error)}") from None

    def fitted(self, stream: BinaryIO) -> "Columnar":
        """With those of its columns that the file has.

        Raises FormatError for a file with none of them, or that is not whole.
        """
        opened = self._opened(stream)
        schema = opened.schema_arrow if self.name == "parquet" else opened.schema
        stream.seek(0)
        form = replace(self, columns=columns_of(_names(schema, self.columns), self.columns))
        form._check(schema)
        return form

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        batch = chunk.data
        most = 2 * MAX_RECORD_BYTES if keep_unreadable else longest_record()
        long = self._long(chunk, most) if 3 * batch.nbytes > most else {}
        ids = column_of(batch, self.id_column).to_pylist() if self.id_column else None
        for column in self.columns:
            index = index_of(batch.schema, column)
            texts = texts_of(batch.column(index), column, batch.schema.names, chunk.first)
            seen = [each for each in texts.seen() if each[1] not in long]
            cells = [
                Cell(row, None if ids is None else str(ids[row - chunk.first]), place, text)
                for _, row, place, text in seen
            ]
            values = list(texts.values)
            for (number, *_), text in zip(seen, change(cells), strict=True):
                values[number] = text
            if values != texts.values:
                batch = batch.set_column(
                    index, batch.schema.field(index), texts.with_values(values)
                )
        return ChangedChunk(batch, batch.num_rows, (), [long[row] for row in sorted(long)])

    def _long(self, chunk: Chunk, most: int) -> dict[int, Rejected]:
        """The records that hold a text of over `most` bytes."""
        long = {}
        for column in self.columns:
            held = chunk.data.column(index_of(chunk.data.schema, column))
            for _, row, place, text in texts_of(
                held, column, chunk.data.schema.names, chunk.first
            ).seen():
                if 3 * len(text) > most:
                    reason = f"{place}: over {most >> 20} MB, too long; left as it is, unread"
                    long[row] = Rejected(row, reason, b"")
        return long

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        if self.name == "parquet":
            self._write_parquet(stream, chunks, self._opened(source))
            return
        schema = self._opened(source).schema
        is_file = self.name == "arrow"
        new = pa.ipc.new_file if is_file else pa.ipc.new_stream
        # A file may add to a dictionary but not replace it, as batches that changed would.
        grown = [
            _Dictionary(name) for name in self.columns if is_file and _has_dictionary(schema, name)
        ]
        options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=is_file)
        with new(stream, schema, options=options) as writer:
            for batch in chunks:
                for dictionary in grown:
                    batch = dictionary.applied(batch)
                writer.write_batch(batch)

    def _write_parquet(self, stream: BinaryIO, chunks: Iterable[Any], like: Any) -> None:
        """With the schema, the metadata and each column's compression of the file `like`."""
        metadata = like.metadata
        rows = 1 << 20
        codecs: dict[str, str] | str = "snappy"
        if metadata.num_row_groups:
            group = metadata.row_group(0)
            rows = max(1, group.num_rows)
            columns = [group.column(number) for number in range(group.num_columns)]
            codecs = {c.path_in_schema: _codec(c.compression) for c in columns}
        pending: list[Any] = []
        size = held = 0
        group_bytes = min(GROUP_BYTES, largest_text())
        with pq.ParquetWriter(stream, like.schema_arrow, compression=codecs) as writer:
            for batch in chunks:
                pending.append(batch)
                held += batch.num_rows
                size += batch.nbytes
                if held >= rows or size >= group_bytes:
                    writer.write_table(pa.Table.from_batches(pending))
                    pending, held, size = [], 0, 0
            if pending:
                writer.write_table(pa.Table.from_batches(pending))

    def _opened(self, stream: BinaryIO) -> Any:
        try:
            if self.name == "parquet":
                return pq.ParquetFile(stream, buffer_size=1 << 20)
            return pa.ipc.open_file(stream) if self.name == "arrow" else pa.ipc.open_stream(stream)
        except (pa.ArrowException, OSError) as error:
            raise FormatError(f"not whole {self.name}: {one_line(error)}") from None

    def _batches(self, stream: BinaryIO) -> Iterator[Any]:
        if self.name == "parquet":
            file = self._opened(stream)
            yield from file.iter_batches(batch_size=_rows_of(file.metadata))
            return
        reader = self._opened(stream)
        batches = (
            (reader.get_batch(number) for number in range(reader.num_record_batches))
            if self.name == "arrow"
            else reader
        )
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS):
                yield batch.slice(start, ROWS)

    def _check(self, schema: Any) -> None:
        for column in columns_of(_names(schema, self.columns), self.columns, every=True):
            kind = type_of(schema, column)
            is_deep = len(steps_in(schema.names, column)) > 1
            # The writer of files takes a dictionary that grew only where it is a column's own.
            is_in_file = self.name == "arrow" and is_deep and pa.types.is_dictionary(kind)
            if not is_text(kind) or is_in_file:
                texts = [path for path in paths_of(schema) if is_text(type_of(schema, path))]
                if not texts:
                    raise FormatError(f"column {column!r} is {kind}, and no column here is text")
                there = named(texts)
                raise FormatError(
                    f"column {column!r} is {kind}, not text; name the text with --column: {there}"
                )


def _names(schema: Any, columns: Sequence[str]) -> list[str]:
    """What a file's columns are called, those of the given ones that it has as they are given."""
    return [*paths_of(schema), *(name for name in columns if type_of(schema, name) is not None)]


def _has_dictionary(schema: Any, name: str) -> bool:
    return bool(pa.types.is_dictionary(type_of(schema, name)))


class _Dictionary:
    """The values of a dictionary column, to which each batch adds its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._indices: dict[str, int] = {}

    def applied(self, batch: Any) -> Any:
        index = batch.schema.get_field_index(self._name)
        field = batch.schema.field(index)
        indices = [
            None if text is None else self._indices.setdefault(text, len(self._indices))
            for text in batch.column(index).to_pylist()
        ]
        values = pa.array(list(self._indices), field.type.value_type)
        column = pa.DictionaryArray.from_arrays(pa.array(indices, field.type.index_type), values)
        return batch.set_column(index, field, column.cast(field.type))


def _rows_of(metadata: Any) -> int:
    """Rows of a chunk of a Parquet file, fewer where they are long."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    longest = max((g.total_byte_size / g.num_rows for g in groups if g.num_rows), default=1)
    return max(1, min(ROWS, int(at_once(CHUNK_BYTES) // max(1, longest))))


def _codec(name: str) -> str:
    return "none" if name == "UNCOMPRESSED" else name.lower()
