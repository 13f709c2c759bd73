"""`jiaokan diff`: what `fix` would do, as a unified diff."""

import difflib

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import CLEAN, FAILURE, say
from jiaokan.repair.files import Refused, walk_inputs


def diff(
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
    """Show what fix would change."""
    from jiaokan.repair.run import repair_inputs

    choices = options.choices_of(locals())
    failures = 0
    for batch in repair_inputs(walk_inputs(paths, excluded=choices.excluded), choices.repairer):
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
