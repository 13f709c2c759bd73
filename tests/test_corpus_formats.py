"""Record formats: only the texts change; everything else is as it was; bad records are kept aside."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq

from jiaokan.repair.corpus.compression import MAGIC, compression_of, reading, writing
from jiaokan.repair.corpus.formats.columnar import Columnar
from jiaokan.repair.corpus.formats.delimited import Delimited
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.records import Cell, ChangedChunk, FormatError, RecordFormat


def upper(cells: Sequence[Cell]) -> list[str]:
    return [cell.text.upper() for cell in cells]


def same(cells: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in cells]


def through(form: RecordFormat, data: bytes, change: Any) -> tuple[bytes, list[ChangedChunk]]:
    changed = [form.change(chunk, change) for chunk in form.read(io.BytesIO(data))]
    out = io.BytesIO()
    form.write(out, (chunk.data for chunk in changed), io.BytesIO(data))
    return out.getvalue(), changed


ODD_LINES = (
    '{"text": "ab\\u00e9", "n": 1.10, "big": 123456789012345678901234567890}\n'
    '{"n": 1e5, "text" : "x\\"y" , "text": "last é", "deep": {"text": "no"}}\r\n'
    "\n"
    '{"no text": NaN}\n'
    '{"text": null}\n'
    '{"text":"\\ud800 end"}'
).encode()


def test_json_lines_change_only_the_string() -> None:
    out, _ = through(JsonLines(), ODD_LINES, upper)
    expected = ODD_LINES.replace(b'"ab\\u00e9"', b'"AB\\u00c9"')
    expected = expected.replace("last é".encode(), "LAST É".encode())
    assert out == expected.replace(b"\\ud800 end", b"\\ud800 END")


def test_json_lines_that_do_not_change_are_the_same_bytes() -> None:
    assert through(JsonLines(), ODD_LINES, same)[0] == ODD_LINES


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["text", "other", "深"]),
            st.text(max_size=5) | st.integers() | st.floats() | st.none(),
            max_size=3,
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_json_lines_keep_every_value(records: list[dict[str, Any]], escaped: bool) -> None:
    data = "".join(json.dumps(r, ensure_ascii=escaped) + "\n" for r in records)
    out, _ = through(JsonLines(), data.encode("utf-8"), upper)
    expected = [
        {k: v.upper() if k == "text" and isinstance(v, str) else v for k, v in r.items()}
        for r in records
    ]
    assert repr([json.loads(line) for line in out.decode().split("\n") if line]) == repr(expected)


def test_bad_json_lines_are_put_aside_with_their_bytes() -> None:
    bad = [b"[1]\n", b'{"text": "\xd6\xd0"}\n', b'{"text": \n', b'{"a":' * 100_000 + b"\n"]
    good = b'{"text": "a"}\n'
    out, chunks = through(JsonLines(), good + b"".join(bad) + good, upper)
    assert out == b'{"text": "A"}\n' * 2
    rejected = [one for chunk in chunks for one in chunk.rejected]
    assert [one.raw for one in rejected] == bad
    assert [one.record for one in rejected] == [1, 2, 3, 4]
    assert "byte 0xD6 at 10 is not UTF-8" in rejected[1].reason
    assert sum(chunk.records for chunk in chunks) == 2


def test_csv_keeps_rows_that_do_not_change() -> None:
    data = 'id,text,x\r\n1,a,"q, ""z"""\r\n2,"two\nlines",\r\n3,UP,  spaced\r\n"4","b","c"\r\n'
    out, chunks = through(Delimited(id_column="id"), data.encode(), upper)
    expected = 'id,text,x\r\n1,A,"q, ""z"""\r\n2,"TWO\nLINES",\r\n3,UP,  spaced\r\n"4","B","c"\r\n'
    assert out.decode() == expected
    assert sum(chunk.records for chunk in chunks) == 4


def test_csv_rows_of_the_wrong_length_are_put_aside() -> None:
    out, chunks = through(Delimited(), b"text,x\na,1\nb\nc,3\n", upper)
    assert out == b"text,x\nA,1\nC,3\n"
    (rejected,) = (one for chunk in chunks for one in chunk.rejected)
    assert (rejected.record, rejected.raw) == (1, b"b\n") and "1 fields" in rejected.reason


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(FormatError, match="'text'; name the text with --column: a, b"):
        list(Delimited().read(io.BytesIO(b"a,b\n1,2\n")))
    table = pa.table({"a": ["x"], "n": [1]})
    out = io.BytesIO()
    pq.write_table(table, out)
    with pytest.raises(FormatError, match="'text'; name the text with --column: a, n"):
        list(Columnar().read(io.BytesIO(out.getvalue())))
    with pytest.raises(FormatError, match="not text"):
        list(Columnar(("n",)).read(io.BytesIO(out.getvalue())))


@pytest.mark.parametrize("codec", ["zstd", "snappy", "gzip", "none"])
def test_parquet_keeps_schema_metadata_groups_and_compression(codec: str) -> None:
    table = pa.table(
        {"id": range(10_000), "text": ["abc", None] * 5_000, "x": [[1, 2], None] * 5_000}
    ).replace_schema_metadata({"made": "by hand"})
    source = io.BytesIO()
    pq.write_table(table, source, compression=codec, row_group_size=8192)
    out, chunks = through(Columnar(id_column="id"), source.getvalue(), upper)
    read = pq.ParquetFile(io.BytesIO(out))
    assert read.schema_arrow == table.schema
    assert read.schema_arrow.metadata[b"made"] == b"by hand"
    assert read.metadata.num_row_groups == 2
    assert read.metadata.row_group(0).column(1).compression == (
        "UNCOMPRESSED" if codec == "none" else codec.upper()
    )
    back = read.read()
    assert back.column("text").to_pylist() == ["ABC", None] * 5_000
    assert back.drop(["text"]) == table.drop(["text"])
    assert sum(chunk.records for chunk in chunks) == 10_000


@pytest.mark.parametrize("name", ["arrow", "arrow-stream"])
def test_arrow_ipc(name: str) -> None:
    table = pa.table({"text": ["abc", None], "n": [1, 2]})
    source = io.BytesIO()
    new = pa.ipc.new_file if name == "arrow" else pa.ipc.new_stream
    with new(source, table.schema) as writer:
        writer.write_table(table)
    out, _ = through(Columnar(name=name), source.getvalue(), upper)
    opened = pa.ipc.open_file(out) if name == "arrow" else pa.ipc.open_stream(out)
    assert opened.read_all().to_pydict() == {"text": ["ABC", None], "n": [1, 2]}


@pytest.mark.parametrize("codec", [*MAGIC, None])
def test_compression_is_told_by_content_and_kept(codec: str | None) -> None:
    def packed() -> bytes:
        out = io.BytesIO()
        stream = writing(out, codec)
        stream.write("中文\n".encode() * 100)
        if stream is not out:
            stream.close()
        return out.getvalue()

    assert packed() == packed()
    assert compression_of(packed()[:16]) == codec
    twice = packed() * 2
    assert reading(io.BytesIO(twice), codec).read() == "中文\n".encode() * 200


@pytest.mark.parametrize("codec", MAGIC)
def test_what_is_packed_well_is_not_unpacked_at_once(codec: str) -> None:
    import tracemalloc

    packed = io.BytesIO()
    with writing(packed, codec) as out:
        for _ in range(40):
            out.write(bytes(1 << 20))
    stream = reading(io.BytesIO(packed.getvalue()), codec)
    tracemalloc.start()
    try:
        total = 0
        while piece := stream.read(1 << 16):
            total += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == 40 << 20 and peak < 16 << 20  # xz has a window of 8 MB
