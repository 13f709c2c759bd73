"""Findings where there is no text: in a table or a row of characters, or in what is garbled. Nothing there is damage."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.character_rows import in_rows
from jiaokan.validators.charts import in_charts
from jiaokan.validators.mojibake.garbled import is_no_text
from jiaokan.validators.values import Finding
from jiaokan.validators.view import View

_LONG = 1 << 13
"""Code points from which on a document is looked at by itself: what its batch knows need not be found anew."""


def found_in_text(
    views: Sequence[View], found: Sequence[list[Finding]], *, is_of_bytes: bool
) -> Sequence[list[Finding]]:
    """The findings of each document that are in text. What is garbled is asked only of families that
    need text: others (`is_of_bytes`) mend just that."""
    some = [index for index, findings in enumerate(found) if findings]
    if not some:
        return found
    if len(some) > 1 and sum(len(views[index].text) for index in some) > _LONG * len(some):
        each = zip(views, found, strict=True)
        return [found_in_text([v], [f], is_of_bytes=is_of_bytes)[0] if f else f for v, f in each]
    view, numbers = View.together([views[index] for index in some])
    counts = np.array([len(found[index]) for index in some])
    findings = [finding for index in some for finding in found[index]]
    document = numbers.repeat(counts)
    at = np.array([finding.start for finding in findings], dtype=np.intp) + view.starts[document]
    outside = in_charts(view, document, at, may_repeat=not is_of_bytes)
    if not is_of_bytes:
        outside |= is_no_text(view, at)
    outside |= _in_rows(view, findings, view.starts[document])
    if not outside.any():
        return found
    kept = list(found)
    flags = outside.tolist()
    bounds = pairwise(np.append(0, counts.cumsum()).tolist())
    for index, (first, last) in zip(some, bounds, strict=True):
        if any(flags[first:last]):
            here = zip(found[index], flags[first:last], strict=True)
            kept[index] = [finding for finding, is_outside in here if not is_outside]
    return kept


def _in_rows(view: View, findings: Sequence[Finding], shift: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which findings are in rows of characters, each in a document that begins at its `shift`."""
    spans = np.array([(finding.start, finding.end) for finding in findings], dtype=np.intp)
    start, end = spans.T + shift
    mended = np.array([finding.replacement is not None for finding in findings])
    edges = np.zeros(len(view.codes) + 1, dtype=np.int32)
    np.add.at(edges, start[mended], 1)
    np.add.at(edges, end[mended], -1)
    return in_rows(view, start, end, np.cumsum(edges[:-1]) > 0)
