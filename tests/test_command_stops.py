"""Runs that break off: what is kept is said, and how to go on; and outputs that later runs meet."""

import json
from pathlib import Path

import pytest

from jiaokan.repair.fixing import preparing
from jiaokan.repair.fixing.output import OutputFolder
from tests.command import CLEAN, DAMAGED, jiaokan, tree


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.txt").write_text(DAMAGED, "utf-8")
    return folder


def stop_after(monkeypatch: pytest.MonkeyPatch, batches: int, error: BaseException) -> None:
    """The run is stopped when it is to put the files of a later batch in their places."""
    monkeypatch.setattr(preparing, "GROUP_FILES", 4)
    commit = OutputFolder._commit
    left = iter(range(batches))

    def stopping(self: OutputFolder, batch: object) -> None:
        if next(left, None) is None:
            raise error
        commit(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(OutputFolder, "_commit", stopping)


def test_ctrl_c_says_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path / "in", 10)
    before = tree(tmp_path / "in")
    with monkeypatch.context() as patch:
        stop_after(patch, 1, KeyboardInterrupt())
        done = jiaokan("fix", "in", "-o", "out", "--workers", "1", cwd=tmp_path)
    assert done.code == 130 and not done.out
    count = len(tree(tmp_path / "out"))
    assert 0 < count < 10
    said = f"{count} of 10 files are done and on record in out; the same command goes on"
    assert done.err.splitlines() == [f"jiaokan: stopped; {said}"]
    undone = jiaokan("undo", "out", "-o", "back", cwd=tmp_path)
    assert undone.code == 0 and f"{count} files are as before" in undone.out
    assert "stopped in the middle" in undone.out
    assert tree(tmp_path / "back").items() < before.items()
    assert jiaokan("fix", "in", "-o", "out", cwd=tmp_path).code == 0
    undone = jiaokan("undo", "out", "-o", "again", cwd=tmp_path)
    assert tree(tmp_path / "again") == before and "stopped" not in undone.out


def test_ctrl_c_before_anything_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path / "in", 2)
    stop_after(monkeypatch, 0, KeyboardInterrupt())
    done = jiaokan("fix", "in", "-o", "out", cwd=tmp_path)
    assert done.err == "jiaokan: stopped; no file was done, and nothing was changed\n"
    assert not (tmp_path / "out").exists()


def test_ctrl_c_in_place_names_the_undo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(many(tmp_path / "in", 10))
    with monkeypatch.context() as patch:
        stop_after(patch, 1, KeyboardInterrupt())
        done = jiaokan(
            "fix",
            "--in-place",
            "in",
            "--workers",
            "1",
            cwd=tmp_path,
        )
    assert done.code == 130 and "`jiaokan undo in` takes it back" in done.err
    undone = jiaokan("undo", "in", cwd=tmp_path)
    assert undone.code == 0 and "stopped in the middle" in undone.out
    assert tree(tmp_path / "in") == before


def test_a_full_disk_says_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many(tmp_path / "in", 10)
    stop_after(monkeypatch, 1, OSError(28, "No space left on device", "out/_audit/run/edits.jsonl"))
    done = jiaokan("fix", "in", "-o", "out", "--workers", "1", cwd=tmp_path)
    first, second = done.err.splitlines()
    assert done.code == 2 and "the disk is full; make room and run again" in first
    assert "of 10 files are done and on record in out; the same command goes on" in second


def test_undo_of_a_run_that_was_killed_at_once(tmp_path: Path) -> None:
    run = tmp_path / "out/_audit/run"
    run.mkdir(parents=True)
    about = {"audit_version": 1, "base": "..", "in_place": False}
    (run / "run.json").write_text(json.dumps(about), "utf-8")
    done = jiaokan("undo", "out", "-o", "back", cwd=tmp_path)
    assert done.code == 0 and "before it had done a file" in done.out
    assert (tmp_path / "back").is_dir()


def test_ctrl_c_of_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from jiaokan.repair.checking.checks import Checks

    def stopped(*_: object) -> object:
        raise KeyboardInterrupt

    many(tmp_path / "in", 2)
    monkeypatch.setattr(Checks, "run", stopped)
    done = jiaokan("check", "in", "--cache-dir", "cache", cwd=tmp_path)
    assert done.code == 130 and "the same command goes on" in done.err
    done = jiaokan("check", "in", "--no-cache", cwd=tmp_path)
    assert done.code == 130 and "begins anew" in done.err


def test_files_that_could_not_be_repaired_are_counted(tmp_path: Path) -> None:
    folder = many(tmp_path / "in", 1)
    for name in "ab":
        (folder / f"{name}.jsonl.gz").write_bytes(b"\x1f\x8b\x08 not gzip")
    done = jiaokan("fix", "in", "-o", "out", cwd=tmp_path)
    said = "Not repaired:  2 files, for the reasons above; out/_audit/rejected.jsonl has them all"
    assert done.code == 2 and done.out.splitlines()[-1] == said
    done = jiaokan("fix", "in/a.jsonl.gz", "-o", "none", cwd=tmp_path)
    said = "Not repaired:  1 file, for the reason above; none/_audit/rejected.jsonl has it"
    assert done.code == 2 and done.out.splitlines() == [said]


def test_an_output_below_the_input_is_no_input(tmp_path: Path) -> None:
    folder = many(tmp_path / "in", 2)
    assert jiaokan("fix", "in", "-o", "in/one", cwd=tmp_path).code == 0
    done = jiaokan("fix", "in", "-o", "in/two", cwd=tmp_path)
    assert done.code == 0 and "one: skipped: what an earlier run made of this folder" in done.err
    assert sorted(tree(folder / "two")) == ["0000.txt", "0001.txt"]
    assert "in 2 of 2 files" in jiaokan("check", "in", cwd=tmp_path).out
    assert "in 2 files" in jiaokan("check", "in/one", cwd=tmp_path).out  # given by name
    (folder / "beside").mkdir()
    assert jiaokan("fix", "in/0000.txt", "-o", "in/beside/out", cwd=tmp_path).code == 0
    assert "3 files" in jiaokan("check", "in", cwd=tmp_path).out  # no run over the whole folder


def test_a_table_says_how_to_name_its_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"id,text\n1,{CLEAN}", "utf-8")
    (tmp_path / "b.csv").write_text(f"id,body\n1,{CLEAN}", "utf-8")
    for command in (("check", "."), ("diff", "."), ("fix", ".", "-o", "out")):
        done = jiaokan(*command, cwd=tmp_path)
        assert done.code == 0
        said = "a.csv: read as one text; to repair its column 'text' alone, say --column text"
        assert done.err.splitlines() == [f"jiaokan: {said}"]
    done = jiaokan("check", "a.csv", "--column", "text", cwd=tmp_path)
    assert done.code == 0 and not done.err


def test_the_settings_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = jiaokan("config", "nofile", cwd=tmp_path)
    assert done.code == 2 and "nofile: there is no such file or folder" in done.err
