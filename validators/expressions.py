"""Regular expressions that are compiled when they are first used, and a look for what they need.

Compiling all of them takes longer than repairing a short text, and most texts need few.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, AnyStr, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


class _Uncompiled:
    def __init__(self, compiled: Callable[[], re.Pattern[Any]]) -> None:
        self._compiled = compiled

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        pattern = self._compiled()
        for method in _METHODS:  # from here on as fast as the pattern itself
            setattr(self, method, getattr(pattern, method))
        return getattr(self, name)


def expression(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, as far as it is matched and searched with.

    An invalid expression raises `re.error` where it is first used.
    """
    return cast(re.Pattern[AnyStr], _Uncompiled(partial(re.compile, source, flags)))


def holds(text: str, *signs: str) -> bool:
    """Whether a text has any of these strings. That not even the first character of one is there is seen
    ten to thirty times as soon as that the string is not."""
    return any(sign[0] in text and sign in text for sign in signs)
