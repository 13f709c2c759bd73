"""What is left out by ignore files is what git itself leaves out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from jiaokan.repair.configuration import Choices
from jiaokan.repair.files import Input, walk_inputs
from tests.command import DAMAGED, REPAIRED, jiaokan

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

FILES = [
    "a.log",
    "keep.log",
    "n/keep.log",
    "n/b.log",
    "build/x.txt",
    "n/build/x.txt",
    "foo/bar",
    "foo/a/b/bar/f.txt",
    "foo/q",
    "#hash.txt",
    "trail.txt",
    "q/deep/x.txt",
    "q/deep/y.txt",
    "sub/no.txt",
    "sub/ok.txt",
    "sub/yes/1.txt",
    "az.txt",
    "dz.txt",
    "日本語.txt",
    "中文.txt",
    "excl.txt",
    "t.swp",
    "rootonly.txt",
    "n/rootonly.txt",
    "k.txt2",
    "x.tmp",
    "n/z.tmp",
    "n/only/a",
    "m/only/a",
    "neg/a.txt",
    "neg/b.md",
    "neg/d/c.txt",
    "own.everywhere",
    "crlf.out",
]
IGNORES = {
    ".gitignore": "*.log\n!keep.log\n/build/\nfoo/**/bar\n# c\n\\#hash.txt\ntrail.txt  \n**/deep/x.txt\n"
    "*.tmp\nsub/*\n!sub/yes/\n!sub/ok.txt\n[a-c]z.txt\n日本*.txt\n",
    ".git/info/exclude": "excl.txt\n*.txt2\n",
    "n/.gitignore": "!b.log\n!*.tmp\nonly/\n",
    "neg/.gitignore": "*\n!.gitignore\n!*.txt\n",
}


def git(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout


def write(path: Path, text: str = "x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def of_git(folder: Path) -> set[str]:
    listed = git(folder, "ls-files", "-co", "--exclude-standard", "-z").decode()
    return {name for name in listed.split("\0") if name}


def of_ours(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.chdir(folder)
    choices = Choices({})
    choices.given_by_name([Path()])
    inputs = walk_inputs([Path()], base=folder, excluded=choices.excluded)
    return {item.name for item in inputs if isinstance(item, Input)}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    write(tmp_path / "home/.config/git/ignore", "*.swp\n/rootonly.txt\n")
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "-q")
    for name in FILES:
        write(folder / name)
    for name, text in IGNORES.items():
        write(folder / name, text)
    return folder


def test_it_is_what_git_leaves_out(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_ours(checkout, monkeypatch) == of_git(checkout)
    assert "rootonly.txt" not in of_git(checkout) and "sub/ok.txt" in of_git(checkout)


def test_the_users_own_file_may_stand_elsewhere(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "elsewhere", "*.everywhere\n")
    write(tmp_path / "home/.gitconfig", f"[core]\n\texcludesFile = {tmp_path}/elsewhere\n")
    found = of_ours(checkout, monkeypatch)
    assert found == of_git(checkout)
    assert "own.everywhere" not in found and "t.swp" in found


def test_a_worktree_has_the_excludes_of_its_checkout(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / ".gitignore").write_bytes(b"\xef\xbb\xbf*.log\r\ncrlf.out\r\n")
    git(checkout, "add", ".gitignore")
    git(checkout, "-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "one")
    tree = tmp_path / "tree"
    git(checkout, "worktree", "add", "-q", os.fspath(tree))
    for name in ("excl.txt", "a.log", "a.txt", "crlf.out"):
        write(tree / name)
    assert of_ours(tree, monkeypatch) == of_git(tree) == {".gitignore", "a.txt"}


def test_the_hook_keeps_its_audit_in_a_worktree(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "add", ".gitignore")
    git(checkout, "-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "one")
    tree = tmp_path / "tree"
    git(checkout, "worktree", "add", "-q", os.fspath(tree))
    write(tree / "a.txt", DAMAGED)
    hook = ("fix", "--force-exclude", "--in-place", "--audit", ".git/jiaokan", "--quiet")
    assert jiaokan(*hook, "a.txt", cwd=tree).code == 0
    assert (tree / "a.txt").read_text("utf-8") == REPAIRED
    audit = checkout / ".git/jiaokan"
    assert jiaokan("undo", audit, cwd=tree).code == 0
    assert (tree / "a.txt").read_text("utf-8") == DAMAGED
