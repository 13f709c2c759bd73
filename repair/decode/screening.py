"""The whole of a GBK file at the speed of Python's codec: decoded, and looked over once."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.codecs import decode_bytes
from jiaokan.repair.decode.scoring import costs_alone
from jiaokan.repair.decode.tables import GB18030_2022, pair_table

UNUSUAL_ALONE = 55
"""Bits that three characters in a row cost, each by itself, where they should be looked at."""
_TRAIL = 12
"""Counted for an ASCII character that could be a trail byte left over."""
_RARE = 20
"""Bits from which a character is looked at by itself if its trail byte is an ASCII letter, which may
be just that, after a byte left over."""
_BEYOND_GBK = 0x40
_RAREST = 40


def screen_gb18030(data: bytes) -> tuple[str, str, NDArray[np.intp]]:
    """The text, the narrowest name of its encoding, and the numbers of the lines that have three
    rare characters in a row. Raises UnicodeDecodeError where it is not GB 18030."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = decode_bytes(data, "gb18030")  # € as one byte
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    looks = _looks()[units]
    name = "gbk"
    if len(looks) and looks.max() >= _BEYOND_GBK:
        name = "gb18030"
        text = decode_bytes(data, name)
        looks &= _BEYOND_GBK - 1
    window = looks.copy()
    window[1:] += looks[:-1]
    window[2:] += looks[:-2]
    at = np.flatnonzero(window > UNUSUAL_ALONE)
    if not len(at):
        return text, name, at
    breaks = np.flatnonzero(units == 0x0A)
    return text, name, np.unique(np.searchsorted(breaks, at))


@cache
def _looks() -> NDArray[np.uint8]:
    """For each UTF-16 unit what it costs by itself, in bits, and `_BEYOND_GBK`. ASCII, which all
    encodings share, costs nothing, but for what may be the trail byte of a lost lead byte."""
    bits = costs_alone(np.arange(0x10000, dtype=np.uint32))
    bits[:0x80] = 0
    bits[0x40:0x7F] = _TRAIL
    looks = np.clip(bits, 0, _RAREST).astype(np.uint8)
    pairs = pair_table("gb18030")
    trails = np.flatnonzero((pairs < 0x10000) & (np.arange(0x10000) & 0xFF < 0x80))
    rare = pairs[trails][bits[pairs[trails]] >= _RARE]
    looks[rare] = UNUSUAL_ALONE + 1
    dated = {ord(code.to_bytes(2, "big").decode("gb18030")) for code in GB18030_2022}
    for code_point in range(0x80, 0x10000):
        try:
            chr(code_point).encode("gbk")
        except UnicodeEncodeError:
            looks[code_point] |= _BEYOND_GBK
    looks[sorted(dated | set(GB18030_2022.values()))] |= _BEYOND_GBK
    return looks
