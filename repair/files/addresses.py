"""Files at an address (`s3://bucket/key`, `https://…`, `hf://…`), through fsspec.

What is installed for it decides which protocols there are, and fsspec's own configuration and
environment (`FSSPEC_S3_ENDPOINT_URL` …) give what a protocol needs to know.
"""

import io
import os
import re
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def path_or_address(text: str) -> Path:
    """What was given on the command line."""
    if not _ADDRESS.match(text):
        return Path(text)
    if text.startswith("file://"):
        return Path(text.removeprefix("file://"))
    return Address.of(text)


def shown_path(path: Path) -> str:
    """A path or an address as it was given."""
    return path.url if isinstance(path, Address) else str(path)


class Address(type(Path())):  # type: ignore[misc]
    """A file or folder that is elsewhere, for reading.

    As a path it stands in the current folder, under its protocol, so that names, suffixes and the
    configuration are found as those of other files; what it holds comes from its `url`. What is
    derived from it (its parent, say) is a plain path.

    Raises ValueError, saying what mends it, for a protocol that is not there.
    """

    url: str
    _status: os.stat_result | None = None
    _data: bytes | None = None

    @classmethod
    def of(cls, url: str, status: os.stat_result | None = None) -> Self:
        protocol, _, rest = url.partition("://")
        address = cls(Path.cwd(), f"{protocol}:", *filter(None, rest.split("/")))
        address.url = url
        address._status = status
        return address

    if sys.version_info >= (3, 12):

        def with_segments(self, *segments: "str | os.PathLike[str]") -> Path:
            return Path(*segments)

    else:

        @classmethod
        def _from_parsed_parts(cls, *parts: Any) -> Path:
            plain: Path = type(Path())._from_parsed_parts(*parts)  # type: ignore[attr-defined]
            return plain

    def __reduce__(self) -> tuple[Any, ...]:
        return Address._again, (str(self), self.url, self._status)

    @staticmethod
    def _again(path: str, url: str, status: os.stat_result | None) -> "Address":
        address = Address(path)
        address.url, address._status = url, status
        return address

    @property
    def files(self) -> tuple[Any, str]:
        """The file system, and what it calls this."""
        return _files(self.url)

    def open(self, mode: str = "rb", *args: Any, **options: Any) -> BinaryIO:
        if mode != "rb":
            raise OSError(0, "it can only be read", self.url)
        if self._data is not None:
            return io.BytesIO(self._data)
        files, name = self.files
        with _as_os_errors(self.url):
            file = files.open(name, "rb")
            if not file.seekable():  # a server that sends files only from their start
                return _here(file)
        return cast(BinaryIO, file)

    def read_bytes(self) -> bytes:
        with self.open() as file:
            return file.read()

    def errors(self) -> "_as_os_errors":
        """A context in which what libraries raise is an OSError that names this."""
        return _as_os_errors(self.url)

    def fetched(self) -> "Address":
        """The same, with what it holds, so that it is not read again. Raises OSError."""
        address = Address.of(self.url, self.stat())
        address._data = self.read_bytes()
        return address

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Size, time of change and kind; those of when it was found in a folder."""
        return self._status or self.status_now()

    def status_now(self) -> os.stat_result:
        if self._data is not None:
            return self.stat()
        files, name = self.files
        with _as_os_errors(self.url):
            return _status(files.info(name))

    def lstat(self) -> os.stat_result:
        return self.stat()

    def exists(self) -> bool:
        return self.is_dir() or self.is_file()

    def is_file(self) -> bool:
        return self._is(stat.S_ISREG)

    def is_dir(self) -> bool:
        return self.url.endswith("/") or self._is(stat.S_ISDIR)

    def _is(self, kind: Any) -> bool:
        try:
            return bool(kind(self.stat().st_mode))
        except OSError:
            return False

    def is_symlink(self) -> bool:
        return False

    def below(self) -> "Iterator[Address]":
        """The files below this folder, in the order of their names. Raises OSError."""
        files, name = self.files
        with _as_os_errors(self.url):
            found = files.find(name, detail=True)
        for inner in sorted(found):
            if inner.rstrip("/") != name.rstrip("/"):
                yield Address.of(files.unstrip_protocol(inner), _status(found[inner]))

    def matching(self) -> "Iterator[Address]":
        """The files and folders that this address, a pattern, matches, in the order of their names.
        Raises OSError."""
        files, name = self.files
        with _as_os_errors(self.url):
            found = files.glob(name, detail=True)
        for inner in sorted(found):
            yield Address.of(files.unstrip_protocol(inner), _status(found[inner]))


@cache
def _files(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise ValueError(f"{url}: an address, which takes pip install 'jiaokan[corpus]'") from None
    try:
        files, name = url_to_fs(url)
    except (ImportError, ValueError) as error:
        if isinstance(error, ImportError) and url.startswith(("s3://", "s3a://")):
            raise ValueError(f"{url}: S3, which takes pip install 'jiaokan[s3]'") from None
        raise ValueError(f"{url}: {' '.join(str(error).split())}") from None
    return files, name


PATIENCE = 3
"""Seconds without an answer after which that is told: libraries try again for a quarter of a minute
and longer."""
_tell: Callable[[str], None] | None = None


def tell_of_waiting(tell: Callable[[str], None]) -> None:
    """Have `tell` called with the address, once, where one does not answer for some seconds."""
    global _tell
    _tell = tell


def _is_waiting(url: str) -> None:
    global _tell
    if _tell is not None:
        tell, _tell = _tell, None
        tell(url)


class _as_os_errors:  # noqa: N801 (a context)
    """What libraries of the net raise is an OSError that names the address."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._timer = threading.Timer(PATIENCE, _is_waiting, [url])
        self._timer.daemon = True

    def __enter__(self) -> None:
        if _tell is not None:
            self._timer.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if isinstance(error, OSError) and error.errno is not None:
            raise OSError(error.errno, error.strerror or str(error), self._url) from error
        if isinstance(error, Exception):
            said = " ".join(str(error).split()) or type(error).__name__
            if isinstance(error, FileNotFoundError):
                said = "there is no such file or folder"
            raise OSError(0, said, self._url) from error


def _here(file: Any) -> BinaryIO:
    """A copy in a file that has no name and goes away when it is closed."""
    import tempfile

    copy = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    with file:
        while piece := file.read(1 << 20):
            copy.write(piece)
    copy.seek(0)
    return cast(BinaryIO, copy)


def _status(info: Any) -> os.stat_result:
    kind = stat.S_IFDIR if info.get("type") == "directory" else stat.S_IFREG
    changed = next(
        (
            info[key]
            for key in ("LastModified", "mtime", "last_modified", "created")
            if info.get(key)
        ),
        0,
    )
    seconds = changed.timestamp() if isinstance(changed, datetime) else changed
    seconds = seconds if isinstance(seconds, int | float) else 0
    size = info.get("size") or 0
    times = (seconds, seconds, seconds)
    whole = tuple(int(each) for each in times)
    nanoseconds = tuple(int(each * 1_000_000_000) for each in times)
    return os.stat_result((kind | 0o644, 0, 0, 1, 0, 0, size, *whole, *times, *nanoseconds))
