"""A corpus of records through the command: MB a second, workers, memory, growth.

MB is 10^6 bytes of text, uncompressed. Lines are of prose, in zstd; more than 100 MB of them are the
same again. One worker and two run in turns, and of each the run with the least processor time counts,
since what else the machine does can only add to it. At scale 1 this takes twelve minutes and 12 GB of disk.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from jiaokan.repair.corpus.compression import reading, zstd_module
from tests.accuracy.rows import Row
from tests.benchmarks.runs import Run, all_cores, gain, memory_of, run
from tests.benchmarks.throughput import clean_documents

SIZES = (0.1, 1.0, 10.0)
"""GB of JSON Lines."""
FRAME = 100_000_000
"""Bytes of lines in a frame, which is written again and again."""
TURNS = 2
"""Runs with one worker and with two."""


def write_json_lines(path: Path, size: int) -> int:
    """About `size` bytes of prose as JSON Lines in zstd. Returns how many bytes of lines."""
    texts = clean_documents(2_000, 40_000_000)
    lines = bytearray()
    number = 0
    while len(lines) < min(size, FRAME):
        row = {"id": number, "text": texts[number % len(texts)]}
        lines += (json.dumps(row, ensure_ascii=False) + "\n").encode()
        number += 1
    frame = zstd_module().compress(bytes(lines))
    times = max(1, round(size / len(lines)))
    with path.open("wb") as file:
        for _ in range(times):
            file.write(frame)
    return times * len(lines)


def measure(scale: float) -> Iterator[Row]:
    sizes = [size * scale for size in SIZES]
    per_mb: dict[float, float] = {}
    with all_cores(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "large.jsonl.zst"
        for size in sizes:
            mb = write_json_lines(path, int(size * 1e9)) / 1e6
            read = {}
            if size == sizes[1]:
                one, two = _in_turns(path, folder)
                read = {name: f"{mb / _timed(how, path):.0f} MB/s" for name, how in READERS.items()}
            else:
                two = run("fix", path, "-o", folder / "out", "--workers", "2", "--force")
            per_mb[size] = two.busy / mb
            yield Row(
                f"{mb / 1e3:.3g} GB of JSON Lines in zstd, two workers",
                "under 600 MB" if size == sizes[-1] else "",
                f"{two.memory >> 20} MB, {mb / two.wall:.1f} MB/s, by processor time"
                f" {2 * mb / two.busy:.1f}",
                read,
                note=f"{per_mb[size] / per_mb[sizes[0]]:.2f} × the time a MB of the first",
            )
            if size == sizes[1]:
                outs = [folder / f"out-{workers}-0" / path.name for workers in (1, 2)]
                same = _contents(outs[0]) == _contents(outs[1])
                yield Row(
                    f"the same {mb / 1e3:.3g} GB, one worker",
                    "two cores ≥ 1.8 × one",
                    f"{gain(one, two)}, by the wall {one.wall / two.wall:.2f}",
                    note=f"{memory_of(one)}; {'the same bytes' if same else 'OTHER BYTES'}",
                )
    hours = 50_000 * per_mb[sizes[-1]] / 2 / 3_600
    yield Row("50 GB on two cores, from that", "", f"{hours:.1f} hours")


def _in_turns(path: Path, folder: Path) -> list[Run]:
    """The best run with one worker, and with two."""
    runs: dict[int, list[Run]] = {1: [], 2: []}
    for turn in range(TURNS):
        for workers, done in runs.items():
            out = folder / f"out-{workers}-{turn}"
            done.append(run("fix", path, "-o", out, "--workers", str(workers)))
    return [min(done, key=lambda each: each.busy) for done in runs.values()]


def _contents(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _timed(how: Callable[[Path], None], path: Path) -> float:
    started = time.perf_counter()
    how(path)
    return time.perf_counter() - started


def _wc(path: Path) -> None:
    subprocess.run(f"zstd -dc {path} | wc -lc", shell=True, check=True, stdout=subprocess.DEVNULL)


def _pyarrow(path: Path) -> None:
    """Read it as a table, block by block."""
    import pyarrow.json as pj

    with path.open("rb") as file, reading(file, "zstd") as lines:
        for _ in pj.open_json(lines, read_options=pj.ReadOptions(block_size=16 << 20)):
            pass


READERS: dict[str, Callable[[Path], None]] = {"zstd -dc and wc": _wc, "pyarrow reads it": _pyarrow}
