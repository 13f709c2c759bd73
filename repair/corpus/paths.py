"""Texts deep in a record, named by a path as jq has it: `messages[].content`, `meta.title`.

`.` goes to a key and `[]` to each element of a list; a key with `.`, `[`, `]` or `"` in it is quoted
as JSON quotes it. A column that a record has by that very name is that column, not a path.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

Steps: TypeAlias = tuple[str | None, ...]
"""Where a path goes from a record on: to a key, or by None to each element."""

_STEP = re.compile(r'(\[\])|(?:^\.?|\.)(?:([^.\[\]"]+)|("(?:[^"\\]|\\.)*"))')
_NUMBER = re.compile(r"\[\d+\]")
MOST_NAMED = 20
"""So many columns of a file are named in a message."""


@cache
def steps_of(column: str) -> Steps:
    """The steps of a path; what is none is a key."""
    steps: list[str | None] = []
    at = 0
    while at < len(column):
        step = _STEP.match(column, at)
        if step is None:
            return (column,)
        each, key, quoted = step.groups()
        try:
            steps.append(None if each else key or json.loads(quoted))
        except ValueError:
            return (column,)
        at = step.end()
    return tuple(steps) or (column,)


def steps_in(names: Collection[str], column: str) -> Steps:
    """The steps of a column in a record that has keys of these names."""
    return (column,) if column in names else steps_of(column)


def below(place: str, step: str | int | None) -> str:
    """The path to a key or element of what stands at a place; with None, to each element."""
    if step is None or isinstance(step, int):
        return f"{place}[{'' if step is None else step}]"
    key = json.dumps(step, ensure_ascii=False) if place and re.search(r'[.\[\]"]', step) else step
    return f"{place}.{key}" if place else key


def values_at(value: Any, steps: Steps, place: str = "") -> Iterator[tuple[str, Any]]:
    """What steps from a value on lead to, and the place of each: `messages[0].content`."""
    if not steps:
        yield place, value
    elif (step := steps[0]) is None:
        if isinstance(value, list):
            for number, each in enumerate(value):
                yield from values_at(each, steps[1:], below(place, number))
    elif isinstance(value, dict) and step in value:
        yield from values_at(value[step], steps[1:], below(place, step))


def columns_of_places(columns: Collection[str], places: Collection[str]) -> frozenset[str]:
    """Of several columns, those that these places of texts (`messages[0].content`) are of."""
    if len(columns) < 2:
        return frozenset()
    steps = {steps_of(_NUMBER.sub("[]", place)) for place in places}
    return frozenset(name for name in columns if name in places or steps_of(name) in steps)


def texts_in(record: dict[str, Any], columns: Iterable[str]) -> dict[str, str]:
    """The texts of a record in these columns, by their places."""
    texts: dict[str, str] = {}
    for column in columns:
        # Most columns are keys, which take no walk.
        found = [(column, record[column])] if column in record else None
        for place, value in found or values_at(record, steps_of(column)):
            if isinstance(value, str):
                texts[place] = value
    return texts


def leads_in(records: Sequence[dict[str, Any]], column: str) -> bool:
    """Whether some of these records have a column; where no path gets that far, since lists are
    empty and values null, others may."""
    is_name = any(column in record for record in records)
    return is_name or _leads(records, (None, *steps_of(column))) is not False


def _leads(value: Any, steps: Steps) -> bool | None:
    if not steps:
        return True
    if value is None or value == []:
        return None
    step = steps[0]
    if step is None:
        found = {_leads(each, steps[1:]) for each in value} if isinstance(value, list) else {False}
        return True in found or (False if False in found else None)
    return isinstance(value, dict) and step in value and _leads(value[step], steps[1:])


def paths_in(value: Any, place: str = "", most: int = 8) -> Iterator[str]:
    """The paths to the strings in a value, with repeats, of `most` steps; a key of the record that
    leads to none is named itself."""
    inner: Iterable[tuple[str | None, Any]] = ()
    if isinstance(value, str):
        yield place
    elif isinstance(value, dict) and most:
        inner = value.items()
    elif isinstance(value, list) and most:
        inner = ((None, each) for each in value)
    for step, each in inner:
        path = below(place, step)
        is_led_to = False
        for found in paths_in(each, path, most - 1):
            yield found
            is_led_to = True
        if not place and not is_led_to:
            yield path


def named(paths: Iterable[str]) -> str:
    """The columns that there are, as a message names them: not one that others lead through."""
    every = list(dict.fromkeys(paths))
    through = {path[: found.start()] for path in every for found in re.finditer(r"[.\[]", path)}
    names = [path for path in every if path not in through]
    return ", ".join(names[:MOST_NAMED] + ["…"] * (len(names) > MOST_NAMED))
