"""Findings where there is no text: in a table of characters, or in what is garbled. Nothing there is damage."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

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
    starts = [finding.start for index in some for finding in found[index]]
    document = numbers.repeat(counts)
    at = np.array(starts, dtype=np.intp) + view.starts[document]
    outside = in_charts(view, document, at, may_repeat=not is_of_bytes)
    if not is_of_bytes:
        outside |= is_no_text(view, at)
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
