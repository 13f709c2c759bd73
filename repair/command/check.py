"""`jiaokan check`: what is wrong, for people and for CI; never writes."""

import sys

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, FINDINGS, say
from jiaokan.repair.files import Refused, walk_inputs


def check(
    paths: options.Paths,
    script: options.ScriptOption = options.Script.auto,
    text_format: options.FormatOption = options.TextFormat.auto,
    unsafe: options.Unsafe = False,
    regional_words: options.RegionalWords = False,
    select: options.Select = [],  # noqa: B006
    extend_select: options.ExtendSelect = [],  # noqa: B006
    ignore: options.Ignore = [],  # noqa: B006
) -> int:
    """Report what is wrong. Exit 0 clean, 1 findings, 2 wrong use or a failure."""
    from jiaokan.repair.location import Locator
    from jiaokan.repair.run import repair_inputs

    repairer = options.repairer_of(
        script, text_format, unsafe, regional_words, select, extend_select, ignore
    )
    failures = found = 0
    for batch in repair_inputs(walk_inputs(paths), repairer):
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
