"""Fair times on a noisy machine: one core, contestants interleaved, medians."""

import os
import time
from collections.abc import Callable, Mapping
from statistics import median


def pin_to_one_core() -> None:
    """Keep this process on one core, as far as the system lets us."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def interleaved(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of processor time of each contestant, run in turn `rounds` times.

    Contestants work in this process. What else the machine does in the meantime does not count.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            started = time.process_time()
            run()
            times[name].append(time.process_time() - started)
    return {name: median(taken) for name, taken in times.items()}


def speed(size: int, seconds: float) -> str:
    """MB/s, MB being 10^6 bytes of UTF-8."""
    return f"{size / 1e6 / seconds:.1f} MB/s"
