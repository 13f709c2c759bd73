"""How large a text may be that is repaired in one piece."""

from functools import cache
from pathlib import Path

BYTES_PER_BYTE = 16
"""Memory that a byte of text takes while it is repaired, at most (measured: 11 for clean UTF-8)."""
_FALLBACK = 4 << 30
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


@cache
def largest_text() -> int:
    """Bytes of the largest file that fits in the memory that is free when first asked."""
    return max(64 << 20, _available() // BYTES_PER_BYTE)


def _available() -> int:
    available = _FALLBACK
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                available = int(line.split()[1]) << 10
    except (OSError, ValueError, IndexError):
        pass
    for path in _LIMITS:
        try:
            available = min(available, int(Path(path).read_text("ascii")))
        except (OSError, ValueError):  # no limit is written as "max"
            continue
    return available
