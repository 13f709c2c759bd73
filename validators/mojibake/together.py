"""Texts end to end, as one array, so that misreadings are looked for in all at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.judging import SURPRISE, Surroundings
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.readings import GAP
from jiaokan.validators.mojibake.segments import Path
from jiaokan.validators.mojibake.stretches import Places, covered, zones
from jiaokan.validators.mojibake.support import SUPPORT, is_of_pairs
from jiaokan.validators.view import ranges

_KEPT = 64
"""Code points on each side of a suspect: no look at its surroundings goes as far."""
_SAMPLE = 600
"""Code points of a text on which all paths are tried before the likely ones are tried on all."""
_LONGEST = 2000
"""Code points of one stretch that are enough."""
_REPLACED = 0xFFFD
"""What any decoder puts, so that it tells no path."""
_BREAK = ord("\n")
_BETWEEN = np.full(16, _BREAK, dtype=np.uint32)
"""Stands around each text, so that no look at neighbours crosses over."""


class Suspected(NamedTuple):
    """A text, its suspects, and all its characters of the kind that misread text is full of."""

    codes: NDArray[np.uint32]
    suspects: Places
    rare: Places

    def around_suspects(self) -> "Suspected":
        """What stands around the suspects as a text of its own, the stretches far enough apart. What
        `are_misread` tells of it is what it tells of the text."""
        at = self.suspects
        cut = (np.diff(at) > 2 * _KEPT).nonzero()[0]
        first, last = at[np.append(0, cut + 1)], at[np.append(cut, len(at) - 1)]
        begins = np.maximum(first - _KEPT, 0)
        lengths = np.minimum(last + _KEPT + 1, len(self.codes)) - begins
        ends = np.cumsum(lengths + len(_BETWEEN))
        starts = ends - lengths - len(_BETWEEN)
        codes = np.full(ends[-1], _BREAK, dtype=np.uint32)
        codes[ranges(starts, lengths)] = self.codes[ranges(begins, lengths)]
        at = at + (starts - begins)[first.searchsorted(at, side="right") - 1]
        return Suspected(codes, at, at)


class Together:
    """Texts end to end, as one array."""

    def __init__(self, texts: Sequence[Suspected]) -> None:
        pieces = [_BETWEEN]
        for text in texts:
            pieces += (text.codes, _BETWEEN)
        self.codes = np.concatenate(pieces)
        lengths = np.array([len(text.codes) for text in texts], dtype=np.intp)
        self.ends = np.cumsum(lengths + len(_BETWEEN))
        self.starts = self.ends - lengths
        moves = self.starts.tolist()
        self.rare = np.concatenate([t.rare + by for t, by in zip(texts, moves, strict=True)])
        at = np.concatenate([t.suspects + by for t, by in zip(texts, moves, strict=True)])
        self.suspects = at[self.codes[at] != _REPLACED]
        self.surroundings = Surroundings(self.codes)
        self.breaks = np.flatnonzero(self.codes == _BREAK)

    def document(self, at: Places | int) -> Places:
        """The text that each place is in."""
        found: Places = np.searchsorted(self.starts, at, side="right") - 1
        return found

    def zones(self, at: Places) -> Places:
        """The surroundings of these places, which are within texts. Shape (zones, 2)."""
        return zones(at, self.starts, self.ends)

    def sample(self) -> Places:
        """Some surroundings of suspects, of each text."""
        around = self.zones(self.suspects)
        return _sample(around, self.document(around[:, 0]))

    def left(self, spans: Sequence[tuple[int, int]]) -> Places:
        """The surroundings of the suspects outside of these spans."""
        suspects = self.suspects
        return self.zones(suspects[~covered(len(self.codes), spans)[suspects]])

    def established(self, found: Sequence[Misreading]) -> list[Misreading]:
        """Those sure of themselves, and the weak ones whose path others, or they together, prove."""
        support: dict[tuple[int, tuple[Path, ...]], float] = {}
        seen: set[tuple[int, tuple[Path, ...], bytes]] = set()
        characters: dict[tuple[int, tuple[Path, ...]], set[int]] = {}
        documents = self.document(np.array([item.start for item in found], dtype=np.intp)).tolist()
        for item, document in zip(found, documents, strict=True):
            key = (document, item.paths, item.codes.tobytes())
            if key not in seen:
                seen.add(key)
                of = key[:2]
                bits = max(item.surprise, 0)
                if is_of_pairs(item.paths[0]):
                    known = characters.setdefault(of, {GAP})
                    codes = set(item.codes.tolist())
                    bits *= len(codes - known) / max(int((item.codes != GAP).sum()), 1)
                    known |= codes
                support[of] = support.get(of, 0) + bits
        return [
            item
            for item, document in zip(found, documents, strict=True)
            if item.is_sure
            or (support[document, item.paths] >= SUPPORT and item.surprise >= SURPRISE)
        ]

    def parted(self, found: Sequence[Misreading]) -> list[list[Misreading]]:
        """What is found in each text, in its own positions."""
        parts: list[list[Misreading]] = [[] for _ in range(len(self.starts))]
        documents = self.document(np.array([item.start for item in found], dtype=np.intp)).tolist()
        starts = self.starts.tolist()
        for item, document in zip(found, documents, strict=True):
            parts[document].append(item.moved(-starts[document]))
        return parts


def _sample(around: Places, document: Places) -> Places:
    """Of each text the longest stretches, until they are enough; sorted."""
    if not len(around):
        return around
    lengths = around[:, 1] - around[:, 0]
    order = np.lexsort((-lengths, document))
    document = document[order]
    taken = np.minimum(lengths[order], _LONGEST)
    before = np.cumsum(taken) - taken
    first = np.searchsorted(document, document)
    chosen = order[before - before[first] < _SAMPLE]
    sample: Places = around[np.sort(chosen)]
    sample[:, 1] = np.minimum(sample[:, 1], sample[:, 0] + _LONGEST)
    return sample
