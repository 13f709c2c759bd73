"""Damage put into clean passages, one kind for each rule, with what stood there before."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the damaged text, and what stood there."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged passage. `is_whole`: the damage has no place, the text has it as a whole."""

    data: str | bytes
    original: str
    places: tuple[Place, ...] = ()
    is_whole: bool = False
    also: tuple[Place, ...] = ()
    """All places of the text, where `places` are only those that count."""


Injure = Callable[[str, random.Random], Damaged | None]
"""None where a passage has no room for this damage."""


@dataclass(frozen=True)
class Damage:
    """What is done to which passages. `made` says it in words, for the table."""

    made: str
    injure: Injure
    script: str = ""
    """Which passages: zh-Hans, zh-Hant, or both; or sets of `prose` by name, spaces between."""
    options: Mapping[str, Any] = field(default_factory=dict)
    is_mendable: bool = True
    """Whether what stood there can be known."""
    together: int = 1
    """So many passages make one text."""
    tries: int = 1
    """So many times the usual number of passages, of which few can be damaged so."""


class Writer:
    """Writes a damaged text and remembers the places."""

    def __init__(self) -> None:
        self._damaged: list[str] = []
        self._original: list[str] = []
        self._places: list[Place] = []
        self._length = 0

    def keep(self, text: str) -> None:
        self._damaged.append(text)
        self._original.append(text)
        self._length += len(text)

    def put(self, damaged: str, original: str) -> None:
        start = self._length
        self._length += len(damaged)
        self._damaged.append(damaged)
        self._original.append(original)
        self._places.append(Place(start, self._length, original))

    def damaged(self, least: int = 1) -> Damaged | None:
        if len(self._places) < least:
            return None
        return Damaged("".join(self._damaged), "".join(self._original), tuple(self._places))


def whole(data: str | bytes, original: str) -> Damaged | None:
    """Damage of a text as a whole."""
    return None if data == original else Damaged(data, original, is_whole=True)


def swap(table: Mapping[str, str], share: float = 1.0, least: int = 1) -> Injure:
    """Something else for this share of the characters of a table."""

    def injure(text: str, draw: random.Random) -> Damaged | None:
        writer = Writer()
        for char in text:
            other = table.get(char)
            if other is not None and other != char and draw.random() < share:
                writer.put(other, char)
            else:
                writer.keep(char)
        return writer.damaged(least)

    return injure


def is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
