"""The scripts of action.yml as a job runs them, and what action.yml and the other templates say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED, REPAIRED

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    not (ROOT / ".ci" / "action-check").exists() or sys.platform == "win32",
    reason="the action is not in the sdist, and takes bash",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "damaged.txt").write_text(DAMAGED, "utf-8")
    for number in range(3):
        (corpus / f"clean{number}.txt").write_text(CLEAN, "utf-8")
    return tmp_path


def run(script: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A step of a job: `jiaokan` and `python` are those of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", ROOT / ".ci" / script],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "ARGS": "", "PATHS": "corpus",
             "GITHUB_STEP_SUMMARY": str(folder / "summary.md"), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip


def test_check_annotates_sums_up_and_fails(folder: Path) -> None:
    done = run("action-check", folder, SARIF="found.sarif", FAIL_ON="safe")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=corpus/damaged.txt,line=1,col=8")
    assert "4 findings (4 safe) in 1 of 4 files" in (folder / "summary.md").read_text("utf-8")
    sarif = json.loads((folder / "found.sarif").read_text("utf-8"))
    assert len(sarif["runs"][0]["results"]) == 4
    done = run("action-check", folder, SARIF="found.sarif", FAIL_ON="never")
    assert done.returncode == 0
    done = run("action-check", folder, SARIF="found.sarif", FAIL_ON="safe", ARGS="--ignore glosses")
    assert done.returncode == 0


def test_a_check_that_ends_before_its_end_fails_the_job(folder: Path) -> None:
    """Killed while it wrote the SARIF file, which an upload would refuse."""
    broken = folder / "bin/jiaokan"
    broken.parent.mkdir()
    broken.write_text('#!/bin/sh\ncase "$*" in *sarif*) exit 137;; esac\n')
    broken.chmod(0o755)
    path = f"{broken.parent}{os.pathsep}{os.environ['PATH']}"
    done = run("action-check", folder, SARIF="found.sarif", FAIL_ON="safe", PATH=path)
    assert done.returncode == 2 and "no SARIF was written" in done.stderr
    assert not (folder / "found.sarif").exists()


def test_what_it_writes_is_not_checked(folder: Path) -> None:
    for name in ("found.sarif", "found.json"):
        for _ in range(2):
            done = run("action-check", folder, PATHS=".", SARIF=name, FAIL_ON="safe")
            assert done.returncode == 1 and done.stdout.count("::error") == 4, name
            (folder / "found.json").unlink(missing_ok=True)


def test_a_file_that_cannot_be_checked_hides_nothing(folder: Path) -> None:
    done = run("action-check", folder, PATHS="corpus none.txt", SARIF="s.sarif", FAIL_ON="never")
    assert done.returncode == 2 and done.stderr.count("none.txt") == 1
    assert done.stdout.count("::error file=corpus/damaged.txt") == 4
    assert len(json.loads((folder / "s.sarif").read_text("utf-8"))["runs"][0]["results"]) == 4
    done = run("action-check", folder, ARGS="--nonsense", SARIF="s.sarif", FAIL_ON="never")
    assert done.returncode == 2 and done.stderr.count("--nonsense") == 1


def test_fix_hands_on_the_clean_corpus(folder: Path) -> None:
    done = run("action-fix", folder, OUT="out", MAX_CHANGED="0.25")
    assert done.returncode == 0, done.stderr
    assert (folder / "out" / "damaged.txt").read_text("utf-8") == REPAIRED
    summary = (folder / "summary.md").read_text("utf-8")
    assert (
        "1 of 4 texts repaired" in summary
        and "4 changes in 4 files" in summary
        and "| `glosses/leaked-pinyin` | 4 |" in summary
    )


def test_fix_fails_when_too_much_changed(folder: Path) -> None:
    done = run("action-fix", folder, OUT="out", MAX_CHANGED="0.2")
    assert done.returncode == 1
    assert "25.0% of the texts changed, more than the 20.0% allowed" in done.stderr
    assert (folder / "out" / "damaged.txt").exists()  # to be looked at: it is the job's artifact
    done = run("action-fix", folder, PATHS="none", OUT="other", MAX_CHANGED="1")
    assert done.returncode == 2 and "none" in done.stderr


def test_each_record_counts_of_what_changed(folder: Path) -> None:
    texts = [DAMAGED, *[CLEAN] * 9]
    rows = (json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    (folder / "one").mkdir()
    (folder / "one" / "corpus.jsonl").write_text("".join(rows), "utf-8")
    done = run("action-fix", folder, PATHS="one", OUT="out", MAX_CHANGED="0.1")
    assert done.returncode == 0, done.stderr
    assert "1 of 10 texts repaired" in (folder / "summary.md").read_text("utf-8")
    done = run("action-fix", folder, PATHS="one", OUT="again", MAX_CHANGED="0.09")
    assert done.returncode == 1 and "10.0% of the texts changed" in done.stderr


def test_the_templates_say_what_the_command_knows() -> None:
    yaml = pytest.importorskip("yaml")
    from tests.command import jiaokan

    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    used = json.dumps(action["runs"])
    for name in action["inputs"]:
        assert f"inputs.{name} " in used or f"inputs.{name}}}" in used, name
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    gitlab = yaml.safe_load((ROOT / "docs" / "jiaokan.gitlab-ci.yml").read_text("utf-8"))
    lines = [hook["entry"] for hook in hooks]
    lines += [line for job in gitlab.values() for line in job["script"] if "jiaokan " in line]
    commands = [line for line in lines if line.startswith("jiaokan ")]
    assert len(commands) >= 3
    for line in commands:
        help = jiaokan(line.split()[1], "--help").out
        for option in (word for word in line.split() if word.startswith("--")):
            assert f"{option} " in help or f"{option}," in help, line
