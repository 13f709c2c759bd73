"""Findings that `check` leaves out: those of a baseline, and those on lines that did not change."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaokan.repair.files import Input, RunError, absolute, name_of, reason_of
from jiaokan.repair.record_lines import lines_of_record

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.formats.problem import Problem

VERSION = 1
_HUNK = re.compile(rb"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass
class Known:
    """What to leave out."""

    fingerprints: Counter[str] = field(default_factory=Counter)
    changed: dict[Path, list[range]] | None = None
    """Lines that changed, by file; None: all count."""

    def leaves_out(self, problem: "Problem", file: Input) -> bool:
        """Whether a finding is known. Each finding of a baseline covers one."""
        if self.changed is not None and not self._is_on_changed_line(problem, file.path):
            return True
        if self.fingerprints.get(problem.fingerprint):
            self.fingerprints[problem.fingerprint] -= 1
            return True
        return False

    def _is_on_changed_line(self, problem: "Problem", path: Path) -> bool:
        assert self.changed is not None
        changed = self.changed.get(path.resolve(), [])
        # A finding between two lines (a false break) belongs to both.
        first, last = problem.place.line, problem.end.line
        if changed and problem.inner:
            record = int(problem.inner[1:].partition("/")[0])
            lines = lines_of_record(path, record)
            if lines is None:  # a format without lines has changed as a whole
                return True
            first, last = lines.start, lines.stop - 1
        return any(first < span.stop and span.start <= last for span in changed)


def read_known(choices: "Choices", baseline: Path | None, diff_base: str | None) -> Known:
    """What the options and the configuration say. Raises RunError where it cannot be read."""
    here = absolute(Path.cwd())
    if baseline is None and choices.value("baseline", here):
        baseline = choices.configuration(here).folder / choices.value("baseline", here)
    return Known(
        Counter() if baseline is None else read_baseline(baseline),
        None if diff_base is None else changed_lines(diff_base),
    )


def baseline_json(problems: "Iterable[Problem]") -> dict[str, Any]:
    """A baseline of these findings: fingerprints by file and rule, so that a diff of it reads well."""
    files: dict[str, dict[str, list[str]]] = {}
    for problem in problems:
        of_rule = files.setdefault(problem.whole_file, {}).setdefault(problem.rule, [])
        of_rule.append(problem.fingerprint)
    ordered = {
        file: {rule: sorted(prints) for rule, prints in sorted(rules.items())}
        for file, rules in sorted(files.items())
    }
    return {"jiaokan_baseline": VERSION, "findings": ordered}


def read_baseline(path: Path) -> Counter[str]:
    """The fingerprints of a baseline. Raises RunError where it is none."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        mend = "; make it with `jiaokan baseline`" if not path.exists() else ""
        raise RunError(f"{path}: {reason_of(error, path)}{mend}") from error
    except ValueError as error:
        raise RunError(f"{path}: not a baseline ({error})") from error
    if not isinstance(value, dict) or value.get("jiaokan_baseline") != VERSION:
        raise RunError(f"{path}: not a baseline that this version of jiaokan can read")
    try:
        files = value["findings"].values()
        return Counter(p for rules in files for prints in rules.values() for p in prints)
    except (AttributeError, KeyError, TypeError) as error:
        raise RunError(f"{path}: not a baseline; make it again with `jiaokan baseline`") from error


def changed_lines(revision: str) -> dict[Path, list[range]]:
    """The lines of the working tree (from 1) that changed since a revision, by absolute path.

    Since the commit where this branch left it, if it has gone on by itself; a renamed file has
    changed where its text did; a submodule's files count as any. Files that git does not know yet
    have changed wholly. Raises RunError where git cannot tell.
    """
    top = Path(_git("rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))
    if revision.startswith("-"):
        raise RunError(f"--diff-base {revision}: not a git revision")
    diff = _git(
        "-c", "core.quotePath=true", "-C", str(top), "diff", "--unified=0", "--no-color",
        "--no-ext-diff", "--find-renames", "--submodule=diff", "--text", "--src-prefix=a/",
        "--dst-prefix=b/", _base_of(revision), "--",
    )  # fmt: skip
    changed: dict[Path, list[range]] = {}
    lines: list[range] = []
    old = new = at = 0  # lines of the hunk that are to come, and where the next is in the new file
    has_gone = False
    for row in diff.split(b"\n"):
        if old or new:  # text, which must not be taken for a header
            sign = row[:1]
            if sign == b"+":
                lines.append(range(at, at + 1))
            old -= sign in (b"-", b" ")
            new -= sign in (b"+", b" ")
            if (has_gone and sign == b" ") or (sign == b"-" and not (old or new)):
                lines.append(range(at - 1, at + 1))  # nothing came for it: they are neighbours now
            has_gone = sign == b"-" or (has_gone and sign == b"\\")
            at += sign in (b"+", b" ")
        elif row.startswith(b"+++ "):
            name = _unquoted(row[4:].rstrip(b"\t"))
            is_there = name.startswith(b"b/")
            lines = changed.setdefault(_under(top, name[2:]), []) if is_there else []
        elif match := _HUNK.match(row):
            old, at, new = int(match[1] or 1), int(match[2]), int(match[3] or 1)
            at += new == 0  # of no lines, git says the one before
    for root in (top, *_submodules(top)):
        listed = _git("-C", str(root), "ls-files", "--others", "--exclude-standard", "-z")
        for name in filter(None, listed.split(b"\0")):
            changed[_under(root, name)] = [range(1, 1 << 62)]
    return changed


def _base_of(revision: str) -> str:
    """The commit where this branch left that revision; that itself where the history that is here
    does not tell. Raises RunError where there is no such revision."""
    try:
        found = _git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except RunError:
        is_shallow = _git("rev-parse", "--is-shallow-repository").strip() == b"true"
        mend = "see git log and git branch --all"
        if is_shallow:
            mend = "this clone is shallow: git fetch --depth=1 origin BRANCH, or fetch-depth: 0"
        raise RunError(f"--diff-base {revision}: no such revision here; {mend}") from None
    commit = found.decode().strip()
    try:
        return _git("merge-base", commit, "HEAD").decode().split()[0]
    except (RunError, IndexError):
        return commit


def _submodules(top: Path) -> list[Path]:
    """The submodules of a checkout that are there, and theirs."""
    if not (top / ".gitmodules").exists():
        return []
    found = []
    for row in _git("-C", str(top), "ls-files", "--stage", "-z").split(b"\0"):
        if row.startswith(b"160000 "):
            inner = top / os.fsdecode(row.partition(b"\t")[2])
            if (inner / ".git").exists():
                found += [inner, *_submodules(inner)]
    return found


def _under(top: Path, name: bytes) -> Path:
    return (top / os.fsdecode(name)).resolve()


def _unquoted(name: bytes) -> bytes:
    """A path as git writes it: in C quotes where it has bytes that are not plain."""
    if not (name.startswith(b'"') and name.endswith(b'"')):
        return name
    plain = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b'"': b'"', b"\\": b"\\", b"a": b"\a",
             b"b": b"\b", b"f": b"\f", b"v": b"\v"}  # fmt: skip
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else plain[m[1]],
        name[1:-1],
    )


def _git(*arguments: str) -> bytes:
    import subprocess

    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except OSError as error:
        raise RunError("--diff-base needs git, and it is not installed") from error
    if done.returncode:
        said = name_of(done.stderr.decode("utf-8", "replace").strip().partition("\n")[0])
        raise RunError(f"--diff-base: git says: {said}")
    return done.stdout
