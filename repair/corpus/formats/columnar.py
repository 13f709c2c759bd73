"""Parquet and Arrow IPC: only the text columns change; schema, metadata and compression stay."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from jiaokan.repair.corpus.arrow import array_of, is_text
from jiaokan.repair.corpus.records import Cell, Change, ChangedChunk, Chunk, FormatError

ROWS = 4096
"""Rows of a chunk."""

GROUP_BYTES = 64 << 20
"""A written row group is closed at this size, or at that of the file's own row groups."""


@dataclass(frozen=True, slots=True)
class Columnar:
    """`columns` are columns of strings, of any Arrow string type."""

    columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    name: str = "parquet"

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        first = 0
        try:
            for batch in self._batches(stream):
                if not first:
                    self._check(batch.schema)
                yield Chunk(first, batch)
                first += batch.num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise FormatError(f"not {self.name}: {error}") from None

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        batch = chunk.data
        ids = batch.column(self.id_column).to_pylist() if self.id_column else None
        for column in self.columns:
            values = batch.column(column).to_pylist()
            cells = [
                Cell(chunk.first + row, None if ids is None else str(ids[row]), column, text)
                for row, text in enumerate(values)
                if text is not None
            ]
            texts = iter(change(cells))
            new = [None if text is None else next(texts) for text in values]
            if new != values:
                index = batch.schema.get_field_index(column)
                field = batch.schema.field(index)
                batch = batch.set_column(index, field, array_of(new, field.type))
        return ChangedChunk(batch, batch.num_rows)

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        if self.name == "parquet":
            self._write_parquet(stream, chunks, pq.ParquetFile(source))
            return
        schema = self._reader(source).schema
        new = pa.ipc.new_file if self.name == "arrow" else pa.ipc.new_stream
        with new(stream, schema) as writer:
            for batch in chunks:
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
        with pq.ParquetWriter(stream, like.schema_arrow, compression=codecs) as writer:
            for batch in chunks:
                pending.append(batch)
                held += batch.num_rows
                size += batch.nbytes
                if held >= rows or size >= GROUP_BYTES:
                    writer.write_table(pa.Table.from_batches(pending))
                    pending, held, size = [], 0, 0
            if pending:
                writer.write_table(pa.Table.from_batches(pending))

    def _reader(self, stream: BinaryIO) -> Any:
        return pa.ipc.open_file(stream) if self.name == "arrow" else pa.ipc.open_stream(stream)

    def _batches(self, stream: BinaryIO) -> Iterator[Any]:
        if self.name == "parquet":
            yield from pq.ParquetFile(stream).iter_batches(batch_size=ROWS)
            return
        reader = self._reader(stream)
        batches = (
            (reader.get_batch(number) for number in range(reader.num_record_batches))
            if self.name == "arrow"
            else reader
        )
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS):
                yield batch.slice(start, ROWS)

    def _check(self, schema: Any) -> None:
        for column in self.columns:
            index = schema.get_field_index(column)
            if index < 0:
                raise FormatError(f"no column {column!r}; there are {', '.join(schema.names)}")
            if not is_text(schema.field(index).type):
                raise FormatError(f"column {column!r} is {schema.field(index).type}, not text")


def _codec(name: str) -> str:
    return "none" if name == "UNCOMPRESSED" else name.lower()
