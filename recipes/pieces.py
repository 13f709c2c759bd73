"""`validators/tables/pieces.npz`: a network that tells ，from 、 by all the pieces between marks around a comma.

Trained on flattened text of the tuning halves (see `_flattened`), three minutes on one core, and 3 GB. It begins
with what stands beside each character and each common pair (see `_vectors`); the pairs are those of `enumeration`.
The weights are statistics; no text is kept.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.punctuation.common_pairs import pair_keys
from jiaokan.validators.punctuation.hashed import delimiters
from jiaokan.validators.punctuation.pieces import TABLE
from recipes._flattened import flattened
from recipes._piece_network import Marks, trained_pieces
from recipes._vectors import vectors

WIDTH = 32
"""Numbers of a character or pair."""


def build() -> dict[str, str | bytes]:
    keys = pair_keys()
    known = vectors(WIDTH, len(keys))
    assert (known.keys == keys).all()
    arrays: dict[str, NDArray[Any]] = trained_pieces(_marks(), known)
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    return {f"validators/tables/{TABLE}.npz": packed.getvalue()}


def _marks() -> Marks:
    """The marks of all texts, and which of those that became commas were 、."""
    codes, marks, listed, sets = [], [], [], []
    numbers: dict[str, int] = {}
    length = 0
    for name, clean, context in flattened():
        were = np.frombuffer(clean.encode("utf-32-le", "replace"), dtype=np.uint32)
        own = delimiters(context)
        either = one_of(were[own], "，、")
        codes.append(context.codes)
        marks.append(own + length)
        listed.append(np.where(either, were[own] == ord("、"), -1).astype(np.int8))
        sets.append(np.full(len(own), numbers.setdefault(name, len(numbers)), dtype=np.int8))
        length += len(context.codes)
    return Marks(
        np.concatenate(codes), np.concatenate(marks), np.concatenate(listed), np.concatenate(sets)
    )
