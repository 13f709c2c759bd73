"""`jiaokan diff`: what `fix` would do, as a unified diff."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, FINDINGS, say, subcommand
from jiaokan.repair.command.help import option
from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.files import Refused
from jiaokan.repair.messages import later
from jiaokan.repair.visible import visible

_MARKS = ("\x02", "\x03")
"""Stand around what changes within a line; they are not shown."""
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

    paints = has_colours()
    show = _shown if sys.stdout.isatty() else str
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
        text = repaired.document.text
        marks = _MARKS if paints and not any(mark in text for mark in _MARKS) else None
        for line in unified_diff(result.input.name, text, repaired.edits, marks):
            sys.stdout.write(_painted(line, marks is not None) if paints else show(line))
    refused.say_others()
    return FAILURE if failed else FINDINGS if changed and exit_code else CLEAN


def _shown(line: str) -> str:
    return visible(_without_end(line)) + "\n"


def _without_end(line: str) -> str:
    """A line for a terminal, where CR LF is no more to be seen than LF is."""
    return line.removesuffix("\n").removesuffix("\r")


def _parts(line: str) -> Iterator[str]:
    """What changes within a line stands out."""
    opens, closes = _MARKS
    if closes in line.partition(opens)[0]:  # it began on the line before
        line = f"{line[0]}{opens}{line[1:]}"
    for number, part in enumerate(line.replace(closes, opens).split(opens)):
        yield f"\x1b[7m{visible(part)}\x1b[27m" if part and number % 2 else visible(part)


def _painted(line: str, is_marked: bool) -> str:
    colour = "\x1b[1m" if line.startswith(("--- ", "+++ ")) else _COLOURS.get(line[0])
    line = _without_end(line).replace("\t", " ")
    shown = "".join(_parts(line)) if is_marked else visible(line)
    return f"{colour}{shown}\x1b[0m\n" if colour else f"{shown}\n"
