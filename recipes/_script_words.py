"""Words of our own for the script model: each is one context, believed before any other."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script.features import REACH, WINDOWS, context_keys
from jiaokan.validators.script.forms import TRADITIONAL, forms, read_rows
from jiaokan.validators.script.model import SCALE, cell_of, pad
from jiaokan.validators.view import code_points

WEIGHT = 8.0
"""Natural log odds that a word gives its form."""

RARE = 50

WORDS = Path(__file__).parent / "script_words.txt"


def own_words() -> list[str]:
    """The words of `script_words.txt`, each once."""
    lines = WORDS.read_text("utf-8").splitlines()
    return sorted({word for line in lines if not line.startswith("#") for word in line.split()})


def with_own_words(table: NDArray[np.uint16], native: str) -> NDArray[np.uint16]:
    """The model's table with the contexts that are these words set to what the words say.

    Not where `native` text writes another form there: 幹支線, 體系帶來 are no 干支, no 繫帶.
    """
    known, taiwan = forms(), read_rows()["V"]
    table = table.copy()
    for word in own_words():
        written = [ord(taiwan.get(character, character)) for character in word]
        padded = pad(known.folded[code_points(word)])
        for position, character in enumerate(written):
            window = (position, len(word) - 1 - position)
            member = known.member[character]
            candidates = known.candidates[TRADITIONAL, known.choice[member]]
            others = [chr(c) for c in candidates if c not in (0, character)]
            if any(_is_written(word, position, other, native) for other in others):
                continue
            if not member or window not in WINDOWS or character not in candidates:
                continue
            at = np.array([position + REACH])
            keys, _ = context_keys(padded, at, TRADITIONAL, (window,))
            label = int(np.flatnonzero(candidates == character)[0])
            for form in range(1, int((candidates != 0).sum())):
                weight = WEIGHT if form == label else -WEIGHT if label == 0 else -WEIGHT / 2
                cell, fingerprint = cell_of(keys[0], form)
                step = np.int8(round(weight * SCALE)).view(np.uint8)
                table[cell] = (fingerprint.astype(np.uint16) << np.uint16(8)) | step
    return table


def _is_written(word: str, position: int, form: str, native: str) -> bool:
    """Whether text has the word's characters with this form in one place of `RARE` or more."""
    other = native.count(word[:position] + form + word[position + 1 :])
    return other > 1 and other * RARE >= native.count(word)
