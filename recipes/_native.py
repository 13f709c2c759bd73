"""Which characters natively written text of each script uses, counted.

Only the tuning half of each set is counted (that whose first digest byte is odd, as
tests/accuracy/sets.py splits), so that the other half can tell how often the result is wrong.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b

import numpy as np
import zstandard
from numpy.typing import NDArray

from recipes.sources import shared

Counts = NDArray[np.int64]

TRADITIONAL = {
    "modern": ("tw-laws", "tw-president-news", "tw-tainan-news", "tw-ey-gazette"),
    "dictionary": ("tw-moedict-revised",),
    "old": ("lzh-classical-hant", "lzh-vernacular-novels-hant"),
    "cantonese": ("yue-ctcpc-sentences", "yue-hkcancor"),
}
SIMPLIFIED = ("prc-laws", "tidb-docs-cn", "oi-wiki", "d2l-zh-textbook", "python-docs-zh-cn")


def traditional_counts() -> dict[str, Counts]:
    """How often each code point stands in each kind of Traditional text."""
    return {kind: sum_of(names) for kind, names in TRADITIONAL.items()}


def simplified_counts() -> Counts:
    """How often each code point stands in Simplified text."""
    return sum_of(SIMPLIFIED)


def rates(counts: Counts) -> NDArray[np.float64]:
    """Shares of all ideographs."""
    shares: NDArray[np.float64] = counts / max(1, counts[0x3400:0xA000].sum())
    return shares


def sum_of(names: Iterable[str]) -> Counts:
    total = np.zeros(0x110000, dtype=np.int64)
    for name in names:
        total += _counts(name)
    return total


@cache
def _counts(name: str) -> Counts:
    text = "\n".join(tuning_documents(name))
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return np.bincount(points, minlength=0x110000)


def tuning_documents(name: str) -> Iterator[str]:
    """The documents of the tuning half of a packed set."""
    folder = "zh-Hant" if name.startswith("tw-") else "zh-Hans"
    if name.startswith(("lzh-", "yue-", "ja-", "ko-")):
        folder = "other"
    with shared("prose", folder, f"{name}.txt.zst").open("rb") as packed:
        text = zstandard.ZstdDecompressor().stream_reader(packed).read().decode("utf-8")
    for part in text.split("\n\n"):
        document = part.strip("\n")
        if document and blake2b(document.encode("utf-8", "replace")).digest()[0] & 1:
            yield document
