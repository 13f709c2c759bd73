"""Whether lines were cut at a width: what their widths and indents say of a break."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.pairs import Pairs, apart
from jiaokan.validators.lines.words import Column


def of_widths(layout: Layout, pairs: Pairs) -> dict[str, Column]:
    """How much room a line leaves, beside its neighbours and in its document, and how lines are indented."""
    left, right = pairs.left, pairs.right
    edge = layout.edge
    peak, share, typical = _peak_width(layout)
    around = _maximum_around(_within_width(layout, peak, share), 6, layout.document)[left]
    slack = around - edge[left]
    first_word = _first_token_width(layout)[right]
    indent = layout.indent
    least = _minimum_around(indent, 6, layout.document)
    chars = (layout.last - layout.first + 1)[left]
    return {
        "left_width": np.minimum(layout.width[left], 200).astype(np.float64),
        "right_width": np.minimum(layout.width[right], 200).astype(np.float64),
        "slack": np.clip(slack, -20, 120).astype(np.float64),
        "room": np.clip(slack - first_word, -40, 120).astype(np.float64),
        "slack_document": np.clip(peak[pairs.document] - edge[left], -60, 120).astype(np.float64),
        "left_chars": np.minimum(chars, 300).astype(np.float64),
        "indent_right": np.minimum(indent[right], 40).astype(np.float64),
        "indent_change": np.clip(indent[right] - indent[left], -40, 40).astype(np.float64),
        "indent_first": np.clip(indent[right] - least[right], 0, 40).astype(np.float64),
        "peak": share[pairs.document],
        "width_document": typical[pairs.document].astype(np.float64),
        "same_width": (np.abs(edge[left] - edge[right]) <= 2).astype(np.float64),
    }


def are_steps(layout: Layout, pairs: Pairs) -> Flags:
    """Where the right line's margin is as many spaces as the left line has characters, wide ones among them.

    An extractor that keeps places sets the parts of one row so, the next lower than the one before, and counts
    characters; whoever sets lines like stairs by hand looks at columns.
    """
    left, right = pairs.left, pairs.right
    end = layout.last[left] + 1 - layout.start[left]
    margin = layout.first[right] - layout.start[right]
    steps: Flags = (np.abs(margin - end) <= 1) & (margin >= _STEP)
    steps &= (layout.indent[right] == margin) & (layout.edge[left] >= end + _WIDE)
    steps &= layout.number[right] == layout.number[left] + 1
    return steps


_STEP, _WIDE = 8, 3
"""The least margin of a step, and how many wide characters stand before it."""


def _peak_width(layout: Layout) -> tuple[NDArray[np.intp], Column, NDArray[np.int64]]:
    """The width at which each document's lines end, the share of lines there, and the median width."""
    documents, lines = len(layout.view.starts), np.diff(layout.bounds)
    edge = np.minimum(layout.edge, 400)
    histogram = np.bincount(layout.document * 405 + edge, minlength=documents * 405)
    histogram = histogram.reshape(documents, 405)
    histogram[:, 400:] = 0  # whole paragraphs
    sums = np.zeros((documents, 406), dtype=np.int64)
    np.cumsum(histogram, axis=1, out=sums[:, 1:])
    window = sums[:, 5:] - sums[:, :-5]
    window[:, :12] = 0
    start = window.shape[1] - 1 - np.argmax(window[:, ::-1], axis=1)
    share = window[np.arange(documents), start] / np.maximum(lines, 1)
    ordered = np.sort(layout.document * 405 + edge) - layout.document * 405
    typical = np.zeros(documents, dtype=np.int64)
    some = np.flatnonzero(lines)
    low = layout.bounds[some] + (lines[some] - 1) // 2
    high = layout.bounds[some] + lines[some] // 2
    typical[some] = (ordered[low] + ordered[high]) // 2
    peak = np.where(lines > 0, start + 4, 0)
    return peak, share, typical


def _within_width(layout: Layout, peak: NDArray[np.intp], share: Column) -> NDArray[np.int64]:
    """Where each line ends; 0 for one far beyond the width of a document that has one, as a long line of a
    listing is: it tells nothing of the room that the others had."""
    at_width = share * np.diff(layout.bounds)
    is_set = (share >= _SHARE_OF_MANY) & (at_width >= _MANY)
    is_set |= (share >= _SHARE_OF_SOME) & (at_width >= _SOME)
    is_set &= peak >= _NARROWEST
    limit = np.where(is_set, peak + BEYOND, layout.edge.max(initial=0))
    return np.where(layout.edge <= limit[layout.document], layout.edge, 0)


_MANY, _SHARE_OF_MANY, _SOME, _SHARE_OF_SOME = 8, 0.04, 5, 0.25
"""So many lines, and such a share, end at a document's width where it has one."""
_NARROWEST = 40
"""The least width that is told from that of titles and items."""
BEYOND = 12
"""Columns by which a line is beyond the width."""


def _first_token_width(layout: Layout) -> NDArray[np.int64]:
    """Columns of what could not be parted at each line's start: a Latin word, or one wide character."""
    others, first = layout.others, layout.first
    word = (others.bits & _OF_WORD) != 0
    goes_on = word[:-1] & word[1:] & (others.at[1:] == others.at[:-1] + 1)
    lasts = np.append(~goes_on, True).nonzero()[0]
    at = ((layout.view.bits[first] & _OF_WORD) != 0).nonzero()[0]
    end = first + 1
    end[at] = others.at[lasts[lasts.searchsorted(others.first[at])]] + 1
    return layout.columns(first, np.minimum(end, layout.last + 1))


_OF_WORD = np.uint32(Class.LATIN | Class.DIGIT | Class.ASCII_MARK)


def _maximum_around(
    values: NDArray[np.int64], reach: int, document: Positions
) -> NDArray[np.int64]:
    padded, places = apart(values, reach, document)
    found = padded.copy()
    size = len(padded)
    for offset in range(1, reach + 1):
        np.maximum(found[offset:], padded[: size - offset], out=found[offset:])
        np.maximum(found[: size - offset], padded[offset:], out=found[: size - offset])
    around: NDArray[np.int64] = found[places]
    return around


def _minimum_around(
    values: NDArray[np.int64], reach: int, document: Positions
) -> NDArray[np.int64]:
    return -_maximum_around(-values + 10_000, reach, document) + 10_000
