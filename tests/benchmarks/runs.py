"""Runs of the command that are watched: time of the wall and of the processor, memory, processes.

Memory is the most that all processes together took at once (PSS: what processes share counts once).
To tell what is shared, the kernel walks all pages of a process and holds it up: ten times a second,
that took a tenth of a core, which a run on all cores had to do without and one on a single core had
not. So it is done once a second, as pages that were shared can become a process's own, and where the
processes hold more than ever before (RSS, which costs nothing to ask).

Time is the wall's and, since machines are shared, the processor's: `two cores` is the processor time of
a run with one worker against half of that of a run with two (or its busiest process, if that is more):
what two free cores would give at best.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

COMMAND = [sys.executable, "-m", "jiaokan"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled to bytecode, as those of an installed package are."""
SAMPLED = 0.1
"""Seconds between two looks at the processes."""
LOOKED = 1.0
"""Seconds between two looks at what they share, at most."""
GROWN = 1 << 20
"""Bytes of memory after which that is looked at at once."""


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


def run(*arguments: str | Path, may_fail: bool = False) -> Run:
    """Run `jiaokan ARGUMENTS` to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=ENVIRONMENT,
    )
    root = psutil.Process(process.pid)
    times: dict[int, float] = {}
    memory = most_held = 0
    looked = started
    while process.poll() is None:
        held = 0
        alive: list[psutil.Process] = []
        with suppress(psutil.Error):
            for each in [root, *root.children(recursive=True)]:
                with suppress(psutil.Error):
                    spent = each.cpu_times()
                    times[each.pid] = spent.user + spent.system
                    held += each.memory_info().rss
                    alive.append(each)
        if held > most_held + GROWN or time.perf_counter() - looked > LOOKED:
            memory = max(memory, _shared_once(alive))
            most_held, looked = max(most_held, held), time.perf_counter()
        time.sleep(SAMPLED)
    assert process.stdout is not None
    said = process.stdout.read().decode("utf-8")
    assert process.returncode == 0 or (may_fail and process.returncode == 2), said
    own = times.pop(root.pid, 0.0)
    longest = max(times.values(), default=0.0)
    wall = time.perf_counter() - started
    return Run(wall, own + sum(times.values()), longest, own, memory, said)


def _shared_once(processes: list[psutil.Process]) -> int:
    """Bytes that the processes have in memory together."""
    memory = 0
    for each in processes:
        with suppress(psutil.Error):
            memory += each.memory_full_info().pss
    return memory


@contextmanager
def all_cores() -> Iterator[None]:
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


def gain(one: Run, two: Run) -> str:
    return f"two cores {one.busy / max(two.busy / 2, two.longest):.2f} × one"


def memory_of(run: Run) -> str:
    return f"memory {run.memory >> 20} MB"
