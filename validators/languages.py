"""Tells modern written Chinese, classical Chinese, written Cantonese, Japanese and Korean apart.

Kana and hangul tell Japanese and Korean, and so do characters that Japan alone simplified. Between
the Chinese languages a small model decides (`tables/languages.tsv`): how often the function
characters of each stand in the text, whichever script it is in. Modern Chinese is the answer where
the evidence is thin, since most text is.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class

Language: TypeAlias = Literal["zh", "lzh", "yue", "ja", "ko", "other"]
"""Modern written Chinese, classical Chinese, written Cantonese, Japanese, Korean, anything else
(text without ideographs). The codes are those of ISO 639."""

_ENOUGH = (2.5, 1.5)
"""How much (natural logarithm of the odds) must speak for classical or Cantonese against modern
Chinese. Officials and lawyers still write a classical word or two, in short sentences above all."""
_VERSES = 8
_VERSE_SHARE = 0.8
_VERSE_EVIDENCE = -0.5
"""What may speak against classical Chinese in a line of verse, on the average."""
_KANA, _HANGUL = int(Class.KANA), int(Class.HANGUL)
_KANA_SHARE = 0.1
_HANGUL_SHARE = 0.2
_SHINJITAI_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _Model:
    constants: NDArray[np.float32]
    weights: NDArray[np.float32]
    """By code point: for classical, for Cantonese, for Japanese (1 where only Japan has it)."""


@cache
def _model() -> _Model:
    path = Path(__file__).parent / "tables" / "languages.tsv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [line.split("\t") for line in lines]
    constants = np.array(rows[0][1:], dtype=np.float32)
    weights = np.zeros((CODE_POINTS, 3), dtype=np.float32)
    weights[list(map(ord, rows[1][0])), 2] = 1
    for character, classical, cantonese in rows[2:]:
        weights[ord(character), :2] = float(classical), float(cantonese)
    return _Model(constants, weights)


def language_of(codes: NDArray[np.uint32], bits: NDArray[np.uint32]) -> Language:
    """The language of a text, given its code points and their classes."""

    present = int(np.bitwise_or.reduce(bits)) if len(bits) else 0

    def count(classes: int) -> int:
        return int(np.count_nonzero(bits & np.uint32(classes))) if present & classes else 0

    is_han = (bits & np.uint32(Class.HAN)) != 0
    han = int(np.count_nonzero(is_han))
    kana = count(_KANA)
    hangul = count(_HANGUL)
    if hangul > _HANGUL_SHARE * (han + kana + hangul):
        return "ko"
    if kana > _KANA_SHARE * (han + kana):
        return "ja"
    if not han:
        return "other"
    model = _model()
    evidence = model.weights.take(codes[is_han], axis=0, mode="clip").sum(axis=0)
    if evidence[2] > max(1, _SHINJITAI_SHARE * han):
        return "ja"
    classical, cantonese = evidence[:2] / np.sqrt(han) + model.constants - _ENOUGH
    if max(classical, cantonese) < 0:
        return "lzh" if _is_verse(is_han, evidence[0]) else "zh"
    return "lzh" if classical > cantonese else "yue"


def _is_verse(is_han: NDArray[np.bool_], classical: float) -> bool:
    """Whether a text without signs of modern Chinese goes in lines of five or of seven.

    Verse has few function characters of any age.
    """
    ends = np.flatnonzero(is_han[1:] != is_han[:-1]) + 1
    if is_han[0]:
        ends = np.concatenate(([0], ends))
    if is_han[-1]:
        ends = np.concatenate((ends, [len(is_han)]))
    lengths = ends[1::2] - ends[::2]
    if len(lengths) < _VERSES or classical < _VERSE_EVIDENCE * len(lengths):
        return False
    return any(
        np.count_nonzero(lengths == length) / len(lengths) >= _VERSE_SHARE for length in (5, 7)
    )
