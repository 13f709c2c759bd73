"""Tables with a column of texts that nobody named: they are read as one text, which is said."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.files import Input, Refused
from jiaokan.repair.files.addresses import Address

_SUFFIXES = (".csv", ".tsv", ".tab")
_COLUMN = "text"
"""What is taken of other records where no column is named."""
_LONGEST = 1 << 16
"""Bytes of a header."""


def telling_of_columns(
    inputs: Iterable[Input | Refused], named: Sequence[str]
) -> Iterator[Input | Refused]:
    """The inputs; where no column is `named`, it is said how to name that of delimited text."""
    told = Refusals()
    for item in inputs:
        if not named and isinstance(item, Input) and _has_column(item):
            reason = "read as one text; to repair its column 'text' alone, say --column text"
            told.add(Refused(item.name, reason, is_failure=False))
        yield item
    told.say_others()


def _has_column(item: Input) -> bool:
    """By the first line: what tells formats by their content takes too long to load for this."""
    if not item.name.lower().endswith(_SUFFIXES) or isinstance(item.path, Address):
        return False
    try:
        with item.path.open("rb") as file:
            head = file.readline(_LONGEST).decode("latin-1").removeprefix("\xef\xbb\xbf")
    except OSError:
        return False
    with suppress(csv.Error):
        return any(_COLUMN in next(csv.reader([head], delimiter=each), []) for each in ",;\t")
    return False
