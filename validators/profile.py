"""Document-level evidence: what a whole document is like, counted once for all stages."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class


class Profile:
    """Counts of one document, made when first asked for. All counts are of code points."""

    def __init__(self, text: str, codes: NDArray[np.uint32], bits: NDArray[np.uint32]) -> None:
        self.text = text
        self._codes = codes
        self._bits = bits

    def count(self, classes: int) -> int:
        """How many characters are in any of these classes."""
        return int(np.count_nonzero(self._bits & np.uint32(classes)))

    @cached_property
    def han(self) -> int:
        return self.count(Class.HAN)

    @cached_property
    def simplified(self) -> int:
        """Characters that only Simplified text has."""
        return self.count(Class.HANS)

    @cached_property
    def traditional(self) -> int:
        """Characters that only Traditional text has."""
        return self.count(Class.HANT)

    @cached_property
    def kana(self) -> int:
        return self.count(Class.KANA)

    @cached_property
    def hangul(self) -> int:
        return self.count(Class.HANGUL)
