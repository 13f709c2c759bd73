"""`jiaokan check` of a repository as CI runs it: a process of its own, two workers, wall time.

2,000 files of clean prose (news and laws in both scripts, from ../shared), 50 KB each. The same
files are cold (nothing is remembered), then unchanged. The host's load is in the note: other work on
the two cores makes the figures worse.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.accuracy.rows import Row
from tests.benchmarks.runs import COMMAND, ENVIRONMENT
from tests.benchmarks.throughput import clean_documents

FILES = 2_000
FILE_BYTES = 50_000
WORKERS = 2


def measure(scale: float) -> Iterator[Row]:
    if hasattr(os, "sched_setaffinity"):  # `make bench` keeps the others on one core
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    count = max(20, int(FILES * scale))
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        size = _write(repository, count)
        what = f"{count:,} files, {size / 1e6:.0f} MB"
        options = (
            "check",
            ".",
            "--workers",
            str(WORKERS),
            "--max-findings",
            "0",
            "--fail-on",
            "never",
        )
        cache = ("--cache-dir", str(Path(folder) / "cache"))
        cold, said = _seconds(repository, *options, *cache)
        yield Row(f"{what}, cold", "< 5 s", f"{cold:.1f} s", note=f"{said}; load {_load()}")
        again = [_seconds(repository, *options, *cache) for _ in range(5)]
        assert {words for _, words in again} == {said}
        warm = median(seconds for seconds, _ in again)
        yield Row(f"{what}, nothing changed", "< 0.5 s", f"{warm:.2f} s", note=f"load {_load()}")
    started = [_seconds(Path.cwd(), "--help")[0] for _ in range(5)]
    yield Row("jiaokan --help", "< 0.2 s", f"{median(started):.2f} s", note=f"load {_load()}")


def _write(repository: Path, count: int) -> int:
    documents = clean_documents(FILE_BYTES, count * FILE_BYTES)
    total = 0
    for number in range(count):
        path = repository / f"{number % 40:02}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"{documents[number % len(documents)]}\n{number}\n"
        total += path.write_bytes(text.encode())
    return total


def _seconds(folder: Path, *arguments: str) -> tuple[float, str]:
    """Wall time of a command, and the first line that it says."""
    started = time.perf_counter()
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, check=True, env=ENVIRONMENT
    )
    taken = time.perf_counter() - started
    return taken, done.stdout.decode("utf-8").partition("\n")[0].partition(".")[0]


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
