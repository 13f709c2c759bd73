"""`validators/tables/radicals.tsv`: the ideograph that each CJK radical stands for."""

import unicodedata

from recipes.sources import unicode_data

HEADER = """\
# Radicals and the ideographs that they stand for (see jiaokan.validators.characters.ideographs).
# Made by recipes/radicals.py; do not edit. Source: EquivalentUnifiedIdeograph.txt of the Unicode
# Character Database 15 (Unicode licence, Debian package unicode-data), radicals only.
"""


def build() -> dict[str, str | bytes]:
    rows = []
    for raw in unicode_data("EquivalentUnifiedIdeograph.txt").read_text("utf-8").splitlines():
        span, _, ideograph = raw.partition("#")[0].partition(";")
        if not ideograph.strip():
            continue
        first, _, last = span.strip().partition("..")
        for point in range(int(first, 16), int(last or first, 16) + 1):
            if "RADICAL" in unicodedata.name(chr(point), ""):
                rows.append(f"{chr(point)}\t{chr(int(ideograph, 16))}\n")
    return {"validators/tables/radicals.tsv": HEADER + "".join(rows)}
