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

if TYPE_CHECKING:
    from jiaokan.repair.formats.problem import Problem, Totals
    from jiaokan.repair.known import Known
    from jiaokan.repair.run import Result


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
        OutputFormat, typer.Option("--format", help="The form of the output.")
    ] = OutputFormat.text,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="The least sure findings that make the exit code 1 (default: display)."),
    ] = None,
    max_findings: Annotated[
        int | None, typer.Option(help="List no more than this; all are counted.", min=0)
    ] = None,
    diff_base: Annotated[
        str | None,
        typer.Option(help="Only lines that changed since this git revision.", metavar="REV"),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(help="Leave out the findings of this file.", metavar="FILE"),
    ] = None,
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
    """Report what is wrong. Exit 0 clean, 1 findings, 2 wrong use or a failure."""
    choices = options.choices_of(locals())
    recognise = options.recognise_of(locals())
    from jiaokan.repair.command.results import results_of
    from jiaokan.repair.formats import renderer
    from jiaokan.repair.formats.problem import Totals
    from jiaokan.repair.known import read_known

    known = read_known(choices, baseline, diff_base)
    totals = Totals()
    least = fail_on.value if fail_on else choices.value("fail-on", Path.cwd())
    results = results_of(paths, choices, Path.cwd(), "Checking", recognise)
    items = _items(results, known, totals, least, max_findings)
    for piece in renderer(output_format.value)(items, totals):
        sys.stdout.write(piece)
    return totals.exit_code


def _items(
    results: "Iterator[Result | Refused]",
    known: "Known",
    totals: "Totals",
    fail_on: str,
    max_findings: int | None,
) -> "Iterator[Problem | Refused]":
    """What the renderer shall show; fills in the totals and, at the end, the exit code."""
    from jiaokan.repair.formats.problem import problems_of

    found = False
    last: Path | None = None
    for result in results:
        if isinstance(result, Refused):
            totals.refused += 1
            totals.failures += result.is_failure
            say_refused(result)
            yield result
            continue
        is_same_file = result.input.path == last
        last = result.input.path
        totals.files += not is_same_file
        totals.characters += len(result.repaired.document.text)
        for silence in result.unused_silences:
            say(f"{result.input.name}:{silence.line}: unused silence of {silence.rule}; remove it")
        found = found and is_same_file
        was_found = found
        for problem in problems_of(result):
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
