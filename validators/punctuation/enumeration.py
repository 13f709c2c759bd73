"""Whether a flattened comma was 、: only where the text has lost its own."""

import numpy as np

from jiaokan.validators.punctuation.context import Context, Flags, Positions


def enumerating(context: Context, commas: Positions) -> Flags:
    """For each comma, whether it lists. All False where the document still has 、 of its own."""
    return np.zeros(len(commas), dtype=np.bool_)
