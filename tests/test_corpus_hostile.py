"""Broken and hostile input: one clear line each, and the other files are done."""

import gzip
import io
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")
import pyarrow.parquet as pq
import zstandard

from jiaokan.repair.corpus import records
from tests.command import CLEAN, DAMAGED, REPAIRED, jiaokan
from tests.kills import COMMAND

LINE = json.dumps({"text": DAMAGED}, ensure_ascii=False).encode() + b"\n"


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [f"{DAMAGED} {n}" for n in range(5_000)]}), out)
    return out.getvalue()


def late(data: bytes) -> bytes:
    """Cut off after the head that is looked at first."""
    return data[: len(data) * 9 // 10]


def noisy_lines() -> bytes:
    rows = [{"text": CLEAN, "noise": os.urandom(400).hex()} for _ in range(2_000)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl.zst", late(zstandard.compress(noisy_lines())), "its zstd data cannot be read"),
        ("a.jsonl.gz", late(gzip.compress(noisy_lines())), "its gzip data cannot be read"),
        ("a.txt.gz", gzip.compress(os.urandom(9_000).hex().encode())[:-900], "gzip data"),
        ("a.txt.zst", zstandard.compress("是\n".encode() * (5 << 20)), "a zip bomb?"),
        ("a.parquet", late(parquet()), "not whole parquet"),
        ("a.parquet", b"PAR1" + bytes(5_000) + b"PAR1", "not whole parquet"),
        ("a.arrow", b"ARROW1\0\0" + bytes(5_000), "not whole arrow"),
        ("a.jsonl", b'{"body": "x"}\n', "no key 'text'"),
        ("a.parquet.gz", gzip.compress(parquet()), "parquet inside gzip"),
    ],
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_broken_file_is_named_and_the_others_are_done(
    tmp_path: Path, name: str, data: bytes, said: str, workers: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in/z.txt").write_text(DAMAGED, "utf-8")
    done = jiaokan("fix", "in", "-o", "out", "--workers", workers, cwd=tmp_path)
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert line.startswith(f"jiaokan: error: {name}: ") and said in line
    assert (tmp_path / "out/z.txt").read_text("utf-8") == REPAIRED
    assert not (tmp_path / "out" / name).exists()
    assert not list((tmp_path / "out").rglob("*.tmp"))
    # To check, records without text are no failure: z.txt is what is found.
    is_text = "no key" not in said
    assert jiaokan("check", "in", cwd=tmp_path).code == (2 if is_text else 1)


def test_odd_values_of_json_stay(tmp_path: Path) -> None:
    odd = b'{"n": NaN, "m": -Infinity, "big": 1e999, "text": "ok", "text2": "\\ud800"}\n'
    deep = b'{"text": "x", "deep": ' + b"[" * 500 + b"]" * 500 + b"}\n"
    (tmp_path / "a.jsonl").write_bytes(odd + deep + LINE + b"\n" + odd)
    done = jiaokan("fix", "a.jsonl", "-o", "out", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    out = (tmp_path / "out/a.jsonl").read_bytes()
    assert out.startswith(odd + deep) and out.endswith(b"\n\n" + odd) and b"(y" not in out


def test_a_line_that_is_too_long_passes_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The limit itself is 32 MB; this line is longer than a chunk and its limit.
    from jiaokan.repair.corpus import recognise_json

    monkeypatch.setattr(recognise_json, "longest_record", lambda: 2 << 20)
    long = b'{"text": "' + DAMAGED.replace("\n", " ").encode() * 60_000 + b'"}\n'
    assert len(long) > (2 << 20) + 2 * records.CHUNK_BYTES
    data = LINE * 3 + long + LINE * 3
    (tmp_path / "a.jsonl").write_bytes(data)
    done = jiaokan("fix", "a.jsonl", "-o", "out", cwd=tmp_path)
    assert done.code == 0 and "7 records" in done.out
    out = (tmp_path / "out/a.jsonl").read_bytes()
    assert long in out and len(out.splitlines()) == 7 and out.count("企業(".encode()) == 60_000
    (row,) = map(json.loads, (tmp_path / "out/_audit/rejected.jsonl").read_bytes().splitlines())
    assert row["record"] == 3 and "too long" in row["reason"]
    assert jiaokan("undo", "out", cwd=tmp_path).code == 0
    assert (tmp_path / "out/a.jsonl").read_bytes() == data


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(LINE * 6_000)
    (tmp_path / "b.txt").write_text(DAMAGED, "utf-8")
    process = subprocess.Popen(
        [*COMMAND, "fix", "a.jsonl", "b.txt", "-o", "out", "--workers", "1"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    while process.poll() is None:
        if list((tmp_path / "out").glob("*.tmp")):
            with source.open("ab") as file:
                file.write(LINE)
        time.sleep(0.01)
    error = process.communicate()[1].decode()
    assert process.returncode == 2 and "a.jsonl: it was written to while it was read" in error
    assert (tmp_path / "out/b.txt").read_text("utf-8") == REPAIRED
    assert not (tmp_path / "out/a.jsonl").exists() and not list((tmp_path / "out").glob("*.tmp"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting takes root")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk(tmp_path: Path, workers: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(LINE * 400 + noisy_lines() * 4)
    (tmp_path / "in/b.jsonl").write_bytes(LINE)
    out = tmp_path / "out"
    out.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", out], check=False)
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        done = jiaokan("fix", "in", "-o", "out", "--workers", workers, cwd=tmp_path)
        assert done.code == 2 and "the disk is full; make room and run again" in done.err
        assert "a.jsonl" in done.err and (out / "b.jsonl").exists()
        assert not (out / "a.jsonl").exists() and not list(out.rglob("*.tmp"))
    finally:
        subprocess.run(["umount", "--lazy", out], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting takes root")
def test_a_disk_without_room_for_the_audit(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(300):
        (tmp_path / "in" / f"{number}.txt").write_text(DAMAGED, "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o"]
    if subprocess.run([*mount, "size=400k", "none", out], check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        done = jiaokan("fix", "in", "-o", "out", cwd=tmp_path)
        assert done.code == 2 and "the disk is full; make room and run again" in done.err
        assert "cannot write out/_audit" in done.err
        subprocess.run([*mount, "remount,size=20m", "none", out], check=True)
        assert jiaokan("fix", "in", "-o", "out", cwd=tmp_path).code == 0
        assert len(list(out.glob("*.txt"))) == 300 and not list(out.rglob("*.tmp"))
    finally:
        subprocess.run(["umount", "--lazy", out], check=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINE)
    done = jiaokan("fix", "a.jsonl", "-o", "/proc/nowhere", cwd=tmp_path)
    assert done.code == 2 and len(done.err.splitlines()) == 1
