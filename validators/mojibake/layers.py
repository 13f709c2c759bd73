"""Misreadings below a misreading: what was read wrongly, saved, and read wrongly again."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import HALF_MENDED, LOST, SINGLE, page, unread
from jiaokan.validators.mojibake.gaps import Gaps, packed, unpacked
from jiaokan.validators.mojibake.holes import ANY, Loss, lost_below, lost_by
from jiaokan.validators.mojibake.inversion import OF_A_GAP, segments_of
from jiaokan.validators.mojibake.readings import GAP, Gone, read
from jiaokan.validators.mojibake.segments import BITS_OF_HIGH_BYTE, PATHS, Path, Segments
from jiaokan.validators.plausibility import log_likelihood

DEPTH = 3


class Broken(NamedTuple):
    """Characters of what is itself misread of which bytes are lost: where, what is left of them, and what
    bytes can be lost."""

    at: NDArray[np.intp]
    raw: NDArray[np.uint32]
    loss: Loss


class Chain(NamedTuple):
    """The paths, the last misreading first; the text that was meant; how far from chance it is; its gaps,
    in the positions of what it was read from; and what bytes can be lost there."""

    paths: tuple[Path, ...]
    codes: NDArray[np.uint32]
    surprise: float
    gaps: Gaps | None = None
    loss: Loss = ANY


def chain(
    codes: NDArray[np.uint32],
    high_bytes: int,
    broken: Broken | None = None,
    depth: int = DEPTH - 1,
) -> Chain | None:
    """What a text, that is itself a misreading, was. `high_bytes`: how many it was first read from."""
    best: Chain | None = None
    high = codes >= 0x80
    if not high.any():
        return None
    known = codes[codes != GAP]
    is_utf8 = _is_utf8(codes)
    for path in PATHS:
        if path.wrong == HALF_MENDED or not page(path.wrong).knows(known).all():
            continue
        found = _with_gaps(codes, high_bytes, path, broken)
        if found is None and broken is None and (path.true == "utf8" or not is_utf8):
            found = _without_gaps(codes, high_bytes, path, depth)
        if found is None and broken is not None and path.true == "utf8":
            found = _of_pairs(codes, high_bytes, path)
        if found is not None and (best is None or found.surprise > best.surprise):
            best = found
    return best


def _without_gaps(
    codes: NDArray[np.uint32], high_bytes: int, path: Path, depth: int
) -> Chain | None:
    """What it was if this path made it, and nothing is lost."""
    high = codes >= 0x80
    inner = segments_of(codes, path)
    spans = _in_order(inner)
    if not spans or inner.counts_of_gaps.any():
        return None
    covered = np.zeros(len(codes), dtype=np.bool_)
    for start, end, _ in spans:
        covered[start:end] = True
    if (high & ~covered).sum() > 0.1 * high.sum():
        return None
    pieces: list[NDArray[np.uint32]] = []
    paths: tuple[Path, ...] = (path,)
    at = 0
    for start, end, row in spans:
        pieces += (codes[at:start], inner.meant(row))
        at = end
    pieces.append(codes[at:])
    text = _whole(codes, path, np.concatenate(pieces))
    likelihood = log_likelihood(text)
    surprise = BITS_OF_HIGH_BYTE * high_bytes + float(likelihood[text >= 0x80].sum())
    if depth > 1 and -likelihood.mean() > 14:
        start, end, row = max(spans, key=lambda span: span[1] - span[0])
        whole = inner.meant(row)
        if len(whole) >= 0.9 * len(text):
            deeper = chain(whole, int(inner.high_bytes[row]), depth=depth - 1)
            if deeper is not None and deeper.gaps is None:
                text = np.concatenate((codes[:start], deeper.codes, codes[end:]))
                paths = (path, *deeper.paths)
                deep = float(log_likelihood(text)[text >= 0x80].sum())
                surprise = BITS_OF_HIGH_BYTE * high_bytes + deep
    return Chain(paths, text, surprise)


_MOST_GAPS = 0.5
"""Part of the characters that may be gaps."""


def _with_gaps(
    codes: NDArray[np.uint32], high_bytes: int, path: Path, broken: Broken | None
) -> Chain | None:
    """What it was if this path made it, and all of it is UTF-8 of which something is lost."""
    if path.true != "utf8" or (broken is not None and path.wrong not in SINGLE):
        return None
    back = unread(codes, page(path.wrong))
    signs = back.data
    below: list[bytes] = []
    if broken is not None:
        signs = back.data.copy()
        places = back.starts[broken.at]
        for raw in np.unique(broken.raw).tolist():
            lost = lost_below(unpacked(raw), broken.loss, path.wrong)
            if not lost or len(below) == _MOST_SIGNS:
                return None
            if len(lost) > 1:
                below.append(lost)
            those = places[broken.raw == raw]
            signs[those] = lost[0] if len(lost) == 1 else LOST - len(below)
            back.data[those] = lost[0] if len(lost) == 1 else LOST
    right = read(back.data, "utf8", Gone(path.wrong in SINGLE))
    at = np.flatnonzero(right.gaps)
    high = right.codes >= 0x80
    if right.wrong.any() or not len(at) or len(at) > _MOST_GAPS * np.count_nonzero(high):
        return None
    likelihood = log_likelihood(right.codes)
    likelihood[at] = OF_A_GAP
    surprise = BITS_OF_HIGH_BYTE * high_bytes + float(likelihood[high].sum())
    begin, end = right.starts[at], right.starts[at + 1]
    start = np.searchsorted(back.starts, begin, side="right") - 1
    stop = np.searchsorted(back.starts, end)
    gaps = Gaps(at, at, at + 1, start, stop, packed(signs, begin, end))
    loss = lost_by(path.wrong, map(chr, codes.tolist()))
    return Chain((path,), right.codes, surprise, gaps, loss._replace(of=(*loss.of[:1], *below)))


_MOST_SIGNS = 6


def _of_pairs(codes: NDArray[np.uint32], high_bytes: int, path: Path) -> Chain | None:
    """The same where a page of pairs made it, of characters that are lost themselves: all but these must be
    such as it made, and what they say must be text."""
    if path.wrong in SINGLE:
        return None
    inner = segments_of(codes, path)
    pieces: list[NDArray[np.uint32]] = []
    gaps: list[Gaps] = []
    at = size = 0
    for start, end, row in _in_order(inner):
        begin, stop = int(inner.begin[row]), int(inner.stop[row])
        pieces += (codes[at:start], inner.codes[begin:stop])
        size += start - at
        low, high = np.searchsorted(inner.gaps.place, (begin, stop))
        place, first, last, begun, ended, raw = inner.gaps
        own, by = slice(low, high), size - begin
        gaps.append(
            Gaps(place[own] + by, first[own] + by, last[own] + by, begun[own], ended[own], raw[own])
        )
        at, size = end, size + stop - begin
    if not pieces:
        return None
    left = np.concatenate((*pieces[::2], codes[at:]))
    text = np.concatenate((*pieces, codes[at:]))
    told = (text >= 0x80) & (text != GAP)
    if ((left >= 0x80) & (left != GAP)).any():
        return None
    place, first, last, begun, ended, raw = (np.concatenate(c) for c in zip(*gaps, strict=True))
    lost = text == GAP  # some of them of nothing that is left
    if not len(place) or np.count_nonzero(lost) > _MOST_GAPS * np.count_nonzero(told):
        return None
    likelihood = log_likelihood(text)
    if -float(likelihood[told].mean()) > _TEXT:
        return None
    likelihood[lost] = OF_A_GAP
    surprise = BITS_OF_HIGH_BYTE * high_bytes + float(likelihood[text >= 0x80].sum())
    return Chain((path,), text, surprise, Gaps(place, first, last, begun, ended, raw), _OF_PAIRS)


_TEXT = 12.0
"""Bits of a character of text, at the most."""
_OF_PAIRS = Loss(ANY.of * 5, anywhere=False)


def _is_utf8(codes: NDArray[np.uint32]) -> bool:
    """Whether these are the bytes of UTF-8 by the commonest page, perhaps with some lost: then no other
    text was misread, which has hardly any byte that UTF-8 has not."""
    wrong_page = page("latin1")
    if not wrong_page.knows(codes).all():
        return False
    data = unread(codes, wrong_page).data
    wrong = read(data, "utf8", Gone(singly=True)).wrong
    return int(np.count_nonzero(wrong)) <= _STRAY * int(np.count_nonzero(data >= 0x80))


_STRAY = 0.05
_FORGIVEN = 4.0
"""Bits that a text may be the worse for being read as a whole."""


def _whole(codes: NDArray[np.uint32], path: Path, part: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """All of the codes read the other way, where that can be done and reads no worse than only a
    part of them: what lies below another misreading was misread whole, to its last character."""
    reading = read(unread(codes, page(path.wrong)).data, path.true)
    if reading.wrong.any() or reading.gaps.any():
        return part
    better = float(log_likelihood(reading.codes).sum()) - float(log_likelihood(part).sum())
    return reading.codes if better > -_FORGIVEN else part


def _in_order(segments: Segments) -> list[tuple[int, int, int]]:
    """Where segments start and end, and their rows; of two that overlap, that which begins first."""
    rows = range(len(segments.start))
    spans = zip(segments.start.tolist(), segments.end.tolist(), rows, strict=True)
    kept: list[tuple[int, int, int]] = []
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
