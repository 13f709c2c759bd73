"""The files that a run found, kept on disk so that memory does not grow with their number."""

import pickle
from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile

import numpy as np

from jiaokan.repair.files import Input, Refused

_HELD = 4 << 20
"""Bytes that are held in memory; more go through a file, which has no name."""
_AT_ONCE = 256
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zstd", ".parquet", ".arrow")
_PACKED_BYTES = 4
"""Bytes of text in a packed byte, about."""


class Found:
    """What a walk found, kept so that it can be gone through again and again. Sizes are bytes."""

    def __init__(self, items: Iterable[Input | Refused]) -> None:
        self._kept: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(_HELD)  # noqa: SIM115
        self.files = self.size = self.skipped = 0
        self.text = 0
        """About how much of it is text, unpacked."""
        waiting = iter(items)
        while some := list(islice(waiting, _AT_ONCE)):
            for item in some:
                if isinstance(item, Input):
                    self.files += 1
                    size = item.bytes
                    self.size += size
                    self.text += size * (_PACKED_BYTES if item.name.endswith(_PACKED) else 1)
                else:
                    self.skipped += not item.is_failure
            pickle.dump(some, self._kept, pickle.HIGHEST_PROTOCOL)
        self._end = self._kept.tell()

    def __iter__(self) -> Iterator[Input | Refused]:
        at = 0
        while at < self._end:
            self._kept.seek(at)
            some: list[Input | Refused] = pickle.load(self._kept)
            at = self._kept.tell()
            yield from some

    def names(self) -> "Names":
        return Names(item.name for item in self if isinstance(item, Input))


class Names:
    """A set of names in eight bytes each: one that is not in it may be taken for another that is,
    once in many millions of millions."""

    def __init__(self, names: Iterable[str]) -> None:
        self._hashes = np.sort(np.fromiter(map(hash, names), np.int64))

    def __contains__(self, name: object) -> bool:
        at = int(np.searchsorted(self._hashes, hash(name)))
        return at < len(self._hashes) and int(self._hashes[at]) == hash(name)
