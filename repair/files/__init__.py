"""The files of a run: which they are, and what they are called."""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.files.addresses import Address
from jiaokan.repair.files.temporary import is_temporary

AUDIT = "_audit"
"""The folder of the audit, beside the files that it speaks of."""

OWN_FILES = frozenset({"jiaokan-silences.toml", "jiaokan-baseline.json"})
"""They quote damage, so they are no text to mend when found in a folder."""

SKIPPED_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "node_modules", "__pycache__",
        ".mypy_cache", ".ruff_cache", ".pytest_cache",
    }
)  # fmt: skip
"""Never entered when found in a folder; they are looked at when given by name."""


STDIN = "<stdin>"
"""What standard input is called."""


class RunError(Exception):
    """What stops a run, or one file of it: one line, with what mends it."""


def status_of(file: BinaryIO, path: Path) -> os.stat_result:
    """Size and times of an open file as they are now."""
    return path.status_now() if isinstance(path, Address) else os.fstat(file.fileno())


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read. `name` is relative to the inputs' common folder: "/" between its parts,
    never absolute, never with ".."; bytes that are not UTF-8 stand as lone surrogates."""

    path: Path
    name: str
    size: int | None = field(default=None, compare=False)
    """Bytes, as they were when it was found, where that was asked for."""

    @property
    def bytes(self) -> int:
        """Its size, as it was when it was found, or is now; 0 if that cannot be known."""
        if self.size is not None:
            return self.size
        with suppress(OSError):
            return self.path.stat().st_size
        return 0

    def __reduce__(self) -> tuple[Any, ...]:
        path = self.path if isinstance(self.path, Address) else os.fspath(self.path)
        return _input, (path, self.name, self.size)


def _input(path: Path | str, name: str, size: int | None) -> Input:
    """As it was before it was sent to another process."""
    return Input(Path(path) if isinstance(path, str) else path, name, size)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not repaired, and why. A failure makes the command exit 2."""

    name: str
    reason: str
    is_failure: bool = True


Excluded = Callable[[Path, bool], bool]
"""Whether a path (and is it a folder?) that was found in a folder is left out."""


def name_of(path: str | Path) -> str:
    """A file name as text, whatever the locale: UTF-8, other bytes as lone surrogates."""
    return os.fsencode(path).decode("utf-8", "surrogateescape").replace(os.sep, "/")


def path_of(folder: Path, name: str) -> Path:
    """Where a name stands under a folder. Raises RunError for a name that would lead out of it."""
    if not name or "\0" in name or {"", ".", ".."} & set(name.split("/")):
        raise RunError(f"{name!r} is not a name inside {folder}: the audit was altered")
    return folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))


def make_folder(folder: Path, root: Path) -> None:
    """Make a folder below `root`. Raises RunError, before it makes anything, where a link would
    lead out of `root`; OSError where it cannot be made."""
    there = folder
    while not there.exists() and there != root:
        there = there.parent
    if there.exists() and not there.resolve().is_relative_to(root.resolve()):
        raise RunError(f"a link in {root} leads out of it; remove it")
    folder.mkdir(parents=True, exist_ok=True)


def absolute(path: Path) -> Path:
    """Without "." and "..", links kept."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def common_folder(paths: Iterable[Path]) -> Path:
    """The deepest folder that holds all of these; of one folder, the folder itself."""
    folders = [absolute(path if path.is_dir() else path.parent) for path in paths]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def walk_inputs(
    paths: Iterable[Path],
    *,
    base: Path | None = None,
    without: Iterable[Path] = (),
    excluded: Excluded | None = None,
) -> Iterator[Input | Refused]:
    """The files to work on, each once, in the order of the paths and, in a folder, of the names.

    Names are relative to the paths' common folder; with `base` to that folder, and absolute outside
    of it. `without` are folders that are never entered (where the output goes); `excluded` leaves out
    what was found in a folder, never what was given by name.
    """
    paths = list(paths)
    walk = _Walk(base or common_folder(paths), {absolute(path) for path in without}, excluded)
    for path in paths:
        yield from walk.below(path)


class _Walk:
    def __init__(self, base: Path, never: set[Path], excluded: Excluded | None) -> None:
        self._base = base
        self._base_name = os.fspath(base)
        self._prefix = os.path.join(base, "")  # noqa: PTH118
        self._never = never
        self._excluded = excluded
        self._given: set[Path] = set()
        self._output = _file_of_output()

    def below(self, path: Path) -> Iterator[Input | Refused]:
        """What was given, or the files in it. No recursion: folders may be very deep."""
        if isinstance(path, Address):
            yield from self._at(path)
            return
        waiting = [(path, self._name(path))]
        given = True
        while waiting:
            found = self._look(*waiting.pop(), given)
            given = False
            if isinstance(found, list):
                waiting += reversed(found)
            elif found is not None:
                yield found

    def _at(self, path: Address) -> Iterator[Input | Refused]:
        try:
            if not path.is_dir():
                path.stat()
                if self._first_time(path, given=True):
                    yield Input(path, self._name(path))
                return
            for found in path.below():
                folders = found.parts[len(path.parts) : -1]
                if AUDIT in folders or SKIPPED_FOLDERS & set(folders):
                    continue
                if is_temporary(found.name) or is_own(found.name):
                    continue
                if found.is_dir() or any(absolute(found).is_relative_to(n) for n in self._never):
                    continue
                if self._excluded is not None and self._excluded(found, False):
                    continue
                if self._first_time(found, given=True):
                    yield Input(found, self._name(found))
        except OSError as error:
            yield Refused(path.url, reason_of(error, path))

    def _look(
        self, path: Path, name: str, given: bool
    ) -> Input | Refused | list[tuple[Path, str]] | None:
        shown = name_of(path) if given else name
        try:
            status = path.lstat()
            is_link = stat.S_ISLNK(status.st_mode)
            if is_link:
                status = path.stat()
            kind = status.st_mode
            if stat.S_ISDIR(kind):
                if is_link and not given:
                    reason = "skipped: a link to a folder; give the folder itself"
                    return Refused(shown, reason, is_failure=False)
                if not given and is_output_of_around(path):
                    reason = "skipped: what an earlier run made of this folder; give it itself"
                    return Refused(shown, reason, is_failure=False)
                return self._children(path, name) if self._first_time(path, given) else None
        except OSError as error:
            if error.errno == errno.ENOENT and not given:  # a broken link, as checkouts have them
                return Refused(shown, f"skipped: {reason_of(error, path)}", is_failure=False)
            return Refused(shown, reason_of(error, path))
        if stat.S_ISREG(kind):
            if is_link and not given and not _is_inside(path, self._base):
                reason = "skipped: a link to a file outside; give that file itself"
                return Refused(shown, reason, is_failure=False)
            if (status.st_dev, status.st_ino) == self._output and not given:
                return None
            found = Input(path, name, status.st_size)
            return found if self._first_time(path, given) else None
        if stat.S_ISFIFO(kind) and given:
            return Input(path, name_of(path.name))
        what = "not a file but a device, a pipe or a socket"
        return Refused(shown, what if given else f"skipped: {what}", is_failure=given)

    def _name(self, path: Path) -> str:
        at = os.path.abspath(path)  # noqa: PTH100
        if at == self._base_name:
            return "."
        return name_of(at.removeprefix(self._prefix))

    def _first_time(self, path: Path, given: bool) -> bool:
        """Whether this was not walked before; only what is given can come twice."""
        if not given and len(self._given) == 1:
            return True  # it is in the one that was given
        at = absolute(path)
        if at in self._given or any(folder in self._given for folder in at.parents if given):
            return False
        if given:
            self._given.add(at)
        return True

    def _children(self, folder: Path, name: str) -> list[tuple[Path, str]]:
        folder = absolute(folder)  # once, and not again for each file in it
        prefix = "" if name == "." else f"{name}/"
        with os.scandir(folder) as entries:
            children = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        found = ((folder / child.name, child) for child in children)
        return [
            (path, prefix + name_of(child.name))
            for path, child in found
            if not self._is_left_out(path, child)
        ]

    def _is_left_out(self, path: Path, child: "os.DirEntry[str]") -> bool:
        is_folder = child.is_dir(follow_symlinks=False)
        if is_folder and (
            child.name in SKIPPED_FOLDERS or absolute(path) in self._never or is_audit(path)
        ):
            return True
        if is_temporary(child.name) or is_own(child.name) or child.name == ".git":
            return True  # .git is a file in worktrees and submodules
        return self._excluded is not None and self._excluded(path, is_folder)


def is_own(name: str) -> bool:
    """Whether a file of this name is no text but says something of others: what Jiaokan reads of
    its own, or a SARIF log, which quotes what was found."""
    return name in OWN_FILES or name.endswith(".sarif")


def _file_of_output() -> tuple[int, int] | None:
    """Device and inode of the file that standard output is written to, where it is one."""
    try:
        status = os.fstat(1)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def without_doubles(inputs: Iterable[Input | Refused]) -> Iterator[Input | Refused]:
    """Each file once, where links lead to the same one under several names: the real one first."""
    items = list(inputs)
    folders: dict[Path, Path] = {}

    def real(path: Path) -> Path:
        if path.is_symlink():
            return path.resolve()
        folder = folders.get(path.parent)
        if folder is None:
            folder = folders[path.parent] = path.parent.resolve()
        return folder / path.name

    at = [real(item.path) if isinstance(item, Input) else None for item in items]
    chosen: dict[Path, int] = {}
    for number, (item, path) in enumerate(zip(items, at, strict=True)):
        if isinstance(item, Input) and path is not None and not item.path.is_symlink():
            chosen.setdefault(path, number)
    for number, path in enumerate(at):
        if path is not None:
            chosen.setdefault(path, number)
    for number, (item, path) in enumerate(zip(items, at, strict=True)):
        if path is None or chosen[path] == number:
            yield item


def is_audit(folder: Path) -> bool:
    """Whether this is the audit of a run, finished or broken off."""
    return any(
        (folder / name).exists() for name in ("summary.json", "run/run.json", "earlier", "broken")
    )


def is_output_of_around(folder: Path) -> bool:
    """Whether a run over a folder that this one is in wrote it."""
    audit = folder / AUDIT
    for name in ("summary.json", "run/run.json") if audit.is_dir() else ():
        with suppress(OSError, ValueError):
            about = json.loads((audit / name).read_bytes())
            return isinstance(about, dict) and bool(about.get("below_input"))
    return False


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def reason_of(error: OSError, path: Path) -> str:
    """What went wrong with a file and what mends it, in a few words."""
    if error.errno == errno.ENOENT and path.is_symlink():
        return f"a broken link: its target {str(path.readlink())!r} is not there"
    mend = {
        errno.ENOENT: "nothing matches the pattern"
        if "*" in str(path)
        else "there is no such file or folder",
        errno.EACCES: "no permission; check the mode and owner of the file and its folder",
        errno.EPERM: "the system does not permit it; check the file's owner and attributes",
        errno.ENOSPC: "the disk is full; make room and run again",
        errno.EDQUOT: "the disk quota is used up; make room and run again",
        errno.EROFS: "the file system is read-only; write elsewhere with -o",
        errno.ELOOP: "a link that leads back to itself",
        errno.ENAMETOOLONG: "the name is too long for the file system",
        errno.EFBIG: "larger than files may be here; see ulimit -f",
        errno.EIO: "the disk cannot read it",
    }
    return mend.get(error.errno or 0) or (error.strerror or str(error)).lower()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """Of a file, which is streamed. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
