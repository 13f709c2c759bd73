"""Bytes of one encoding to text and back, as the standards say today.

`decode_bytes` is strict; `encode_text` is its inverse for all bytes that have just one code for
their character, which is what `exact_runs` makes sure of.
"""

import codecs
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.iso2022 import decode_iso2022_cn, encode_iso2022_cn
from jiaokan.repair.decode.reading import follow, read_everywhere
from jiaokan.repair.decode.tables import (
    GB18030_2022,
    HKSCS_PAIRS,
    NONE,
    PAIR_LEADS,
    PAIR_SENTINEL,
    cns_planes,
    pair_table,
    single_table,
)
from jiaokan.validators.values import Run

_OWN = frozenset({"cp950", "big5hkscs", "big5-uao", "euc-tw"})
"""Encodings read by our tables alone: Python has none, or one of an older edition."""

# What Python's gb18030 makes of the two-byte codes of `GB18030_2022`, and what they are today.
_DATED = {
    ord(code.to_bytes(2, "big").decode("gb18030")): character
    for code, character in GB18030_2022.items()
}
_TO_DATED = {today: dated for dated, today in _DATED.items() if today != dated}


def decode_bytes(data: bytes, encoding: str) -> str:
    """The text; raises UnicodeDecodeError at the first byte that begins no character."""
    if encoding == "gb18030" or encoding == "gbk":
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            if b"\x80" not in data:  # € in code page 936
                raise
            return _decode_by_table(data, "gb18030")
        return of_today(text)
    if encoding == "iso2022_cn":
        return decode_iso2022_cn(data)
    if encoding in _OWN:
        return _decode_by_table(data, encoding)
    return data.decode(encoding)


def encode_text(text: str, encoding: str) -> bytes:
    """The bytes; raises UnicodeEncodeError for a character that the encoding does not have."""
    if encoding == "gb18030" or encoding == "gbk":
        if dated(text):
            text = text.translate(_TO_DATED)
        return text.encode("gb18030")
    if encoding == "iso2022_cn":
        return encode_iso2022_cn(text)
    if encoding in _OWN:
        for code, pair in HKSCS_PAIRS.items():
            if encoding == "big5hkscs" and pair in text:
                text = text.replace(pair, chr(0xE000 + (code & 0xFF)))
        return codecs.charmap_encode(text, "strict", _encoding_map(encoding))[0]
    return text.encode(encoding)


def of_today(text: str) -> str:
    """What Python's gb18030 read, with the characters that its codes have had since 2022."""
    return text.translate(_DATED) if _has_private_use(text) else text


def dated(text: str) -> bool:
    """Whether a character is there that GB 18030 has two codes for, an old and a new one."""
    return any(chr(today) in text for today in _TO_DATED)


def text_of(codes: NDArray[np.uint32]) -> str:
    """Codes of `Reading`s as text; `NONE` becomes U+FFFD."""
    if len(codes) and int(codes.max()) > 0x10FFFF:
        special = codes > 0x10FFFF
        pieces = []
        at = 0
        for place in np.flatnonzero(special).tolist():
            pieces.append(text_of(codes[at:place]))
            code = int(codes[place])
            pieces.append("\ufffd" if code == NONE else HKSCS_PAIRS[code - PAIR_SENTINEL])
            at = place + 1
        return "".join([*pieces, text_of(codes[at:])])
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


def exact_runs(
    data: bytes, text: str, encoding: str, byte_start: int, start: int, pieces: int = 16
) -> list[Run]:
    """Runs for bytes that read as this text, with `raw` where `encode_text` gives other bytes."""
    try:
        # Python's gbk has one code for each character; so much was seen in `exact_name`.
        same = encoding == "gbk" or encode_text(text, encoding) == data
    except (UnicodeError, LookupError):
        same = False
    byte_end, end = byte_start + len(data), start + len(text)
    if same:
        return [Run(encoding, byte_start, byte_end, start, end)]
    lines = data.splitlines(keepends=True) if b"\x1b" not in data and pieces > 1 else []
    if len(lines) < 2 or len(data) < 512:
        return [Run(encoding, byte_start, byte_end, start, end, data)]
    runs: list[Run] = []
    step = max(1, len(lines) // pieces)
    for first in range(0, len(lines), step):
        part = b"".join(lines[first : first + step])
        try:
            read = decode_bytes(part, encoding)
        except UnicodeDecodeError:
            return [Run(encoding, byte_start, byte_end, start, end, data)]
        runs += exact_runs(part, read, encoding, byte_start, start, pieces)
        byte_start += len(part)
        start += len(read)
    return (
        joined_runs(runs)
        if start == end
        else [Run(encoding, runs[0].byte_start, byte_end, runs[0].start, end, data)]
    )


def joined_runs(runs: list[Run]) -> list[Run]:
    """Adjacent runs of one encoding as one, where the bytes need not be kept."""
    joined = runs[:1]
    for run in runs[1:]:
        last = joined[-1]
        if last.raw is None and run.raw is None and last.encoding == run.encoding:
            joined[-1] = Run(run.encoding, last.byte_start, run.byte_end, last.start, run.end)
        else:
            joined.append(run)
    return joined


def _has_private_use(text: str) -> bool:
    if text.isascii():
        return False
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    return bool((codes - np.uint16(0xE000) < 0x1900).any())


def _decode_by_table(data: bytes, encoding: str) -> str:
    if encoding == "cp950":
        try:
            text = data.decode("cp950")
        except UnicodeDecodeError:
            pass
        else:
            if not _has_eten(text):
                return text
    reading = read_everywhere(encoding, np.frombuffer(data, dtype=np.uint8))
    starts, wrong = follow(reading)
    if wrong.any():
        at = int(starts[int(np.argmax(wrong))])
        raise UnicodeDecodeError(encoding, data, at, at + 1, "begins no character")
    return text_of(reading.codes[starts])


def _has_eten(text: str) -> bool:
    """Whether a character is there that Python reads from the codes C6A1 to C8FE, of which it has
    other characters than those in use."""
    units = np.frombuffer(text.encode("utf-16-le"), dtype=np.uint16)
    return bool(_eten_units()[units].any())


@cache
def _eten_units() -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    for lead in (0xC6, 0xC7, 0xC8):
        for trail in range(0xA1 if lead == 0xC6 else 0x40, 0xFF):
            text = bytes((lead, trail)).decode("cp950", "replace")
            table[[ord(text[0])] if len(text) == 1 else []] = True
    table[0xFFFD] = False
    return table


@cache
def _encoding_map(encoding: str) -> dict[int, bytes]:
    """The code of each character; of several, the lowest of the standard's main part."""
    table: dict[int, bytes] = {}
    if encoding == "euc-tw":
        for plane in range(15, 0, -1):
            for cell in np.flatnonzero(cns_planes()[plane] != NONE)[::-1].tolist():
                row, column = divmod(cell, 94)
                code = bytes((0x8E, 0xA0 + plane, 0xA1 + row, 0xA1 + column))
                table[int(cns_planes()[plane, cell])] = code
    pairs = pair_table(encoding)
    known = np.flatnonzero(pairs != NONE)
    # Later ones win: the extensions first, then the main part from its end on.
    main = (known >= 0xA440) & (known < 0xC680) | (known >= 0xC940) & (known < 0xF9D6)
    main |= (known >= 0xA140) & (known < 0xA2CC)
    for pair in [*known[~main][::-1].tolist(), *known[main][::-1].tolist()]:
        code_point = int(pairs[pair])
        if code_point > 0x10FFFF:
            code_point = 0xE000 + (pair & 0xFF)
        table[code_point] = pair.to_bytes(2, "big")
    singles = single_table(encoding)
    for byte in range(256):
        if singles[byte] != NONE:
            table[int(singles[byte])] = bytes((byte,))
    return table


def is_table_driven(encoding: str) -> bool:
    """Whether `read_everywhere` can read it: one byte, two-byte codes, UTF-8."""
    return encoding == "utf-8" or encoding in PAIR_LEADS or encoding in SINGLE_BYTE


SINGLE_BYTE = (
    "cp1252", "cp1251", "koi8-r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "cp1258", "cp866", "iso8859-5", "iso8859-2", "iso8859-7", "koi8-u", "cp874", "cp437", "mac-roman",
)  # fmt: skip
