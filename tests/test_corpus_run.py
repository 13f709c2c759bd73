"""Whole files of records: repaired and restored, in every format and compression."""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq

import jiaokan
from jiaokan.repair.corpus.compression import reading, writing, zstd_module
from jiaokan.repair.corpus.recognise import Columns, recognise
from jiaokan.repair.corpus.records import FormatError, Rejected
from jiaokan.repair.corpus.repacking import TRIED, Repacked, sample_of
from jiaokan.repair.corpus.repairing import RepairedCell
from jiaokan.repair.corpus.run import repair_records, restore_records
from jiaokan.repair.corpus.workers import Workers

TEXTS = ["江蘇省召開企業(yè)家座談會，加快發(fā)展新質生產力。", "這一行沒有問題。", ""]
ROWS = [{"id": f"r{n}", "text": TEXTS[n % 3], "n": n} for n in range(500)]


def json_lines(with_bad: bool) -> bytes:
    lines = [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in ROWS]
    if with_bad:
        lines[3:3] = [b"not json\n", b'{"text": "\xff"}\n']
        lines.append(b"{cut off")
    return b"".join(lines)


def delimited() -> bytes:
    return "".join(["id,text,n\n", *(f"{r['id']},{r['text']},{r['n']}\n" for r in ROWS)]).encode()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out, row_group_size=200)
    return out.getvalue()


def packed(data: bytes, codec: str | None) -> bytes:
    out = io.BytesIO()
    stream = writing(out, codec)
    stream.write(data)
    if stream is not out:
        stream.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "codec"),
    [
        ("a.jsonl", json_lines(False), None),
        ("a.jsonl.zst", json_lines(True), "zstd"),
        ("no-suffix", json_lines(False), "gzip"),
        ("a.csv", delimited(), None),
        ("a.csv.xz", delimited(), "xz"),
        ("a.parquet", parquet(), None),
    ],
)
def test_repaired_and_restored(tmp_path: Path, name: str, data: bytes, codec: str | None) -> None:
    source = tmp_path / name
    source.write_bytes(packed(data, codec))
    with source.open("rb") as stream:
        form, found_codec = recognise(stream, name, Columns(("text",), "id"))
    assert form is not None and found_codec == codec
    cells: list[RepairedCell] = []
    rejected: list[Rejected] = []
    target = tmp_path / "out"

    def take(found: tuple[Sequence[RepairedCell], Sequence[Rejected]]) -> None:
        cells.extend(found[0])
        rejected.extend(found[1])

    with target.open("w+b") as out:
        counts = repair_records(
            source, out, form, codec, jiaokan.Repairer(), workers=Workers(1),
            render=lambda done: (done.cells, done.changed.rejected), on_rows=take,
        )  # fmt: skip
    assert counts.records == len(ROWS)
    assert counts.rejected == len(rejected) == (3 if data == json_lines(True) else 0)
    assert counts.edits == sum(len(c.repaired.edits) for c in cells) > 100
    assert {c.id for c in cells} == {r["id"] for r in ROWS if "(" in str(r["text"])}

    def edits() -> Iterator[tuple[int, str, Sequence[jiaokan.Edit]]]:
        for cell in cells:
            if cell.repaired.edits:
                yield cell.record, cell.column, cell.repaired.edits

    back = tmp_path / "back"
    with back.open("w+b") as out:
        restore_records(target, out, form, codec, edits(), rejected)
    restored = reading(io.BytesIO(back.read_bytes()), codec).read()
    if name == "a.parquet":
        assert pq.read_table(back).to_pylist() == ROWS
        repaired = pq.read_table(target).to_pylist()
        expected = [{**r, "text": jiaokan.Repairer().repair(str(r["text"])).text} for r in ROWS]
        assert repaired == expected
    else:
        assert restored == data


def test_what_is_not_records_is_left_to_others() -> None:
    for name, data in (("a.txt", "中文\n".encode()), ("a.json", b"{}\n{}\n"), ("a.csv", b"a\n1\n")):
        assert recognise(io.BytesIO(data), name, Columns()) == (None, None)


def test_a_missing_key_is_named_with_those_there_are() -> None:
    with pytest.raises(FormatError, match="--column: id, body"):
        recognise(io.BytesIO(b'{"id": 1, "body": "x"}\n'), "a.jsonl", Columns())


@pytest.mark.parametrize("sizes", [(900,), (900, 5), (0, 900), (5, 900, 900), (TRIED + 9, 900)])
def test_frames_that_say_their_size_one_behind_another(sizes: tuple[int, ...]) -> None:
    """What is packed again holds all of them; a single one is the same bytes."""
    zstd = zstd_module()
    parts = [(json_lines(True) * (1 + size // 1000))[:size] for size in sizes]
    original = b"".join(map(zstd.compress, parts))
    assert zstd.get_frame_info(original).decompressed_size == sizes[0]
    out = io.BytesIO()
    stream = Repacked(out, "zstd", sample_of(io.BytesIO(original)))
    content = b"".join(parts)
    for start in range(0, len(content), 1 << 20):
        stream.write(content[start : start + (1 << 20)])
    stream.close()
    assert zstd.decompress(out.getvalue()) == content
    assert (out.getvalue() == original) is (len(sizes) == 1)


def test_a_cut_off_archive_is_said_to_be_so() -> None:
    data = packed(json_lines(False), "zstd")
    with pytest.raises(FormatError, match="not whole"):
        recognise(io.BytesIO(packed(b"x" * 10_000, "gzip")[:20]), "a.gz", Columns())
    assert recognise(io.BytesIO(data), "a.zst", Columns())[1] == "zstd"
