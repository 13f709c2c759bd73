"""Which segments of a text are misread, and by which path, chains included."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import page
from jiaokan.validators.mojibake.inversion import PATHS, Gap, Path, Segment, segments_of
from jiaokan.validators.mojibake.suspicion import zones
from jiaokan.validators.plausibility import log_likelihood

SAMPLE = 2000
"""Code points on which all paths are tried before the likely ones are tried on all."""
_DEPTH = 3
_SUPPORT = 24.0
"""Bits beyond chance that a path must have in a document for its weak segments to count."""
_STEP = 15.0
"""Bits by which a path of one step more must be the better."""


@dataclass(frozen=True)
class Misreading:
    """`[start, end)` of the text was misread by `paths`, the last misreading first."""

    paths: tuple[Path, ...]
    start: int
    end: int
    codes: NDArray[np.uint32]
    gain: float
    surprise: float
    gaps: tuple[Gap, ...] = ()

    def moved(self, by: int) -> "Misreading":
        gaps = tuple(g._replace(start=g.start + by, end=g.end + by) for g in self.gaps)
        return Misreading(
            self.paths, self.start + by, self.end + by, self.codes, self.gain, self.surprise, gaps
        )


def misreadings(
    codes: NDArray[np.uint32], suspects: NDArray[np.intp], rare: NDArray[np.intp]
) -> list[Misreading]:
    """What is misread around the suspects. Sorted; none overlaps another.

    All paths are tried on a sample of the suspects' surroundings; those that are found there on
    all the surroundings of rare characters; and the rest on what is still suspect then.
    """
    sample: list[tuple[int, int]] = []
    size = 0
    for start, end in sorted(zones(suspects, len(codes)), key=lambda z: z[0] - z[1]):
        if size >= SAMPLE:
            break
        sample.append((start, min(end, start + SAMPLE)))
        size += sample[-1][1] - start
    paths = [path for path in PATHS if _may_be(path, codes[suspects])]
    found = _established(_in_zones(codes, sorted(sample), paths))
    likely = list(dict.fromkeys(item.paths[0] for item in found))
    if likely:
        found = _in_zones(codes, zones(rare, len(codes)), likely)
    covered = np.zeros(len(codes) + 1, dtype=np.bool_)
    for start, end in sample if not likely else ((item.start, item.end) for item in found):
        covered[start:end] = True
    rest = zones(suspects[~covered[suspects]], len(codes))
    others = [path for path in paths if path not in likely]
    if rest and others:
        found = _chosen([*found, *_in_zones(codes, rest, others)])
    return _established(found)


def _may_be(path: Path, codes: NDArray[np.uint32]) -> bool:
    return bool(page(path.wrong).knows(codes[:SAMPLE]).sum() >= 0.25 * len(codes[:SAMPLE]))


def _in_zones(
    codes: NDArray[np.uint32], stretches: Sequence[tuple[int, int]], paths: Iterable[Path]
) -> list[Misreading]:
    """The best misreadings in some stretches of a text, laid end to end to be looked at at once."""
    if not stretches:
        return []
    pieces: list[NDArray[np.uint32]] = []
    offsets: list[int] = []
    joined: list[int] = []
    at = 0
    separator = np.full(2, ord("\n"), dtype=np.uint32)
    for start, end in stretches:
        pieces += (codes[start:end], separator)
        joined.append(at)
        offsets.append(start - at)
        at += end - start + 2
    text = np.concatenate(pieces)
    found: list[Misreading] = []
    for path in paths:
        for segment in segments_of(text, path):
            found += _read(text, segment)
    starts = np.array(joined)
    chosen = _chosen(found)
    owners = np.searchsorted(starts, [item.start for item in chosen], side="right") - 1
    return [item.moved(offsets[owner]) for item, owner in zip(chosen, owners.tolist(), strict=True)]


def _read(text: NDArray[np.uint32], segment: Segment) -> list[Misreading]:
    """A segment as a misreading, of one step or of more."""
    single = Misreading(
        (segment.path,), segment.start, segment.end, segment.codes,
        segment.gain, segment.surprise, segment.gaps,
    )  # fmt: skip
    if segment.gain >= 12 and segment.surprise >= 4 * len(segment.codes) ** 0.5:
        return [single]
    if segment.gaps or segment.high_bytes < 8:
        return [single] if _weakly(single) else []
    deeper = _chain(segment, _DEPTH - 1)
    if deeper is not None:
        paths, codes, surprise = deeper
        old = log_likelihood(text[segment.start : segment.end]).sum()
        gain = float(log_likelihood(codes).sum() - old)
        if gain >= 30 and surprise >= 20:
            return [
                Misreading(
                    (segment.path, *paths), segment.start, segment.end, codes, gain, surprise
                )
            ]
    return [single] if _weakly(single) else []


def _weakly(item: Misreading) -> bool:
    return item.gain >= 12 and item.surprise >= 4


def _chain(outer: Segment, depth: int) -> tuple[tuple[Path, ...], NDArray[np.uint32], float] | None:
    """What the segment's reading, itself a misreading, was: its paths, text and surprise."""
    best: tuple[tuple[Path, ...], NDArray[np.uint32], float] | None = None
    codes = outer.codes
    high = codes >= 0x80
    if not high.any():
        return None
    for path in PATHS:
        if not page(path.wrong).knows(codes).all():
            continue
        inner = segments_of(codes, path)
        if not inner:
            continue
        covered = np.zeros(len(codes), dtype=np.bool_)
        for segment in inner:
            covered[segment.start : segment.end] = True
        if (high & ~covered).sum() > 0.1 * high.sum() or any(s.gaps for s in inner):
            continue
        pieces: list[NDArray[np.uint32]] = []
        paths: tuple[Path, ...] = (path,)
        surprise = 0.0
        at = 0
        for segment in inner:
            pieces += (codes[at : segment.start], segment.codes)
            at = segment.end
        pieces.append(codes[at:])
        text = np.concatenate(pieces)
        likelihood = log_likelihood(text)
        is_high = text >= 0x80
        surprise = 7.25 * outer.high_bytes - float(-likelihood[is_high].sum())
        if depth > 1 and -likelihood.mean() > 14:
            whole = max(inner, key=lambda s: s.end - s.start)
            if len(whole.codes) >= 0.9 * len(text):
                deeper = _chain(whole, depth - 1)
                if deeper is not None:
                    lead, tail = codes[: whole.start], codes[whole.end :]
                    text = np.concatenate((lead, deeper[1], tail))
                    paths = (path, *deeper[0])
                    surprise = 7.25 * outer.high_bytes + float(
                        log_likelihood(text)[text >= 0x80].sum()
                    )
        if best is None or surprise > best[2]:
            best = (paths, text, surprise)
    return best


def _chosen(found: Iterable[Misreading]) -> list[Misreading]:
    """Of those that overlap, the one that gains most. Sorted by place."""
    taken: list[Misreading] = []
    ranked = sorted(found, key=lambda item: _STEP * len(item.paths) - item.gain)
    if not ranked:
        return []
    size = max(item.end for item in ranked)
    used = np.zeros(size, dtype=np.bool_)
    for item in ranked:
        if not used[item.start : item.end].any():
            used[item.start : item.end] = True
            taken.append(item)
    return sorted(taken, key=lambda item: item.start)


def _established(found: Sequence[Misreading]) -> list[Misreading]:
    """Those sure of themselves, and the weak ones whose path others, or they together, prove."""
    support: dict[tuple[Path, ...], float] = {}
    seen: set[tuple[tuple[Path, ...], bytes]] = set()
    for item in found:
        key = (item.paths, item.codes.tobytes())
        if key not in seen:
            seen.add(key)
            support[item.paths] = support.get(item.paths, 0) + max(item.surprise, 0)
    return [
        item for item in found
        if _sure(item) or (support[item.paths] >= _SUPPORT and item.gain >= 12 and item.surprise >= 4)
    ]  # fmt: skip


def _sure(item: Misreading) -> bool:
    return (item.gain >= 30 and item.surprise >= 18) or (item.gain >= 50 and item.surprise >= 12)
