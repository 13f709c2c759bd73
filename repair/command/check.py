"""`jiaokan check`: what is wrong, for people and for CI; never writes."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import (
    CLEAN,
    FAILURE,
    FINDINGS,
    say,
    say_error,
    subcommand,
    telling_what_is_kept,
)
from jiaokan.repair.command.help import option
from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.configuration import FAIL_ON
from jiaokan.repair.files import STDIN, Refused
from jiaokan.repair.files.addresses import shown_path
from jiaokan.repair.formats import NAMES
from jiaokan.repair.messages import later, tr, translated

if TYPE_CHECKING:
    from jiaokan.repair.checking.checks import Outcome
    from jiaokan.repair.checking.known import Known
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.formats.problem import Problem, Totals


@subcommand
@options.paths
@option(
    "--format",
    "output_format",
    metavar="FORM",
    default="text",
    type=click.Choice(NAMES),
    help="The form of the output.",
)
@option(
    "--fail-on",
    metavar="KIND",
    type=click.Choice(FAIL_ON),
    help="The least sure findings that make the exit code 1 (default: display).",
)
@option(
    "--max-findings",
    metavar="N",
    type=click.IntRange(min=0),
    help="List no more than this; all are counted.",
)
@option("--diff-base", metavar="REV", help="Only lines that changed since this git revision.")
@option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Leave out the findings of this file.",
)
@options.workers
@options.cache
@options.given()
def check(
    paths: Sequence[Path],
    output_format: str,
    fail_on: str | None,
    max_findings: int | None,
    diff_base: str | None,
    baseline: Path | None,
    workers: int | None,
    remembered: Path | None,
    given: options.Given,
) -> int:
    """Report what is wrong. Exit 0 clean, 1 findings, 2 wrong use or a failure."""
    choices = given.choices()
    from jiaokan.repair.checking.known import read_known
    from jiaokan.repair.command.results import outcomes_of
    from jiaokan.repair.formats import renderer
    from jiaokan.repair.formats.problem import Totals

    known = read_known(choices, baseline, diff_base)
    totals = Totals(paths=[shown_path(path) for path in paths], settings=options.settings_again())
    least = fail_on or choices.value("fail-on", Path.cwd())
    outcomes = outcomes_of(paths, choices, later("Checking"), given, remembered, workers)
    items = _items(paths, outcomes, choices, known, totals, least, max_findings)
    with telling_what_is_kept(lambda: _what_is_kept(remembered)):
        for piece in renderer(output_format)(items, totals):
            sys.stdout.write(piece)
    if not totals.files and not totals.failures and totals.exit_code == FAILURE:
        say_error(
            "no file was checked: all that is there was skipped or excluded, or there is nothing"
        )
    return totals.exit_code


def _what_is_kept(remembered: Path | None) -> str:
    if remembered is None:
        return tr("nothing is written; the same command begins anew")
    return tr("what was checked is remembered, so that the same command goes on")


def _items(
    paths: Sequence[Path],
    outcomes: "Iterator[Outcome]",
    choices: "Choices",
    known: "Known",
    totals: "Totals",
    fail_on: str,
    max_findings: int | None,
) -> "Iterator[Problem | Refused]":
    """What the renderer shall show; fills in the totals and, at the end, the exit code."""
    from jiaokan.repair.silences.sidecar import strays

    found = False
    refused = Refusals()
    last: Path | None = None
    for result in outcomes:
        if isinstance(result, Refused):
            totals.refused += 1
            totals.failures += result.is_failure
            refused.add(result)
            yield result
            continue
        is_same_file = result.input.path == last
        last = result.input.path
        totals.files += not is_same_file
        totals.characters += result.characters
        for silence in result.unused_silences:
            if not _was_looked_for(silence.rule, choices.options(result.input)):
                continue
            line = f":{silence.line}" if silence.line else ""
            say(f"{result.input.name}{line}: {_useless(silence.rule)}")
        found = found and is_same_file
        was_found = found
        for problem in result.problems:
            if known.leaves_out(problem, result.input):
                totals.known += 1
                continue
            found = True
            totals.findings += 1
            totals.by_rule[problem.rule] += 1
            kind = problem.finding.applicability.value
            totals.by_applicability[kind] += 1
            totals.mendable[kind] += problem.finding.replacement is not None
            if max_findings is None or totals.findings <= max_findings:
                yield problem
            else:
                totals.not_shown += 1
        totals.files_with_findings += found and not was_found
    refused.say_others()
    for path, name in strays():
        say(f"{path.name}: a silence of {name}, which is not there; remove it")
    totals.exit_code = _exit_code(totals, fail_on)
    if not totals.files and any(_may_hold_files(path) for path in paths):
        totals.exit_code = FAILURE


def _may_hold_files(path: Path) -> bool:
    """Whether a path is none of a file, which may well be left out; hooks give those by name."""
    return str(path) != STDIN and not path.is_file()


def _was_looked_for(rule: str, options: Mapping[str, Any]) -> bool:
    """Whether all was looked for that a silence is of; if not, it may well be of use another time."""
    select = options["select"]
    if select is None and not options["ignore"]:
        return True  # and the rules, which take long to load, are not asked for
    from jiaokan.validators.families import rules_by_id
    from jiaokan.validators.values import Settings

    settings = Settings(
        select=None if select is None else frozenset(select),
        extend_select=frozenset(options["extend_select"]),
        ignore=frozenset(options["ignore"]),
    )
    name = rule.partition(" ")[0]  # where it stands may be behind it
    meant = (each for each in rules_by_id() if name in ("all", each, each.partition("/")[0]))
    return all(map(settings.runs, meant))


def _useless(rule: str) -> str:
    """What to say of a silence of this rule that was of no use."""
    from jiaokan.validators.families import FAMILIES, rules_by_id, unknown_name

    name = rule.partition(" ")[0]
    if name == "all" or name in FAMILIES or name in rules_by_id():
        return tr("unused silence of {rule}; remove it", rule=rule)
    if name.startswith("disable"):
        forms = "disable-next-line, disable-line, disable-file"
        return tr("{name} silences nothing; there are {forms}", name=name, forms=forms)
    return translated(unknown_name(name))


def _exit_code(totals: "Totals", fail_on: str) -> int:
    if totals.failures:
        return FAILURE
    order = ("safe", "unsafe", "display")
    counted = order[: order.index(fail_on) + 1] if fail_on in order else ()
    return FINDINGS if any(totals.by_applicability[kind] for kind in counted) else CLEAN
