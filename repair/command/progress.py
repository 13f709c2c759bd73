"""A progress bar on a terminal, for work that takes longer than a moment; nothing elsewhere."""

import sys
import time
from typing import Any, Self

PATIENCE = 1.0
"""Seconds before the bar shows."""


class Progress:
    """Counts files and bytes. Use as a context."""

    def __init__(
        self, what: str, total_bytes: int | None = None, *, is_wanted: bool = True
    ) -> None:
        self._what = what
        self._total = total_bytes
        self._is_shown_somewhere = is_wanted and sys.stderr.isatty()
        self._since = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        self.files = self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, files: int, size: int) -> None:
        """So many files, of so many bytes together, are done."""
        self.files += files
        self.bytes += size
        if not self._is_shown_somewhere:
            return
        if self._bar is None:
            if time.monotonic() - self._since < PATIENCE:
                return
            self._start()
        self._bar.update(self._task, completed=self.bytes, files=f"{self.files:,} files")

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[files]}"),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(self._what, total=self._total, files="")
