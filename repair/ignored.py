"""What .gitignore leaves out, by the library pathspec."""

from collections.abc import Callable, Sequence
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
            if folder == root or folder in self._entered:
                return False
            folder = folder.parent

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
            lines: list[str] = []
            for path in (folder / ".git/info/exclude", folder / ".gitignore"):
                if path.is_file() and (is_root or path.name == ".gitignore"):
                    lines += path.read_text("utf-8", "surrogateescape").splitlines()
            self._specs[folder] = None
            if lines:
                from pathspec import GitIgnoreSpec

                self._specs[folder] = GitIgnoreSpec.from_lines(lines)
        return self._specs[folder]
