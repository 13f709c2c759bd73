"""Texts in Arrow data, deep ones too: read as lists of strings, and put back without touching
what is beside them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jiaokan.repair.corpus.paths import Steps, below, steps_in

_Place = tuple[int, str] | None
"""The row of a value and its place in it; None where nobody sees it, below a null."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The strings of a column, of all rows in order."""

    values: Sequence[str | None]
    places: Sequence[_Place]
    with_values: Callable[[Sequence[str | None]], Any]
    """The column with other strings in their place."""

    def seen(self) -> Iterator[tuple[int, int, str, str]]:
        """Those that are not null: number among the values, row, place and text."""
        for number, (text, place) in enumerate(zip(self.values, self.places, strict=True)):
            if text is not None and place is not None:
                yield number, *place, text


def texts_of(column: Any, name: str, names: Sequence[str], first: int = 0) -> Texts:
    """Those that `name` leads to in the array of a column. `names` are those of all columns, and
    `first` is the number of the array's first row."""
    steps = steps_in(names, name)
    places: list[_Place] = [(row, str(steps[0])) for row in range(first, first + len(column))]
    strings, places, around = _opened(column, steps[1:], places)

    def with_values(texts: Sequence[str | None]) -> Any:
        return around(_array_of(texts, strings.type))

    return Texts(strings.to_pylist(), places, with_values)


def _opened(
    array: Any, steps: Steps, places: list[_Place]
) -> tuple[Any, list[_Place], Callable[[Any], Any]]:
    """The array of strings that steps lead to, their places, and what builds `array` around it."""
    if not steps:
        return array, places, lambda strings: strings
    kind, step = array.type, steps[0]
    nulls = array.is_null()
    mask = nulls if array.null_count else None
    if step is None:
        lists = array.cast(pa.large_list(kind.value_field))
        lengths = pc.list_value_length(lists).fill_null(0).to_pylist()
        offsets = pa.array(accumulate(lengths, initial=0), pa.int64())
        inner = [
            place and (place[0], below(place[1], number))
            for place, length in zip(places, lengths, strict=True)
            for number in range(length)
        ]

        def around(values: Any) -> Any:
            built = pa.LargeListArray.from_arrays(offsets, values, type=lists.type, mask=mask)
            return built.cast(kind)

        values = lists.flatten()
    else:
        index = kind.get_field_index(step)
        fields = [array.field(number) for number in range(kind.num_fields)]
        inner = [
            None if place is None or is_null else (place[0], below(place[1], step))
            for place, is_null in zip(places, nulls.to_pylist(), strict=True)
        ]

        def around(values: Any) -> Any:
            new = [*fields[:index], values, *fields[index + 1 :]]
            return pa.StructArray.from_arrays(new, fields=list(kind), mask=mask)

        values = fields[index]
    strings, inner, within = _opened(values, steps[1:], inner)
    return strings, inner, lambda new: around(within(new))


def index_of(schema: Any, name: str) -> int:
    """The number of the column that holds what is named."""
    return int(schema.get_field_index(steps_in(schema.names, name)[0]))


def column_of(data: Any, name: str) -> Any:
    """What is named by keys only, a value a row. Raises TypeError for more of them."""
    first, *steps = steps_in(data.schema.names, name)
    column = data.column(first)
    for step in steps:
        if step is None:
            raise TypeError(f"{name!r} names several values of a record")
        column = pc.struct_field(column, step)
    return column


def type_of(schema: Any, name: str) -> Any:
    """The type of what a column's name or path leads to; None where it leads nowhere."""
    first, *steps = steps_in(schema.names, name)
    kind = schema.field(first).type if first in schema.names else None
    for step in steps:
        if step is None:
            kind = kind.value_type if kind is not None and _is_list(kind) else None
        elif kind is not None:
            is_there = pa.types.is_struct(kind) and kind.get_field_index(step) >= 0
            kind = kind.field(step).type if is_there else None
    return kind


def paths_of(schema: Any) -> list[str]:
    """The paths to all strings; a column without any is named itself."""
    return [
        path
        for field in schema
        for path in list(_paths_below(field.type, field.name)) or [field.name]
    ]


def _paths_below(kind: Any, place: str) -> Iterator[str]:
    if is_text(kind):
        yield place
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _paths_below(field.type, below(place, field.name))
    elif _is_list(kind):
        yield from _paths_below(kind.value_type, below(place, None))


def _is_list(kind: Any) -> bool:
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(test(kind) for test in tests)


def is_text(kind: Any) -> bool:
    """Whether an Arrow type is a string of any kind, or a dictionary of such."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        test(kind)
        for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    )


def _array_of(texts: Sequence[str | None], kind: Any) -> Any:
    """An Arrow array of these texts, of a type for which `is_text` holds."""
    if pa.types.is_dictionary(kind):
        return pa.array(texts, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(texts, kind)
