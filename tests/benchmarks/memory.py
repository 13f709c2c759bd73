"""Files that would take much memory if they were held: how much the command takes for them.

Each at two sizes: where the memory is the same, it does not follow the input.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jiaokan.repair.corpus.compression import zstd_module
from tests.accuracy.rows import Row
from tests.benchmarks.runs import all_cores, run
from tests.command import CLEAN, DAMAGED, REPAIRED

BOUND = 600
"""MB that are given."""
SIZES = (0.25, 1.0)
PROSE = (REPAIRED * 30 + DAMAGED).replace("\n", " ").encode() * 100


def measure(scale: float) -> Iterator[Row]:
    with all_cores(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in SIZES:
            yield _packed(folder, int(120_000 * scale * size))
        for size in SIZES:
            yield _long(
                folder, f"one line of {2_000 * scale * size:,.0f} MB", [int(2e9 * scale * size)]
            )
        yield _long(folder, "lines of 1 to 40 MB", [n << 20 for n in (1, 2, 40, 2, 2, 1, 2, 2)])
        for size in SIZES:
            yield _text(folder, int(2e9 * scale * size), has_lines=False)
            yield _text(folder, int(2e9 * scale * size), has_lines=True)
        for size in SIZES:
            yield _row_group(folder, int(5_000_000 * scale * size))
        for size in SIZES:
            yield _damaged(folder, max(1_000, int(100_000 * scale * size)))


def _packed(folder: Path, count: int) -> Row:
    line = json.dumps({"text": CLEAN * 40}, ensure_ascii=False).encode() + b"\n"
    path = folder / "packed.jsonl.zst"
    path.write_bytes(zstd_module().compress(line * count))
    of = run("fix", path, "-o", folder / "packed", "--workers", "2")
    what = f"a file that packs 5,000 to 1: {path.stat().st_size >> 10:,} kB, {len(line) * count >> 20} MB"
    audit = sum(each.stat().st_size for each in (folder / "packed/_audit").iterdir())
    return Row(what, "as small a one", f"{of.memory >> 20} MB", note=f"audit {audit >> 20} MB")


def _long(folder: Path, what: str, lengths: list[int]) -> Row:
    path = folder / "long.jsonl"
    with path.open("wb") as file:
        for length in lengths:
            file.write(b'{"text": "')
            for _ in range(length // len(PROSE)):
                file.write(PROSE)
            file.write(b'"}\n')
    of = _bounded(path, folder / "long")
    path.unlink()
    return Row(f"{what}, --memory {BOUND}M", f"under {BOUND} MB", of)


def _text(folder: Path, length: int, *, has_lines: bool) -> Row:
    path = folder / "text.txt"
    prose = PROSE if not has_lines else PROSE.replace("。".encode(), "。\n\n".encode())
    with path.open("wb") as file:
        for _ in range(length // len(prose)):
            file.write(prose)
    of = _bounded(path, folder / "text")
    path.unlink()
    what = f"a text of {length / 1e6:,.0f} MB{'' if has_lines else ' without a line'}"
    return Row(f"{what}, --memory {BOUND}M", f"under {BOUND} MB", of, note="in parts of 1 MiB")


def _row_group(folder: Path, rows: int) -> Row:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "rows.parquet"
    table = pa.table({"n": range(rows), "text": pa.array([CLEAN.strip()] * rows)})
    pq.write_table(table, path, row_group_size=rows, compression="zstd", use_dictionary=False)
    what = f"Parquet, {rows:,} rows in one group, --memory {BOUND}M"
    return Row(what, f"under {BOUND} MB", _bounded(path, folder / "rows"))


def _damaged(folder: Path, lines: int) -> Row:
    path = folder / "damaged.jsonl"
    line = json.dumps({"text": DAMAGED}, ensure_ascii=False).encode() + b"\n"
    path.write_bytes(line * lines)
    sizes = {}
    of = ""
    for form in ("jsonl", "parquet"):
        of = _bounded(path, folder / form, "--audit-format", form)
        audit = folder / form / "_audit"
        sizes[form] = sum(path.stat().st_size for path in audit.glob(f"*s.{form}"))
    return Row(
        f"{path.stat().st_size / 1e6:.0f} MB of damaged lines, --memory {BOUND}M",
        f"under {BOUND} MB", of,
        note=f"audit in Parquet {100 * sizes['parquet'] / sizes['jsonl']:.1f}% of JSON Lines (one line again and again)",
    )  # fmt: skip


def _bounded(path: Path, out: Path, *options: str) -> str:
    of = run(
        "fix", path, "-o", out, "--workers", "2", "--memory", f"{BOUND}M", "--force", *options,
        may_fail=True,
    )  # fmt: skip
    return f"{of.memory >> 20} MB"
