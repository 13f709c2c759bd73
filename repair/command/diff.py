"""`jiaokan diff`: what `fix` would do, as a unified diff."""

import sys
from collections.abc import Sequence
from pathlib import Path

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, FINDINGS, say, subcommand
from jiaokan.repair.command.help import option
from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.files import Refused
from jiaokan.repair.messages import later
from jiaokan.repair.visible import visible

_COLOURS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}


@subcommand
@options.paths
@option("--exit-code", is_flag=True, help="Exit with 1 where fix would change something.")
@options.given()
def diff(paths: Sequence[Path], given: options.Given, *, exit_code: bool) -> int:
    """Show what fix would change, as a unified diff."""
    choices = given.choices()
    from jiaokan.repair.command.results import results_of
    from jiaokan.repair.formats.text import has_colours
    from jiaokan.repair.unified import unified_diff

    show = _painted if has_colours() else _shown if sys.stdout.isatty() else str
    failed = changed = False
    refused = Refusals()
    for result in results_of(paths, choices, later("Comparing"), given):
        if isinstance(result, Refused):
            refused.add(result)
            failed |= result.is_failure
            continue
        repaired = result.repaired
        if result.output != result.data:
            changed = True
        encoding = repaired.encoding
        if encoding not in ("utf-8", "ascii"):
            say(f"{result.input.name}: read as {encoding}; fix would write it as UTF-8")
        for line in unified_diff(result.input.name, repaired.document.text, repaired.edits):
            sys.stdout.write(show(line))
    refused.say_others()
    return FAILURE if failed else FINDINGS if changed and exit_code else CLEAN


def _shown(line: str) -> str:
    return visible(line.removesuffix("\n")) + "\n"


def _painted(line: str) -> str:
    colour = "\x1b[1m" if line.startswith(("--- ", "+++ ")) else _COLOURS.get(line[0])
    shown = visible(line.removesuffix("\n").replace("\t", " "))
    return f"{colour}{shown}\x1b[0m\n" if colour else f"{shown}\n"
