"""Traditional characters as the mainland prints them: the norm of `--script zh-Hant-CN`.

The character set of that norm is GB/T 12345, which Unihan gives as `kGB1`: 説 緑 絶 爲 衆 裏 綫, and
没 决 强 吴, where a form that is not in the set is an abolished variant of one that is. The *List of
Commonly Used Standard Chinese Characters* of 2013 (`kTGH`) gave some variants back, for names and
terms (昇 犇 椀): those are left as they are written.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recipes.script_forms import forms
from recipes.sources import opencc_rows, unihan

GIVEN_BACK_FOR_NAMES = {"祕": "秘"}
"""Standard again as a surname only; the word is Taiwan's 祕密."""
RARE = 10
"""How many times as often as a form of the mainland's native text of Taiwan has the other."""
BY_WORDS = {"著": "着", "台": "臺"}
"""Both are in the set, and words tell: 著作, 看着; 天台山, 臺灣."""


def mainland_forms(shapes: dict[str, str]) -> dict[str, str]:
    """Variants to the mainland's forms. `shapes` are other shapes of a character, to Taiwan's."""
    standard = frozenset(map(chr, unihan("kGB1")))
    given_back = frozenset(map(chr, unihan("kTGH")))
    known = forms()
    taiwan = {**shapes, **known.taiwan}
    glyphs: dict[str, set[str]] = {}
    for form, usual in taiwan.items():
        glyphs.setdefault(usual, {usual}).add(form)
    traditional: dict[str, set[str]] = {}
    for character, values in known.simplify.items():
        for value in values:
            traditional.setdefault(value, set()).add(character)

    def standing_for(character: str) -> set[str]:
        """The standard characters that this one may be a variant of."""
        usual = taiwan.get(character, character)
        if same := glyphs.get(usual, {usual}) & standard:
            return same
        simplified = known.simplify.get(character, []) + known.simplify.get(usual, [])
        if (
            merged := {c for c in simplified if usual in known.traditional.get(c, [usual])}
            & standard
        ):
            return merged
        simplified = [c for c in simplified if usual in known.traditional.get(c, [])]
        return {c for one in simplified for c in traditional[one]} & standard

    found = dict(BY_WORDS)
    for character in {*known.simplify, *taiwan, *taiwan.values()} - set(known.traditional):
        if character in standard or character in given_back - set(GIVEN_BACK_FOR_NAMES):
            continue
        if len(stands := standing_for(character)) == 1 and ord(character) < 0x10000:
            found[character] = stands.pop()
    return found | GIVEN_BACK_FOR_NAMES


def only_mainland(norm: dict[str, str], counts: NDArray[np.int64]) -> dict[str, str]:
    """Forms that no other norm has (墻 顔 謡), to those of Taiwan and Hong Kong: Traditional ones that
    OpenCC converts no Simplified character to, and that `counts` of native text have next to none of."""
    known = forms()
    standard = {form for values in known.traditional.values() for form in values}
    return {
        form: usual
        for usual, form in norm.items()
        if form in known.simplify
        and form not in standard
        and form not in known.taiwan
        and RARE * counts[ord(form)] < counts[ord(usual)] + 1
    }


def mainland_words(norm: dict[str, str], kept: Iterable[str]) -> dict[str, str]:
    """Words whose forms are not `norm`'s: those that keep 著 (`kept`), and those of 台 and 檯."""
    words = {word: "".join(c if c == "著" else norm.get(c, c) for c in word) for word in kept}
    for _, values in opencc_rows("STPhrases.txt"):
        written = values[0]
        if "台" in written or "檯" in written:
            form = "".join(c if c == "台" else norm.get(c, c) for c in written)
            words[written.replace("檯", "台")] = form
    return words
