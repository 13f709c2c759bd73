"""Document-level evidence: what a whole document is like, counted once for all stages."""

from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class

Language: TypeAlias = Literal["zh", "lzh", "yue", "ja", "ko", "other"]
"""Modern written Chinese, classical Chinese, written Cantonese, Japanese, Korean, anything else."""
WrittenIn: TypeAlias = Literal["zh-Hans", "zh-Hant"]
Norm: TypeAlias = Literal["TW", "HK", "CN", "OpenCC"]

_CANTONESE = frozenset("嘅咗喺唔佢冇嘢啲嗰咁乜嚟俾睇噉攞瞓")
_CLASSICAL = frozenset("之其也矣乎曰焉哉耳乃吾汝爾遂")
_MODERN = frozenset("的了是们們这這在我你吗嗎呢着著")
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
        letters = self.count(Class.LATIN | Class.LETTER)
        if self.hangul * 4 > self.han + self.kana and self.hangul * 4 > letters:
            return "ko"
        if self.kana * 16 > self.han and self.kana * 4 > letters:
            return "ja"
        if not self.han:
            return "other"
        if sum(map(self.text.count, _CANTONESE)) * 50 > self.han:
            return "yue"
        modern = sum(map(self.text.count, _MODERN))
        classical = sum(map(self.text.count, _CLASSICAL))
        if classical > 2 * modern and classical * 25 > self.han:
            return "lzh"
        return "zh"

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
