"""The hooks of .pre-commit-hooks.yaml under the real pre-commit, installed from a repository of
the working tree: a commit with damage is refused, then mended, then goes through."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED, REPAIRED

pytest.importorskip("pre_commit", reason="`make test-hooks` installs pre-commit")
ROOT = Path(__file__).parent.parent.parent
PARTS = (
    ".pre-commit-hooks.yaml", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE",
    "src/jiaokan/__init__.py", "src/jiaokan/py.typed", "repair", "validators",
)  # fmt: skip


def git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    options = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *options, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository of what the package is built from."""
    clone = tmp_path_factory.mktemp("jiaokan")
    for part in PARTS:
        (clone / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".jiaokan-*")
            shutil.copytree(ROOT / part, clone / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, clone / part)
    git(clone, "init", "-q")
    git(clone, "add", "-A")
    assert git(clone, "commit", "-qm", "all").returncode == 0
    return clone


def test_check_refuses_fix_mends_and_the_commit_goes_through(
    hooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "environments"))
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    project = tmp_path / "project"
    project.mkdir()
    revision = git(hooks, "rev-parse", "HEAD").stdout.strip()

    def use(hook: str) -> None:
        (project / ".pre-commit-config.yaml").write_text(
            f"repos:\n  - repo: {hooks.as_uri()}\n    rev: {revision}\n"
            f"    hooks:\n      - id: {hook}\n"
        )
        git(project, "add", ".pre-commit-config.yaml")

    git(project, "init", "-q")
    use("jiaokan-check")
    (project / "news.txt").write_text(CLEAN, "utf-8")
    (project / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + os.urandom(64))
    git(project, "add", "-A")
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--install-hooks"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    done = git(project, "commit", "-m", "clean")
    assert done.returncode == 0, done.stderr

    (project / "news.txt").write_text(DAMAGED, "utf-8")
    git(project, "add", "-A")
    done = git(project, "commit", "-m", "damaged")
    assert done.returncode == 1 and "news.txt:1:8" in done.stderr, done.stderr
    assert (project / "news.txt").read_text("utf-8") == DAMAGED

    use("jiaokan-fix")
    done = git(project, "commit", "-m", "damaged")
    assert done.returncode == 1 and "files were modified by this hook" in done.stderr, done.stderr
    assert (project / "news.txt").read_text("utf-8") == REPAIRED
    assert "_audit" not in git(project, "status", "--porcelain").stdout
    undo = next((tmp_path / "environments").glob("repo*/py_env-*/bin/jiaokan"))
    git(project, "add", "-A")
    done = git(project, "commit", "-m", "mended")
    assert done.returncode == 0, done.stderr

    subprocess.run([undo, "undo", ".git/jiaokan"], cwd=project, check=True, capture_output=True)
    assert (project / "news.txt").read_text("utf-8") == DAMAGED
