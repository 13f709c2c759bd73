"""Document-level evidence: what a whole document is like, counted once for all stages."""

from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.languages import Language, are_in_verses, language_of
from jiaokan.validators.norms import Norm, norm_of

WrittenIn: TypeAlias = Literal["zh-Hans", "zh-Hant"]
_MARGIN = 4
"""A script is named where its own characters are this many times those of the other,"""
_MIXED_MARGIN = 1.5
"""or this many times, in text that mixes the two"""
_WITHIN_LINES = 0.8
"""by this share of the fewer, within lines."""


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
    def language(self) -> Language:
        """What the document is written in; "zh" where Han text shows nothing else."""
        return language_of(self._codes, self._bits)

    @cached_property
    def is_verse(self) -> bool:
        """Whether it goes in clauses of five or of seven characters, as verse of any age does."""
        return bool(are_in_verses(self._codes, self._bits, np.zeros(1, np.intp))[0])

    @cached_property
    def script(self) -> WrittenIn | None:
        """The dominant script; None where evidence is missing or too even.

        A minority of up to two fifths is named over where the two scripts stand mixed within
        lines; where each line is of one script (a bilingual page, a long quotation), only a
        minority of a fifth is.
        """
        fewer, more = sorted((self.simplified, self.traditional))
        if more < _MARGIN * fewer and (more < _MIXED_MARGIN * fewer or not self._is_mixed(fewer)):
            return None
        if more == fewer:
            return None
        return "zh-Hans" if self.simplified > self.traditional else "zh-Hant"

    def _is_mixed(self, fewer: int) -> bool:
        """Whether the two scripts meet within lines, for the most part."""
        line = np.cumsum((self._bits & np.uint32(Class.BREAK)) != 0)
        lines = int(line[-1]) + 1
        simplified = np.bincount(line, (self._bits & np.uint32(Class.HANS)) != 0, lines)
        traditional = np.bincount(line, (self._bits & np.uint32(Class.HANT)) != 0, lines)
        return bool(np.minimum(simplified, traditional).sum() >= _WITHIN_LINES * fewer)

    @cached_property
    def norm(self) -> Norm | None:
        """The regional norm of a Traditional document; None where nothing tells."""
        if self.script == "zh-Hans":
            return None
        return norm_of(self.text, is_cantonese=self.language == "yue")
