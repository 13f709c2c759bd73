"""The narrowest name for what was read: GBK where no code is beyond it, and so on."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_NARROWER = {
    "cp950": ("big5",),
    "cp932": ("shift_jis",),
    "cp949": ("euc_kr",),
}


def exact_name(data: bytes, text: str, encoding: str) -> str:
    """The name of a narrower encoding that reads these bytes as the same text, if there is one."""
    if encoding == "gb18030":
        return "gbk" if is_gbk(data, text) else encoding
    for narrower in _NARROWER.get(encoding, ()):
        try:
            if data.decode(narrower) == text:
                return narrower
        except UnicodeDecodeError:
            continue
    return encoding


def is_gbk(data: bytes, text: str) -> bool:
    """Whether GBK, as Python has it, reads these bytes as this text too."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if len(data) - len(text) != int(np.count_nonzero(units >= 0x80)):
        return False  # characters of four bytes, or of one
    return not len(units) or bool(_in_gbk()[units].all())


@cache
def _in_gbk() -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    for code_point in range(0x10000):
        try:
            table[code_point] = chr(code_point).encode("gbk") is not None
        except UnicodeEncodeError:
            continue
    return table
