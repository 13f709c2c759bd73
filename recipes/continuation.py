"""How Chinese runs on: counts of two to four characters in a row, lines' ends among them.

Sources: most of the tuning half of `../shared/data/prose` (laws and gazette of Taiwan and the PRC, news of
Taiwan's government, Ministry of Education dictionary, Wikipedia, software documentation, classical
texts, novels, Cantonese), the word model of libime (LGPL-2.1+), words of jieba (MIT) and of rime-essay
(LGPL-3). Counts only.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recipes._broken_lines import MODEL_SHARE
from recipes._rows import BREAK, OTHER, Counts, add_word_model, key_of
from recipes._word_model import word_model
from recipes.sources import SourceMissingError, opencc_rows
from tests.accuracy.sets import documents, half_of, prose_sets, rank_of

TARGET = "validators/tables/continuation.npz"
LEFT_OUT = ("ja-", "ko-", "lctt-", "libreoffice", "debian", "maint-guide", "yue-ctcpc")
"""Other languages, licences that do not allow it, and sets that are measured whole."""
HAN_TOKENS = 7000
ROWS = {2: "pair", 3: "triple", 4: "four"}
LEAST, LEAST_AT_BREAK = {2: 3, 3: 5, 4: 6}, 3
"""Counts that are kept; lines' ends and beginnings are rare."""
LEAST_WORD = 4
ESSAY = Path("/usr/share/rime-data/essay.txt")
PUNCTUATION = "，。、；：？！“”‘’「」『』（）《》〈〉【】〔〕—…·,.:;?!()\"'-/%~[]<>=+*_#&@|\\　 "
SAME = dict(zip(",:;?!()「」『』", "，：；？！（）“”‘’", strict=True))
"""Marks that share a token: flattened text and text of every region run on alike."""
DIGIT, LATIN, KANA = range(2, 5)
FIRST_MARK = 5


def build() -> dict[str, str | bytes]:
    tokens = _token_table()
    singles = np.zeros(int(tokens.max()) + 1, dtype=np.float64)
    counts = {size: Counts() for size in ROWS}
    for text in _texts():
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
        row = tokens[np.minimum(codes, 0xFFFF)].astype(np.uint64)
        singles += np.bincount(row.astype(np.intp), minlength=len(singles))
        for size in ROWS:
            keys = key_of(*(row[at : len(row) - size + 1 + at] for at in range(size)))
            inner = [row[at : len(row) - size + 1 + at] != BREAK for at in range(1, size - 1)]
            whole = np.logical_and.reduce(inner) if inner else np.ones(len(keys), dtype=np.bool_)
            counts[size].add(*np.unique(keys[whole], return_counts=True))
    singles += add_word_model(word_model(), tokens, counts)
    for word, weight in _words():
        row = tokens[np.frombuffer(word.encode("utf-32-le"), dtype=np.uint32).clip(0, 0xFFFF)]
        if (row == OTHER).any():
            continue
        for size in ROWS:
            for at in range(len(row) - size + 1):
                counts[size].extra[int(key_of(*row[at : at + size].astype(np.uint64)))] += weight
    arrays = {"tokens": tokens, "singles": np.round(singles).astype(np.int64)}
    for size, name in ROWS.items():
        keys, found = counts[size].above(LEAST[size], LEAST_AT_BREAK, size)
        arrays[f"{name}_steps"], arrays[f"{name}_counts"] = _planes(keys), _quantised(found)
    packed = io.BytesIO()
    # Not compressed, which takes a third of the time to load: wheels are, anyway.
    np.savez(packed, source=np.array(str(__doc__)), **arrays)  # type: ignore[arg-type]
    return {TARGET: packed.getvalue()}


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
            yield word, max(LEAST_WORD, int(frequency) // 2)
    if not ESSAY.exists():
        raise SourceMissingError(f"{ESSAY} is not there: apt-get install rime-essay")
    for line in ESSAY.read_text("utf-8").splitlines():
        word, _, frequency = line.partition("\t")
        if 2 <= len(word) <= 4 and int(frequency or 0) >= 20:
            yield word, max(LEAST_WORD, int(frequency) // 4)


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
    size = (int(steps.max()).bit_length() + 7) // 8
    return steps.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :size].T.copy()


def _quantised(counts: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.minimum(255, np.round(8 * np.log2(counts))).astype(np.uint8)
