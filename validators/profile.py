"""Document-level evidence: what a whole document is like, counted once for all stages."""

from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.languages import Language, language_of

WrittenIn: TypeAlias = Literal["zh-Hans", "zh-Hant"]
Norm: TypeAlias = Literal["TW", "HK", "CN", "OpenCC"]

_MARGIN = 4
"""A script is named where its own characters are this many times those of the other."""


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

    @cached_property
    def language(self) -> Language:
        """What the document is written in; "zh" where Han text shows nothing else."""
        return language_of(self._codes, self._bits)

    @cached_property
    def script(self) -> WrittenIn | None:
        """The dominant script; None where evidence is missing or too even."""
        if self.simplified > _MARGIN * self.traditional:
            return "zh-Hans"
        if self.traditional > _MARGIN * self.simplified:
            return "zh-Hant"
        return None

    @cached_property
    def norm(self) -> Norm | None:
        """The norm of a Traditional document; None where nothing tells."""
        if self.script != "zh-Hant":
            return None
        count = self.text.count
        taiwan = count("為") + count("產") + count("裡") + count("眾")
        opencc = count("爲") + count("裏") + count("衆")
        hongkong = count("衞") + count("啟") + count("裏")
        if opencc > 2 * taiwan:
            return "OpenCC"
        if hongkong > taiwan:
            return "HK"
        return "TW" if taiwan else None
