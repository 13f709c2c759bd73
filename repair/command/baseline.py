"""`jiaokan baseline`: writes today's findings to a file, so that `check` leaves them out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, subcommand
from jiaokan.repair.command.help import option
from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.files import Input, Refused, RunError, absolute
from jiaokan.repair.files.temporary import write_atomically
from jiaokan.repair.messages import later, tr
from jiaokan.repair.visible import visible

if TYPE_CHECKING:
    from jiaokan.repair.formats.problem import Problem


@subcommand
@options.paths
@option(
    "-o",
    "--output",
    metavar="FILE",
    default="jiaokan-baseline.json",
    type=click.Path(path_type=Path),
    help="The file to write.",
)
@options.workers
@options.cache
@options.given()
def baseline(
    paths: Sequence[Path],
    output: Path,
    workers: int | None,
    remembered: Path | None,
    given: options.Given,
) -> int:
    """Write down what is wrong now, for check to leave out."""
    choices = given.choices()
    if not absolute(output).parent.is_dir():  # said now, and not when all is checked
        raise RunError(f"{output.parent}: there is no such folder")
    from jiaokan.repair.checking.known import baseline_json
    from jiaokan.repair.command.results import outcomes_of
    from jiaokan.repair.formats.problem import json_text

    found: list[tuple[Input, Sequence[Problem]]] = []
    failed = any_checked = False
    refused = Refusals()
    for outcome in outcomes_of(paths, choices, later("Checking"), given, remembered, workers):
        if isinstance(outcome, Refused):
            refused.add(outcome)
            failed |= outcome.is_failure
        elif absolute(outcome.input.path) != absolute(output):
            any_checked = True
            if outcome.problems:
                found.append((outcome.input, outcome.problems))
    refused.say_others()
    if not any_checked:  # else a slip in a path would wipe out what is known
        raise RunError(
            "no file was checked: all that is there was skipped or excluded, or there is nothing"
        )
    text = json_text(baseline_json(found, absolute(output).parent), indent=1) + "\n"
    write_atomically(output, text.encode("utf-8", "backslashreplace"))
    print(
        tr(
            "{count:,} findings written to {path}; `jiaokan check --baseline {path}` leaves them out.",
            count=sum(len(problems) for _, problems in found),
            path=visible(str(output)),
        )
    )
    return FAILURE if failed else CLEAN
