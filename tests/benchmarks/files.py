"""A folder of many small files through the command, with one worker and with two.

Files are 2 kB of prose. On a file system without a journal, a file is slow to make for some minutes
after many were deleted; so let it rest before this is run.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.accuracy.rows import Row
from tests.benchmarks.runs import Run, all_cores, gain, memory_of, run
from tests.benchmarks.throughput import clean_documents

COUNTS = (10_000, 100_000)


def measure(scale: float) -> Iterator[Row]:
    with all_cores(), tempfile.TemporaryDirectory() as name:
        few, many = (int(count * scale) for count in COUNTS)
        source = Path(name) / "files"
        _make(source, 0, few)
        small = run("fix", source, "-o", Path(name) / "few", "--workers", "2")
        _make(source, few, many)
        yield from _many(Path(name), source, many, few, small)


def _make(source: Path, first: int, last: int) -> None:
    texts = clean_documents(2_000, 8_000_000)
    for number in range(first, last):
        folder = source / f"{number // 1_000}"
        if number == first or number % 1_000 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        text = f"{texts[number % len(texts)]}\n{number}\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")


def _many(folder: Path, source: Path, count: int, few: int, small: Run) -> Iterator[Row]:
    two = run("fix", source, "-o", folder / "two", "--workers", "2")
    yield Row(
        f"{count:,} files of 2 kB, two workers",
        "≥ 1,000 files/s",
        _rates(count, two, 2),
        note=f"{memory_of(two)}; with {few:,} files {_rates(few, small, 2)}, {memory_of(small)}",
    )
    one = run("fix", source, "-o", folder / "one", "--workers", "1")
    yield Row(
        "the same, one worker",
        "two cores ≥ 1.8 × one",
        f"{_rates(count, one, 1)}, {gain(one, two)}, by the wall {one.wall / two.wall:.2f}",
        note=memory_of(one),
    )
    again = run("fix", source, "-o", folder / "two", "--workers", "2")
    yield Row(
        "the same again: nothing is left to do", "", _rates(count, again, 2), note=memory_of(again)
    )


def _rates(count: int, of: Run, cores: int) -> str:
    return f"{count / of.wall:,.0f} files/s, by processor time {cores * count / of.busy:,.0f}"
