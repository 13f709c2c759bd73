"""`--diff-base` in the checkouts that there are: branches, renames, shallow clones, worktrees, submodules."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED, jiaokan

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    options = ("-c", "user.name=n", "-c", "user.email=e", "-c", "protocol.file.allow=always")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(
        ["git", *options, *arguments], cwd=folder, check=True, capture_output=True, env=environment
    )


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def found(folder: Path, revision: str) -> set[tuple[str, int]]:
    """The file and line of each finding."""
    done = jiaokan("check", ".", "--diff-base", revision, "--format", "json", cwd=folder)
    assert done.code in (0, 1), done.err
    return {(each["file"], each["line"]) for each in json.loads(done.out)["findings"]}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "old.txt").write_text(DAMAGED, "utf-8")
    (folder / "clean.txt").write_text(CLEAN, "utf-8")
    commit(folder, "first")
    return folder


def test_a_renamed_file_is_not_new(repository: Path) -> None:
    git(repository, "mv", "old.txt", "new.txt")
    assert found(repository, "HEAD") == set()
    with (repository / "new.txt").open("a", encoding="utf-8") as file:
        file.write(DAMAGED.splitlines()[0] + "\n")
    assert found(repository, "HEAD") == {("new.txt", 3)}


def test_a_branch_is_compared_with_where_it_began(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "topic")
    (repository / "topic.txt").write_text(DAMAGED, "utf-8")
    commit(repository, "topic")
    git(repository, "checkout", "-q", "main")
    (repository / "old.txt").write_text("又一行。\n" + CLEAN, "utf-8")
    commit(repository, "main goes on")
    git(repository, "checkout", "-q", "topic")
    assert found(repository, "main") == {("topic.txt", 1), ("topic.txt", 2)}
    git(repository, "merge", "-q", "main", "-m", "merged")
    assert found(repository, "main") == {("topic.txt", 1), ("topic.txt", 2)}
    assert found(repository, "HEAD") == set()


def test_a_line_beside_one_that_is_gone(repository: Path) -> None:
    lines = DAMAGED.splitlines(keepends=True)
    (repository / "old.txt").write_text(
        lines[0] + "中間的一行。\n" + lines[1] + "末行。\n" + lines[0], "utf-8"
    )
    commit(repository, "three")
    (repository / "old.txt").write_text(lines[0] + lines[1] + "末行。\n" + lines[0], "utf-8")
    assert found(repository, "HEAD") == {("old.txt", 1), ("old.txt", 2)}
    (repository / "old.txt").write_text(
        lines[0] + "換了。\n" + lines[1] + "末行。\n" + lines[0], "utf-8"
    )
    assert found(repository, "HEAD") == set()


def test_hunks_that_a_users_git_puts_together(repository: Path) -> None:
    git(repository, "config", "diff.interHunkContext", "9")
    first, second = DAMAGED.splitlines(keepends=True)
    (repository / "old.txt").write_text(f"{first}中間的一行。\n{second}末行。\n", "utf-8")
    commit(repository, "two")
    (repository / "old.txt").write_text(f"{first}{second}換了。\n", "utf-8")
    assert found(repository, "HEAD") == {("old.txt", 1), ("old.txt", 2)}


def test_a_shallow_clone_says_what_to_fetch(repository: Path, tmp_path: Path) -> None:
    (repository / "clean.txt").write_text(DAMAGED, "utf-8")
    commit(repository, "second")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    shallow = tmp_path / "shallow"
    done = jiaokan("check", ".", "--diff-base", "HEAD~1", cwd=shallow)
    assert done.code == 2 and "git fetch --depth" in done.err
    git(shallow, "fetch", "-q", "--depth", "1", "origin", "main")
    assert found(shallow, "FETCH_HEAD") == set()
    git(repository, "tag", "before", "HEAD~1")
    git(shallow, "fetch", "-q", "--depth", "1", "origin", "tag", "before")
    assert found(shallow, "before") == {("clean.txt", 1), ("clean.txt", 2)}
    done = jiaokan("check", ".", "--diff-base", "no-such", cwd=repository)
    assert done.code == 2 and "no such revision" in done.err and "shallow" not in done.err


def test_worktrees_and_submodules(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "other")
    with (tmp_path / "tree/clean.txt").open("a", encoding="utf-8") as file:
        file.write(DAMAGED)
    assert found(tmp_path / "tree", "main") == {("clean.txt", 2), ("clean.txt", 3)}

    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    git(outer, "submodule", "add", "-q", f"file://{repository}", "inner")
    commit(outer, "with a submodule")
    assert found(outer, "HEAD") == set()
    with (outer / "inner/clean.txt").open("a", encoding="utf-8") as file:
        file.write(DAMAGED)
    (outer / "inner/untracked.txt").write_text(DAMAGED, "utf-8")
    expected = {(f"inner/{name}", n) for name, n in (("clean.txt", 2), ("clean.txt", 3))}
    expected |= {("inner/untracked.txt", 1), ("inner/untracked.txt", 2)}
    assert found(outer, "HEAD") == expected
    commit(outer / "inner", "moved on")
    assert found(outer, "HEAD") == expected
    assert found(outer / "inner", "HEAD") == set()


def records(folder: Path, texts: list[str]) -> None:
    """The same texts as JSON Lines, and as CSV with a field of two lines in front of them."""
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    (folder / "a.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    cells = ['"天氣\n很好"', *texts]
    (folder / "a.csv").write_text("text\n" + "\n".join(cells) + "\n", "utf-8")


def in_records(folder: Path, *arguments: str) -> set[tuple[str, int]]:
    """File and line, as code hosts are told."""
    check = ("check", ".", "--column", "text", "--format", "gitlab", *arguments)
    done = jiaokan(*check, cwd=folder)
    assert done.code in (0, 1), done.err
    places = (issue["location"] for issue in json.loads(done.out))
    return {(place["path"], place["lines"]["begin"]) for place in places}


def test_records_that_changed(repository: Path) -> None:
    bad, good = DAMAGED.splitlines()[0], "今天天氣很好。"
    (repository / "old.txt").unlink()
    records(repository, [good, bad, good, good])
    commit(repository, "records")
    assert in_records(repository) == {("a.jsonl", 2), ("a.csv", 5)}
    assert in_records(repository, "--diff-base", "HEAD") == set()
    records(repository, [good, bad, good, bad])
    changed = {("a.jsonl", 4), ("a.csv", 7)}
    assert in_records(repository, "--diff-base", "HEAD") == changed


def test_a_baseline_of_records_holds_when_they_move(tmp_path: Path) -> None:
    bad, good = DAMAGED.splitlines()[0], "今天天氣很好。"
    records(tmp_path, [good, bad])
    assert jiaokan("baseline", ".", "--column", "text", cwd=tmp_path).code == 0
    listed = json.loads((tmp_path / "jiaokan-baseline.json").read_text("utf-8"))["findings"]
    assert set(listed) == {"a.csv", "a.jsonl"}
    known = ("--baseline", "jiaokan-baseline.json")
    records(tmp_path, [good, good, good, bad])
    assert in_records(tmp_path, *known) == set()
    records(tmp_path, [bad, good, good, bad])
    assert len(in_records(tmp_path, *known)) == 2
