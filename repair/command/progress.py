"""A progress bar, shown only on a terminal and only for work that takes a while."""

import json
import sys
import time
from typing import Any, Self

from jiaokan.repair.messages import tr, tr_count

INTERVAL = 2.0
"""Seconds between lines of JSON."""
PATIENCE = 1.0
"""Seconds before the bar shows."""


class Progress:
    """Counts files and bytes. Use as a context."""

    def __init__(
        self,
        what: str,
        total_bytes: int | None = None,
        *,
        is_wanted: bool = True,
        as_json: bool = False,
    ) -> None:
        self._what = what
        self._total = total_bytes
        self._is_shown_somewhere = is_wanted and sys.stderr.isatty()
        self._since = time.monotonic()
        self._as_json = as_json
        self._said = self._since
        self._within = self.edits = 0
        self._bar: Any = None
        self._task: Any = None
        self.files = self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._as_json:
            self._say(is_done=error[0] is None)

    def advance(self, files: int, size: int, edits: int = 0) -> None:
        """So many files, of so many bytes together, are done; `edits` so far."""
        self.files += files
        self.bytes += size
        self.edits = edits
        self._within = 0
        self._show()

    def within(self, size: int) -> None:
        """So many bytes of a file that is not done yet."""
        self._within = size
        self._show()

    def _say(self, *, is_done: bool = False) -> None:
        """A line of JSON for programs."""
        self._said = time.monotonic()
        seconds = self._said - self._since
        done = self.bytes + self._within
        left = None
        if self._total is not None and done:
            left = round(max(0, self._total - done) * seconds / done, 1)
        line = {
            "progress": self._what.lower(),
            "files": self.files,
            "bytes": done,
            "total_bytes": self._total,
            "edits": self.edits,
            "seconds": round(seconds, 1),
            "bytes_per_second": round(done / seconds) if seconds else None,
            "seconds_left": left,
            "done": is_done,
        }
        print(json.dumps(line), file=sys.stderr, flush=True)

    def _show(self) -> None:
        if self._as_json:
            if time.monotonic() - self._said >= INTERVAL:
                self._say()
            return
        if not self._is_shown_somewhere:
            return
        if self._bar is None:
            if time.monotonic() - self._since < PATIENCE:
                return
            self._start()
        self._bar.update(
            self._task,
            completed=self.bytes + self._within,
            files=tr_count("1 file", "{count:,} files", self.files),
        )

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
        self._task = self._bar.add_task(tr(self._what), total=self._total, files="")
