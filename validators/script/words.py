"""Words of Traditional text that Simplified text writes with another character: 瞭解 了解, 藉口 借口."""

import re
from functools import cache

import numpy as np

from jiaokan.validators.script.decisions import Codes
from jiaokan.validators.script.names import LONG_TITLES, in_name
from jiaokan.validators.tables import rows_of
from jiaokan.validators.view import text_of


def with_words(codes: Codes, converted: Codes) -> Codes:
    """A text converted to Simplified, and these words in it as Simplified text writes them.

    `codes` is the text before. Only the characters that the words have of their own are changed.
    """
    pattern, words = _words()
    if not np.isin(codes, _own()).any():
        return converted
    text = text_of(codes)
    found = converted.copy()
    for match in pattern.finditer(text):
        for offset, meant in words[match.group()]:
            position = match.start() + offset
            # 記者沈思源 is a name, and not lost in thought.
            if not (in_name(text, position) or text.endswith(LONG_TITLES, 0, position)):
                found[position] = meant
    return found


@cache
def _words() -> tuple[re.Pattern[str], dict[str, list[tuple[int, int]]]]:
    """A pattern of all words, the longest first, and what is changed in each, by its place."""
    rows = dict(rows_of("simplified-words.tsv"))
    changed = {
        word: [
            (place, ord(b))
            for place, (a, b) in enumerate(zip(word, meant, strict=True))
            if a in (_STAYING if a == b else _OWN) or "么麼" in word or "幺麼" in word
        ]
        for word, meant in rows.items()
    }
    return re.compile("|".join(map(re.escape, sorted(rows, key=len, reverse=True)))), changed


_OWN = "瞭藉覆沈甦彷彿衹哩幺么"
_STAYING = "脩蒐剋扞袷幺"


@cache
def _own() -> Codes:
    return np.array(list(map(ord, _OWN + _STAYING)), dtype=np.uint32)
