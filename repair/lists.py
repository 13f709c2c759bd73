"""`@FILE`: a list of inputs, one a line, so that they need not stand on the command line."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from jiaokan.repair.addresses import Address, path_or_address
from jiaokan.repair.files import RunError


def with_lists(paths: Sequence[Path]) -> list[Path]:
    """The paths, those of each list in the place of `@FILE`; `@-` is a list on standard input.

    A list has a path or address a line; where it holds NULs, those part them (`find -print0`).
    Paths are relative to the current folder. Raises RunError for a list that cannot be read.
    """
    found: list[Path] = []
    for path in paths:
        if isinstance(path, Address) or not str(path).startswith("@"):
            found.append(path)
            continue
        listed = list(_listed(str(path)[1:]))
        if not listed:
            raise RunError(f"{path}: an empty list")
        found += listed
    return found


def _listed(name: str) -> Iterator[Path]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else path_or_address(name).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = f"; @ begins a list, a file of that name is ./@{name}" if name else ""
        raise RunError(f"@{name}: {reason}{hint}") from error
    separator = b"\0" if b"\0" in data else b"\n"
    for line in data.removeprefix(b"\xef\xbb\xbf").split(separator):
        if line := line if separator == b"\0" else line.rstrip(b"\r"):
            yield path_or_address(os.fsdecode(line))
