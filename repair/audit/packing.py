"""Tables of an audit, packed: as Parquet, about a fifth of the size and read by column, or, where
pyarrow is not installed, as JSON Lines in gzip.

Of Parquet: rows are those of the JSON Lines. `evidence` is JSON in a string. Where a string of a row has a lone
surrogate, which Parquet cannot hold, `escaped` is true and its strings are as in JSON.
"""

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

AUTO_BYTES = 64 << 20
"""JSON Lines of edits and findings, from which on `auto` packs them."""
FORMATS = ("auto", "jsonl", "gzip", "parquet")
_SUFFIXES = {"gzip": ".jsonl.gz", "parquet": ".parquet"}
_ROWS = 1 << 16
"""Rows of a row group, at most."""
_GROUP_BYTES = 16 << 20
"""Bytes of it in memory, at most."""
_AT_ONCE = 1 << 10
"""Rows that are Python's at once: as such they take ten times what they take in a group."""
_PLACE = ("record", "id", "field")
_AROUND = ("left", "right", "text")
"""Only rows of records and of parts of a long text have these."""
_TYPES = {
    "edits": {
        "file": "string", "part": "int64", "record": "int64", "id": "string", "field": "string", "rule": "string",
        "start": "int64", "end": "int64", "byte": "int64", "line": "int64", "column": "int64",
        "before": "string", "after": "string", "confidence": "double", "applicability": "string",
        "also": "list", "left": "string", "right": "string", "escaped": "bool",
    },
    "findings": {
        "file": "string", "part": "int64", "record": "int64", "id": "string", "field": "string", "rule": "string",
        "start": "int64", "end": "int64", "byte": "int64", "line": "int64", "column": "int64",
        "message": "string", "confidence": "double", "applicability": "string",
        "replacement": "string", "evidence": "string", "left": "string", "right": "string",
        "text": "string", "escaped": "bool",
    },
}  # fmt: skip


def packed_name(table: str, form: str) -> str | None:
    """`edits.parquet` of `edits.jsonl`; None for a table that is never packed."""
    name = table.removesuffix(".jsonl")
    return f"{name}{_SUFFIXES[form]}" if name in _TYPES else None


def packed_names(tables: Iterable[str]) -> list[str]:
    """What these tables are called in the forms in which they may be packed."""
    names = (packed_name(table, form) for table in tables for form in _SUFFIXES)
    return [name for name in names if name is not None]


def is_available() -> bool:
    return find_spec("pyarrow") is not None


def pack_table(table: Path, packed: Path) -> None:
    """Write a table of JSON Lines in the form that the other name says."""
    with table.open("rb") as file:
        if packed.suffix == ".parquet":
            pack(map(json.loads, file), packed)
            return
        with packed.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
            shutil.copyfileobj(file, out, 1 << 20)


def pack(rows: Iterable[Mapping[str, Any]], packed: Path) -> None:
    """Write rows of `edits` or `findings` (as `packed` is called) as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(), "int64": pa.int64(), "double": pa.float64(), "bool": pa.bool_(),
        "list": pa.list_(pa.string()),
    }  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in _TYPES[packed.stem].items()])
    waiting = iter(rows)
    group: list[Any] = []
    with pq.ParquetWriter(packed, schema, compression="zstd") as writer:

        def end_group() -> None:
            if group:
                writer.write_table(pa.Table.from_batches(group))
                group.clear()

        while some := list(islice(waiting, _AT_ONCE)):
            batch = pa.RecordBatch.from_pylist([_packed(row) for row in some], schema)
            held = sum(each.nbytes for each in group), sum(each.num_rows for each in group)
            if held[0] + batch.nbytes > _GROUP_BYTES or held[1] + batch.num_rows > _ROWS:
                end_group()
            group.append(batch)
        end_group()


def unpack(packed: Path) -> Iterator[dict[str, Any]]:
    """The rows of a packed table, as they were. Raises ValueError for what is no such table."""
    if packed.suffix == ".gz":
        try:
            with gzip.open(packed) as lines:
                yield from map(json.loads, lines)
        except (OSError, EOFError) as error:
            raise ValueError(str(error)) from error
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(packed) as file:
            for batch in file.iter_batches(batch_size=1 << 12):
                for row in batch.to_pylist():
                    yield _unpacked(row)
    except pa.ArrowException as error:
        raise ValueError(" ".join(str(error).split())) from error


def _packed(row: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(row)
    if "evidence" in values:
        values["evidence"] = json.dumps(values["evidence"], separators=(",", ":"))
    values["escaped"] = escaped = not _is_unicode(values.values())
    if escaped:
        for name, value in values.items():
            if isinstance(value, str) and name != "evidence":
                values[name] = json.dumps(value)[1:-1]
    return values


def _is_unicode(values: Iterable[Any]) -> bool:
    try:
        for value in values:
            if isinstance(value, str):
                value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unpacked(row: dict[str, Any]) -> dict[str, Any]:
    if row.pop("escaped"):
        for name, value in row.items():
            if isinstance(value, str) and name != "evidence":
                row[name] = json.loads(f'"{value}"')
    if "evidence" in row:
        row["evidence"] = json.loads(row["evidence"])
    in_part, in_record = row.get("part") is not None, row["record"] is not None
    for names, has in (
        (("part",), in_part), (_PLACE, in_record), (_AROUND, in_part or in_record)
    ):  # fmt: skip
        for name in () if has else names:
            row.pop(name, None)
    return row
