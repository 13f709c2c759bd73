"""Codec tables that Python does not have, or has of an older date: `validators/tables/codecs/`.

HKSCS-2008 (the last edition with Big5 codes; HKSCS-2016 adds no more) and CNS 11643 come from
glibc's iconv, Big5-UAO 2.50 from Ruby's transcoder. The tables hold the mapping only, which is
a fact: what character each code stands for.
"""

import subprocess
from collections.abc import Iterable, Iterator

from recipes.sources import SourceMissingError

TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
GRID = range(0xA1, 0xFF)
CNS_PLANES = (1, 2, 3, 4, 5, 6, 7, 15)
FOLDER = "validators/tables/codecs"
_RUBY = (
    "$stdin.binmode; $stdout.binmode; $stdin.read.b.split(10.chr).each { |s| "
    "begin; $stdout.write(s.force_encoding(ARGV[0]).encode('UTF-8')); rescue; end; "
    "$stdout.write(10.chr) }"
)


def build() -> dict[str, str | bytes]:
    big5 = [bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in TRAILS]
    base = {code: text for code in big5 if (text := _python(code, "cp950"))}
    hkscs = dict(_iconv(big5, "BIG5-HKSCS"))
    uao = dict(_ruby(big5, "Big5-UAO"))
    eten = {code: text for code, text in uao.items() if b"\xc6\xa1" <= code < b"\xc9\x40"}
    # The symbols of the standard part are what the WHATWG's Big5 says, which is cp950's.
    extended = {c: t for c, t in hkscs.items() if c not in base or _is_user_defined(c)}
    cns = [
        bytes((0x8E, 0xA0 + plane, row, column))
        for plane in CNS_PLANES for row in GRID for column in GRID
    ]  # fmt: skip
    return {
        f"{FOLDER}/big5-eten.tsv": _table(
            "Codes C6A1-C8FE of the ETEN extension of Big5",
            "Ruby's transcoder Big5-UAO, which keeps them",
            eten,
        ),
        f"{FOLDER}/big5-hkscs.tsv": _table(
            "Big5-HKSCS (2008) where it goes beyond code page 950",
            "glibc's iconv, charset BIG5-HKSCS",
            extended,
        ),
        f"{FOLDER}/big5-uao.tsv": _table(
            "Big5-UAO 2.50 (Unicode-at-on) where it goes beyond code page 950",
            "Ruby's transcoder Big5-UAO",
            {c: t for c, t in uao.items() if base.get(c) != t},
        ),
        f"{FOLDER}/cns11643.tsv": _table(
            "CNS 11643 as EUC-TW writes it: 8E, A0 + plane, row, column",
            "glibc's iconv, charset EUC-TW",
            dict(_iconv(cns, "EUC-TW")),
        ),
    }


def _is_user_defined(code: bytes) -> bool:
    return code < b"\xa1\x40" or b"\xc6\xa1" <= code < b"\xc9\x40" or code >= b"\xf9\xd6"


def _python(code: bytes, encoding: str) -> str:
    try:
        return code.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _iconv(codes: list[bytes], charset: str) -> Iterator[tuple[bytes, str]]:
    command = ["iconv", "-c", "-f", charset, "-t", "UTF-8"]
    return _asked(codes, command, "glibc's iconv (Debian: libc-bin)")


def _ruby(codes: list[bytes], charset: str) -> Iterator[tuple[bytes, str]]:
    return _asked(codes, ["ruby", "-e", _RUBY, charset], "Debian: apt-get install ruby")


def _asked(codes: list[bytes], command: list[str], how: str) -> Iterator[tuple[bytes, str]]:
    """Each code with what the program makes of it, a code a line."""
    try:
        run = subprocess.run(
            command, check=False, input=b"\n".join(codes) + b"\n", capture_output=True
        )
    except FileNotFoundError:
        raise SourceMissingError(f"{command[0]} is not there: {how}") from None
    answers = run.stdout.decode("utf-8").split("\n")
    for code, text in zip(codes, answers, strict=False):
        # What is not mapped comes out empty, or as the trail byte, or for private use.
        if text and not text.isascii() and not any(0xE000 <= ord(c) < 0xF900 for c in text):
            yield code, text


def _table(subject: str, source: str, mapping: dict[bytes, str]) -> str:
    lines = [
        f"# {subject}.",
        f"# Source: {source}. Made by recipes/codecs.py; do not edit.",
        "# A first code, a tab, the characters of the codes from it on (trail byte by trail byte).",
    ]
    # Codes of two code points (four in HKSCS) are in repair/decode/tables.py.
    ones = ((code, text) for code, text in mapping.items() if len(text) == 1)
    lines += (f"{code.hex().upper()}\t{text}" for code, text in _stretches(ones))
    return "\n".join(lines) + "\n"


def _stretches(rows: Iterable[tuple[bytes, str]]) -> Iterator[tuple[bytes, str]]:
    first, text, following = b"", "", b""
    for code, character in sorted(rows):
        if text and code == following:
            text += character
        else:
            if text:
                yield first, text
            first, text = code, character
        following = code[:-1] + bytes((code[-1] + 1,)) if code[-1] < 0xFF else b""
    if text:
        yield first, text
