"""Records on standard input: told by their content, repaired as in a file, none left out."""

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

from jiaokan.repair.corpus import record_file, repairing
from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan
from tests.test_corpus_warc import wet

ROWS = [{"id": n, "text": (DAMAGED, CLEAN)[n % 2] * (n % 5)} for n in range(400)]
PACKERS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "plain": (bytes, bytes),
    "gzip": (gzip.compress, gzip.decompress),
    "bzip2": (bz2.compress, bz2.decompress),
    "xz": (lzma.compress, lzma.decompress),
    "zstd": (zstandard.compress, lambda data: unzstd(data)),
}


def unzstd(data: bytes) -> bytes:
    """Frames of a stream do not say how large they are, which zstandard.decompress asks for."""
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as file:
        return bytes(file.read())


def json_lines(rows: list[dict[str, Any]] = ROWS) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


@pytest.mark.parametrize("codec", PACKERS)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_comes_out_is_what_a_file_becomes(codec: str, workers: str, tmp_path: Path) -> None:
    if workers == "2" and codec not in ("plain", "zstd"):
        pytest.skip("the codecs differ in one process only")
    pack, unpack = PACKERS[codec]
    (tmp_path / "a.jsonl").write_bytes(pack(json_lines()))
    assert jiaokan("fix", "a.jsonl", "-o", "out", cwd=tmp_path).code == 0
    done = jiaokan("fix", "-", "--workers", workers, stdin=pack(json_lines()))
    assert (done.code, done.err) == (0, "")
    expected = (tmp_path / "out/a.jsonl").read_bytes()
    assert unpack(done.stdout) == unpack(expected)
    assert REPAIRED.strip().split("\n")[0] in unpack(done.stdout).decode()


def test_a_stream_longer_than_what_is_looked_at() -> None:
    rows = [{"n": n, "text": CLEAN * 100} for n in range(2_000)] + [{"n": -1, "text": DAMAGED}]
    data = json_lines(rows)
    assert len(data) > 8 << 20
    out = jiaokan("fix", "-", "--workers", "1", stdin=zstandard.compress(data)).stdout
    assert unzstd(out) == json_lines([*rows[:-1], {"n": -1, "text": REPAIRED}])


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_columnar(kind: str) -> None:
    table = pa.table({"id": [1, 2, None], "text": [DAMAGED, CLEAN, None]})
    raw = io.BytesIO()
    if kind == "parquet":
        pq.write_table(table, raw, compression="zstd")
    else:
        new = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with new(raw, table.schema) as writer:
            writer.write_table(table)
    done = jiaokan("fix", "-", stdin=raw.getvalue())
    assert (done.code, done.err) == (0, "")
    out = io.BytesIO(done.stdout)
    if kind == "parquet":
        found = pq.read_table(out)
        assert pq.ParquetFile(out).metadata.row_group(0).column(0).compression == "ZSTD"
    else:
        found = (pa.ipc.open_file if kind == "arrow" else pa.ipc.open_stream)(out).read_all()
    assert found.to_pydict() == {"id": [1, 2, None], "text": [REPAIRED, CLEAN, None]}
    wrong = jiaokan("fix", "-", "--column", "body", stdin=raw.getvalue())
    assert wrong.code == 2 and "no column 'body'" in wrong.err and "id, text" in wrong.err


def test_delimited_and_warc() -> None:
    text = DAMAGED.replace("\n", "")
    for delimiter in (",", "\t"):
        rows = f"id{delimiter}body\n1{delimiter}{text}\n2{delimiter}x{delimiter}y\n".encode()
        done = jiaokan("fix", "-", "--column", "body", stdin=rows)
        assert REPAIRED.split("\n")[0] in done.out and done.out.endswith(
            f"2{delimiter}x{delimiter}y\n"
        )
        assert "<stdin>: record 1 is left as it is (3 fields where the header has 2)" in done.err
    records = wet(is_packed=True)
    done = jiaokan("fix", "-", stdin=records)
    assert REPAIRED.split("\n")[0] in gzip.decompress(done.stdout).decode()
    assert done.stdout.count(records[:10]) == records.count(records[:10]) > 1  # a member a record


def test_no_record_is_left_out() -> None:
    bad = [b"{\n", b'{"text": "\xff"}\n', b'{"text": NaN}\n', b"[" * 50_000 + b"\n", b"3\n", b"\n"]
    data = json_lines()[:-1] + b"\n" + b"".join(bad) + json_lines(ROWS[:1])
    done = jiaokan("fix", "-", stdin=data)
    assert done.code == 0
    lines = done.stdout.split(b"\n")
    assert lines[400:406] == [line[:-1] for line in bad]
    assert len(lines) == data.count(b"\n") + 1
    assert "record 400 is left as it is (not a JSON object" in done.err
    assert (
        "record 401 is left as it is (not a JSON object: byte 0xFF at 10 is not UTF-8)" in done.err
    )
    assert "nested too deeply" in done.err or "record 403" in done.err
    many = jiaokan("fix", "-", stdin=json_lines() + b"?\n" * 500)
    assert "500 of 900 records are left as they are" in many.err


def test_text_stays_text() -> None:
    for packs, unpacks in PACKERS.values():
        done = jiaokan("fix", "-", stdin=packs(DAMAGED.encode("big5", "ignore")))
        assert done.code == 0 and unpacks(done.stdout).decode() != ""
        assert (
            unpacks(jiaokan("fix", "-", stdin=packs(DAMAGED.encode())).stdout) == REPAIRED.encode()
        )
    one = json.dumps({"text": DAMAGED}, ensure_ascii=False).encode() + b"\n"
    as_record = jiaokan("fix", "-", "--column", "text", stdin=one).stdout
    assert json.loads(as_record) == {"text": REPAIRED}
    as_named = jiaokan("fix", "-", "--stdin-filename", "a.jsonl", stdin=one).stdout
    assert as_named == as_record


def test_what_is_cut_off_is_said() -> None:
    data = zstandard.compress(json_lines(ROWS * 40))
    done = jiaokan("fix", "-", stdin=data[:-20])
    assert done.code == 2
    assert "<stdin>: not whole: its zstd data cannot be read after what was read" in done.err
    assert "not text but binary" in jiaokan("fix", "-", stdin=b"\0\1\2" * 99).err


@pytest.mark.parametrize("codec", ["", ".gz"])
def test_a_row_over_which_a_stage_fails_is_passed_on(
    codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = f'id,text\n1,"{DAMAGED}"\n2,"bad ""one"""\n3,{CLEAN}'.encode()
    repair_chunk = repairing.repair_chunk

    def failing(chunk: Any, **options: Any) -> Any:
        if any("bad" in row for row in chunk.data[1]):
            raise ZeroDivisionError
        return repair_chunk(chunk, **options)

    for module in (repairing, record_file):
        monkeypatch.setattr(module, "repair_chunk", failing)
    sent = gzip.compress(data) if codec else data
    done = jiaokan("fix", "-", "--column", "text", "--workers", "1", stdin=sent)
    out = gzip.decompress(done.stdout) if codec else done.stdout
    assert done.code == 0 and "is left as it is" in done.err
    assert out == data.replace(DAMAGED.encode(), REPAIRED.encode())
