"""A lock: only one run at a time works in a folder."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiaokan.repair.files import RunError

TRIES, BETWEEN_TRIES = 50, 0.1
"""The workers of a killed run hold its folder until they notice, seconds on a busy machine."""


@contextmanager
def held(audit: Path) -> Iterator[None]:
    """Hold the folder of an audit; released by the system, however the process ends.

    Raises RunError where another run holds it.
    """
    try:
        import fcntl
    except ImportError:  # pragma: no cover (Windows: two runs at once are the user's to avoid)
        yield
        return
    descriptor = os.open(audit, os.O_RDONLY)
    try:
        for left in range(TRIES, -1, -1):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if not left:
                    raise RunError(
                        f"another jiaokan is at work in {audit}; wait until it is done"
                    ) from error
                time.sleep(BETWEEN_TRIES)
        yield
    finally:
        os.close(descriptor)
