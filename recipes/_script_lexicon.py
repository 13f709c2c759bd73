"""`validators/tables/script-words.npy`: words and their forms (see jiaokan.validators.script.lattice).

How common a word is, and which of its forms native text writes, is counted by cutting that text
into the words that make it likeliest, twice, the second time by the counts of the first.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script import lattice
from jiaokan.validators.script.forms import TRADITIONAL, forms, read_rows
from jiaokan.validators.script.lattice import (
    CELL_BITS,
    LONGEST,
    STEP,
    UNKNOWN,
    cell_pair,
    form_keys,
)
from recipes._script_training import Array

PASSES = 2
OF_LISTS = 0.1
"""What a count of the word list is beside one of native text."""
EVEN = 0.25
"""How many times native text must have a word to count as much as the lists, for which form it is."""
LEAST = 0.02
OTHER_FORM = 4.0
"""Log odds against a form of a word that the lists do not have."""
SEEN = 2
"""How often native text must have such a form."""
SINGLE = 0.3
"""Of words of one character, so much of the (geometric) mean of shares is native text's, the rest
the lists': 係 is as common in law as it is rare elsewhere."""
INDEX_BITS = 21


class Lexicon(NamedTuple):
    """Words by what a context sees of them, and their forms: `word` is a row of `keys`."""

    keys: Array
    """Of folded words."""
    written: Array
    """Of the forms: keys of what is written."""
    letters: Array
    """The forms' code points, 0 after the last: shape (forms, LONGEST)."""
    word: Array
    listed: Array
    """How common the lists say that a form is."""


def lexicon(words: dict[str, float]) -> Lexicon:
    """The words in Taiwan's glyphs, of up to `LONGEST` characters."""
    taiwan = read_rows()["V"]
    counts: dict[str, float] = {}
    for word, count in words.items():
        if len(word) <= LONGEST:
            usual = "".join(taiwan.get(character, character) for character in word)
            counts[usual] = counts.get(usual, 0.0) + count
    letters = np.zeros((len(counts), LONGEST), dtype=np.uint32)
    for row, text in enumerate(counts):
        letters[row, : len(text)] = [ord(character) for character in text]
    folded = np.where(letters > 0, forms().folded[letters], 0)
    keys, word_of = np.unique(_key(folded), return_inverse=True)
    return Lexicon(keys, _key(letters), letters, word_of, np.array(list(counts.values())))


def table(known: Lexicon, texts: Iterable[Array]) -> NDArray[np.uint32]:
    """The table of a lexicon, with counts from these native texts."""
    folded_texts, written_texts = [], []
    taiwan = np.arange(0x110000, dtype=np.uint32)
    for variant, usual in read_rows()["V"].items():
        taiwan[ord(variant)] = ord(usual)
    for codes in texts:
        folded = forms().folded[codes]
        folded_texts.append(np.append(folded, np.uint32(0)))
        plain = np.where(folded < 0x3400, folded, taiwan[codes])  # digits and marks have no forms
        written_texts.append(np.append(plain, np.uint32(0)))
    folded, written = np.concatenate(folded_texts), np.concatenate(written_texts)
    of_words = np.zeros(len(known.keys))
    of_forms = np.zeros(len(known.word))
    for turn in range(PASSES):
        word, form = _log_probabilities(known, of_words, of_forms)
        of_words, of_forms, others, places = _count(known, folded, written, word, form)
        if turn == 0:
            known, seen = _with_others(known, written, others, places)
            of_forms = np.concatenate([of_forms, seen])
    return _packed(known, *_log_probabilities(known, of_words, of_forms))


def _key(letters: Array) -> Array:
    keys: Array = lattice.word_keys(letters.T.astype(np.uint64))[LONGEST - 1][0]
    return keys


def _log_probabilities(known: Lexicon, of_words: Array, of_forms: Array) -> tuple[Array, Array]:
    """Of each word, and of each form."""
    listed = np.bincount(known.word, known.listed, minlength=len(known.keys))
    total = of_words + OF_LISTS * listed + LEAST
    share = of_forms + EVEN * known.listed / np.maximum(listed[known.word], 1e-9) + 1e-3
    share /= of_words[known.word] + EVEN
    word = np.log(total / total.sum())
    return word, word[known.word] + np.log(np.minimum(share, 1.0))


def _count(
    known: Lexicon, folded: Array, written: Array, word: Array, form: Array
) -> tuple[Array, Array, Array, Array]:
    """Counts of words and of forms in the likeliest cut of the text; and the words, and where they
    begin, whose form is not known."""
    cut = compiled_cut()
    words, word_at = known.keys, index(known.keys)
    of_words, of_forms = np.zeros(len(words)), np.zeros(len(known.word))
    places = np.empty(len(folded), dtype=np.int64)
    others = np.empty(len(folded), dtype=np.int64)
    factors = np.array(lattice._PLACE, dtype=np.uint64)
    count = cut(
        folded, written, words, word_at, word, known.written, index(known.written), form,
        of_words, of_forms, others, places, factors, float(word.min()) - 2.0, OTHER_FORM,
    )  # fmt: skip
    return of_words, of_forms, others[:count], places[:count]


def _with_others(
    known: Lexicon, written: Array, others: Array, places: Array
) -> tuple[Lexicon, Array]:
    """The lexicon with the forms that native text has `SEEN` times or more, and their counts."""
    length = np.zeros(len(known.keys), dtype=np.int64)
    length[known.word] = (known.letters > 0).sum(axis=1)
    steps = np.arange(LONGEST)
    letters = written[np.minimum(places[:, None] + steps, len(written) - 1)]
    letters = np.where(steps < length[others][:, None], letters, 0).astype(np.uint32)
    keys, first, seen = np.unique(_key(letters), return_index=True, return_counts=True)
    often = seen >= SEEN
    keys, first, seen = keys[often], first[often], seen[often]
    merged = Lexicon(
        known.keys,
        np.concatenate([known.written, keys]),
        np.concatenate([known.letters, letters[first]]),
        np.concatenate([known.word, others[first]]),
        np.concatenate([known.listed, np.zeros(len(first))]),
    )
    return merged, seen.astype(np.float64)


def _packed(known: Lexicon, word: Array, form: Array) -> NDArray[np.uint32]:
    rows = forms()
    member = rows.member[known.letters]
    own = rows.own[TRADITIONAL, member]
    several = (rows.candidates[TRADITIONAL] != 0).sum(axis=1)[rows.choice[member]] > 1
    which, place = np.nonzero(several & (own >= 0) & (member > 0) & (known.letters > 0))
    keys = form_keys(known.keys[known.word[which]], place + 1, own[which, place].astype(np.intp))
    keys, inverse = np.unique(keys, return_inverse=True)
    share = np.bincount(inverse, np.exp(form - word[known.word])[which])
    listed = known.listed / np.maximum(
        np.bincount(known.word, known.listed, minlength=len(known.keys))[known.word], 1e-9
    )
    share_listed = np.bincount(inverse, listed[which])
    single = np.zeros(len(keys), dtype=np.bool_)
    single[inverse[known.letters[which, 1] == 0]] = True
    share[single] = share[single] ** SINGLE * np.maximum(share_listed[single], 1e-3) ** (1 - SINGLE)
    every = np.concatenate([known.keys, keys])
    values = np.concatenate([-word, -np.log(np.minimum(share, 1.0))])
    steps = np.minimum(np.rint(values / STEP), UNKNOWN - 1).astype(np.uint32)
    print(f"{len(known.keys):,} words, {len(keys):,} forms in words")
    one, other, fingerprint = cell_pair(every)
    cells = np.zeros(1 << CELL_BITS, dtype=np.uint32)
    left = compiled_nesting()(cells, one, other, (fingerprint << np.uint32(8)) | steps)
    if left:
        raise ValueError(f"{left} words find no cell")
    return cells


def index(keys: Array) -> Array:
    """Rows of keys by open addressing: shape (2 ** INDEX_BITS,), -1 where there is none."""
    table: Array = np.full(1 << INDEX_BITS, -1, dtype=np.int32)
    compiled_index()(keys, table)
    return table


def compiled_index() -> Any:
    import numba

    def fill(keys: Array, table: Array) -> None:
        for row in range(len(keys)):
            at = keys[row] >> np.uint64(64 - INDEX_BITS)
            while table[at] >= 0:
                at = (at + np.uint64(1)) & np.uint64(len(table) - 1)
            table[at] = row

    return numba.njit(fill)


def compiled_cut() -> Any:
    """Cuts a text into the words that make it likeliest, line by line, and counts them."""
    import numba

    def find_row(key: Any, keys: Array, table: Array) -> int:
        at = key >> np.uint64(64 - INDEX_BITS)
        while table[at] >= 0:
            if keys[table[at]] == key:
                return int(table[at])
            at = (at + np.uint64(1)) & np.uint64(len(table) - 1)
        return -1

    row_of = numba.njit(find_row)

    def cut(
        folded: Array, written: Array, words: Array, word_at: Array, word: Array, texts: Array,
        text_at: Array, form: Array, of_words: Array, of_forms: Array, others: Array,
        places: Array, factors: Array, unknown: float, other_form: float,
    ) -> int:  # fmt: skip
        most = 500
        best, back = np.empty(most + 1), np.empty(most + 1, dtype=np.int64)
        word_of = np.empty(most + 1, dtype=np.int64)
        form_of = np.empty(most + 1, dtype=np.int64)
        count, start = 0, 0
        while start < len(folded):
            if folded[start] == 0:
                start += 1
                continue
            end = start
            while end < len(folded) and folded[end] != 0 and end - start < most:
                end += 1
            size = end - start
            best[0] = 0.0
            best[1 : size + 1] = -1e18
            for at in range(size):
                key, text = np.uint64(0), np.uint64(0)
                for length in range(1, min(len(factors), size - at) + 1):
                    place = start + at + length - 1
                    key += np.uint64(folded[place]) * factors[length - 1]
                    text += np.uint64(written[place]) * factors[length - 1]
                    row, shape = row_of(key, words, word_at), -1
                    if row >= 0:
                        shape = row_of(text, texts, text_at)
                        score = form[shape] if shape >= 0 else word[row] - other_form
                    elif length == 1:
                        score = unknown
                    else:
                        continue
                    if best[at] + score > best[at + length]:
                        best[at + length] = best[at] + score
                        back[at + length] = at
                        word_of[at + length] = row
                        form_of[at + length] = shape
            at = size
            while at > 0:
                if word_of[at] >= 0:
                    of_words[word_of[at]] += 1.0
                    if form_of[at] >= 0:
                        of_forms[form_of[at]] += 1.0
                    else:
                        others[count] = word_of[at]
                        places[count] = start + back[at]
                        count += 1
                at = back[at]
            start = end
        return count

    return numba.njit(cut)


def compiled_nesting() -> Any:
    """Cuckoo hashing: each value into one of its two cells, and the one that was there into its other."""
    import numba

    def nest(cells: Array, one: Array, other: Array, values: Array) -> int:
        owner = np.full(len(cells), -1, dtype=np.int64)
        left = 0
        for row in range(len(values)):
            current, at = row, one[row]
            for _ in range(2000):
                moved = owner[at]
                owner[at] = current
                cells[at] = values[current]
                if moved < 0:
                    current = -1
                    break
                current = moved
                at = other[current] if at == one[current] else one[current]
            if current >= 0:
                left += 1
        return left

    return numba.njit(nest)
