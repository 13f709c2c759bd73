"""The batch kernel of all engines: an Arrow table in, the repaired table and its edits out."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from jiaokan.repair.repairer import Repairer
from jiaokan.validators.values import Document, Repaired

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError as error:  # pragma: no cover
    raise ImportError("this needs pyarrow: pip install 'jiaokan[corpus]'") from error

Rows: TypeAlias = "pa.Table | pa.RecordBatch"

EDITS = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string()),
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
)
"""One row an edit: the row's number in the input, its id, the column, and the `Edit` itself."""


def repair_batch(
    data: Any,
    *,
    repairer: Repairer | None = None,
    columns: Sequence[str] = ("text",),
    id_column: str | None = None,
) -> tuple[Any, "pa.Table"]:
    """Repair the text of an Arrow table, record batch, array or chunked array.

    Returns the same kind of thing with the same schema, and a table of edits (`EDITS`), a row an
    edit; `row` counts the rows of `data`. Of a table only `columns` change, strings of any Arrow
    string type; nulls stay null.

    Raises KeyError for a column that is not there, TypeError for one that is not text.
    """
    repairer = repairer or Repairer()
    if isinstance(data, pa.Array | pa.ChunkedArray):
        table = pa.table({"text": data})
        repaired, edits = repair_batch(table, repairer=repairer)
        column = repaired.column("text")
        return (column if isinstance(data, pa.ChunkedArray) else _one_array(column)), edits
    ids = _ids(data, id_column)
    rows: list[dict[str, Any]] = []
    for name in columns:
        index = _index_of(data, name)
        column = data.column(index)
        results = list(_repair_column(column, name, repairer))
        for row, result in enumerate(results):
            if result is not None and result.edits:
                rows += _edit_rows(result, row, ids[row] if ids else None, name)
        if any(result is not None and result.edits for result in results):
            texts = [None if result is None else result.text for result in results]
            data = data.set_column(index, data.schema.field(index), _as_type(texts, column.type))
    return data, pa.Table.from_pylist(rows, schema=EDITS)


def _repair_column(column: Any, name: str, repairer: Repairer) -> Iterator[Repaired | None]:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind)):
        raise TypeError(f"column {name!r} is {column.type}, not text")
    values = column.to_pylist()
    results = repairer.repair_many(Document("", text) for text in values if text is not None)
    for text in values:
        yield None if text is None else next(results)


def _is_view(kind: Any) -> bool:
    return hasattr(pa.types, "is_string_view") and bool(pa.types.is_string_view(kind))


def _edit_rows(result: Repaired, row: int, id: str | None, column: str) -> Iterator[dict[str, Any]]:
    for edit in result.edits:
        yield {
            "row": row,
            "id": id,
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
    column = data.column(_index_of(data, id_column))
    ids: list[str | None] = pc.cast(column, pa.string()).to_pylist()
    return ids


def _index_of(data: Any, name: str) -> int:
    index = data.schema.get_field_index(name)
    if index < 0:
        raise KeyError(f"no column {name!r}; there are {', '.join(data.schema.names)}")
    return int(index)


def _as_type(texts: list[str | None], kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return pa.array(texts, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(texts, kind)


def _one_array(column: Any) -> Any:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
