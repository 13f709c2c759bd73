"""For the subcommands that write no files: repairs in memory, and what was found."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jiaokan.repair.command import options
from jiaokan.repair.command.progress import Progress
from jiaokan.repair.command.tables import telling_of_columns
from jiaokan.repair.files import STDIN, Input, Refused, walk_inputs
from jiaokan.repair.memory import LONG, largest_text

if TYPE_CHECKING:
    from jiaokan.repair.checking.checks import Outcome
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.run import Result


def results_of_stdin(
    choices: "Choices", given: options.Given, *, in_parts: bool
) -> "Iterator[Result | Refused]":
    """What comes on standard input, a text or records, under the settings of the file that it is
    said to be. With `in_parts`, a long text is not held, and each part of it has a result."""
    from jiaokan.repair.corpus.long_text import LongText
    from jiaokan.repair.corpus.record_file import FileOfRecords
    from jiaokan.repair.corpus.records import FormatError
    from jiaokan.repair.corpus.silenced import silenced
    from jiaokan.repair.corpus.stream import open_stream, read_on, read_text
    from jiaokan.repair.files.content import is_binary
    from jiaokan.repair.run import as_far_as_read, repair_bytes

    path = given.stdin_filename or Path(STDIN)
    item = Input(path, str(path))
    repairer = choices.repairer(item)
    try:
        stream = open_stream(sys.stdin.buffer, path.name, given.recognise().columns)
        if stream.form is None:
            read = read_text(stream)
            data = read((LONG if in_parts else largest_text()) + 1)
            if in_parts and len(data) > LONG and not is_binary(data):
                parts = LongText(item, None, repairer).results_in(read_on(data, read))
                yield from as_far_as_read(parts, item)
            else:
                yield repair_bytes(data, repairer, item.name, path)
            return
    except FormatError as error:
        yield Refused(item.name, str(error))
        return
    records = FileOfRecords(item, stream.form, stream.codec, silenced(repairer, path))
    yield from as_far_as_read(records.results_in(stream.rest), item)


def outcomes_of(
    paths: Sequence[Path],
    choices: "Choices",
    what: str,
    given: options.Given,
    remembered: Path | None,
    workers: int | None,
) -> "Iterator[Outcome]":
    """What was found in each file, by its name under this folder; - is standard input.
    `remembered` is the folder of what was found before."""
    from jiaokan.repair.checking.cache import CheckCache
    from jiaokan.repair.checking.checks import Checks

    if options.is_stdin(paths):
        from jiaokan.repair.checking.checks import checked_of

        for result in results_of_stdin(choices, given, in_parts=True):
            yield result if isinstance(result, Refused) else checked_of(result)
        return
    found = given.inputs(paths, choices)
    inputs = walk_inputs(found, base=Path.cwd(), excluded=choices.excluded)
    inputs = telling_of_columns(inputs, given.column)
    columns = (tuple(given.column), given.id_column)
    with (
        CheckCache(remembered) as cache,
        Progress(what, is_wanted=not sys.stdout.isatty()) as progress,
    ):
        for outcomes, size in Checks(choices.options, columns, cache, workers).run(inputs):
            yield from outcomes
            progress.advance(1, size)


def results_of(
    paths: Sequence[Path], choices: "Choices", what: str, given: options.Given
) -> "Iterator[Result | Refused]":
    """Each file with its whole repaired text, by its name under this folder; - is standard input."""
    from jiaokan.repair.corpus.long_text import LongText
    from jiaokan.repair.corpus.text_file import CompressedText
    from jiaokan.repair.run import Result, as_far_as_read, repair_inputs, results_of_records

    if options.is_stdin(paths):
        yield from results_of_stdin(choices, given, in_parts=False)
        return
    recognise = replace(given.recognise(), is_only_looked_at=True)
    found = given.inputs(paths, choices)
    inputs = walk_inputs(found, base=Path.cwd(), excluded=choices.excluded)
    inputs = telling_of_columns(inputs, given.column)
    with Progress(what, is_wanted=not sys.stdout.isatty()) as progress:
        for batch in repair_inputs(inputs, choices.repairer, recognise):
            for item in batch:
                if isinstance(item, Result | Refused):
                    yield item
                elif isinstance(item, LongText | CompressedText):
                    yield from as_far_as_read(item.whole(), item.input)
                else:
                    yield from results_of_records(item)
            progress.advance(len(batch), sum(len(r.data) for r in batch if isinstance(r, Result)))
