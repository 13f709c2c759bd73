"""Names the regional norm of a Traditional text, from the forms, words and quotes that it chose."""

import re
from functools import cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import rows_of

Norm: TypeAlias = Literal["TW", "HK", "CN", "OpenCC"]
"""Taiwan, Hong Kong, the mainland's Traditional (as converted or printed there), OpenCC's standard."""

NORMS: tuple[Norm, ...] = ("TW", "HK", "CN", "OpenCC")

_MARGIN = 1.2
"""How much (natural logarithm of the odds) the likeliest norm must lead by."""
_OFTEN = 2
"""Uses of one form that count: the tenth says little that the second did not."""
_PRINTED = len(NORMS)
"""The mainland's Traditional as it is printed (GB/T 12345: 説 爲 决 没), whose forms are others than what
is typed or converted there: one norm, told by either."""
_QUOTES = {"「": (0.0, 0.0, -1.5, -1.5, -1.5), "“": (-1.5, -1.5, 0.0, 0.0, 0.0)}
_WORD = 1.5
_CANTONESE = 2.0


@cache
def _odds() -> dict[str, NDArray[np.float64]]:
    found = {form: np.array(odds) for form, odds in _QUOTES.items()}
    for kind, form, *odds in rows_of("variants.tsv"):
        if kind == "odds":
            found[form] = np.array(odds, dtype=np.float64)
    return found


@cache
def _words(region: Norm) -> re.Pattern[str]:
    """Words that this region alone uses."""
    rows = (row for row in rows_of("variants.tsv") if row[0] == "word")
    return re.compile("|".join(re.escape(word) for _, word, where in rows if where == region))


def norm_of(text: str, is_cantonese: bool = False) -> Norm | None:
    """The likeliest norm of a Traditional text; None where nothing tells, or not enough."""
    scores = np.zeros(len(NORMS) + 1)
    present = set(text)
    for form, odds in _odds().items():
        if form in present:
            scores += min(text.count(form), _OFTEN) * odds
    mainland = min(len(set(_words("CN").findall(text))), _OFTEN)
    taiwan = min(len(set(_words("TW").findall(text))), _OFTEN)
    scores[NORMS.index("TW")] += _WORD * (taiwan - mainland)
    scores[NORMS.index("HK")] -= _WORD * (taiwan + mainland) / 2
    scores[[NORMS.index("CN"), _PRINTED]] -= _WORD * taiwan
    scores[NORMS.index("OpenCC")] -= _WORD * taiwan
    if is_cantonese:
        scores[NORMS.index("HK")] += _CANTONESE
    scores[NORMS.index("CN")] = max(scores[NORMS.index("CN")], scores[_PRINTED])
    scores = scores[:_PRINTED]
    second, best = np.sort(scores)[-2:]
    return NORMS[int(scores.argmax())] if best - second >= _MARGIN else None
