"""Tables with a column of texts that nobody named: they are read as one text, which is said."""

from collections.abc import Iterable, Iterator, Sequence

from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.files import Input, Refused
from jiaokan.repair.files.addresses import Address

_SUFFIXES = (".csv", ".tsv", ".tab")
_COLUMN = "text"
"""What is taken of other records where no column is named."""


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
    from jiaokan.repair.corpus.recognise import Columns, recognise
    from jiaokan.repair.corpus.records import FormatError

    if not item.name.lower().endswith(_SUFFIXES) or isinstance(item.path, Address):
        return False
    try:
        with item.path.open("rb") as file:
            form, _ = recognise(file, item.path.name, Columns((_COLUMN,)))
    except (FormatError, OSError):
        return False
    return form is not None and form.name == "csv"
