"""Hashes that identify a finding by its line; each line is hashed once for all its findings."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash


class LineHashes:
    """SHA-256 of things that stand in a line. A line may be a whole book, with a finding every few
    words, so it is read once for each `kind` and not for each finding."""

    def __init__(self) -> None:
        self._line = ""
        self._begun: dict[str, _Hash] = {}

    def of(self, kind: str, line: str, what: str) -> str:
        """The hexadecimal hash of the three, parted by NULs, without the space around the line."""
        if line is not self._line:
            self._line, self._begun = line, {}
        begun = self._begun.get(kind)
        if begun is None:
            begun = hashlib.sha256(f"{kind}\0{line.strip()}\0".encode("utf-8", "surrogatepass"))
            self._begun[kind] = begun
        hash = begun.copy()
        hash.update(what.encode("utf-8", "surrogatepass"))
        return hash.hexdigest()
