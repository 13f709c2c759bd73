"""What .gitignore excludes, decided by pathspec."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any


def matcher(patterns: Sequence[str]) -> Callable[[str], bool] | None:
    """Whether a relative name ("/" at the end of a folder's) matches patterns as .gitignore has."""
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns).match_file


class GitIgnore:
    """The .gitignore files of a git checkout, the one nearest to a file first."""

    def __init__(self) -> None:
        self._specs: dict[Path, Any] = {}
        self._roots: dict[Path, Path | None] = {}
        self._entered: list[Path] = []
        self._of_user: dict[Path, Any] = {}

    def enter(self, path: Path) -> None:
        """Something given by name: where it is ignored itself, only the files in it count."""
        if self.ignores(path, path.is_dir()):
            self._entered.append(path)

    def ignores(self, path: Path, is_folder: bool) -> bool:
        """Whether a path (absolute) is left out. Outside of a checkout nothing is."""
        root = self._root(path.parent)
        if root is None:
            return False
        folder = path.parent
        while True:
            spec = self._spec(folder, folder == root)
            if spec is not None:
                name = path.relative_to(folder).as_posix() + "/" * is_folder
                said = spec.check_file(name).include
                if said is not None:
                    return bool(said)
            if folder in self._entered:
                return False
            if folder == root:
                return self._is_ignored_everywhere(root, path, is_folder)
            folder = folder.parent

    def _is_ignored_everywhere(self, root: Path, path: Path, is_folder: bool) -> bool:
        """What the user's own ignore file says, for all checkouts."""
        if root not in self._of_user:
            self._of_user[root] = _spec_of([_excludes_of_user(root)])
        spec = self._of_user[root]
        name = path.relative_to(root).as_posix() + "/" * is_folder
        return spec is not None and bool(spec.check_file(name).include)

    def _root(self, folder: Path) -> Path | None:
        if folder not in self._roots:
            if (folder / ".git").exists():
                self._roots[folder] = folder
            else:
                is_top = folder.parent == folder
                self._roots[folder] = None if is_top else self._root(folder.parent)
        return self._roots[folder]

    def _spec(self, folder: Path, is_root: bool) -> Any:
        if folder not in self._specs:
            files = [folder / ".gitignore"]
            if is_root:  # what is nearer counts more, and stands later
                files.insert(0, git_folder(folder) / "info/exclude")
            self._specs[folder] = _spec_of(files)
        return self._specs[folder]


def _spec_of(files: Sequence[Path | None]) -> Any:
    """The patterns of those of these files that are there."""
    lines: list[str] = []
    for path in files:
        if path is not None and path.is_file():
            with suppress(OSError):
                text = path.read_text("utf-8-sig", "surrogateescape")
                lines += text.replace("\r\n", "\n").split("\n")
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def git_folder(root: Path) -> Path:
    """Where git keeps what all worktrees of a checkout share."""
    git = root / ".git"
    with suppress(OSError, UnicodeDecodeError):
        if git.is_file():  # of a worktree or a submodule: a file that says where it is
            git = root / git.read_text("utf-8").removeprefix("gitdir:").strip()
        common = git / "commondir"
        return git / common.read_text("utf-8").strip() if common.is_file() else git
    return git


def _excludes_of_user(root: Path) -> Path | None:
    """Git's `core.excludesFile`, which git itself is asked for only where something sets it."""
    import subprocess

    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "git"
    for path in (Path.home() / ".gitconfig", home / "config", git_folder(root) / "config"):
        with suppress(OSError):
            if b"excludesfile" in path.read_bytes().lower():
                asked = [
                    "git",
                    "-C",
                    os.fspath(root),
                    "config",
                    "--type=path",
                    "--get",
                    "core.excludesFile",
                ]
                with suppress(subprocess.CalledProcessError):
                    done = subprocess.run(asked, capture_output=True, check=True)
                    return Path(os.fsdecode(done.stdout.rstrip(b"\n")))
    return home / "ignore"
