"""`jiaokan baseline`: a file of the findings there are now, for `check` to leave out."""

from pathlib import Path
from typing import Annotated

import typer

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, say_refused
from jiaokan.repair.files import Refused, write_atomically
from jiaokan.repair.messages import tr
from jiaokan.repair.visible import visible


def baseline(
    paths: options.Paths,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write.", metavar="FILE")
    ] = Path("jiaokan-baseline.json"),
    script: options.ScriptOption = None,
    text_format: options.FormatOption = None,
    unsafe: options.Unsafe = None,
    regional_words: options.RegionalWords = None,
    select: options.Select = None,
    extend_select: options.ExtendSelect = None,
    ignore: options.Ignore = None,
    exclude: options.Exclude = None,
    gitignore: options.RespectGitignore = None,
    column: options.Column = None,
    id_column: options.IdColumn = None,
    config: options.Config = None,
    isolated: options.Isolated = False,
) -> int:
    """Write down what is wrong now, for check to leave out."""
    choices = options.choices_of(locals())
    recognise = options.recognise_of(locals())
    from jiaokan.repair.command.results import results_of
    from jiaokan.repair.formats.problem import Problem, json_text, problems_of
    from jiaokan.repair.known import baseline_json

    problems: list[Problem] = []
    failed = False
    for result in results_of(paths, choices, Path.cwd(), "Checking", recognise):
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
