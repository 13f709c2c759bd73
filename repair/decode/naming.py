"""The narrowest name for the encoding that was read: GBK if no code is beyond it, and so on."""

_NARROWER = {
    "gb18030": ("gbk",),
    "cp950": ("big5",),
    "cp932": ("shift_jis",),
    "cp949": ("euc_kr",),
}


def exact_name(data: bytes, text: str, encoding: str) -> str:
    """The name of a narrower encoding that reads these bytes as the same text, if there is one."""
    for narrower in _NARROWER.get(encoding, ()):
        try:
            if data.decode(narrower) == text:
                return narrower
        except UnicodeDecodeError:
            continue
    return encoding
