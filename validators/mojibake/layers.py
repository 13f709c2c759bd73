"""Misreadings below a misreading: what was read wrongly, saved, and read wrongly again."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import HALF_MENDED, page, unread
from jiaokan.validators.mojibake.inversion import (
    BITS_OF_HIGH_BYTE,
    PATHS,
    Path,
    Segments,
    segments_of,
)
from jiaokan.validators.mojibake.readings import read
from jiaokan.validators.plausibility import log_likelihood

DEPTH = 3

Chain = tuple[tuple[Path, ...], NDArray[np.uint32], float]
"""The paths, the last misreading first; the text that was meant; and how far from chance it is."""


def chain(codes: NDArray[np.uint32], high_bytes: int, depth: int = DEPTH - 1) -> Chain | None:
    """What a text, that is itself a misreading, was. `high_bytes`: how many it was first read from."""
    best: Chain | None = None
    high = codes >= 0x80
    if not high.any():
        return None
    for path in PATHS:
        if path.wrong == HALF_MENDED or not page(path.wrong).knows(codes).all():
            continue
        inner = segments_of(codes, path)
        spans = _in_order(inner)
        if not spans or inner.counts_of_gaps.any():
            continue
        covered = np.zeros(len(codes), dtype=np.bool_)
        for start, end, _ in spans:
            covered[start:end] = True
        if (high & ~covered).sum() > 0.1 * high.sum():
            continue
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
                deeper = chain(whole, int(inner.high_bytes[row]), depth - 1)
                if deeper is not None:
                    text = np.concatenate((codes[:start], deeper[1], codes[end:]))
                    paths = (path, *deeper[0])
                    deep = float(log_likelihood(text)[text >= 0x80].sum())
                    surprise = BITS_OF_HIGH_BYTE * high_bytes + deep
        if best is None or surprise > best[2]:
            best = (paths, text, surprise)
    return best


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
