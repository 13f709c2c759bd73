"""Counts of characters in a row: what makes looking them up fast must not change what is found."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.validators.lines.continuation import continuation, fours
from jiaokan.validators.lines.counted_pairs import COUNTS, CountedPairs, counts_of

_SHIFT = np.uint64(13)


@given(
    st.dictionaries(st.integers(0, 600), st.integers(0, 255), min_size=1),
    st.lists(st.integers(0, (1 << 26) - 1)),
)
def test_pairs_are_found_as_in_a_dictionary(counted: dict[int, int], others: list[int]) -> None:
    keys = np.array(sorted(counted), dtype=np.uint64)
    counts = np.array([counted[key] for key in sorted(counted)], dtype=np.uint8)
    # More than are looked up one by one, and among them keys around those that there are.
    wanted = np.array([*range(664), *others], dtype=np.uint64)
    meant = [COUNTS[counted[key]] if key in counted else 0.0 for key in wanted.tolist()]
    assert CountedPairs(keys, counts).met(wanted).tolist() == meant
    assert counts_of(keys, counts, wanted).tolist() == meant


def test_longer_rows_begin_with_a_pair_that_was_counted() -> None:
    table = continuation()
    assert table.pairs.met(table.triples[0] >> _SHIFT).all()
    assert table.pairs.met(fours()[0] >> (_SHIFT * np.uint64(2))).all()
