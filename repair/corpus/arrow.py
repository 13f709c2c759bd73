"""The batch kernel of all engines: an Arrow table in, the repaired table and its edits out."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from jiaokan.repair.corpus.paths import named
from jiaokan.repair.repairer import Repairer
from jiaokan.validators.values import Document, Repaired

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError as error:  # pragma: no cover
    raise ImportError("this needs pyarrow: pip install 'jiaokan[corpus]'") from error

from jiaokan.repair.corpus.arrow_texts import (
    column_of,
    index_of,
    is_text,
    paths_of,
    texts_of,
    type_of,
)

_EDIT_FIELDS = [
    pa.field("column", pa.string(), nullable=False),
    pa.field("rule", pa.string(), nullable=False),
    pa.field("start", pa.int64(), nullable=False),
    pa.field("end", pa.int64(), nullable=False),
    pa.field("before", pa.string(), nullable=False),
    pa.field("after", pa.string(), nullable=False),
    pa.field("confidence", pa.float64(), nullable=False),
    pa.field("applicability", pa.string(), nullable=False),
    pa.field("also", pa.list_(pa.string()), nullable=False),
]
EDITS = pa.schema(
    [pa.field("row", pa.int64(), nullable=False), pa.field("id", pa.string()), *_EDIT_FIELDS]
)
"""One row an edit: the row's number in the input, its id, the column, and the `Edit` itself."""

EDITS_OF_ROW = pa.list_(pa.struct(_EDIT_FIELDS))
"""The edits of one row, as a column of the data itself."""


def repair_batch(
    data: Any,
    *,
    repairer: Repairer | None = None,
    columns: str | Sequence[str] = ("text",),
    id_column: str | None = None,
) -> tuple[Any, "pa.Table"]:
    """Repair the text of an Arrow table, record batch, array or chunked array.

    Returns the same kind of thing with the same schema, and a table of edits (`EDITS`), a row an
    edit; `row` counts the rows of `data`. Of a table only `columns` change, strings of any Arrow
    string type, also deep in structs and lists (`messages[].content`, which the edits call
    `messages[0].content` and so on); nulls stay null. What gives Arrow data by its stream, such as a frame or series of
    pandas and Polars, is taken, too, and comes back as an Arrow table or chunked array.

    Raises KeyError for a column that is not there, TypeError for one that is not text and for data
    that is not Arrow's.
    """
    data = _arrow_of(data)
    columns = (columns,) if isinstance(columns, str) else columns
    repairer = repairer or Repairer()
    if isinstance(data, pa.Array | pa.ChunkedArray):
        table = pa.table({"text": data})
        repaired, edits = repair_batch(table, repairer=repairer)
        column = repaired.column("text")
        return (column if isinstance(data, pa.ChunkedArray) else _one_array(column)), edits
    ids = _ids(data, id_column)
    data, edits = _repair_columns(data, repairer, columns)
    rows = [
        {"row": row, "id": ids[row] if ids else None, **edit}
        for row, of_row in enumerate(edits)
        for edit in of_row
    ]
    return data, pa.Table.from_pylist(rows, schema=EDITS)


def _arrow_of(data: Any) -> Any:
    if isinstance(data, pa.Table | pa.RecordBatch | pa.Array | pa.ChunkedArray):
        return data
    if not hasattr(data, "__arrow_c_stream__"):
        raise TypeError(
            f"data of Arrow is asked for, not {type(data).__name__}; make it with pyarrow.table,"
            " pyarrow.array or pyarrow.Table.from_pandas"
        )
    return pa.table(data) if hasattr(data, "columns") else pa.chunked_array(data)


def annotate_batch(
    data: Any,
    *,
    repairer: Repairer | None = None,
    columns: Sequence[str] = ("text",),
    edits_column: str = "jiaokan_edits",
) -> Any:
    """As `repair_batch`, with each row's edits in a column of its own (`EDITS_OF_ROW`).

    What engines that send rows from worker to worker need: the edits travel with their row.
    """
    data, edits = _repair_columns(data, repairer or Repairer(), columns)
    return data.append_column(edits_column, pa.array(edits, EDITS_OF_ROW))


def _repair_columns(
    data: Any, repairer: Repairer, columns: Sequence[str]
) -> tuple[Any, list[list[dict[str, Any]]]]:
    """The data with these columns repaired, and the edits of each row."""
    edits: list[list[dict[str, Any]]] = [[] for _ in range(data.num_rows)]
    for name in columns:
        data = _repair_column(data, name, repairer, edits)
    return data, edits


def _repair_column(
    data: Any, name: str, repairer: Repairer, edits: list[list[dict[str, Any]]]
) -> Any:
    """The data with a column repaired; its edits are added to those of each row."""
    schema = data.schema
    kind = _type_of(schema, name)
    if not is_text(kind):
        raise TypeError(f"column {name!r} is {kind}, not text")
    index = index_of(schema, name)
    column = data.column(index)
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    firsts = accumulate(map(len, chunks), initial=0)
    texts = [texts_of(chunk, name, schema.names, first) for chunk, first in zip(chunks, firsts)]  # noqa: B905
    results = repairer.repair_many(
        Document("", text) for of_chunk in texts for *_, text in of_chunk.seen()
    )
    changed = False
    for number, of_chunk in enumerate(texts):
        values = list(of_chunk.values)
        for at, row, place, _ in of_chunk.seen():
            result = next(results)
            values[at] = result.text
            edits[row] += edit_records(result, place)
        if values != of_chunk.values:
            chunks[number] = of_chunk.with_values(values)
            changed = True
    if not changed:
        return data
    new = pa.chunked_array(chunks) if isinstance(column, pa.ChunkedArray) else chunks[0]
    return data.set_column(index, schema.field(index), new)


def edit_records(result: Repaired, column: str) -> Iterator[dict[str, Any]]:
    """The edits of one text as plain records, for a column or a document's metadata."""
    for edit in result.edits:
        yield {
            "column": column,
            "rule": edit.rule,
            "start": edit.start,
            "end": edit.end,
            "before": edit.before,
            "after": edit.after,
            "confidence": edit.confidence,
            "applicability": edit.applicability.value,
            "also": list(edit.also),
        }


def _ids(data: Any, id_column: str | None) -> list[str | None] | None:
    if id_column is None:
        return None
    _type_of(data.schema, id_column)
    ids: list[str | None] = pc.cast(column_of(data, id_column), pa.string()).to_pylist()
    return ids


def _type_of(schema: Any, name: str) -> Any:
    kind = type_of(schema, name)
    if kind is None:
        raise KeyError(f"no column {name!r}; there are {named(paths_of(schema))}")
    return kind


def _one_array(column: Any) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
