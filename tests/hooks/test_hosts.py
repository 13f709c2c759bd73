"""What GitHub and GitLab would do with the templates: their schemas, and a GitLab job that is run."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.command import CLEAN, DAMAGED

ROOT = Path(__file__).parent.parent.parent
RUNNER = ROOT / ".venv" / "gitlab" / "node_modules" / ".bin" / "gitlab-ci-local"
"""Runs the jobs of a .gitlab-ci.yml without GitLab; `make test-hooks` installs it where npm is."""


def run(
    *command: str | Path, cwd: Path = ROOT, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **environment},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_templates_are_what_the_hosts_take(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="`make test-hooks` installs check-jsonschema")
    guide = (ROOT / "docs" / "ci.md").read_text("utf-8")
    (job,) = re.findall(r"```yaml\n(jobs:\n.*?)```", guide, re.DOTALL)
    steps = re.findall(r"```yaml\n( +- uses: .*?)```", guide, re.DOTALL)
    assert steps
    workflow = tmp_path / "workflow.yml"
    workflow.write_text(f"on: push\n{job}{''.join(steps)}", "utf-8")
    for schema, file in (
        ("github-actions", ROOT / "action.yml"),
        ("github-workflows", workflow),
        ("gitlab-ci", ROOT / "docs" / "jiaokan.gitlab-ci.yml"),
    ):
        done = run(
            sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(
    not (RUNNER.exists() and shutil.which("rsync") and shutil.which("git")),
    reason="gitlab-ci-local (`make test-hooks` installs it with npm) and rsync are not here",
)
def test_a_gitlab_job_reports_and_fails(tmp_path: Path) -> None:
    wheels, python, project = tmp_path / "wheels", tmp_path / "python", tmp_path / "project"
    built = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", wheels, ROOT)
    assert built.returncode == 0, built.stderr
    venv.create(python, with_pip=True)
    (project / "docs").mkdir(parents=True)
    (project / "docs" / "新聞.txt").write_text(DAMAGED, "utf-8")
    shutil.copy(ROOT / "docs" / "jiaokan.gitlab-ci.yml", project)
    (project / ".gitlab-ci.yml").write_text("include: [{local: jiaokan.gitlab-ci.yml}]\n")
    (project / ".gitignore").write_text(".gitlab-ci-local/\n")
    options = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    for arguments in (
        ("init", "-q"),
        ("remote", "add", "origin", "https://gitlab.example.com/group/project.git"),
        ("add", "-A"),
        ("commit", "-qm", "damaged"),
    ):
        assert run("git", *options, *arguments, cwd=project).returncode == 0

    def job() -> "subprocess.CompletedProcess[str]":
        path = f"{python / 'bin'}{os.pathsep}{os.environ['PATH']}"
        found = str(wheels)
        return run(
            RUNNER, "--force-shell-executor", "--no-color", cwd=project, PATH=path,
            PIP_FIND_LINKS=found, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONSAFEPATH="",
        )  # fmt: skip

    done = job()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "docs/新聞.txt:1:8" in done.stdout
    report = json.loads((project / "gl-code-quality-report.json").read_text("utf-8"))
    assert [entry["location"]["path"] for entry in report] == ["docs/新聞.txt"] * len(report)
    assert len(report) == 4

    (project / "docs" / "新聞.txt").write_text(CLEAN, "utf-8")
    done = job()
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((project / "gl-code-quality-report.json").read_text("utf-8")) == []
