"""The cache of `check`: what it found in files before, in the user's cache folder.

A row is found by a hash of everything that decides the answer: the bytes and the name of the file,
the settings, and the code and tables of this build. It carries its own hash, so that a row that was
altered on the disk is no row. Where the database is locked, damaged or cannot be written, the check
goes on without it.
"""

import hashlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import jiaokan

NAME = "check-2.sqlite"
"""The number is that of the rows' form."""
MOST_BYTES = 256 << 20
"""A database that has grown over this is begun anew."""
MOST_ROW = 1 << 20
"""Bytes of one row; what has more findings than go into it is checked again."""
DAYS = 30
"""A row that was of no use for so long is taken away."""
_BROKEN = (sqlite3.Error, ValueError, MemoryError)
"""What sqlite3 raises for a database that is damaged (its very messages may be no UTF-8)."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS checks (key BLOB PRIMARY KEY, hash BLOB, value BLOB, used INT)
WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS builds (state BLOB PRIMARY KEY, hash BLOB) WITHOUT ROWID;
"""


def default_folder() -> Path:
    """The user's cache folder, as each system has it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "jiaokan" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "jiaokan"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "jiaokan"


class CheckCache:
    """Answers by their keys. Use as a context; with no folder it knows nothing and keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / NAME
        self._database: sqlite3.Connection | None = None
        self._build = b""
        self._new: list[tuple[bytes, bytes, bytes, int]] = []
        self._used: list[bytes] = []
        self._is_reading = False
        self._today = int(time.time()) // 86_400
        self.hits = 0

    @property
    def is_open(self) -> bool:
        return self._database is not None

    def __enter__(self) -> Self:
        if self._path is None:
            return self
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._path.exists() and self._path.stat().st_size > MOST_BYTES:
                self._path.unlink()
            self._database = sqlite3.connect(self._path, timeout=1, isolation_level=None)
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute("PRAGMA cache_size = -65536")
            self._database.executescript(_SCHEMA)
            self._build = self._hash_of_build()
        except OSError:
            self._close()
        except _BROKEN as error:
            self._give_up(error)
        return self

    def __exit__(self, *error: object) -> None:
        self._flush(at_end=True)
        self._close()

    def key(self, name: str, digest: bytes, settings: bytes) -> bytes:
        """The key of a file with this name (without its folder) and SHA-256, under settings."""
        about = name.encode("utf-8", "surrogateescape")
        return hashlib.sha256(self._build + digest + settings + b"\0" + about).digest()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Any]:
        """The answers that are known, by their keys."""
        if self._database is None or not keys:
            return {}
        try:
            if not self._is_reading:  # one transaction for many rows: each would lock anew
                self._database.execute("BEGIN")
                self._is_reading = True
            rows = self._database.execute(
                f"SELECT key, hash, value, used FROM checks WHERE key IN ({'?,' * (len(keys) - 1)}?)",
                keys,
            ).fetchall()
            if len(rows) < len(set(keys)):
                # What comes next takes longer than others may wait for us.
                self._end_reading()
        except _BROKEN as error:
            self._give_up(error)
            return {}
        found = {}
        for key, digest, value, used in rows:
            if isinstance(value, bytes) and digest == _hash(key, value):
                found[key] = json.loads(value)
                if used != self._today:
                    self._used.append(key)
        self.hits += len(found)
        return found

    def _end_reading(self) -> None:
        if self._database is not None and self._is_reading:
            self._is_reading = False
            self._database.execute("COMMIT")

    def put(self, key: bytes, value: Any) -> None:
        """Keep an answer (any JSON)."""
        if self._database is None:
            return
        text = json.dumps(
            value, ensure_ascii=False, separators=(",", ":")
        )  # escapes are slow to read
        data = text.encode("utf-8", "surrogatepass")
        if len(data) <= MOST_ROW:
            self._new.append((key, _hash(key, data), data, self._today))
        if len(self._new) >= 4096:
            self._flush()

    def _flush(self, *, at_end: bool = False) -> None:
        database, new, used = self._database, self._new, self._used
        if database is None or not (new or used):
            return
        self._new, self._used = [], []
        try:
            self._end_reading()
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR REPLACE INTO checks VALUES (?, ?, ?, ?)", new)
            marks = [(self._today, key) for key in used]
            database.executemany("UPDATE checks SET used = ? WHERE key = ?", marks)
            if at_end:
                database.execute("DELETE FROM checks WHERE used < ?", (self._today - DAYS,))
            database.execute("COMMIT")
        except _BROKEN as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without; a database that is none (not: one that is locked) is begun anew."""
        self._close()
        is_busy = isinstance(error, sqlite3.OperationalError)
        if not is_busy and self._path is not None:
            with suppress(OSError):
                self._path.unlink()

    def _close(self) -> None:
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
        self._database = None

    def _hash_of_build(self) -> bytes:
        """Of Python's version and every file of this package. The files themselves are read only
        when one of them has another size or time than when they were last."""
        assert self._database is not None
        files = _files_of_build()
        python = f"{sys.implementation.cache_tag} {jiaokan.__version__}"
        state = hashlib.sha256(python.encode())
        for path, status in files:
            state.update(
                f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode("utf-8", "replace")
            )
        row = self._database.execute(
            "SELECT hash FROM builds WHERE state = ?", (state.digest(),)
        ).fetchone()
        if row is not None and len(row[0]) == 32:
            return bytes(row[0])
        build = hashlib.sha256(python.encode())
        for path, _ in files:
            with open(path, "rb") as file:  # noqa: PTH123
                build.update(hashlib.file_digest(file, "sha256").digest())
        self._database.execute(
            "INSERT OR REPLACE INTO builds VALUES (?, ?)", (state.digest(), build.digest())
        )
        return build.digest()


def _files_of_build() -> list[tuple[str, os.stat_result]]:
    """The package's files in the order of their names, but what Python makes of them."""
    waiting = [os.path.dirname(jiaokan.__file__)]  # noqa: PTH120
    files = []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                else:
                    files.append((entry.path, entry.stat()))
    return sorted(files)


def _hash(key: bytes, value: bytes) -> bytes:
    return hashlib.sha256(key + value).digest()[:16]
