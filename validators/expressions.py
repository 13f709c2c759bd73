"""Regular expressions that are compiled when they are first used.

Compiling all of them takes longer than repairing a short text, and most texts need few.
"""

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "sub")


class _Uncompiled:
    def __init__(self, source: str, flags: int) -> None:
        self._made_of = source, flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        pattern = re.compile(*self._made_of)
        for method in _METHODS:  # from here on as fast as the pattern itself
            setattr(self, method, getattr(pattern, method))
        return getattr(self, name)


def expression(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, as far as it is matched and searched with.

    An invalid expression raises `re.error` where it is first used.
    """
    return cast(re.Pattern[str], _Uncompiled(source, flags))
