"""Text of the tuning halves, with every mark flattened as Data-Juicer's operator does."""

from collections.abc import Iterator

from jiaokan.validators.punctuation.context import PAD, Context
from jiaokan.validators.view import View

SETS = {
    "zh-Hans/d2l-zh-textbook": 1.0, "zh-Hans/prc-laws": 1.0, "zh-Hans/python-docs-zh-cn": 1.0,
    "zh-Hans/tidb-docs-cn": 1.0, "zh-Hans/wikipedia": 1.0, "zh-Hans/oi-wiki": 1.0,
    "zh-Hans/debian-handbook-zh-CN": 1.0, "zh-Hans/lctt-tech-news": 0.9, "zh-Hant/tw-ey-gazette": 0.9,
    "zh-Hant/tw-laws": 0.6, "zh-Hant/tw-moedict-revised": 0.9, "zh-Hant/tw-president-news": 0.75,
    "zh-Hant/tw-tainan-news": 0.6, "zh-Hant/wikipedia": 1.0, "other/lzh-vernacular-novels-hant": 1.0,
    "other/lzh-classical-hant": 0.9, "other/yue-ctcpc-sentences": 1.0,
}  # fmt: skip
"""Sets, with the part of each that is used. Laws, gazette and news of government (not under copyright),
python-docs (PSF), D2L (Apache-2.0), Wikipedia, tidb-docs, oi-wiki (CC BY-SA), LCTT (counts among the
others, a tenth), classical text (public domain), dictionary (BY-ND: counts only), Cantonese (CC0, CC BY)."""

FLATTEN = str.maketrans("，。、”“」「《》：？！（）；～〈〉【】％", ',.,""""""' + ":?!();~<>[]%")
_TOGETHER = 400


def flattened() -> Iterator[tuple[str, str, Context]]:
    """Four hundred documents of a set at a time: its name, they as they were, and flattened; places are the same
    in both."""
    from tests.accuracy.sets import documents, rank_of

    edge = "\n" * PAD
    for name, part in SETS.items():
        texts = [text for text in documents(name, "tune") if rank_of(text) < part]
        for at in range(0, len(texts), _TOGETHER):
            some = texts[at : at + _TOGETHER]
            clean = edge.join(["", *some, ""])
            yield name, clean, Context([View(text.translate(FLATTEN)) for text in some])
