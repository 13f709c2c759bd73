"""The cache of `check`: it saves work, and no state of it changes an answer."""

import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jiaokan.repair.checking import cache, checks
from jiaokan.repair.files import Input
from jiaokan.repair.formats import NAMES
from tests.command import CLEAN, DAMAGED, Done, jiaokan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of each kind in which something is found, or nothing, or that are skipped."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "damaged.txt").write_text(DAMAGED, "utf-8")
    (files / "clean.txt").write_text(CLEAN, "utf-8")
    (files / "legacy.txt").write_bytes((DAMAGED * 9).encode("big5", "ignore"))
    (files / "silenced.md").write_text(
        f"<!-- jiaokan: disable-next-line glosses, debris -->\n{DAMAGED}", "utf-8"
    )
    (files / "lone.txt").write_bytes(DAMAGED.encode() + b"\xff\xfe\xed\xa0\x80" + DAMAGED.encode())
    (files / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    rows = [json.dumps({"id": n, "text": DAMAGED if n % 3 else CLEAN}) for n in range(9)]
    (files / "records.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    (files / "packed.txt.gz").write_bytes(gzip.compress(DAMAGED.encode()))
    (files / "broken.jsonl.gz").write_bytes(gzip.compress(b'{"text": "x"}\n' * 99)[:-9])
    return files


def check(folder: Path, *arguments: str) -> Done:
    return jiaokan(
        "check", ".", "--cache-dir", str(folder.parent / "cache"), *arguments, cwd=folder
    )


def no_work(group: Any) -> Any:
    raise AssertionError(f"{[asked.item.name for asked in group.asked]} should be in the cache")


@pytest.mark.parametrize("form", NAMES)
def test_the_answer_is_the_same_with_and_without(folder: Path, form: str) -> None:
    fresh = check(folder, "--format", form, "--no-cache")
    assert fresh.code == 2 and "broken.jsonl.gz" in fresh.err and "unused silence" in fresh.err
    for _ in range(3):
        assert check(folder, "--format", form) == fresh
    assert check(folder, "--format", form, "--workers", "2", "--no-cache") == fresh


def test_what_did_not_change_is_not_checked_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "broken.jsonl.gz").unlink()  # failures are not kept
    fresh = check(folder, "--format", "json")
    (folder / "damaged.txt").touch()
    monkeypatch.setattr(checks, "_check_group", no_work)
    assert check(folder, "--format", "json") == fresh
    (folder / "damaged.txt").rename(folder / "moved.txt")
    with pytest.raises(AssertionError):
        list(checks.Checks(lambda item: {}, ((), None), cache.CheckCache(None)).run(
            [Input(folder / "moved.txt", "moved.txt")]
        ))  # fmt: skip


def test_a_file_is_called_as_it_is_given_now(folder: Path) -> None:
    (folder / "broken.jsonl.gz").unlink()
    check(folder, "--format", "gitlab")
    said = [
        jiaokan("check", "files", "--format", "gitlab", *cached, cwd=folder.parent).out
        for cached in (["--cache-dir", str(folder.parent / "cache")], ["--no-cache"])
    ]
    assert said[0] == said[1] and '"files/damaged.txt"' in said[0]


def test_a_change_of_bytes_name_settings_or_build_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(*arguments: str) -> int:
        done = check(folder, "--format", "json", *arguments)
        assert done == check(folder, "--format", "json", "--no-cache", *arguments)
        return int(json.loads(done.out)["summary"]["findings"])

    for path in folder.iterdir():
        if path.name != "damaged.txt":
            path.unlink()
    stamp = (folder / "damaged.txt").stat()
    assert found() == 4
    other = DAMAGED.replace("(yè)", "甲ab")  # as many bytes, at the same time
    (folder / "damaged.txt").write_text(other, "utf-8")
    assert (folder / "damaged.txt").stat().st_size == stamp.st_size
    os.utime(folder / "damaged.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert found() == 3
    assert found("--ignore", "glosses") == 0
    assert found("--script", "zh-Hans") > 3
    (folder / "jiaokan.toml").write_text('ignore = ["glosses"]\n')
    assert found() == 0
    (folder / "jiaokan.toml").write_text('[per-path-ignores]\n"*.txt" = ["glosses"]\n')
    assert found() == 0
    (folder / "jiaokan.toml").write_text("")
    (folder / "damaged.txt").rename(folder / "records.jsonl")  # another name: another format
    done = check(folder, "--format", "json")
    assert done == check(folder, "--format", "json", "--no-cache") and done.code == 0
    (folder / "records.jsonl").rename(folder / "again.txt")
    assert found() == 3
    monkeypatch.setattr(cache, "_files_of_build", lambda: [(__file__, Path(__file__).stat())])
    monkeypatch.setattr(checks, "_check_group", no_work)
    assert check(folder).code == 2  # another build knows nothing of it


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_database_is_no_answer(folder: Path, seed: int) -> None:
    fresh = check(folder, "--format", "json", "--no-cache")
    assert check(folder, "--format", "json") == fresh
    path = folder.parent / "cache" / cache.NAME
    data = bytearray(path.read_bytes())
    chance = random.Random(seed)
    if seed % 3 == 0:
        data = data[: chance.randrange(len(data))]
    elif seed % 3 == 1:
        data = bytearray(chance.randbytes(len(data)))
    else:
        for _ in range(len(data) // 50):
            data[chance.randrange(100, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    for _ in range(3):
        assert check(folder, "--format", "json") == fresh


def test_an_altered_row_is_no_answer(folder: Path) -> None:
    fresh = check(folder, "--format", "json")
    with sqlite3.connect(folder.parent / "cache" / cache.NAME) as database:
        changed = database.execute(
            "UPDATE checks SET value = CAST(replace(CAST(value AS TEXT), '業', '某') AS BLOB)"
        )
        assert changed.rowcount > 5
        database.execute("UPDATE checks SET value = 3 WHERE key = (SELECT min(key) FROM checks)")
    assert check(folder, "--format", "json") == fresh


def test_where_nothing_can_be_written(folder: Path) -> None:
    fresh = check(folder, "--no-cache")
    (folder.parent / "cache").write_text("a file in its place")
    assert check(folder) == fresh
    (folder.parent / "cache").unlink()
    path = folder.parent / "cache" / cache.NAME
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE checks (other INT)")
    assert check(folder) == fresh
    path.unlink()
    with sqlite3.connect(path, isolation_level=None) as database:
        database.execute("BEGIN EXCLUSIVE")  # held by another process for ever
        assert check(folder) == fresh


def test_several_at_once(folder: Path) -> None:
    (folder / "broken.jsonl.gz").unlink()
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"{DAMAGED}{number}\n", "utf-8")
    fresh = check(folder, "--no-cache").stdout
    command = [
        sys.executable,
        "-c",
        "from jiaokan.repair.command import main; main()",
        "check",
        ".",
    ]
    command += ["--cache-dir", str(folder.parent / "cache")]
    running = [
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(4)
    ]
    assert [process.communicate()[0] for process in running] == [fresh] * 4
    assert check(folder).stdout == fresh


def test_rows_without_use_go_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(folder)

    def rows() -> int:
        with sqlite3.connect(folder.parent / "cache" / cache.NAME) as database:
            return int(database.execute("SELECT count(*) FROM checks").fetchone()[0])

    before = rows()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400 * (cache.DAYS + 2))
    (folder / "clean.txt").write_text(CLEAN * 2, "utf-8")
    for path in folder.iterdir():
        if path.name != "clean.txt":
            path.unlink()
    check(folder)
    assert before > 5 and rows() == 1
    monkeypatch.setattr(cache, "MOST_BYTES", 100)
    assert check(folder).code == 1 and rows() == 1


def test_nothing_heavy_is_loaded_for_what_is_known(folder: Path) -> None:
    (folder / "broken.jsonl.gz").unlink()
    check(folder)
    code = (
        "import sys\nfrom jiaokan.repair.command import main\ntry: main()\nexcept SystemExit: pass\n"
        "sys.exit(3 if {'numpy', 'jiaokan.repair.pipeline'} & set(sys.modules) else 0)"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "check",
        ".",
        "--cache-dir",
        str(folder.parent / "cache"),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0 and b"damaged.txt" in done.stdout, done.stderr
