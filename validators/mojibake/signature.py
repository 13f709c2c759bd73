"""A byte-order mark that was read as characters: `ï»¿` and its like where a text begins.

UTF-8's mark is EF BB BF. A single-byte code page makes three characters of it. A double-byte one
makes one of EF BB, and BF takes the next byte with it (`锘縤mport` was `import`), or is lost where that
byte cannot be the second one of a pair (`锘?#include`).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.mojibake.codepages import page
from jiaokan.validators.mojibake.rules import BYTE_ORDER_MARK
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_MARK = b"\xef\xbb\xbf"
_READ_AS_SINGLES = (
    "cp1252", "cp437", "cp850", "cp866", "koi8-r", "mac_roman", "cp1250", "cp1251", "cp1253",
)  # fmt: skip
_READ_AS_PAIRS = {"gbk": "gbk", "big5": "cp950", "euc-kr": "cp949"}
"""Pages, and the codec that tells what each makes of EF BB."""
_REPLACED = ("?", "\ufffd")
_BOM = 0xFEFF


@cache
def _wholes() -> tuple[str, ...]:
    """What code pages make of the mark, and windows-1252 of that, when it was saved as UTF-8."""
    once = [_MARK.decode(codec) for codec in _READ_AS_SINGLES]
    return (*dict.fromkeys(once), once[0].encode().decode("cp1252"))


@cache
def _pairs() -> dict[str, str]:
    """The character of EF BB, and the page that made it."""
    return {_MARK[:2].decode(codec): name for name, codec in _READ_AS_PAIRS.items()}


@cache
def _firsts() -> str:
    return "".join(each[0] for each in (*_wholes(), *_pairs()))


def positions(view: View) -> NDArray[np.intp]:
    """Where a text begins, after its own mark if it has one, with a character that one may have become."""
    starts = view.starts[view.starts < len(view.codes)]
    marked = view.codes[starts] == _BOM
    if marked.any():
        behind = starts[marked] + 1
        starts = np.append(starts[~marked], behind[behind < len(view.codes)])
    found: NDArray[np.intp] = starts[one_of(view.codes[starts], _firsts())]
    return found


def find_signature(text: str) -> list[Finding]:
    """The misread mark that the text begins with, if it does."""
    start = int(text.startswith(chr(_BOM)))
    size, meant = _whole_at(text, start) or _pair_at(text, start) or (0, "")
    following = text[start + size : start + size + 1]
    # Before a blank, or alone, it is being spoken of.
    if not size or (not meant and following in ("", " ", "\t", "\u3000")):
        return []
    seen = text[start : start + size]
    return [
        Finding(
            BYTE_ORDER_MARK, start, start + size, f"a byte-order mark read as {seen}", 0.99,
            Applicability.SAFE, meant,
        )
    ]  # fmt: skip


def _whole_at(text: str, start: int) -> tuple[int, str] | None:
    seen = next((each for each in _wholes() if text.startswith(each, start)), None)
    return (len(seen), "") if seen else None


def _pair_at(text: str, start: int) -> tuple[int, str] | None:
    """How many characters are of the mark, and what the last of them took in."""
    name = _pairs().get(text[start : start + 1])
    second = text[start + 1 : start + 2]
    if name is None or not second:
        return None
    if second in _REPLACED:
        # BF pairs off with any letter: only what cannot be a second byte leaves it alone.
        return (2, "") if text[start + 2 : start + 3] < "@" else None
    lead, trail = divmod(int(page(name).bytes_of[min(ord(second), 0xFFFF)]), 0x100)
    return (2, chr(trail)) if lead == _MARK[2] and trail < 0x80 else None
