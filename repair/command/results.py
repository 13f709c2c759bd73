"""The files of a subcommand that only looks, repaired in memory."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jiaokan.repair.command import options
from jiaokan.repair.command.progress import Progress
from jiaokan.repair.files import Input, Refused, walk_inputs
from jiaokan.repair.run import Result, repair_bytes, repair_inputs, results_of_records

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices


def result_of_stdin(choices: "Choices", filename: Path | None) -> Result | Refused:
    """What comes on standard input, under the settings of the file that it is said to be."""
    item = Input(Path("stdin"), "<stdin>") if filename is None else Input(filename, str(filename))
    repairer = choices.repairer(item)
    return repair_bytes(sys.stdin.buffer.read(), repairer, item.name, item.path)


def results_of(
    paths: Sequence[Path], choices: "Choices", what: str, given: options.Given
) -> Iterator[Result | Refused]:
    """Each file, by its name under this folder; - is standard input."""
    if options.is_stdin(paths):
        yield result_of_stdin(choices, given.stdin_filename)
        return
    recognise = replace(given.recognise(), is_only_looked_at=True)
    inputs = walk_inputs(given.inputs(paths, choices), base=Path.cwd(), excluded=choices.excluded)
    with Progress(what, is_wanted=not sys.stdout.isatty()) as progress:
        for batch in repair_inputs(inputs, choices.repairer, recognise):
            for item in batch:
                if isinstance(item, Result | Refused):
                    yield item
                else:
                    yield from results_of_records(item)
            progress.advance(len(batch), sum(len(r.data) for r in batch if isinstance(r, Result)))
