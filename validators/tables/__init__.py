"""The data tables, which `recipes/` build, and the reader of those in TSV."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


def rows_of(name: str) -> Iterator[list[str]]:
    """The fields of each row of a `.tsv` table."""
    return (line.split("\t") for line in lines_of(name))


def lines_of(name: str) -> Iterator[str]:
    """The rows of a `.tsv` table as they stand. Lines that begin with `#` are comments."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def words_of(name: str) -> tuple[str, ...]:
    """A list of `words.tsv`, which holds those that are written by hand."""
    return _lists()[name]


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    return {name: tuple(words.split("|")) for name, words in rows_of("words.tsv")}
