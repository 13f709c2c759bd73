"""A long file of records that was broken off goes on, and ends as one that was not."""

import bz2
import errno
import gzip
import json
import lzma
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pip install 'jiaokan[corpus]'")

from jiaokan.repair.corpus import checkpoint, record_file, repairing
from tests.command import CLEAN, DAMAGED, jiaokan
from tests.kills import leftovers, outcome

SMALL = 1 << 20


def lines(count: int = 5_500) -> bytes:
    rng = random.Random(5)
    rows = []
    for number in range(count):
        noise = "".join(rng.choices("天地人和日月山水", k=150))
        text = (DAMAGED, CLEAN, noise)[number % 3] + noise
        rows.append(json.dumps({"id": number, "text": text}, ensure_ascii=False))
        if number % 4_000 == 7:
            rows.append("not json")
    return ("\n".join(rows) + "\n").encode()


def delimited() -> bytes:
    rows = [json.loads(line) for line in lines(10_000).splitlines() if line != b"not json"]
    quoted = (f'{row["id"]},"{row["text"]}"' for row in rows)
    return ("id,text\n" + "\n".join(quoted) + "\n").encode()


def array() -> bytes:
    rows = [json.loads(line) for line in lines().splitlines() if line != b"not json"]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


CASES = {
    "a.jsonl": lines(), "a.jsonl.gz": gzip.compress(lines()), "a.jsonl.xz": lzma.compress(lines(), preset=0),
    "a.jsonl.bz2": bz2.compress(lines()), "a.csv": delimited(), "a.csv.gz": gzip.compress(delimited(), 1),
    "a.json": array(), "a.json.gz": gzip.compress(array()),
}  # fmt: skip


@pytest.fixture(autouse=True)
def small_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "SECTION", SMALL)


def counting(monkeypatch: pytest.MonkeyPatch, *, stop_after: int = 1_000) -> list[int]:
    """The first records of the chunks that are repaired from now on; then it is as if Ctrl-C came."""
    found: list[int] = []
    repair_chunk = repairing.repair_chunk

    def counted(chunk: Any, **options: Any) -> Any:
        if len(found) >= stop_after:
            raise KeyboardInterrupt
        found.append(chunk.first)
        return repair_chunk(chunk, **options)

    for module in (repairing, record_file):
        monkeypatch.setattr(module, "repair_chunk", counted)
    return found


@pytest.mark.parametrize("name", CASES)
def test_it_goes_on_where_it_was(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(CASES[name])
    arguments = (name, "--column", "text", "--id-column", "id", "--workers", "1")
    with monkeypatch.context() as patch:
        whole = counting(patch)
        assert jiaokan("fix", *arguments, "-o", "whole", cwd=tmp_path).code == 0
    assert len(whole) > 2
    with monkeypatch.context() as patch:
        counting(patch, stop_after=len(whole) - 1)
        done = jiaokan("fix", *arguments, "-o", "out", cwd=tmp_path)
        assert done.code == 130 and "goes on within the one that was under way" in done.err
    assert list((tmp_path / "out").glob(".*.point.tmp"))
    with monkeypatch.context() as patch:
        rest = counting(patch)
        assert jiaokan("fix", *arguments, "-o", "out", cwd=tmp_path).code == 0
    assert 0 < len(rest) < len(whole) and rest == whole[-len(rest) :]
    assert outcome(tmp_path / "out") == outcome(tmp_path / "whole")
    assert not leftovers(tmp_path / "out")
    done = jiaokan("undo", "out", "-o", "back", cwd=tmp_path)
    assert done.code == 0 and "not the same bytes" not in done.out
    assert (tmp_path / "back" / name).read_bytes() == CASES[name]


@pytest.mark.parametrize("what", ["settings", "source", "state", "output"])
def test_what_does_not_fit_is_begun_again(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(lines())
    arguments = ["fix", "a.jsonl", "--workers", "1"]
    with monkeypatch.context() as patch:
        counting(patch, stop_after=3)
        assert jiaokan(*arguments, "-o", "out", cwd=tmp_path).code == 130
    (point,) = (tmp_path / "out").glob(".*.point.tmp")
    if what == "settings":
        arguments += ["--ignore", "script"]
    elif what == "source":
        source.write_bytes(b'{"text": "x"}\n' + lines())
    elif what == "state":
        point.write_bytes(point.read_bytes()[:-9])
    else:
        kept = json.loads(point.read_bytes())
        (tmp_path / "out" / kept["files"][0]).write_bytes(b"short")
    assert jiaokan(*arguments, "-o", "whole", cwd=tmp_path).code == 0
    assert jiaokan(*arguments, "-o", "out", cwd=tmp_path).code == 0
    assert outcome(tmp_path / "out") == outcome(tmp_path / "whole")
    assert not leftovers(tmp_path / "out")


def test_what_does_not_reach_the_disk_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the run does not wait for the disk, also where it is the last state of a file."""

    class Full:
        """The system, whose disk is full when it is to write."""

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def fsync(self, descriptor: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a.jsonl").write_bytes(CASES["a.jsonl"])
    size = len(CASES["a.jsonl"]) - 2 * SMALL  # one state, near the end
    monkeypatch.setattr(checkpoint, "SECTION", size)
    monkeypatch.setattr(checkpoint, "os", Full())
    done = jiaokan("fix", "a.jsonl", "-o", "out", "--workers", "1", cwd=tmp_path)
    assert done.code == 2 and "the disk is full" in done.err
    assert not (tmp_path / "out/a.jsonl").exists() and not leftovers(tmp_path / "out")


def test_a_file_that_is_gone_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(lines())
    with monkeypatch.context() as patch:
        counting(patch, stop_after=3)
        assert jiaokan("fix", "in", "-o", "out", "--workers", "1", cwd=tmp_path).code == 130
    (tmp_path / "in/a.jsonl").rename(tmp_path / "in/b.txt")
    assert jiaokan("fix", "in/b.txt", "-o", "out", "--force", cwd=tmp_path).code == 0
    assert not leftovers(tmp_path / "out")


def test_kills(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines(), 1))
    code = "from jiaokan.repair.corpus import checkpoint; checkpoint.SECTION = 1 << 20;"
    code += "from jiaokan.repair.command import main; main()"
    command = [sys.executable, "-c", code, "fix", "a.jsonl.gz", "--workers", "1", "-o"]

    def start(out: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*command, out], cwd=tmp_path, stdout=subprocess.DEVNULL)

    assert start("whole").wait() == 0
    saved = 0
    for kill in range(3):
        process = start("out")
        since = time.monotonic()
        while process.poll() is None and time.monotonic() - since < 300:
            points = list((tmp_path / "out").glob(".*.point.tmp"))
            if points and (now := points[0].stat().st_mtime_ns) > saved:
                saved = now
                time.sleep(0.05 * kill)
                break
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert saved
    assert start("out").wait() == 0
    assert outcome(tmp_path / "out") == outcome(tmp_path / "whole")
    assert not leftovers(tmp_path / "out")
