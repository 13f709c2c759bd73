"""Arrays that take long to work out of the tables, kept as they are used: mapped into memory, they cost
next to nothing to load, and all processes share them.

`recipes/arrays.py` keeps them. An array that was kept of other tables than there are now is worked out.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import FOLDER

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class KeptArray:
    """An array with a name, the tables that it is made of, and how."""

    name: str
    tables: tuple[str, ...]
    make: Callable[[], Array]

    @property
    def path(self) -> str:
        return f"arrays/{self.name}.npy"

    def load(self) -> Array:
        """The array, which is never written to."""
        stamp = self._stamp()
        try:
            with (FOLDER / self.path).open("rb") as file:
                file.seek(-len(stamp), io.SEEK_END)
                is_of_these = file.read() == stamp
        except OSError:
            is_of_these = False
        if is_of_these:
            kept: Array = np.load(FOLDER / self.path, mmap_mode="r").view(np.ndarray)
            return kept
        made = self.make()
        made.flags.writeable = False
        return made

    def as_bytes(self) -> bytes:
        """What is kept: the array, and behind it what its tables were."""
        file = io.BytesIO()
        np.save(file, self.make())
        return file.getvalue() + self._stamp()

    def _stamp(self) -> bytes:
        stamp = 0
        for table in self.tables:
            stamp = crc32((FOLDER / table).read_bytes().replace(b"\r\n", b"\n"), stamp)
        return stamp.to_bytes(4, "little")
