"""A run that is killed, again and again, must end as if it never was: `python -m tests.kills 200`."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from jiaokan.repair.memory import LONG
from tests.command import CLEAN, DAMAGED, tree

COMMAND = [sys.executable, "-m", "jiaokan"]
TABLES = ("files.jsonl", "edits.jsonl", "findings.jsonl", "rejected.jsonl")


def make_corpus(folder: Path, *, files: int, records: int) -> None:
    """Small texts, some damaged and one unreadable, a long one, and files of records, one packed."""
    folder.mkdir()
    for number in range(files):
        part = folder / f"part{number % 7}"
        part.mkdir(exist_ok=True)
        text = (DAMAGED if number % 3 else CLEAN) * (1 + number % 5) + f"{number}\n"
        (part / f"{number}.txt").write_text(text, "utf-8")
    (folder / "broken.jsonl.gz").write_bytes(b"\x1f\x8b\x08 not gzip")
    rows = [
        json.dumps({"id": n, "text": (DAMAGED if n % 2 else CLEAN) * (n % 4)}, ensure_ascii=False)
        for n in range(records)
    ]
    rows[3:3] = ["not json"]
    for name in ("a.jsonl", "part3/b.jsonl"):
        (folder / name).write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(("\n".join(rows) + "\n").encode()))
    lines = (f"{number}. {CLEAN}\n" for number in range(LONG // 40))
    (folder / "long.txt").write_text(DAMAGED + "".join(lines) + DAMAGED, "utf-8")


def start(source: Path, out: Path, workers: int) -> "subprocess.Popen[bytes]":
    arguments = ["fix", str(source), "-o", str(out), "--id-column", "id", "--workers", str(workers)]
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def outcome(out: Path) -> dict[str, bytes]:
    """Everything that a run leaves and that must not depend on how often it was killed."""
    found = tree(out)
    for name in TABLES:
        found[f"_audit/{name}"] = (out / "_audit" / name).read_bytes()
    summary = json.loads((out / "_audit/summary.json").read_bytes())
    del summary["started"]
    found["summary"] = json.dumps(summary, sort_keys=True).encode()
    return found


def leftovers(out: Path) -> list[str]:
    """What should not be there after a run."""
    found = [str(path) for path in out.rglob("*.tmp")]
    return found + [name for name in ("run", "broken") if (out / "_audit" / name).exists()]


def killed_runs(folder: Path, kills: int, seed: int) -> Iterator[tuple[int, list[str]]]:
    """Runs that are killed at random up to four times each and then let finish, until there were
    `kills`; after each, how many so far and what is wrong."""
    rng = random.Random(seed)
    source = folder / "in"
    make_corpus(source, files=120, records=300)
    for name in ("warm", "whole"):
        started = time.monotonic()
        assert start(source, folder / name, 1).wait() == 2  # one file cannot be read
        taken = time.monotonic() - started
    expected = outcome(folder / "whole")
    done = number = 0
    while done < kills:
        number += 1
        out = folder / f"out{number}"
        for _ in range(rng.randint(1, 4)):
            process = start(source, out, rng.randint(1, 2))
            try:
                process.wait(rng.uniform(0.2, 1.0) * taken)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                done += 1
        wrong = []
        last = start(source, out, rng.randint(1, 2))
        said = last.communicate()[1].decode()
        if last.returncode != 2 or not (out / "_audit/summary.json").exists():
            wrong.append(f"the last run failed: {said}")
        elif (found := outcome(out)) != expected:
            names = {*found, *expected}
            wrong += [f"{n} differs" for n in names if found.get(n) != expected.get(n)]
        yield done, wrong + leftovers(out)


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        bad = 0
        for done, wrong in killed_runs(Path(folder), kills, seed=kills):
            bad += bool(wrong)
            print(f"{done} kills: {', '.join(wrong) or 'all as if there were none'}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
