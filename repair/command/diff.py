"""`jiaokan diff`: what `fix` would do, as a unified diff."""

import difflib

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, say
from jiaokan.repair.files import Refused, walk_inputs


def diff(
    paths: options.Paths,
    script: options.ScriptOption = options.Script.auto,
    text_format: options.FormatOption = options.TextFormat.auto,
    unsafe: options.Unsafe = False,
    regional_words: options.RegionalWords = False,
    select: options.Select = [],  # noqa: B006
    extend_select: options.ExtendSelect = [],  # noqa: B006
    ignore: options.Ignore = [],  # noqa: B006
) -> int:
    """Show what fix would change."""
    from jiaokan.repair.run import repair_inputs

    repairer = options.repairer_of(
        script, text_format, unsafe, regional_words, select, extend_select, ignore
    )
    failures = 0
    for batch in repair_inputs(walk_inputs(paths), repairer):
        for item in batch:
            if isinstance(item, Refused):
                say(f"{'error: ' if item.is_failure else ''}{item.name}: {item.reason}")
                failures += item.is_failure
            elif item.repaired.edits:
                before = item.repaired.document.text.splitlines(keepends=True)
                after = item.repaired.text.splitlines(keepends=True)
                for line in difflib.unified_diff(
                    before, after, f"a/{item.input.name}", f"b/{item.input.name}"
                ):
                    print(line, end="" if line.endswith("\n") else "\n")
    return FAILURE if failures else CLEAN
