"""How Chinese runs on: counts of two and three characters in a row, lines' ends among them.

Sources: most of the tuning half of `../shared/data/prose` (laws and gazette of Taiwan and the PRC, news of
Taiwan's government, Ministry of Education dictionary, Wikipedia, software documentation, classical
texts, novels, Cantonese), words of jieba (MIT) and of rime-essay (LGPL-3). Counts only.
"""

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipes._broken_lines import MODEL_SHARE
from recipes.sources import SourceMissingError, opencc_rows
from tests.accuracy.sets import documents, half_of, prose_sets, rank_of

TARGET = "validators/tables/continuation.npz"
LEFT_OUT = ("ja-", "ko-", "lctt-", "libreoffice", "debian", "maint-guide", "yue-ctcpc")
"""Other languages, licences that do not allow it, and sets that are measured whole."""
HAN_TOKENS = 7000
LEAST_PAIR, LEAST_TRIPLE = 2, 4
ESSAY = Path("/usr/share/rime-data/essay.txt")
PUNCTUATION = "，。、；：？！“”‘’「」『』（）《》〈〉【】〔〕—…·,.:;?!()\"'-/%~[]<>=+*_#&@|\\　 "
SAME = dict(zip(",:;?!()「」『』", "，：；？！（）“”‘’", strict=True))
"""Marks that share a token: flattened text and text of every region run on alike."""
OTHER, BREAK, DIGIT, LATIN, KANA = range(5)
FIRST_MARK = 5


def build() -> dict[str, str | bytes]:
    tokens = _token_table()
    size = int(tokens.max()) + 1
    pairs = _Counts(2)
    triples = _Counts(3)
    singles = np.zeros(size, dtype=np.int64)
    for text in _texts():
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
        row = tokens[np.minimum(codes, 0xFFFF)].astype(np.uint64)
        singles += np.bincount(row.astype(np.intp), minlength=size)
        pairs.add(row[:-1] << np.uint64(13) | row[1:])
        middle = row[1:-1] != BREAK
        key = row[:-2] << np.uint64(26) | row[1:-1] << np.uint64(13) | row[2:]
        triples.add(key[middle])
    for word, weight in _words():
        codes = np.frombuffer(word.encode("utf-32-le"), dtype=np.uint32)
        row = tokens[np.minimum(codes, 0xFFFF)].astype(np.uint64)
        if (row == OTHER).any():
            continue
        for at in range(len(row) - 1):
            pairs.extra[int(row[at] << np.uint64(13) | row[at + 1])] += weight
        for at in range(len(row) - 2):
            key = row[at] << np.uint64(26) | row[at + 1] << np.uint64(13) | row[at + 2]
            triples.extra[int(key)] += weight
    pair_keys, pair_counts = pairs.above(LEAST_PAIR)
    triple_keys, triple_counts = triples.above(LEAST_TRIPLE)
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        tokens=tokens,
        singles=singles,
        pair_steps=_planes(pair_keys),
        pair_counts=_quantised(pair_counts),
        triple_steps=_planes(triple_keys),
        triple_counts=_quantised(triple_counts),
        source=np.array(str(__doc__)),
    )
    return {TARGET: packed.getvalue()}


class _Counts:
    """Counts of keys, merged chunk by chunk so that memory stays small."""

    def __init__(self, width: int) -> None:
        self.keys = np.empty(0, dtype=np.uint64)
        self.counts = np.empty(0, dtype=np.int64)
        self.extra: Counter[int] = Counter()
        self.width = width

    def add(self, keys: NDArray[np.uint64]) -> None:
        found, counts = np.unique(keys, return_counts=True)
        self._merge(found, counts)

    def _merge(self, keys: NDArray[np.uint64], counts: NDArray[np.int64]) -> None:
        both = np.concatenate([self.keys, keys])
        self.keys, where = np.unique(both, return_inverse=True)
        weights = np.concatenate([self.counts, counts])
        self.counts = np.bincount(where, weights=weights).astype(np.int64)

    def above(self, least: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        extra = np.array(sorted(self.extra), dtype=np.uint64)
        self._merge(extra, np.array([self.extra[int(k)] for k in extra], dtype=np.int64))
        keep = self.counts >= least
        return self.keys[keep], self.counts[keep]


def _texts() -> Iterator[str]:
    """The tuning half of every set but for what the break model learns from, in pieces of some million characters, line breaks around each."""
    for name in prose_sets():
        if any(part in name for part in LEFT_OUT):
            continue
        chunk: list[str] = []
        size = 0
        for text in documents(name):
            if half_of(text) != "tune" or rank_of(text) < MODEL_SHARE:
                continue
            chunk.append(text)
            size += len(text)
            if size > 3_000_000:
                yield "\n".join(["", *chunk, ""])
                chunk, size = [], 0
        if chunk:
            yield "\n".join(["", *chunk, ""])


def _words() -> Iterator[tuple[str, int]]:
    """Words of two to four Han, with a weight that is small beside counts from running text."""
    try:
        import jieba
    except ImportError:
        raise SourceMissingError("pip install jieba") from None
    lines = (Path(str(jieba.__file__)).parent / "dict.txt").read_text("utf-8").splitlines()
    for line in lines:
        word, frequency, _ = line.split(" ")
        if 2 <= len(word) <= 4:
            yield word, max(LEAST_TRIPLE, int(frequency) // 2)
    if not ESSAY.exists():
        raise SourceMissingError(f"{ESSAY} is not there: apt-get install rime-essay")
    for line in ESSAY.read_text("utf-8").splitlines():
        word, _, frequency = line.partition("\t")
        if 2 <= len(word) <= 4 and int(frequency or 0) >= 20:
            yield word, max(LEAST_TRIPLE, int(frequency) // 4)


def _token_table() -> NDArray[np.uint16]:
    """For each code point below U+10000 its token; Traditional Han share the Simplified one's."""
    counts = np.zeros(0x10000, dtype=np.int64)
    for text in _texts():
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
        counts += np.bincount(np.minimum(codes, 0xFFFF), minlength=0x10000)
    simplified = {}
    for key, values in opencc_rows("TSCharacters.txt"):
        if max(map(ord, (*key, *values[0]))) < 0x10000:
            simplified[ord(key)] = ord(values[0])
    for code, simple in simplified.items():
        counts[simple] += counts[code] if code != simple else 0
    han = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), 0x3007]
    own = [code for code in han if simplified.get(code, code) == code]
    own.sort(key=lambda code: (-counts[code], code))
    table = np.zeros(0x10000, dtype=np.uint16)
    for mark in PUNCTUATION:
        table[ord(mark)] = FIRST_MARK + PUNCTUATION.index(SAME.get(mark, mark))
    first = FIRST_MARK + len(PUNCTUATION)
    for index, code in enumerate(own[:HAN_TOKENS]):
        table[code] = first + index
    for code, simple in simplified.items():
        table[code] = table[simple]
    for line_break in (10, 11, 12, 13, 0x85, 0x2028, 0x2029):
        table[line_break] = BREAK
    table[0x30:0x3A] = table[0xFF10:0xFF1A] = DIGIT
    for first_letter, last in ("AZ", "az", "ÀÖ", "Øö", "øɏ", "ＡＺ", "ａｚ"):
        table[ord(first_letter) : ord(last) + 1] = LATIN
    table[0x3041:0x3100] = KANA
    return table


def _planes(keys: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Steps between ascending keys, byte by byte: packs far better than the keys."""
    steps = np.diff(keys, prepend=np.uint64(0))
    return steps.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :5].T.copy()


def _quantised(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.minimum(255, np.round(8 * np.log2(counts))).astype(np.uint8)
