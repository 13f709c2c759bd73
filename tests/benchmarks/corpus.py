"""The command over corpora: files and MB a second, workers, memory, growth, audit.

MB is 10^6 bytes of text, uncompressed. Memory is the most that all processes together took at once
(PSS: what processes share counts once), sampled ten times a second. Time is the wall's and, since
machines are shared, the processor's: `two cores` is the processor time of a run with one worker
against half of that of a run with two (or its busiest process, if that is more): what two free cores
would give at best.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from jiaokan.repair.corpus.compression import zstd_module
from tests.accuracy.rows import Row
from tests.benchmarks.throughput import clean_documents
from tests.command import CLEAN, DAMAGED, REPAIRED

COMMAND = [sys.executable, "-c", "from jiaokan.repair.command import main; main()"]
SMALL_FILES = 100_000
SIZES = (0.01, 0.1, 1.0)
"""GB of JSON Lines."""
SAMPLED = 0.1
"""Seconds between two looks at the memory."""


@dataclass
class Run:
    """A run of the command: seconds, and bytes."""

    wall: float
    busy: float
    """Processor time of all processes."""
    longest: float
    """Of the process that worked most."""
    own: float
    """Of the process that was started."""
    memory: int
    said: str


def run(*arguments: str | Path) -> Run:
    """Run `jiaokan ARGUMENTS` to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    root = psutil.Process(process.pid)
    times: dict[int, float] = {}
    memory = 0
    while process.poll() is None:
        now = 0
        with suppress(psutil.Error):
            for each in [root, *root.children(recursive=True)]:
                with suppress(psutil.Error):
                    spent = each.cpu_times()
                    times[each.pid] = spent.user + spent.system
                    now += each.memory_full_info().pss
        memory = max(memory, now)
        time.sleep(SAMPLED)
    assert process.stdout is not None
    said = process.stdout.read().decode("utf-8")
    assert process.returncode == 0, said
    own = times.pop(root.pid, 0.0)
    longest = max(times.values(), default=0.0)
    wall = time.perf_counter() - started
    return Run(wall, own + sum(times.values()), longest, own, memory, said)


def measure(scale: float) -> Iterator[Row]:
    with _all_cores(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _many_files(folder, int(SMALL_FILES * scale))
        yield from _large_files(folder, [size * scale for size in SIZES])
        yield from _hard_files(folder, scale)


@contextmanager
def _all_cores() -> Iterator[None]:
    """The workers may have every core, though the other benchmarks keep to one."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _many_files(folder: Path, count: int) -> Iterator[Row]:
    texts = clean_documents(2_000, 8_000_000)
    source = folder / "files"
    for number in range(count):
        if number % 1_000 == 0:
            (source / f"{number // 1_000}").mkdir(parents=True)
        text = f"{texts[number % len(texts)]}\n{number}\n"
        (source / f"{number // 1_000}" / f"{number}.txt").write_text(text, "utf-8")
    runs = {n: run("fix", source, "-o", folder / f"files{n}", "--workers", str(n)) for n in (1, 2)}
    one, two = runs[1], runs[2]
    yield Row(f"{count:,} files of 2 kB, one worker", "", f"{_rates(count, one, 1)}", note=_mb(one))
    yield Row(
        f"{count:,} files of 2 kB, two workers",
        "≥ 1,000 files/s",
        f"{_rates(count, two, 2)}, {_gain(one, two)}",
        note=_mb(two),
    )
    again = run("fix", source, "-o", folder / "files2", "--workers", "2")
    yield Row(
        "the same again: nothing is left to do", "", f"{_rates(count, again, 2)}", note=_mb(again)
    )


def _rates(count: int, of: Run, cores: int) -> str:
    return f"{count / of.wall:,.0f} files/s, by processor time {cores * count / of.busy:,.0f}"


def _gain(one: Run, two: Run) -> str:
    return f"two cores {one.busy / max(two.busy / 2, two.longest):.2f} × one"


def _mb(of: Run) -> str:
    return f"memory {of.memory >> 20} MB"


def write_json_lines(path: Path, size: int) -> int:
    """About `size` bytes of prose as JSON Lines in zstd. Returns how many bytes of lines."""
    texts = clean_documents(2_000, 40_000_000)
    written = number = 0
    with path.open("wb") as file, zstd_module().ZstdFile(file, "w") as out:
        while written < size:
            row = {"id": number, "text": texts[number % len(texts)]}
            written += out.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
            number += 1
    return written


def _large_files(folder: Path, sizes: list[float]) -> Iterator[Row]:
    per_mb: dict[float, float] = {}
    for size in sizes:
        path = folder / "large.jsonl.zst"
        mb = write_json_lines(path, int(size * 1e9)) / 1e6
        two = run("fix", path, "-o", folder / "large", "--workers", "2")
        per_mb[size] = two.busy / mb
        is_last = size == sizes[-1]
        yield Row(
            f"{mb / 1e3:.3g} GB of JSON Lines in zstd, two workers",
            "under 600 MB" if is_last else "",
            f"{two.memory >> 20} MB, {mb / two.wall:.1f} MB/s, by processor time"
            f" {2 * mb / two.busy:.1f}",
            note=f"{per_mb[size] / per_mb[sizes[0]]:.2f} × the time a MB of the first",
        )
        if size == sizes[-2]:
            one = run("fix", path, "-o", folder / "one", "--workers", "1")
            same = (folder / "one" / path.name).read_bytes() == (
                folder / "large" / path.name
            ).read_bytes()
            yield Row(
                f"the same {mb / 1e3:.3g} GB, one worker",
                "two cores ≥ 1.8 × one",
                f"{_gain(one, two)}, by the wall {one.wall / two.wall:.2f}",
                note=f"{_mb(one)}; {'the same bytes' if same else 'OTHER BYTES'}",
            )
        if is_last:
            hours = 50_000 * per_mb[size] / 2 / 3_600
            yield Row("50 GB on two cores, from that", "", f"{hours:.1f} hours")


def _hard_files(folder: Path, scale: float) -> Iterator[Row]:
    """What would take much memory if it were held."""
    bound = 600
    one_line = json.dumps({"text": CLEAN * 40}, ensure_ascii=False).encode() + b"\n"
    zstd = zstd_module()
    for name, target, count in (
        ("a file that packs 5,000 to 1", "as large as any", int(120_000 * scale)),
    ):
        path = folder / "packed.jsonl.zst"
        path.write_bytes(zstd.compress(one_line * count))
        of = run("fix", path, "-o", folder / "packed", "--workers", "2")
        yield Row(
            f"{name}: {path.stat().st_size >> 10:,} kB, {len(one_line) * count >> 20} MB",
            target,
            f"{of.memory >> 20} MB",
            note=f"audit {_size(folder / 'packed/_audit') >> 20} MB",
        )
    texts = {
        "lines of 1 to 40 MB": [n << 20 for n in (1, 2, 40, 2, 2, 1, 2, 2)],
        f"one line of {2_000 * scale:,.0f} MB": [int(2e9 * scale)],
    }
    for name, lengths in texts.items():
        path = folder / "long.jsonl"
        with path.open("wb") as file:
            for length in lengths:
                file.write(b'{"text": "')
                piece = (REPAIRED * 30 + DAMAGED).replace("\n", " ").encode() * 100
                for _ in range(length // len(piece)):
                    file.write(piece)
                file.write(b'"}\n')
        of = run("fix", path, "-o", folder / "long", "--workers", "2", "--memory", f"{bound}M")
        yield Row(f"{name}, --memory {bound}M", f"under {bound} MB", f"{of.memory >> 20} MB")
        path.unlink()
    yield from _row_group(folder, int(5_000_000 * scale), bound)


def _row_group(folder: Path, rows: int, bound: int) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "rows.parquet"
    table = pa.table({"n": range(rows), "text": pa.array([CLEAN.strip()] * rows)})
    pq.write_table(table, path, row_group_size=rows, compression="zstd", use_dictionary=False)
    of = run("fix", path, "-o", folder / "rows", "--workers", "2", "--memory", f"{bound}M")
    what = f"Parquet, {rows:,} rows in one group, --memory {bound}M"
    yield Row(what, f"under {bound} MB", f"{of.memory >> 20} MB")
    damaged = folder / "damaged.jsonl"
    line = json.dumps({"text": DAMAGED}, ensure_ascii=False).encode() + b"\n"
    damaged.write_bytes(line * max(1_000, rows // 50))
    sizes = {}
    options = ("--workers", "2", "--memory", f"{bound}M", "--audit-format")
    for form in ("jsonl", "parquet"):
        of = run("fix", damaged, "-o", folder / form, *options, form)
        audit = folder / form / "_audit"
        sizes[form] = sum(path.stat().st_size for path in audit.glob(f"*s.{form}"))
    share = sizes["parquet"] / sizes["jsonl"]
    mb = damaged.stat().st_size / 1e6
    yield Row(
        f"{mb:.0f} MB of damaged lines, --memory {bound}M",
        f"under {bound} MB",
        f"{of.memory >> 20} MB",
        note=f"{mb / of.wall:.1f} MB/s; audit (one line again and again) in Parquet {100 * share:.1f}% of JSON Lines",
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
