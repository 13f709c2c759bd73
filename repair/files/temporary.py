"""How files are written atomically: beside their name first."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO


def temporary_beside(path: Path) -> Path:
    """Where a file is written before it gets its name: the same for the same name, so that a
    later run finds what a killed one left, and never longer than the file system allows."""
    digest = hashlib.blake2b(os.fsencode(path.name), digest_size=8).hexdigest()
    return path.with_name(f".jiaokan-{digest}.tmp")


def is_temporary(name: str) -> bool:
    return name.startswith(".jiaokan-") and name.endswith(".tmp")


def new_temporary(path: Path) -> BinaryIO:
    """The file `temporary_beside` a path, new and open for writing and reading."""
    temporary = temporary_beside(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(temporary, flags, 0o666)
    except FileExistsError:  # left by a killed run, or put there by somebody else: not followed
        temporary.unlink()
        descriptor = os.open(temporary, flags, 0o666)
    return os.fdopen(descriptor, "w+b")


def write_temporary(path: Path, data: bytes, mode: int | None, *, durable: bool) -> Path:
    """Write what shall become `path` beside it, with its mode. `durable` waits for the disk."""
    temporary = temporary_beside(path)
    try:
        with new_temporary(path) as file:
            file.write(data)
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            if durable:
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.filename == str(temporary):  # nobody has heard of that name
            error.filename = str(path)
        raise
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def write_atomically(
    path: Path, data: bytes, mode: int | None = None, *, durable: bool = False
) -> None:
    """Write a file so that it is there whole or not at all."""
    temporary = write_temporary(path, data, mode, durable=durable)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
