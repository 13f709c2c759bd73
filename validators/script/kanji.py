"""Text without kana that may be Japanese all the same: a heading, a form, the name of an office."""

from functools import cache

_FIRST_ROW, _LAST_ROW = 16, 47
"""Rows of JIS X 0208 with its first level: the kanji in daily use, in the forms of today."""
_CHINESE = frozenset("了是我他这這你也很把被们們吗嗎呢吧但与還还就都")
"""Words that hardly a Chinese sentence is without, and that Japanese does not write."""


def may_be_japanese(text: str) -> bool:
    """Whether all ideographs of a text are kanji in daily use in Japan, with at most one Chinese particle.

    Traditional text writes 會 發 說, Simplified 们 说 发: not one of them is among those kanji.
    """
    particles = 0
    for particle in _CHINESE:
        particles += particle in text
        if particles > 1:
            return False
    common = common_kanji()
    han = {c for c in set(text) if "\u3400" <= c <= "\u9fff" or c >= "\U00020000"}
    return han <= common


@cache
def common_kanji() -> frozenset[str]:
    """The kanji of the first level of JIS X 0208, as Python's EUC-JP has them."""
    found = set()
    for row in range(_FIRST_ROW, _LAST_ROW + 1):
        for cell in range(1, 95):
            found.add(bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp", "ignore"))
    return frozenset(found - {""})
