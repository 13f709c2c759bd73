"""A run that was killed goes on where it was; a second run does only what is missing."""

import json
import os
from pathlib import Path

from tests.command import DAMAGED, jiaokan
from tests.kills import TABLES, killed_runs, leftovers, make_corpus, outcome


def test_kills_leave_no_trace(tmp_path: Path) -> None:
    wrong = {done: found for done, found in killed_runs(tmp_path, 2, seed=7) if found}
    assert not wrong


def inodes(out: Path) -> dict[str, int]:
    files = (path for path in out.rglob("*") if path.is_file() and "_audit" not in path.parts)
    return {str(path.relative_to(out)): path.stat().st_ino for path in files}


def fix(source: Path, out: Path, *more: str) -> None:
    done = jiaokan("fix", source, "-o", out, *more)
    assert done.code == 2 and "broken.jsonl.gz" in done.err, done.err


def test_a_second_run_does_only_what_changed(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    make_corpus(source, files=20, records=20)
    fix(source, out)
    before = inodes(out)
    (source / "part1/1.txt").write_text(DAMAGED * 9, "utf-8")
    (source / "part2/new.txt").write_text(DAMAGED, "utf-8")
    (out / "part3/b.jsonl").write_text("somebody was here\n")
    done = jiaokan("fix", source, "-o", out)
    assert done.code == 2 and "part3/b.jsonl: changed since an earlier run wrote it" in done.err
    assert "not in the audit" not in done.err
    after = inodes(out)
    changed = {name for name, inode in after.items() if before.get(name) != inode}
    assert changed == {"part1/1.txt", "part2/new.txt"}
    assert (out / "part3/b.jsonl").read_text() == "somebody was here\n"
    fix(source, out, "--force")
    fix(source, tmp_path / "fresh")
    assert outcome(out) == outcome(tmp_path / "fresh")


def test_other_settings_do_everything_again(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    make_corpus(source, files=8, records=8)
    fix(source, out)
    before = inodes(out)
    fix(source, out, "--ignore", "glosses")
    assert not set(before.values()) & set(inodes(out).values())
    assert json.loads((out / "_audit/summary.json").read_bytes())["edits"] == 0


def cut_off(out: Path, tables: dict[str, int]) -> None:
    """The audit as a killed run leaves it: nothing is finished, tables end anywhere."""
    audit = out / "_audit"
    (audit / "run").mkdir()
    about = json.loads((audit / "summary.json").read_bytes())
    del about["sha256"]
    (audit / "run/run.json").write_text(json.dumps(about), "utf-8")
    (audit / "summary.json").unlink()
    for name in TABLES:
        data = (audit / name).read_bytes()
        (audit / "run" / name).write_bytes(data[: tables.get(name, len(data))])
        (audit / name).unlink()
    (out / "part1/.jiaokan-0123456789abcdef.tmp").write_bytes(b"half")


def test_rows_that_are_not_whole_are_not_trusted(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    make_corpus(source, files=10, records=10)
    fix(source, out)
    expected = outcome(out)
    for tables in ({"edits.jsonl": 3_001}, {"files.jsonl": 1_002}, {"rejected.jsonl": 0}):
        cut_off(out, tables)
        before = inodes(out)
        fix(source, out)
        assert outcome(out) == expected and not leftovers(out)
        again = {name for name, inode in inodes(out).items() if before[name] != inode}
        assert 0 < len(again) <= len(before)


def test_a_killed_run_can_be_undone_with_all_that_was_before_it(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    make_corpus(source, files=10, records=10)
    fix(source, out)
    cut_off(out, {})
    os.rename(out / "_audit/run", out / "_audit/first")  # noqa: PTH104
    (out / "_audit/broken").mkdir()
    os.rename(out / "_audit/first", out / "_audit/broken/1")  # noqa: PTH104
    done = jiaokan("undo", out)
    assert done.code == 0, done.err
    for path in source.rglob("*.txt"):
        assert (out / path.relative_to(source)).read_bytes() == path.read_bytes()


def test_what_cannot_be_repaired_any_more_does_not_stay_as_it_was(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        (source / name).write_text(json.dumps({"text": DAMAGED}) + "\n", "utf-8")
    assert jiaokan("fix", source, "-o", out).code == 0
    (out / "c.jsonl").write_text("edited by hand\n", "utf-8")
    for name in ("b.jsonl", "c.jsonl"):
        (source / name).write_text(json.dumps({"body": DAMAGED}) + "\n", "utf-8")
    done = jiaokan("fix", source, "-o", out)
    assert done.code == 2
    assert not (out / "b.jsonl").exists()
    assert (out / "c.jsonl").read_text("utf-8") == "edited by hand\n"
    assert "c.jsonl: changed since an earlier run wrote it, and left" in done.err
    assert "b.jsonl: of an earlier run" not in done.err
