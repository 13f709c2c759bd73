"""`jiaokan check`: what is wrong, for people and for CI; never writes."""

import sys

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, FINDINGS, say
from jiaokan.repair.files import Refused, walk_inputs


def check(
    paths: options.Paths,
    script: options.ScriptOption = None,
    text_format: options.FormatOption = None,
    unsafe: options.Unsafe = None,
    regional_words: options.RegionalWords = None,
    select: options.Select = None,
    extend_select: options.ExtendSelect = None,
    ignore: options.Ignore = None,
    exclude: options.Exclude = None,
    gitignore: options.RespectGitignore = None,
    config: options.Config = None,
    isolated: options.Isolated = False,
) -> int:
    """Report what is wrong. Exit 0 clean, 1 findings, 2 wrong use or a failure."""
    from jiaokan.repair.location import Locator
    from jiaokan.repair.run import repair_inputs

    choices = options.choices_of(locals())
    failures = found = 0
    for batch in repair_inputs(walk_inputs(paths, excluded=choices.excluded), choices.repairer):
        for item in batch:
            if isinstance(item, Refused):
                say(f"{'error: ' if item.is_failure else ''}{item.name}: {item.reason}")
                failures += item.is_failure
                continue
            locator = Locator(item.repaired.document)
            for finding in item.repaired.findings:
                place = locator.place(finding.start)
                print(
                    f"{item.input.name}:{place.line}:{place.column}: {finding.rule}: {finding.message}"
                )
                found += 1
    print(f"{found} findings", file=sys.stderr)
    return FAILURE if failures else FINDINGS if found else CLEAN
