"""`validators/tables/plausibility.bin`: how probable characters and pairs of characters are.

Counts are taken on the tuning halves of the sets below and mixed by the shares given, so that law
does not drown chat. Pairs are kept where they change the score most, in a hash table that fits
the size (see `jiaokan.validators.plausibility` for its layout).
"""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.plausibility import (
    BYTES_OF_HEADER,
    GAIN_STEPS,
    INDICES,
    SLOTS,
    STEPS,
    index_of,
    places_of,
)
from recipes.sources import SourceMissingError, opencc_rows

HEADER = """\
# How probable code points, and pairs of them, are in real text (see
# jiaokan.validators.plausibility). Made by recipes/plausibility.py; do not edit.
# Counts only, of: laws, gazettes and government news of Taiwan and the PRC (no copyright),
# Wikipedia, oi-wiki, TiDB docs (CC BY-SA), Revised Mandarin Dictionary (CC BY-ND 3.0 TW), d2l
# textbook, classical texts and novels (public domain), Cantonese CTCPC and HKCanCor (CC0, CC BY),
# Python docs (PSF), Debian, manpages-ja, LibreOffice help (GPL, BSD, MPL-2.0), LCTT news (only
# where another source agrees), wordfreq (data CC BY-SA 4.0), rime-essay (LGPL-3.0).
# Layout: this header to byte 2048; unigram uint8; back-off uint8; pair slots uint16.
"""

SHARES: dict[str, float] = {
    "zh-Hans/prc-laws": 7, "zh-Hans/lctt-tech-news": 8, "zh-Hans/python-docs-zh-cn": 3,
    "zh-Hans/tidb-docs-cn": 2, "zh-Hans/d2l-zh-textbook": 2, "zh-Hans/oi-wiki": 2,
    "zh-Hans/debian-handbook-zh-CN": 1, "zh-Hans/debian-reference-zh-cn": 1,
    "zh-Hans/libreoffice-help-zh-cn": 2, "zh-Hans/wikipedia": 8,
    "zh-Hant/tw-laws": 4, "zh-Hant/tw-president-news": 6, "zh-Hant/tw-tainan-news": 6,
    "zh-Hant/tw-ey-gazette": 3, "zh-Hant/tw-moedict-revised": 5, "zh-Hant/wikipedia": 8,
    "zh-Hant/libreoffice-help-zh-tw": 1.5, "zh-Hant/debian-reference-zh-tw": 1,
    "other/lzh-classical-hant": 5, "other/lzh-vernacular-novels-hant": 5,
    "other/yue-ctcpc-sentences": 4, "other/yue-hkcancor": 2,
    "other/ja-manpages": 3, "other/ja-libreoffice-help": 2, "other/ko-libreoffice-help": 3,
}  # fmt: skip
"""Parts of the mixture, in percent; `Hant` sets count once more in Simplified, at a third."""

ALONE_NOT_ENOUGH = "zh-Hans/lctt-tech-news"
SIMPLIFIED_SHARE = {
    "zh-Hant/tw-president-news": 3.0, "zh-Hant/tw-tainan-news": 3.0, "zh-Hant/wikipedia": 2.0,
    "other/lzh-classical-hant": 1.0, "other/lzh-vernacular-novels-hant": 2.0,
    "other/yue-ctcpc-sentences": 1.0,
}  # fmt: skip
WORD_LISTS: dict[str, float] = {
    "zh": 4, "ja": 3, "ko": 2, "en": 3, "de": 0.4, "fr": 0.4, "es": 0.4, "pt": 0.3, "it": 0.3,
    "nl": 0.2, "sv": 0.2, "da": 0.2, "nb": 0.2, "fi": 0.2, "pl": 0.3, "cs": 0.3, "hu": 0.2,
    "ro": 0.2, "tr": 0.3, "vi": 0.4, "is": 0.1, "lt": 0.1, "lv": 0.1, "sk": 0.1, "sl": 0.1,
    "ca": 0.1, "id": 0.1, "ru": 0.8, "uk": 0.3, "bg": 0.2, "mk": 0.1, "el": 0.4, "he": 0.2,
    "ar": 0.3, "fa": 0.2, "hi": 0.1, "bn": 0.1, "ta": 0.1, "ur": 0.1,
}  # fmt: skip
UNSPACED = {"zh", "ja"}
RIME_ESSAY = Path("/usr/share/rime-data/essay.txt")
PSEUDO_CHARACTERS = 100e6
DISCOUNT = 0.6

Counts = dict[str, NDArray[np.float64]]
Pairs = tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64]]
"""Keys, ascending; weighted counts after discount; raw counts of sources that may stand alone."""


def build() -> dict[str, str | bytes]:
    masses = np.zeros(INDICES)
    parts: list[Pairs] = []
    for keys, counts, singles, share, alone in _sources():
        factor = share / 100 * PSEUDO_CHARACTERS / singles.sum()
        masses += singles * factor
        parts.append((keys, np.maximum(counts - DISCOUNT, 0.1) * factor, counts * alone))
        if len(parts) == 8:
            parts = [_merged(parts)]
    keys, weights, sure = _merged(parts)
    keep = (sure >= 2) & (weights > 1)
    return {"validators/tables/plausibility.bin": _packed(masses, keys[keep], weights[keep])}


def _sources() -> Iterator[
    tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64], float, bool]
]:
    from tests.accuracy.sets import documents

    simplified = _simplified()
    for name, share in SHARES.items():
        text = "\n\n" + "\n\n".join(documents(name, "tune")) + "\n"
        points = index_of(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32))
        for table, part in ((None, share), (simplified, SIMPLIFIED_SHARE.get(name, 0))):
            if part:
                indices = points if table is None else table[points]
                keys = indices[:-1] * np.uint64(INDICES) + indices[1:]
                distinct, counts = np.unique(keys, return_counts=True)
                singles = np.bincount(indices.astype(np.intp), minlength=INDICES).astype(float)
                yield distinct, counts.astype(float), singles, part, name != ALONE_NOT_ENOUGH
    for language, share in WORD_LISTS.items():
        yield *_of_words(_words(language), language not in UNSPACED), share, True
    yield *_of_words(_rime_words(), False), 4.0, True


def _simplified() -> NDArray[np.uint64]:
    table = np.arange(INDICES, dtype=np.uint64)
    for traditional, forms in opencc_rows("TSCharacters.txt"):
        if len(traditional) == len(forms[0]) == 1 and max(ord(traditional), ord(forms[0])) < 65536:
            table[ord(traditional)] = ord(forms[0])
    return table


def _words(language: str) -> Iterator[tuple[str, float]]:
    try:
        from wordfreq import available_languages, get_frequency_dict
    except ImportError:
        raise SourceMissingError("word lists: pip install wordfreq") from None
    wordlist = "best" if language in available_languages("large") else "small"
    for word, frequency in get_frequency_dict(language, wordlist).items():
        yield word, frequency * 1e8


def _rime_words() -> Iterator[tuple[str, float]]:
    if not RIME_ESSAY.exists():
        raise SourceMissingError(f"{RIME_ESSAY}: apt-get install rime-essay")
    for line in RIME_ESSAY.read_text("utf-8").splitlines():
        word, _, weight = line.partition("\t")
        if len(word) > 1 and weight.isdecimal():
            yield word, min(float(weight), 5000.0) + 1


def _of_words(
    words: Iterator[tuple[str, float]], spaced: bool
) -> tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts of the pairs within words, with the spaces around them where there are any."""
    texts: list[str] = []
    weights: list[float] = []
    for word, weight in words:
        forms = {word.upper(): 1 / 30, word.capitalize(): 1 / 8} if spaced else {}
        for form, part in {**forms, word: 1.0}.items():
            texts.append(f" {form} " if spaced else f"\0{form}\0")
            weights.append(weight * part)
    points = index_of(np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32))
    each = np.repeat(weights, [len(text) for text in texts])
    keys = points[:-1] * np.uint64(INDICES) + points[1:]
    inside = (points[:-1] != 0) & (points[1:] != 0) & ((points[:-1] != 32) | (points[1:] != 32))
    distinct, inverse = np.unique(keys[inside], return_inverse=True)
    counts = np.bincount(inverse, weights=each[1:][inside]).astype(np.float64)
    singles = np.bincount(points.astype(np.intp), weights=each, minlength=INDICES).astype(
        np.float64
    )
    singles[0] = 0
    return distinct, counts, singles


def _merged(parts: list[Pairs]) -> Pairs:
    keys, inverse = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    weights = np.bincount(inverse, weights=np.concatenate([part[1] for part in parts])).astype(
        np.float64
    )
    sure = np.bincount(inverse, weights=np.concatenate([part[2] for part in parts])).astype(
        np.float64
    )
    return keys, weights, sure


def _packed(
    masses: NDArray[np.float64], keys: NDArray[np.uint64], weights: NDArray[np.float64]
) -> bytes:
    single = (masses + _expected()) / (masses.sum() + _expected().sum())
    first = (keys // np.uint64(INDICES)).astype(np.intp)
    second = (keys % np.uint64(INDICES)).astype(np.intp)
    mass = masses + 8
    backed_off = 1 - np.bincount(first, weights=weights, minlength=INDICES) / mass
    backed_off = np.clip(backed_off, 0.01, 1)
    probability = weights / mass[first] + backed_off[first] * single[second]
    gain = np.log2(probability / single[second])
    value = np.clip(np.rint(gain * GAIN_STEPS), 1, 63).astype(np.uint16)
    worth = weights * (gain - np.log2(backed_off[first]))
    order = np.argsort(-worth, kind="stable")
    order = order[gain[order] > 0.5]
    one, two, mark = places_of(keys)
    slots = [0] * SLOTS
    kept = np.zeros(len(keys), dtype=np.bool_)
    entries = (mark << np.uint16(6)) | value
    room = int(SLOTS * 0.9)
    for at, a, b, entry in zip(
        order.tolist(), one[order].tolist(), two[order].tolist(), entries[order].tolist(),
        strict=True,
    ):  # fmt: skip
        place = a if not slots[a] else b
        if not slots[place]:
            slots[place] = entry
            kept[at] = True
            room -= 1
            if not room:
                break
    # What the kept pairs do not cover is shared out by how common each character is.
    covered = np.bincount(first[kept], weights=weights[kept], minlength=INDICES) / mass
    rest = np.clip(1 - covered, 1e-3, 1)
    rest[masses < 50] = 0.5
    header = HEADER.encode("ascii").ljust(BYTES_OF_HEADER - 1) + b"\n"
    return b"".join((
        header,
        np.clip(np.rint(-np.log2(single) * STEPS), 0, 255).astype(np.uint8).tobytes(),
        np.clip(np.rint(-np.log2(rest) * STEPS), 0, 255).astype(np.uint8).tobytes(),
        np.array(slots, dtype="<u2").tobytes(),
    ))  # fmt: skip


def _expected() -> NDArray[np.float64]:
    """What to expect of characters that were never counted, in pseudo-characters."""
    expected = np.full(INDICES, 0.4)
    for point in range(0x10000):
        category = unicodedata.category(chr(point))
        if category in ("Cn", "Co", "Cs", "Cc"):
            expected[point] = 0.05
        elif category in ("Lo", "Lm"):
            expected[point] = 2 if 0x4E00 <= point < 0xA000 else 0.7
        elif category[0] in "LMN":
            expected[point] = 3
        elif category[0] in "PS":
            expected[point] = 80 if 0x2000 <= point < 0x2800 else 5
    expected[0x20000 // 256 + 0xFF00 : 0x30000 // 256 + 0xFF00] = 40
    expected[0x1F300 // 256 + 0xFF00 : 0x1FB00 // 256 + 0xFF00] = 2000
    return expected
