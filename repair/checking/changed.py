"""The lines of a git checkout that changed since a revision, for `check --diff-base`."""

import os
import re
from pathlib import Path

from jiaokan.repair.files import RunError, name_of

_HUNK = re.compile(rb"^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


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
        done = subprocess.run(
            ["git", *arguments], capture_output=True, check=False,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except OSError as error:
        raise RunError("--diff-base needs git, and it is not installed") from error
    if done.returncode:
        if b"not a git repository" in done.stderr:
            raise RunError("--diff-base needs a git checkout, and this folder is in none")
        said = name_of(done.stderr.decode("utf-8", "replace").strip().partition("\n")[0])
        raise RunError(f"--diff-base: git says: {said}")
    return done.stdout
