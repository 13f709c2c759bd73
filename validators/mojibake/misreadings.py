"""Which stretches of texts are misread, and by which path, chains included; many texts at once."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import HALF_MENDED, SINGLE, page
from jiaokan.validators.mojibake.explanation import is_explained_by
from jiaokan.validators.mojibake.gaps import Gaps, OwnGaps
from jiaokan.validators.mojibake.holes import lost_by
from jiaokan.validators.mojibake.inversion import OF_A_GAP
from jiaokan.validators.mojibake.judging import (
    GAIN,
    SURPRISE,
    is_sure_chain,
    judged,
)
from jiaokan.validators.mojibake.layers import Broken, chain
from jiaokan.validators.mojibake.misreading import Misreading, chosen
from jiaokan.validators.mojibake.pieces import Pieces
from jiaokan.validators.mojibake.segments import PATHS, Least, Path, Segments
from jiaokan.validators.mojibake.stretches import Places
from jiaokan.validators.mojibake.support import have_support
from jiaokan.validators.mojibake.suspicion import paths_of, window_of
from jiaokan.validators.mojibake.together import Suspected, Together
from jiaokan.validators.plausibility import alone, log_likelihood
from jiaokan.validators.view import ranges

_LAYERED = 12
"""Bytes that a segment must have to be looked at for a second misreading below the first."""
_LEAST = Least(gain=GAIN, surprise=-2, high_bytes=_LAYERED)
"""What has less is neither sure, nor weak, nor looked at for a second misreading."""
_CERTAIN = {"utf8": 3.0, "gbk": 5.0, "big5": 5.0}
"""Bits beyond chance of each character from which no other path need be tried."""
_RIVALS = SINGLE - {"latin1"}
"""Pages that have characters of one another, as other bytes, one or two: none is certain before all are tried."""
_UNCOMMON = 20.0
"""Bits of a character for which the other paths are tried all the same: two thirds of the ideographs."""
_MANY = 1 << 10
"""Suspects from which on the paths are looked at one by one."""


def are_misread(texts: Sequence[Suspected]) -> list[bool]:
    """In which texts `misreadings` finds something, for less than that takes where it finds nothing."""
    together = Together(texts)
    sample = together.sample()
    found = together.established(_by_any_path(together, sample))
    found += together.established(_by_any_path(together, together.left(sample.tolist())))
    held = np.zeros(len(texts), dtype=np.bool_)
    held[together.document(np.array([item.start for item in found], dtype=np.intp))] = True
    flags: list[bool] = held.tolist()
    return flags


def misreadings(texts: Sequence[Suspected]) -> list[list[Misreading]]:
    """What is misread around the suspects of each text. Sorted; none overlaps another.

    A sample of the suspects' surroundings tells the likely paths. These are tried on all the
    surroundings of rare characters; and what is still suspect then is looked at like the sample.
    """
    together = Together(texts)
    sample = together.sample()
    found = together.established(_by_any_path(together, sample))
    likely: dict[Path, set[int]] = {}
    for item in found:
        if len(item.paths) == 1:
            likely.setdefault(item.paths[0], set()).add(int(together.document(item.start)))
    settled = np.zeros(len(texts), dtype=np.bool_)
    if likely:
        everywhere = together.zones(together.rare)
        document = together.document(everywhere[:, 0])
        more: list[Misreading] = []
        for path in filter(likely.__contains__, PATHS):
            of = np.zeros(len(texts), dtype=np.bool_)
            of[list(likely[path])] = True
            settled |= of
            more += _by_path(together, everywhere[of[document]], path)
        found = chosen([*found, *chosen(more)])
    unsettled = sample[~settled[together.document(sample[:, 0])]]
    left = together.left([*unsettled.tolist(), *_spans_within(found, settled, together)])
    if len(left):
        found = chosen([*found, *_by_any_path(together, left)])
    return together.parted(together.established(found))


def _spans_within(
    found: list[Misreading], wanted: NDArray[np.bool_], together: "Together"
) -> list[tuple[int, int]]:
    if not found:
        return []
    document = together.document(np.array([item.start for item in found]))
    return [
        (i.start, i.end) for i, is_ in zip(found, wanted[document].tolist(), strict=True) if is_
    ]


def _by_path(together: Together, stretches: Places, path: Path) -> list[Misreading]:
    """What one path makes of some stretches."""
    if not len(stretches):
        return []
    segments, sure = judged(
        together.surroundings,
        Pieces(together.codes, together.breaks, stretches).segments(path, _LEAST),
    )
    return list(_as_items(segments, sure, _count(segments, sure)))


def _by_any_path(together: Together, stretches: Places) -> list[Misreading]:
    """The best that any path makes of some stretches, chains included. UTF-8, which cannot be had
    by chance, goes first, and what a path explains well is looked at no more."""
    if not len(stretches):
        return []
    pieces = Pieces(together.codes, together.breaks, stretches)
    suspects = together.suspects
    within = np.searchsorted(suspects, stretches)
    at = suspects[ranges(within[:, 0], within[:, 1] - within[:, 0])]
    window = window_of(together.codes, at)
    many = len(at) > _MANY
    paths = np.zeros(0, dtype=np.uint64) if many else paths_of(window)
    found: list[Misreading] = []
    layered: list[tuple[Segments, int]] = []
    explained = np.zeros(len(together.codes), dtype=np.bool_)
    for number, path in enumerate(PATHS):
        if many:  # each path only where none before it explains the text
            left = np.flatnonzero(~explained[at])
            allowed = np.zeros(len(at), dtype=np.bool_)
            allowed[left] = is_explained_by(number, window[left])
        else:
            allowed = (paths >> np.uint64(number) & 1).astype(np.bool_) & ~explained[at]
        if path.wrong in SINGLE and path.wrong != HALF_MENDED and allowed.any():
            allowed &= pieces.are_mostly_known(at, window[:, 2], page(path.wrong))
        if not allowed.any():
            continue
        segments = pieces.segments(path, _LEAST, pieces.with_any(at[allowed]))
        if not len(segments.start):
            continue
        segments, sure = judged(together.surroundings, segments)
        counts = _count(segments, sure)
        if np.count_nonzero(counts) > _MANY:
            rows = np.flatnonzero(counts)
            document = together.document(segments.start[rows])
            # Of each document as of the document alone.
            many_in = np.bincount(document)[document] > _MANY
            rows, document = rows[many_in], document[many_in]
            counts[rows] &= sure[rows] | have_support(segments.of(rows), document)
        found += _as_items(segments, sure, counts)
        enough = _CERTAIN[path.true] * (segments.stop - segments.begin)
        certain = sure & (segments.surprise >= enough)
        if path.true == "utf8" and path.wrong in SINGLE:
            certain &= (segments.high_bytes >= _LAYERED) | _stand_alone(together.codes, segments)
        if path.wrong in _RIVALS:
            certain[:] = False
        elif path.true != "utf8":
            certain &= ~_have_uncommon(segments)
        for row in np.flatnonzero(certain).tolist():
            explained[segments.start[row] : segments.end[row]] = True
        if path.true != "utf8":
            continue
        pieces.cut(segments.start[certain], segments.end[certain])
        deep = ~certain & (segments.high_bytes >= _LAYERED)
        layered += [(segments, row) for row in np.flatnonzero(deep).tolist()]
        if path.wrong in SINGLE:
            layered += _broken_below(pieces, path, at[allowed & ~explained[at]])
    # The longest first: parts of what it explains well are looked at no more.
    for segments, row in sorted(layered, key=_length, reverse=True):
        if explained[segments.start[row] : segments.end[row]].all():
            continue
        for item in _layers(together.codes, segments, row):
            found.append(item)
            true = item.paths[-1].true
            if (
                item.is_sure
                and true == "utf8"
                and item.surprise >= _CERTAIN[true] * len(item.codes)
            ):
                explained[item.start : item.end] = True
    return chosen(found)


def _length(layered: tuple[Segments, int]) -> int:
    segments, row = layered
    return int(segments.end[row] - segments.start[row])


def _stand_alone(codes: NDArray[np.uint32], segments: Segments) -> NDArray[np.bool_]:
    """Whether each has ASCII on both sides. In bytes of pairs, two are UTF-8 by chance now and then: 研究 in
    GBK has D0 BE, the letter о, in it."""
    beside = np.maximum(codes[segments.start - 1], codes[segments.end])
    found: NDArray[np.bool_] = beside < 0x80
    return found


def _have_uncommon(segments: Segments) -> NDArray[np.bool_]:
    """Whether a character of each is such as a page makes of what its like showed."""
    codes = segments.codes
    uncommon = (codes >= 0x10000) | (alone()[np.minimum(codes, 0xFFFF)] <= -_UNCOMMON)
    running = np.append(0, np.cumsum(uncommon))
    found: NDArray[np.bool_] = running[segments.stop] > running[segments.begin]
    return found


def _broken_below(pieces: Pieces, path: Path, at: Places) -> list[tuple[Segments, int]]:
    """The segments of the pieces with these places that are themselves misread, and of whose characters
    bytes are lost."""
    wanted = pieces.with_any(at) & pieces.with_halves(page(path.wrong))
    if not wanted.any():
        return []
    segments = pieces.segments(path, _LEAST, wanted, below=True)
    deep = (segments.high_bytes >= _LAYERED) & (segments.counts_of_gaps > 0)
    return [(segments, row) for row in np.flatnonzero(deep).tolist()]


def _count(segments: Segments, sure: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which segments are evidence at all."""
    found: NDArray[np.bool_] = sure | ((segments.gain >= GAIN) & (segments.surprise >= SURPRISE))
    return found


def _as_items(
    segments: Segments, sure: NDArray[np.bool_], wanted: NDArray[np.bool_]
) -> Iterator[Misreading]:
    rows = np.flatnonzero(wanted)
    if not len(rows):
        return
    surprise = segments.surprise
    paths = (segments.path,)
    all_gaps = segments.gaps
    segments, surprise, sure = segments.of(rows), surprise[rows], sure[rows]
    low = np.searchsorted(all_gaps.place, segments.begin)
    high = np.searchsorted(all_gaps.place, segments.stop)
    owned, firsts, stops = _moved(all_gaps, low, high, segments)
    for start, end, begin, stop, gain, far, is_sure, one, other in zip(
        segments.start.tolist(), segments.end.tolist(), segments.begin.tolist(),
        segments.stop.tolist(), segments.gain.tolist(), surprise.tolist(), sure.tolist(),
        firsts.tolist(), stops.tolist(), strict=True,
    ):  # fmt: skip
        gaps = OwnGaps(owned, one, other) if other > one else None
        yield Misreading(paths, start, end, segments.codes[begin:stop], gain, far, is_sure, gaps)


def _moved(
    gaps: Gaps, low: Places, high: Places, segments: Segments
) -> tuple[Gaps, Places, Places]:
    """The gaps from `low` to `high` of each segment, in its own positions; and which are whose."""
    count = high - low
    ends = np.cumsum(count)
    rows = ranges(low, count)
    begin, start = np.repeat(segments.begin, count), np.repeat(segments.start, count)
    moved = Gaps(
        gaps.place[rows] - begin, gaps.first[rows] - begin, gaps.last[rows] - begin,
        gaps.start[rows] - start, gaps.end[rows] - start, gaps.raw[rows],
    )  # fmt: skip
    return moved, ends - count, ends


def _layers(text: NDArray[np.uint32], segments: Segments, row: int) -> list[Misreading]:
    """A segment whose reading is itself misread, as one misreading."""
    start, end = int(segments.start[row]), int(segments.end[row])
    meant, high_bytes = segments.meant(row), int(segments.high_bytes[row])
    broken = _broken(text, segments, row)
    deeper = chain(meant, high_bytes, broken)
    beyond = text[end : end + 1]
    if broken is None and len(beyond) and 0x40 <= beyond[0] < 0x7F:
        # The second byte of the last character, maybe.
        with_it = chain(np.append(meant, beyond), high_bytes)
        is_better = deeper is None or (with_it and with_it.surprise > deeper.surprise)
        if with_it is not None and with_it.gaps is None and is_better:
            deeper, end = with_it, end + 1
    if deeper is None:
        return []
    codes = deeper.codes
    likelihood = log_likelihood(codes)
    gaps = None
    if deeper.gaps is not None:
        likelihood[deeper.gaps.place] = OF_A_GAP
        gaps = OwnGaps(_placed(deeper.gaps, segments, row), 0, len(deeper.gaps.place), deeper.loss)
    gain = float(likelihood.sum() - log_likelihood(text[start:end]).sum())
    if gain < 30 or deeper.surprise < 20:
        return []
    sure = is_sure_chain(gain, deeper.surprise, codes)
    paths = (segments.path, *deeper.paths)
    return [Misreading(paths, start, end, codes, gain, deeper.surprise, sure, gaps)]


def _broken(text: NDArray[np.uint32], segments: Segments, row: int) -> Broken | None:
    """The gaps of a segment, if it has any, as gaps of what is itself misread."""
    gaps, begin = segments.gaps, int(segments.begin[row])
    low, high = np.searchsorted(gaps.place, (begin, segments.stop[row]))
    if low == high:
        return None
    seen = map(chr, text[segments.start[row] : segments.end[row]].tolist())
    loss = lost_by(segments.path.wrong, seen)
    return Broken(gaps.place[low:high] - begin, gaps.raw[low:high], loss)


def _placed(gaps: Gaps, segments: Segments, row: int) -> Gaps:
    """The gaps of what lay below a segment, by where in the segment they are seen."""
    start, _ = segments.seen(gaps.start + segments.begin[row])
    _, end = segments.seen(gaps.end - 1 + segments.begin[row])
    first = segments.start[row]
    return gaps._replace(start=start - first, end=end - first)
