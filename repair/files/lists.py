"""What stands for several inputs: `@FILE`, a list of them, one a line, so that they need not stand on
the command line; and patterns (`raw/**/*.jsonl`) that no shell has replaced by what matches them."""

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from jiaokan.repair.files import RunError, reason_of
from jiaokan.repair.files.addresses import Address, path_or_address


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The paths, those of each list in the place of `@FILE`, and what matches in the place of a pattern;
    `@-` is a list on standard input.

    A list has a path, pattern or address a line; where it holds NULs, those part them (`find -print0`).
    Paths are relative to the current folder. Raises RunError for a list that cannot be read.
    """
    found: list[Path] = []
    for path in paths:
        if isinstance(path, Address) or not str(path).startswith("@"):
            found += _matching(path)
            continue
        listed = list(_listed(str(path)[1:]))
        if not listed:
            raise RunError(f"{path}: an empty list")
        for each in listed:
            found += _matching(each)
    return found


def _matching(path: Path) -> list[Path]:
    """What a pattern matches, in the order of the names. What is there under that very name is no
    pattern, and where none matches it is taken as a name. In an address `*` alone makes a pattern, as
    `?` begins a query."""
    if isinstance(path, Address):
        if "*" not in path.url or path.exists():
            return [path]
        with suppress(OSError):  # which is said when it is read
            return list(path.matching()) or [path]
        return [path]
    if not glob.has_magic(os.fspath(path)) or os.path.lexists(path):
        return [path]
    found = glob.glob(os.fspath(path), recursive=True)  # noqa: PTH207 (a pattern may be absolute)
    return list(map(Path, sorted(found, key=os.fsencode))) or [path]


def _listed(name: str) -> Iterator[Path]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else path_or_address(name).read_bytes()
    except OSError as error:
        reason = reason_of(error, Path(name))
        hint = f"; @ begins a list, a file of that name is ./@{name}" if name else ""
        raise RunError(f"@{name}: {reason}{hint}") from error
    separator = b"\0" if b"\0" in data else b"\n"
    for line in data.removeprefix(b"\xef\xbb\xbf").split(separator):
        if line := line if separator == b"\0" else line.rstrip(b"\r"):
            yield path_or_address(os.fsdecode(line))
