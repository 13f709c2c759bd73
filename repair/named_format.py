"""What the lines of a file mean, where its name says so.

The lines of a short program, table or list of subtitles do not show it: of `1,好。` only the name
`a.csv` tells that the comma parts two cells.
"""

from dataclasses import replace
from functools import lru_cache

from jiaokan.repair.corpus.recognise import suffix_of
from jiaokan.repair.repairer import Repairer
from jiaokan.validators.values import Format

_SUFFIXES: dict[Format, str] = {
    "csv": "csv tsv tab",
    "subtitles": "srt vtt ass ssa sbv lrc",
    "code": "py pyi js mjs cjs ts jsx tsx c h cc cpp cxx hh hpp hxx cs java kt kts scala go rs swift"
    " rb php pl lua r jl sh bash zsh fish ps1 bat cmd sql css scss sass less ini cfg properties po"
    " pot",
}
_BY_SUFFIX = {
    f".{suffix}": name for name, suffixes in _SUFFIXES.items() for suffix in suffixes.split()
}


def for_text_of(repairer: Repairer, name: str) -> Repairer:
    """The repairer for the text of a file of this name, which may be compressed."""
    if repairer.format != "auto":
        return repairer
    found = _BY_SUFFIX.get(suffix_of(name))
    return repairer if found is None else _of_format(repairer, found)


@lru_cache(64)
def _of_format(repairer: Repairer, name: Format) -> Repairer:
    return replace(repairer, format=name)
