"""`jiaokan check`: what is wrong, for people and for CI; never writes."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, FINDINGS, say, say_refused
from jiaokan.repair.files import Refused
from jiaokan.repair.messages import tr

if TYPE_CHECKING:
    from jiaokan.repair.cache import CheckCache
    from jiaokan.repair.checking import Columns, Outcome
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.formats.problem import Problem, Totals
    from jiaokan.repair.known import Known


class OutputFormat(StrEnum):
    text = "text"
    json = "json"
    jsonl = "jsonl"
    sarif = "sarif"
    github = "github"
    gitlab = "gitlab"
    junit = "junit"
    markdown = "markdown"


class FailOn(StrEnum):
    safe = "safe"
    unsafe = "unsafe"
    display = "display"
    never = "never"


def check(
    paths: options.Paths,
    output_format: Annotated[
        OutputFormat, typer.Option("--format", metavar="FORM", help="The form of the output.")
    ] = OutputFormat.text,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            metavar="KIND",
            help="The least sure findings that make the exit code 1 (default: display).",
        ),
    ] = None,
    max_findings: Annotated[
        int | None,
        typer.Option(metavar="N", help="List no more than this; all are counted.", min=0),
    ] = None,
    diff_base: Annotated[
        str | None,
        typer.Option(help="Only lines that changed since this git revision.", metavar="REV"),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Leave out the findings of this file.", metavar="FILE"),
    ] = None,
    workers: options.Workers = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Check all anew, and remember nothing.")
    ] = False,
    cache_dir: Annotated[
        Path | None,
        typer.Option(
            help="Where it is remembered what was found (default: the user's cache folder).",
            envvar="JIAOKAN_CACHE_DIR",
            metavar="DIR",
        ),
    ] = None,
    *,
    given: options.Given,
) -> int:
    """Report what is wrong. Exit 0 clean, 1 findings, 2 wrong use or a failure."""
    choices = given.choices()
    from jiaokan.repair.cache import CheckCache, default_folder
    from jiaokan.repair.formats import renderer
    from jiaokan.repair.formats.problem import Totals
    from jiaokan.repair.known import read_known

    known = read_known(choices, baseline, diff_base)
    totals = Totals()
    least = fail_on.value if fail_on else choices.value("fail-on", Path.cwd())
    columns = (tuple(given.column or ()), given.id_column)
    with CheckCache(None if no_cache else cache_dir or default_folder()) as cache:
        outcomes = _outcomes(paths, choices, columns, cache, workers)
        items = _items(outcomes, known, totals, least, max_findings)
        for piece in renderer(output_format.value)(items, totals):
            sys.stdout.write(piece)
    return totals.exit_code


def _outcomes(
    paths: list[Path],
    choices: "Choices",
    columns: "Columns",
    cache: "CheckCache",
    workers: int | None,
) -> "Iterator[Outcome]":
    """What was found in each file, by its name under this folder; - is standard input."""
    from jiaokan.repair.checking import Checks
    from jiaokan.repair.command.progress import Progress
    from jiaokan.repair.files import Input, walk_inputs
    from jiaokan.repair.lists import with_lists

    if options.is_stdin(paths):
        from jiaokan.repair.checking import checked_of
        from jiaokan.repair.run import repair_bytes

        repairer = choices.repairer(Input(Path("stdin"), "stdin"))
        result = repair_bytes(sys.stdin.buffer.read(), repairer, "<stdin>")
        yield result if isinstance(result, Refused) else checked_of(result)
        return
    paths = with_lists(paths)
    choices.given_by_name(paths)
    inputs = walk_inputs(paths, base=Path.cwd(), excluded=choices.excluded)
    checks = Checks(choices.options, columns, cache, workers)
    with Progress("Checking", is_wanted=not sys.stdout.isatty()) as progress:
        for outcomes, size in checks.run(inputs):
            yield from outcomes
            progress.advance(1, size)


def _items(
    outcomes: "Iterator[Outcome]",
    known: "Known",
    totals: "Totals",
    fail_on: str,
    max_findings: int | None,
) -> "Iterator[Problem | Refused]":
    """What the renderer shall show; fills in the totals and, at the end, the exit code."""
    found = False
    last: Path | None = None
    for result in outcomes:
        if isinstance(result, Refused):
            totals.refused += 1
            totals.failures += result.is_failure
            say_refused(result)
            yield result
            continue
        is_same_file = result.input.path == last
        last = result.input.path
        totals.files += not is_same_file
        totals.characters += result.characters
        for silence in result.unused_silences:
            line = f":{silence.line}" if silence.line else ""
            unused = tr("unused silence of {rule}; remove it", rule=silence.rule)
            say(f"{result.input.name}{line}: {unused}")
        found = found and is_same_file
        was_found = found
        for problem in result.problems:
            if known.leaves_out(problem, result.input):
                totals.known += 1
                continue
            found = True
            totals.findings += 1
            totals.by_rule[problem.rule] += 1
            totals.by_applicability[problem.finding.applicability.value] += 1
            if max_findings is None or totals.findings <= max_findings:
                yield problem
            else:
                totals.not_shown += 1
        totals.files_with_findings += found and not was_found
    totals.exit_code = _exit_code(totals, fail_on)


def _exit_code(totals: "Totals", fail_on: str) -> int:
    if totals.failures:
        return FAILURE
    order = ("safe", "unsafe", "display")
    counted = order[: order.index(fail_on) + 1] if fail_on in order else ()
    return FINDINGS if any(totals.by_applicability[kind] for kind in counted) else CLEAN
