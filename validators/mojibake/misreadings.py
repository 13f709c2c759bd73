"""Which segments of a text are misread, and by which path, chains included."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake.codepages import SINGLE, page
from jiaokan.validators.mojibake.inversion import PATHS, Gap, Least, Path, Segment, segments_of
from jiaokan.validators.mojibake.suspicion import Suspects, zones
from jiaokan.validators.plausibility import log_likelihood

SAMPLE = 2000
"""Code points on which all paths are tried before the likely ones are tried on all."""
_DEPTH = 3
_SUPPORT = 24.0
"""Bits beyond chance that a path must have in a document for its weak segments to count."""
_STEP = 15.0
"""Bits by which a path of one step more must be the better."""
_LAYERED = 12
"""Bytes that a segment must have to be looked at for a second misreading below the first."""
_LEAST = Least(gain=12, surprise=-2, high_bytes=_LAYERED)
"""What has less is neither sure, nor weak, nor looked at for a second misreading."""
_ACCENTS = (Path("utf8", "latin1"),)
_QUOTES = (Path("utf8", "gbk"),)
_BREAK = ord("\n")
_SEPARATOR = np.full(2, _BREAK, dtype=np.uint32)


class Misreading(NamedTuple):
    """`[start, end)` of the text was misread by `paths`, the last misreading first."""

    paths: tuple[Path, ...]
    start: int
    end: int
    codes: NDArray[np.uint32]
    gain: float
    surprise: float
    gaps: tuple[Gap, ...] = ()
    alone: bool = False
    """Whether ASCII or nothing stands on both sides: a cell, a line, a name."""
    told: bool = False
    """Whether what is meant is made of words and what is seen is not."""

    def moved(self, by: int) -> "Misreading":
        gaps = self.gaps
        if gaps:
            gaps = tuple(g._replace(start=g.start + by, end=g.end + by) for g in gaps)
        return self._replace(start=self.start + by, end=self.end + by, gaps=gaps)


def misreadings(
    codes: NDArray[np.uint32], suspicious: Suspects, rare: NDArray[np.intp]
) -> list[Misreading]:
    """What is misread around the suspects. Sorted; none overlaps another.

    A sample of the suspects' surroundings tells the likely paths. These are tried on all the
    surroundings of rare characters; and what is still suspect then is looked at like the sample.
    """
    sample: list[tuple[int, int]] = []
    size = 0
    for start, end in sorted(zones(suspicious.at, len(codes)), key=lambda z: z[0] - z[1]):
        if size >= SAMPLE:
            break
        sample.append((start, min(end, start + SAMPLE)))
        size += sample[-1][1] - start
    found = _established(_in_zones(codes, sorted(sample), suspicious))
    likely = list(dict.fromkeys(item.paths[0] for item in found if len(item.paths) == 1))
    if likely:
        found += _in_zones(codes, zones(rare, len(codes)), suspicious, likely)
        found = _chosen(found)
    covered = np.zeros(len(codes) + 1, dtype=np.bool_)
    for start, end in sample if not likely else ((item.start, item.end) for item in found):
        covered[start:end] = True
    rest = suspicious.at[~covered[suspicious.at]]
    if len(rest):
        found = _chosen([*found, *_in_zones(codes, zones(rest, len(codes)), suspicious)])
    return _established(found)


def _in_zones(
    codes: NDArray[np.uint32],
    stretches: Sequence[tuple[int, int]],
    suspicious: Suspects,
    paths: Sequence[Path] = (),
) -> list[Misreading]:
    """The best misreadings in some stretches of a text, laid end to end to be looked at at once.

    With `paths`, only these; else all that the suspects allow, and chains of them.
    """
    if not stretches:
        return []
    pieces: list[NDArray[np.uint32]] = []
    offsets: list[int] = []
    joined: list[int] = []
    at = 0
    for start, end in stretches:
        pieces += (codes[start:end], _SEPARATOR)
        joined.append(at)
        offsets.append(start - at)
        at += end - start + len(_SEPARATOR)
    text = np.concatenate(pieces)
    if paths:
        found = [
            _single(text, segment)
            for path in paths
            for segment in segments_of(text, path, _LEAST)
            if not _is_no_misreading(text, segment)
        ]
    else:
        found = _all_paths(text, suspicious.within(stretches, [-by for by in offsets]))
    chosen = _chosen(item for item in found if _weakly(item))
    starts = np.array(joined)
    owners = np.searchsorted(starts, [item.start for item in chosen], side="right") - 1
    return [item.moved(offsets[owner]) for item, owner in zip(chosen, owners.tolist(), strict=True)]


def _all_paths(text: NDArray[np.uint32], suspicious: Suspects) -> list[Misreading]:
    """All that any path makes of a text. UTF-8, which cannot be had by chance, goes first, and what
    it explains is looked at no more."""
    found: list[Misreading] = []
    layered: list[Segment] = []
    explained = np.zeros(len(text), dtype=np.bool_)
    for number, path in enumerate(PATHS):
        allowed = (suspicious.paths >> np.uint32(number) & 1).astype(np.bool_)
        allowed &= ~explained[suspicious.at]
        if not allowed.any():
            continue
        for segment in _segments_in_lines(text, path, suspicious.at[allowed]):
            if _is_no_misreading(text, segment):
                continue
            item = _single(text, segment)
            found.append(item)
            if path.true != "utf8":
                continue
            if _sure(item) and item.surprise >= 3 * len(item.codes):
                explained[item.start : item.end] = True
            elif segment.high_bytes >= _LAYERED and not segment.gaps:
                layered.append(segment)
    for segment in layered:
        if not explained[segment.start : segment.end].all():
            found += _layers(text, segment)
    return found


def _segments_in_lines(
    text: NDArray[np.uint32], path: Path, at: NDArray[np.intp]
) -> Iterator[Segment]:
    """The segments of the lines with any of these positions. A segment lies within a line."""
    breaks = np.flatnonzero(text == _BREAK)
    lines = np.unique(np.searchsorted(breaks, at))
    begins = np.append(0, breaks + 1)[lines]
    ends = np.append(breaks + 1, len(text))[lines]
    if 2 * (ends - begins).sum() > len(text):
        yield from segments_of(text, path, _LEAST)
        return
    joined = np.concatenate([text[slice(*ends)] for ends in zip(begins, ends, strict=True)])
    offsets = begins - np.cumsum(ends - begins) + (ends - begins)
    for segment in segments_of(joined, path, _LEAST):
        line = int(np.searchsorted(begins - offsets, segment.start, side="right")) - 1
        yield segment.moved(int(offsets[line]))


def _single(text: NDArray[np.uint32], segment: Segment) -> Misreading:
    start, end = segment.start, segment.end
    item = Misreading(
        (segment.path,), start, end, segment.codes, segment.gain, segment.surprise, segment.gaps
    )
    if _sure(item):
        return item
    item = item._replace(alone=_alone(text, start, end))
    return item._replace(told=_is_told(text[start:end], item)) if item.alone else item


def _alone(text: NDArray[np.uint32], start: int, end: int) -> bool:
    for beside in text[max(start - 1, 0) : start].tolist() + text[end : end + 1].tolist():
        if beside >= 0x80 or chr(beside).isalnum():
            return False
    # A doubled character is a word of its own; hangul by itself is Korean, kana is Japanese.
    seen = text[start:end]
    hangul = (seen >= 0xAC00) & (seen < 0xD7B0)
    kana = (seen > 0xFF60) & (seen < 0xFFA0)
    return not any(each.all() for each in (seen == seen[0], hangul, kana))


def _is_told(seen: NDArray[np.uint32], item: Misreading) -> bool:
    """Whether each two characters of a few that are meant were counted together, and none of those
    that are seen: what words there are tells more than how rare the characters are."""
    if not 2 <= len(item.codes) <= _FEW or item.gain < 12 or item.surprise < 5:
        return False
    words = continuation()
    return bool((words.met(item.codes) > 0).all()) and not bool(words.met(seen).any())


def _layers(text: NDArray[np.uint32], segment: Segment) -> list[Misreading]:
    """A segment whose reading is itself misread, as one misreading."""
    deeper = _chain(segment, _DEPTH - 1)
    if deeper is None:
        return []
    paths, codes, surprise = deeper
    old = log_likelihood(text[segment.start : segment.end]).sum()
    gain = float(log_likelihood(codes).sum() - old)
    if gain < 30 or surprise < 20:
        return []
    return [Misreading((segment.path, *paths), segment.start, segment.end, codes, gain, surprise)]


def _weakly(item: Misreading) -> bool:
    return (item.gain >= 12 and item.surprise >= 4) or _sure(item)


def _is_no_misreading(text: NDArray[np.uint32], segment: Segment) -> bool:
    """Whether what is written shows that this path cannot have made it.

    Greek or Cyrillic letters alone are words; full-width forms alone are numbers and names. And
    a decoder of pairs makes of the common Chinese characters of GBK what only its own language
    has: half-width katakana of all that begin with B0 to DF, hangul of all up to C8.
    """
    true, wrong = segment.path
    if wrong in SINGLE:
        return False
    seen = text[segment.start : segment.end]
    seen = seen[seen >= 0x80]
    if ((seen >= 0x370) & (seen < 0x530)).all() or ((seen > 0xFF00) & (seen < 0xFF5F)).all():
        return True
    mark = _MARKS.get(wrong) if true == "gbk" else None
    near = text[max(segment.start - _NEAR, 0) : segment.end + _NEAR]
    return mark is not None and not bool(((near >= mark[0]) & (near <= mark[1])).any())


_NEAR = 8
"""Code points beside a segment where its mark may stand, a segment being part of what was misread."""
_MARKS = {"shift-jis": (0xFF61, 0xFF9F), "euc-kr": (0xAC00, 0xD7A3)}


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
    gain, surprise = item.gain, item.surprise
    if len(item.codes) < 3 * len(item.gaps):
        return False
    if item.paths == _ACCENTS and gain >= 35 and surprise >= -2:
        return True  # "Ã" before a sign is no text of any language
    if item.paths == _QUOTES and gain >= 25 and 0x2010 <= item.codes[0] < 0x203B:
        return True  # "鈥" (E2 80) before a rare character is none either
    if len(item.codes) <= _FEW:
        once = _share_of_new(item.codes)
        gain, surprise = gain * once, surprise * once
    if gain >= 24 and surprise >= 9 and gain + surprise >= _SURE:
        return True
    if gain >= 50 and surprise >= 12:
        return True
    if not item.alone:
        return False
    if item.told:
        return gain + surprise >= _SURE_OF_WORDS
    long = len(item.codes) >= 4 and gain >= 24 and surprise >= 5
    return (
        (long and gain + surprise >= _SURE_ALONE)
        or (gain >= 18 and surprise >= 9 and gain + surprise >= _SURE_ALONE)
        or (gain >= 38 and surprise >= 4)
    )


def _share_of_new(codes: NDArray[np.uint32]) -> float:
    """Which part of the characters comes for the first time: words like 旮旮旯旯, which say the
    same thing twice, are no evidence twice."""
    high = codes[codes >= 0x80].tolist()
    return len(set(high)) / len(high) if high else 1.0


_FEW = 8
_SURE = 48.0
"""Bits of gain and surprise together; in 37 million characters of clean text none has over 40."""
_SURE_ALONE = 33.0
"""The same of a cell, a line or a name by itself; of 600,000 words of dictionaries none has over 32."""
_SURE_OF_WORDS = 31.0
"""The same where words tell; of 290,000 rare words that were not counted none has over 29."""
