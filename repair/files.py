"""The files of a run: which ones, by what names, read whole and written atomically."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

AUDIT = "_audit"
"""The folder of the audit, beside the files that it speaks of."""

SKIPPED_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "node_modules", "__pycache__", ".mypy_cache"}
)


class Trouble(Exception):
    """What the user did, or what the machine says, in one line with its mend."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read. `name` is relative to the inputs' common folder: "/" between its parts,
    never absolute, never with ".."; bytes that are not UTF-8 stand as lone surrogates."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not repaired, and why. A failure makes the command exit 2."""

    name: str
    reason: str
    is_failure: bool = True


def name_of(path: str | Path) -> str:
    """A file name as text, whatever the locale: UTF-8, other bytes as lone surrogates."""
    return os.fsencode(path).decode("utf-8", "surrogateescape").replace(os.sep, "/")


def path_of(folder: Path, name: str) -> Path:
    """Where a name stands under a folder. Raises Trouble for a name that would lead out of it."""
    parts = name.split("/")
    if not name or name.startswith("/") or "\0" in name or {"", ".", ".."} & set(parts):
        raise Trouble(f"{name!r} is not a name inside {folder}: the audit was altered")
    return folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))


def common_folder(paths: Iterable[Path]) -> Path:
    """The deepest folder that holds all of these; of one folder, the folder itself."""
    folders = [_absolute(path if path.is_dir() else path.parent) for path in paths]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def walk_inputs(
    paths: Iterable[Path],
    *,
    without: Iterable[Path] = (),
    excluded: Callable[[Path, bool], bool] | None = None,
) -> Iterator[Input | Refused]:
    """The files to work on, each once, in the order of the paths and, in a folder, of the names.

    `without` are folders that are never entered (where the output goes); `excluded(path,
    is_folder)` leaves out what was found in a folder, never what was given by name.
    """
    paths = list(paths)
    base = common_folder(paths)
    never = {_absolute(path) for path in without}
    seen: set[Path] = set()
    for path in paths:
        for found in _walk(path, base, never, excluded, given=True):
            if isinstance(found, Input):
                at = _absolute(found.path)
                if at in seen:
                    continue
                seen.add(at)
            yield found


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _walk(
    path: Path,
    base: Path,
    never: set[Path],
    excluded: Callable[[Path, bool], bool] | None,
    *,
    given: bool,
) -> Iterator[Input | Refused]:
    name = name_of(os.path.relpath(_absolute(path), base))
    try:
        kind = path.lstat().st_mode
        is_link = stat.S_ISLNK(kind)
        if is_link:
            kind = path.stat().st_mode
    except OSError as error:
        yield Refused(name if not given else name_of(path), reason_of(error, path))
        return
    if stat.S_ISDIR(kind):
        if is_link and not given:
            yield Refused(name, "a link to a folder; give the folder itself", is_failure=False)
            return
        try:
            with os.scandir(path) as entries:
                children = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Refused(name, reason_of(error, path))
            return
        for child in children:
            below = path / child.name
            if _absolute(below) in never:
                continue
            is_folder = child.is_dir(follow_symlinks=False)
            if is_folder and (child.name in SKIPPED_FOLDERS or _is_audit(below)):
                continue
            if child.name.startswith(".jiaokan-") and child.name.endswith(".tmp"):
                continue
            if excluded is not None and excluded(below, is_folder):
                continue
            yield from _walk(below, base, never, excluded, given=False)
    elif stat.S_ISREG(kind):
        if is_link and not given and not _is_inside(path, base):
            yield Refused(name, "a link out of the folder; give its target", is_failure=False)
            return
        yield Input(path, name)
    elif stat.S_ISFIFO(kind) and given:
        yield Input(path, name_of(path.name))
    else:
        yield Refused(name, "not a file (a device, pipe or socket)", is_failure=given)


def _is_audit(path: Path) -> bool:
    return path.name == AUDIT and ((path / "summary.json").exists() or (path / "run").exists())


def _is_inside(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def reason_of(error: OSError, path: Path) -> str:
    """What went wrong with a file and what mends it, in a few words."""
    if error.errno == errno.ENOENT:
        if path.is_symlink():
            return f"a broken link: its target {os.readlink(path)!r} is not there"
        return "there is no such file or folder"
    if error.errno == errno.EACCES:
        return "no permission to read it; check its mode and owner"
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room and run again"
    if error.errno == errno.ELOOP:
        return "a link that leads back to itself"
    return (error.strerror or str(error)).lower()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def temporary_beside(path: Path) -> Path:
    """Where a file is written before it gets its name: the same for the same name, so that a
    later run finds what a killed one left."""
    digest = hashlib.blake2b(os.fsencode(path.name), digest_size=8).hexdigest()
    return path.with_name(f".jiaokan-{digest}.tmp")


def write_atomically(
    path: Path, data: bytes, mode: int | None = None, *, durable: bool = False
) -> None:
    """Write a file so that it is there whole or not at all. `durable` waits for the disk."""
    temporary = temporary_beside(path)
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
