"""The files of a subcommand that only looks, repaired in memory."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jiaokan.repair.command import options
from jiaokan.repair.command.progress import Progress
from jiaokan.repair.files import Input, Refused, reason_of, walk_inputs
from jiaokan.repair.lists import with_lists
from jiaokan.repair.run import Recognise, RecordFile, Result, repair_bytes, repair_inputs

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices


def results_of(
    paths: list[Path],
    choices: "Choices",
    base: Path,
    what: str,
    recognise: Recognise | None = None,
) -> Iterator[Result | Refused]:
    """Each file, by its name under `base`; - is standard input."""
    if options.is_stdin(paths):
        repairer = choices.repairer(Input(Path("stdin"), "stdin"))
        yield repair_bytes(sys.stdin.buffer.read(), repairer, "<stdin>")
        return
    paths = with_lists(paths)
    choices.given_by_name(paths)
    inputs = walk_inputs(paths, base=base, excluded=choices.excluded)
    with Progress(what, is_wanted=not sys.stdout.isatty()) as progress:
        for batch in repair_inputs(inputs, choices.repairer, recognise):
            for item in batch:
                if isinstance(item, Result | Refused):
                    yield item
                else:
                    yield from _results_of(item)
            progress.advance(len(batch), sum(len(r.data) for r in batch if isinstance(r, Result)))


def _results_of(records: RecordFile) -> Iterator[Result | Refused]:
    try:
        yield from records.results()
    except OSError as error:
        yield Refused(records.input.name, reason_of(error, records.input.path))
    except ValueError as error:
        yield Refused(records.input.name, str(error))
