"""Two small networks that read the characters on both sides of a break: does one sentence run over it?

`glance` reads six on each side and is asked of every open break of a batch, `read` reads ten and is asked
of those that are weighed. `recipes/break_network.py` trains them.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.continuation import BREAK, token_table
from jiaokan.validators.lines.layout import Positions
from jiaokan.validators.network import network
from jiaokan.validators.view import View

KINDS = ("glance", "read")


def reads_on(
    kind: str, view: View, left: Positions, right: Positions, first: Positions, last: Positions
) -> NDArray[np.float64]:
    """Log odds that one sentence runs from each `left`, the last ink of the line that begins at `first`, to
    `right`, the first ink of the line that ends at `last`; 0 beside a Latin letter, of which the networks
    know nothing."""
    odds = np.zeros(len(left))
    latin = (view.bits[left] | view.bits[right]) & np.uint32(Class.LATIN)
    at = np.flatnonzero(latin == 0)
    if len(at):
        net = network("break_network", kind)
        by = np.arange(net.slots // 2)
        before, after = left[at, None] - by, right[at, None] + by
        windows = np.concatenate([before, after], axis=1)
        beyond = np.concatenate([before < first[at, None], after > last[at, None]], axis=1)
        codes = view.codes.take(windows, mode="clip")
        tokens = token_table().take(codes, mode="clip").astype(np.intp)
        tokens[beyond] = BREAK
        odds[at] = net.log_odds(tokens)
    return odds
