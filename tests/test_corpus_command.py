"""Files of records through the command: repaired, on record, checked, shown, and undone."""

import base64
import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq
import zstandard

import jiaokan as library
from jiaokan.repair.report import collect
from jiaokan.repair.report.render import render_report
from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan

TEXTS = [DAMAGED, "這一行沒有問題。", "", DAMAGED * 3]
ROWS = [{"id": f"r{n}", "text": TEXTS[n % 4], "n": n * 0.5} for n in range(300)]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().stream_reader(data).read(),
}


def json_lines(rows: list[dict[str, Any]] = ROWS) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def repaired_rows() -> list[dict[str, Any]]:
    repairer = library.Repairer()
    return [{**row, "text": repairer.repair(str(row["text"])).text} for row in ROWS]


def rows_of(table: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in table.read_bytes().splitlines()]


@pytest.mark.parametrize("suffix", PACKERS)
def test_json_lines_in_every_compression(tmp_path: Path, suffix: str) -> None:
    name = f"a.jsonl{suffix}"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(PACKERS[suffix](json_lines()))
    done = jiaokan("fix", "in", "-o", "out", "--id-column", "id", cwd=tmp_path)
    assert (done.code, done.err) == (0, "") and "300 records" in done.out
    out = UNPACKERS[suffix]((tmp_path / "out" / name).read_bytes())
    assert [json.loads(line) for line in out.splitlines()] == repaired_rows()
    edits = rows_of(tmp_path / "out/_audit/edits.jsonl")
    for edit in edits:
        row = ROWS[edit["record"]]
        assert edit["id"] == row["id"] and edit["field"] == "text" and edit["file"] == name
        text = str(row["text"])
        assert text[edit["start"] : edit["end"]] == edit["before"]
        assert text[: edit["start"]].endswith(edit["left"])
        assert text[edit["end"] :].startswith(edit["right"])
    assert {edit["record"] for edit in edits} == {
        n for n in range(300) if ROWS[n]["text"] in (DAMAGED, DAMAGED * 3)
    }
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    assert UNPACKERS[suffix]((tmp_path / "back" / name).read_bytes()) == json_lines()


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrows"])
def test_columns_with_their_types_and_order(tmp_path: Path, kind: str) -> None:
    table = pa.table(
        {
            "n": pa.array(range(300), pa.int16()),
            "body": pa.array([TEXTS[n % 4] for n in range(300)], pa.large_string()),
            "tags": pa.array([["a", "b"], None, []] * 100),
            "title": pa.array([None, DAMAGED, "好"] * 100).dictionary_encode(),
        },
        metadata={"made by": "us"},
    )
    path = tmp_path / f"t.{kind}"
    if kind == "parquet":
        pq.write_table(table, path, compression="gzip", row_group_size=70)
    else:
        new = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with new(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=64)

    def read(at: Path) -> Any:
        if kind == "parquet":
            return pq.read_table(at)
        return (pa.ipc.open_file if kind == "arrow" else pa.ipc.open_stream)(at).read_all()

    table = read(path)
    done = jiaokan(
        "fix", path, "-o", "out", "--column", "body", "--column", "title", "--id-column", "n",
        cwd=tmp_path,
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    out = read(tmp_path / "out" / path.name)
    assert out.schema.equals(table.schema, check_metadata=True)
    expected = library.Repairer()
    for name in ("body", "title"):
        assert out.column(name).to_pylist() == [
            text and expected.repair(text).text for text in table.column(name).to_pylist()
        ]
    assert out.drop(["body", "title"]).equals(table.drop(["body", "title"]))
    if kind == "parquet":
        metadata = pq.ParquetFile(tmp_path / "out" / path.name).metadata
        assert metadata.row_group(0).column(1).compression == "GZIP"
    assert jiaokan("undo", "out", cwd=tmp_path).code == 0
    back = read(tmp_path / "out" / path.name)
    assert back.schema.equals(table.schema, check_metadata=True)
    assert back.to_pylist() == table.to_pylist()


def test_compressed_text_is_one_text(tmp_path: Path) -> None:
    gbk = CLEAN.encode("gb18030") * 20
    for name, data in {
        "a.txt.gz": DAMAGED.encode(),
        "b.txt.xz": gbk,
        "c.txt.zst": b"clean\n",
    }.items():
        (tmp_path / name).write_bytes(PACKERS[Path(name).suffix](data))
    assert jiaokan("fix", "--in-place", *sorted(tmp_path.iterdir()), cwd=tmp_path).code == 0
    assert gzip.decompress((tmp_path / "a.txt.gz").read_bytes()).decode() == REPAIRED
    assert lzma.decompress((tmp_path / "b.txt.xz").read_bytes()).decode() == CLEAN * 20
    assert (tmp_path / "c.txt.zst").read_bytes() == zstandard.compress(b"clean\n")
    assert jiaokan("undo", ".", cwd=tmp_path).code == 0
    assert gzip.decompress((tmp_path / "a.txt.gz").read_bytes()).decode() == DAMAGED
    assert lzma.decompress((tmp_path / "b.txt.xz").read_bytes()) == gbk


def test_a_clean_file_of_records_is_the_same_bytes(tmp_path: Path) -> None:
    clean = [{"text": CLEAN, "n": n} for n in range(500)]
    packed = zstandard.compress(json_lines(clean), level=19)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    pq.write_table(pa.Table.from_pylist(clean), tmp_path / "b.parquet", row_group_size=11)
    names = ("a.jsonl.zst", "b.parquet")
    assert jiaokan("fix", *names, "-o", "out", cwd=tmp_path).code == 0
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_records_that_cannot_be_read_are_put_aside_and_put_back(tmp_path: Path) -> None:
    lines = json_lines().splitlines(keepends=True)
    bad = [b"not json\n", b'{"text": "\xd6\xd0"}\n', b'{"a":' * 90_000 + b"\n", b'{"text": "cut']
    data = b"".join((bad[0], *lines[:100], bad[1], bad[2], *lines[100:], bad[3]))
    (tmp_path / "a.jsonl").write_bytes(data)
    done = jiaokan("fix", "a.jsonl", "-o", "out", cwd=tmp_path)
    assert done.code == 0 and "4 of 304 records could not be read" in done.err
    summary = json.loads((tmp_path / "out/_audit/summary.json").read_bytes())
    kept = (tmp_path / "out/a.jsonl").read_bytes().count(b"\n")
    assert (summary["records"], summary["rejected_records"], kept) == (304, 4, 300)
    rejected = rows_of(tmp_path / "out/_audit/rejected.jsonl")
    assert [row["record"] for row in rejected] == [0, 101, 102, 303]
    assert all(row["reason"].startswith("not a JSON object: ") for row in rejected)
    assert jiaokan("undo", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out/a.jsonl").read_bytes() == data


def test_an_altered_file_or_audit_is_not_undone(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    assert jiaokan("fix", "a.jsonl", "-o", "out", cwd=tmp_path).code == 0
    out = tmp_path / "out/a.jsonl"
    good = out.read_bytes()
    out.write_bytes(good.replace("沒有問題".encode(), "有了問題".encode()))
    done = jiaokan("undo", "out", cwd=tmp_path)
    assert done.code == 2 and "changed after it was repaired" in done.err
    out.write_bytes(good)
    edits = tmp_path / "out/_audit/edits.jsonl"
    edits.write_bytes(edits.read_bytes().replace(b'"record":0', b'"record":1'))
    assert jiaokan("undo", "out", cwd=tmp_path).code == 2
    assert out.read_bytes() == good


def test_check_and_diff_look_into_records(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json_lines(ROWS[:5])))
    (tmp_path / "b.jsonl").write_bytes(json_lines([{"text": CLEAN}]))
    done = jiaokan("check", "a.jsonl.gz", "b.jsonl", "--format", "json", cwd=tmp_path)
    found = json.loads(done.out)
    assert done.code == 1
    assert found["summary"]["files"] == 2 and found["summary"]["files_with_findings"] == 1
    assert {f["file"] for f in found["findings"]} == {
        "a.jsonl.gz#0/text", "a.jsonl.gz#3/text", "a.jsonl.gz#4/text",
    }  # fmt: skip
    diff = jiaokan("diff", "a.jsonl.gz", cwd=tmp_path).out
    assert "+++ b/a.jsonl.gz#3/text" in diff and "+江蘇省召開企業家座談會" in diff


def test_id_column_that_is_not_there(tmp_path: Path) -> None:
    """A name that was mistyped is said; one that some of the first records lack is none."""
    rows = ({"text": DAMAGED}, {"n": 7, "text": DAMAGED})
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "a.jsonl").write_text(lines, "utf-8")
    done = jiaokan("fix", "a.jsonl", "-o", "no", "--id-column", "m", cwd=tmp_path)
    assert done.code == 2 and "no key 'm' in its first records; give another --id" in done.err
    assert jiaokan("fix", "a.jsonl", "-o", "out", "--id-column", "n", cwd=tmp_path).code == 0
    edits = (tmp_path / "out/_audit/edits.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["id"] for line in edits} == {None, "7"}


def test_the_report_shows_changes_of_records(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    (tmp_path / "b.txt").write_text(DAMAGED, "utf-8")
    jiaokan("fix", "a.jsonl", "b.txt", "-o", "out", "--id-column", "id", cwd=tmp_path)
    from jiaokan.repair.report import collect_report

    report = collect_report(tmp_path / "out")
    edits = rows_of(tmp_path / "out/_audit/edits.jsonl")
    assert report.edits == len(edits) == sum(report.edits_by_rule.values())
    records = report.files[0]
    assert [(c.line - 1, c.start, c.before) for c in records.changes if c.applied] == [
        (e["record"], e["start"], e["before"]) for e in edits if e["file"] == "a.jsonl"
    ]
    assert "record 0 r0, text" in records.changes[0].message


def test_columns_are_named_where_they_are_missing(tmp_path: Path) -> None:
    pq.write_table(pa.table({"body": ["x"], "n": [1]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    (tmp_path / "c.txt").write_text(DAMAGED, "utf-8")
    pq.write_table(pa.table({"n": [1]}), tmp_path / "d.parquet")
    done = jiaokan("fix", ".", "-o", "out", "--column", "n", cwd=tmp_path)
    assert done.code == 2
    lines = done.err.splitlines()
    assert lines[0].endswith("column 'n' is int64, not text; name the text with --column: body")
    assert "b.csv: no column 'n'; name the text with --column: a, b" in lines[1]
    assert lines[2].endswith("d.parquet: column 'n' is int64, and no column here is text")
    assert (tmp_path / "out/c.txt").read_text("utf-8") == REPAIRED


def test_a_file_needs_one_of_the_columns_and_a_column_one_file(tmp_path: Path) -> None:
    line = DAMAGED.splitlines()[0]
    fixed = REPAIRED.splitlines()[0]
    pq.write_table(pa.table({"title": [line], "n": [1]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text(f"id;text\n1;{line}\n", "utf-8")
    (tmp_path / "c.tsv").write_text(f"title\ttext\n{line}\t{line}\n", "utf-8")
    (tmp_path / "d.csv").write_bytes(b"")
    columns = ("--column", "title", "--column", "text")
    done = jiaokan("fix", ".", "-o", "out", *columns, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert pq.read_table(tmp_path / "out/a.parquet").to_pydict() == {"title": [fixed], "n": [1]}
    assert (tmp_path / "out/b.csv").read_text("utf-8") == f"id;text\n1;{fixed}\n"
    assert (tmp_path / "out/c.tsv").read_text("utf-8") == f"title\ttext\n{fixed}\t{fixed}\n"
    assert jiaokan("undo", "out", "-o", "back", cwd=tmp_path).code == 0
    for name in ("b.csv", "c.tsv", "d.csv"):
        assert (tmp_path / "back" / name).read_bytes() == (tmp_path / name).read_bytes()
    wrong = jiaokan("fix", ".", "-o", "out", *columns, "--column", "titel", cwd=tmp_path)
    assert wrong.code == 2 and "no file has a column 'titel'" in wrong.err


def test_a_column_in_which_no_record_has_a_text_is_named(tmp_path: Path) -> None:
    """A key of JSON may come late, so that only the whole file tells that it is misspelt."""
    rows = [{"text": DAMAGED, "tags": []}] * 30 + [{"text": CLEAN, "tags": [{"name": DAMAGED}]}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    (tmp_path / "b.json").write_text(json.dumps(rows[:2]), "utf-8")
    columns = ("--column", "text", "--column", "tags[].name")
    for name, more, said in (
        ("a.jsonl", (), ""),
        ("a.jsonl", ("--column", "titel"), "'titel'"),
        ("b.json", (), "'tags[].name'"),
        (".", (), ""),
    ):
        for workers in ("1", "2"):
            arguments = ("fix", name, "-o", "out", "--force", "--workers", workers)
            done = jiaokan(*arguments, *columns, *more, cwd=tmp_path)
            assert done.code == 0
            assert (f"no record has a text in column {said}" in done.err) is bool(said), done.err
            again = jiaokan(*arguments, *columns, *more, cwd=tmp_path)
            assert again.err == done.err  # and of files that are kept


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-16-le"])
def test_undo_gives_delimited_text_back_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    rows = "".join(f'{n},"今天天氣很好,我們去公園散步。"\r\n' for n in range(30))
    data = f"id,text\r\n{rows}7,一,二\r\n".encode(encoding)
    (tmp_path / "a.csv").write_bytes(data)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(data, mtime=0))
    done = jiaokan("fix", ".", "-o", "out", "--column", "text", cwd=tmp_path)
    assert done.code == 0 and "2 of 62 records" in done.err
    assert "很好，我們" in (tmp_path / "out/a.csv").read_text("utf-8")
    rejected = rows_of(tmp_path / "out/_audit/rejected.jsonl")
    kept = {base64.b64decode(row["raw"]).decode(encoding) for row in rejected}
    assert kept == {"7,一,二\r\n"}  # its own bytes, not those of UTF-8
    undone = jiaokan("undo", "out", "-o", "back", cwd=tmp_path)
    assert (tmp_path / "back/a.csv").read_bytes() == data
    assert gzip.decompress((tmp_path / "back/b.csv.gz").read_bytes()) == data
    assert (undone.code, undone.err) == (0, "")


def test_lists_are_said_to_be_no_text(tmp_path: Path) -> None:
    row = {"messages": [{"role": "user", "content": DAMAGED}], "text": None}
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    done = jiaokan("fix", ".", "-o", "out", "--column", "messages", cwd=tmp_path)
    assert done.code == 2 and "a.jsonl: 'messages' holds lists, not text" in done.err
    assert jiaokan("fix", ".", "-o", "out", "--column", "text", cwd=tmp_path).code == 0


def test_records_without_text_are_skipped_by_check_and_named_by_fix(tmp_path: Path) -> None:
    row = {"id": 1, "body": DAMAGED}
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "b.parquet")
    (tmp_path / "c.txt").write_text(CLEAN, "utf-8")
    done = jiaokan("fix", ".", "-o", "out", cwd=tmp_path)
    assert done.code == 2
    for line, name in zip(done.err.splitlines(), ("a.jsonl", "b.parquet"), strict=True):
        assert line.startswith(f"jiaokan: error: {name}: no ")
        assert line.endswith("name the text with --column: id, body")
    for command in ("check", "diff"):
        done = jiaokan(command, ".", "--exclude", "out", cwd=tmp_path)
        assert done.code == 0 and "skipped: no key 'text'" in done.err, done.err
    done = jiaokan("check", "a.jsonl", "b.parquet", "--column", "body", cwd=tmp_path)
    assert done.code == 1 and "a.jsonl#0/body" in done.out and "b.parquet#0/body" in done.out
    assert jiaokan("check", "a.jsonl", "--column", "text", cwd=tmp_path).code == 2


def test_without_the_extra_what_needs_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in ("pyarrow", "compression.zstd", "backports.zstd", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "jiaokan.repair.corpus.formats.columnar", raising=False)
    buffer = io.BytesIO()
    buffer.write(b"PAR1" + bytes(100))
    (tmp_path / "a.parquet").write_bytes(buffer.getvalue())
    (tmp_path / "b.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(json_lines()))
    done = jiaokan("fix", ".", "-o", "out", cwd=tmp_path)
    assert done.code == 2
    for line in done.err.splitlines():
        assert "pip install 'jiaokan[corpus]'" in line
    assert len(done.err.splitlines()) == 2
    out = gzip.decompress((tmp_path / "out/c.jsonl.gz").read_bytes())
    assert [json.loads(line) for line in out.splitlines()] == repaired_rows()


def test_a_report_of_many_files_lists_the_worst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "MAX_FILES", 2)
    monkeypatch.setattr(collect, "WORST_FILES", 1)
    (tmp_path / "in").mkdir()
    for number, times in enumerate((1, 0, 1, 2, 5, 0)):
        (tmp_path / "in" / f"{number}.txt").write_text(CLEAN + DAMAGED * times, "utf-8")
    assert jiaokan("fix", "in", "-o", "out", cwd=tmp_path).code == 0
    report = collect.collect_report(tmp_path / "out")
    summary = json.loads((tmp_path / "out/_audit/summary.json").read_bytes())
    assert [file.name for file in report.files] == ["0.txt", "2.txt", "4.txt"]
    assert (report.file_count, report.changed) == (summary["files"], summary["changed"]) == (6, 4)
    assert (report.characters, report.edits) == (summary["characters"], summary["edits"])


def test_a_report_counts_how_sure_all_are_also_those_that_it_does_not_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines())
    for name in ("b.txt", "c.txt"):
        (tmp_path / name).write_text(DAMAGED + "今天\ufffd氣很好。\n", "utf-8")
    jiaokan("fix", ".", "-o", "out", cwd=tmp_path)
    whole = collect.collect_report(tmp_path / "out")
    listed = [change for file in whole.files for change in file.changes]
    assert whole.confidence.edits.total() == whole.edits == sum(c.applied for c in listed)
    assert whole.confidence.reported.total() == whole.reported == len(listed) - whole.edits > 0
    assert whole.confidence.least[listed[0].rule] == min(
        change.confidence for change in listed if change.rule == listed[0].rule
    )
    monkeypatch.setattr(collect, "MAX_CHANGES", 2)
    cut = collect.collect_report(tmp_path / "out")
    assert sum(len(file.changes) for file in cut.files) == 2
    assert cut.confidence == whole.confidence
    page = render_report(cut)
    assert f'<td class="number">{whole.confidence.edits["0.99 and over"]:,}</td>' in page
