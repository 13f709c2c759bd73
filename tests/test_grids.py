"""Each of some characters beside each of others: what is looked up at once is what is looked up one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jiaokan.validators.grids import Grids
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.plausibility import likelihood_after, likelihood_in_grids

CODES = st.lists(
    st.sampled_from([ord(c) for c in "的一是不了人，。a1\n\ufffd龘𠀀あ가é"]), min_size=1, max_size=9
).map(lambda codes: np.array(codes, dtype=np.uint32))


@given(st.lists(st.tuples(CODES, CODES), min_size=1, max_size=6))
def test_grids_say_what_pairs_say(sets: list[tuple[np.ndarray, np.ndarray]]) -> None:
    left = np.concatenate([np.repeat(one, len(two)) for one, two in sets])
    right = np.concatenate([np.tile(two, len(one)) for one, two in sets])
    grids = Grids(sets)
    at = np.arange(grids.size)
    assert (grids.left[grids.sides(at)[0]] == left).all()
    assert (grids.right[grids.sides(at)[1]] == right).all()
    assert (likelihood_in_grids(grids) == likelihood_after(left, right)).all()
    assert (continuation().after_in_grids(grids) == continuation().after(left, right)).all()
    assert [part.shape for part in grids.parted(at)] == grids.shapes
