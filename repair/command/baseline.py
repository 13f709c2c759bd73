"""`jiaokan baseline`: a file of the findings there are now, for `check` to leave out."""

from collections.abc import Sequence
from pathlib import Path

import click

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, say_refused, subcommand
from jiaokan.repair.command.help import option
from jiaokan.repair.files import Refused, write_atomically
from jiaokan.repair.messages import later, tr
from jiaokan.repair.visible import visible


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
@options.given()
def baseline(paths: Sequence[Path], output: Path, given: options.Given) -> int:
    """Write down what is wrong now, for check to leave out."""
    choices = given.choices()
    from jiaokan.repair.command.results import results_of
    from jiaokan.repair.formats.problem import Problem, json_text, problems_of
    from jiaokan.repair.known import baseline_json

    problems: list[Problem] = []
    failed = False
    for result in results_of(paths, choices, later("Checking"), given):
        if isinstance(result, Refused):
            say_refused(result)
            failed |= result.is_failure
        elif result.input.path.absolute() != output.absolute():
            problems += problems_of(result)
    text = json_text(baseline_json(problems), indent=1) + "\n"
    write_atomically(output, text.encode("utf-8", "backslashreplace"))
    print(
        tr(
            "{count:,} findings written to {path}; `jiaokan check --baseline {path}` leaves them out.",
            count=len(problems),
            path=visible(str(output)),
        )
    )
    return FAILURE if failed else CLEAN
