"""How large a record may be that is read, and how much is under way at once.

By default the memory that is free decides; with a bound, all processes together keep to it.
"""

import re
from functools import cache
from pathlib import Path

from jiaokan.validators.values import Document

LONG = 2 << 20
"""Bytes up to which a text is repaired in one piece (a `str`: as UTF-8)."""
PART = 1 << 20
"""Bytes of a part of a longer one, at most; at least half of that."""
BYTES_PER_BYTE = 16
"""Memory that a byte of text takes while it is repaired, at most (measured: 11 for clean UTF-8)."""
DENSE_BYTES_PER_BYTE = 48
"""The same where there is a change in every clause, rows of the audit included (measured: 43)."""
BASE_BYTES = 220 << 20
"""What all processes together take before there is any text (measured: about 180 MB)."""
WORKER_BYTES = 60 << 20
"""What each worker takes beside what it shares (measured: 40 to 50 MB)."""
LEAST_BYTES = 400 << 20
"""The smallest bound that leaves room for texts."""
_FALLBACK = 4 << 30
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def is_long(data: str | bytes | Document) -> bool:
    """Whether a text is repaired in parts."""
    if isinstance(data, Document):
        data = data.text
    if isinstance(data, str):
        # A code point takes one to four bytes.
        return len(data) * 4 > LONG and (len(data) > LONG or len(in_utf8(data)) > LONG)
    return isinstance(data, bytes | bytearray | memoryview) and len(data) > LONG


def in_utf8(text: str) -> bytes:
    """A text as bytes; lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass")


_bound: int | None = None


def keep_to(total: int | None) -> None:
    """Bound what all processes of a run take together, in bytes; None: what is free.

    Each process of the run has to be told. Raises ValueError for a bound that is too small.
    """
    global _bound
    if total is not None and total < LEAST_BYTES:
        raise ValueError(f"--memory: {LEAST_BYTES >> 20}M is the least that is enough")
    _bound = total


def size_of(text: str) -> int:
    """Bytes of `600M`, `4G`, `4GiB` and so on. Raises ValueError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT])?(?:i?B)?", text.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError(f"--memory: {text!r} is no size, such as 600M or 4G")
    return int(float(found[1]) * (1 << 10 * (" KMGT".index((found[2] or " ").upper()))))


def bound() -> int | None:
    """The bound that this process was told."""
    return _bound


def largest_text() -> int:
    """Bytes of the largest text that is held: a record, or what cannot be streamed. With a bound, what
    leaves room for two at once, and for more workers where there is much."""
    if _bound is None:
        return _largest_free()
    half = (_bound - BASE_BYTES - 2 * WORKER_BYTES) // 2 // DENSE_BYTES_PER_BYTE
    return min(half, max(32 << 20, _bound >> 7))


def most_workers() -> int | None:
    """How many workers the bound has room for; None where there is none."""
    if _bound is None:
        return None
    texts = 2 * max(largest_text(), PART) * DENSE_BYTES_PER_BYTE
    return max(1, (_bound - BASE_BYTES - texts) // WORKER_BYTES)


def at_once(usual: int) -> int:
    """How many of `usual` bytes are taken at once: less where a bound leaves little room."""
    return usual if _bound is None else min(usual, max(1 << 18, largest_text() // 4))


def most_under_way(workers: int) -> int | None:
    """Bytes of text that so many workers may have at once; None where there is no bound."""
    if _bound is None:
        return None
    room = (_bound - BASE_BYTES - workers * WORKER_BYTES) // DENSE_BYTES_PER_BYTE
    return max(largest_text(), room - largest_text())


@cache
def _largest_free() -> int:
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
