"""`jiaokan undo`: the originals again."""

from pathlib import Path
from typing import Annotated

import typer

from jiaokan.repair.command.errors import CLEAN, FAILURE, say
from jiaokan.repair.files import Refused


def undo(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that fix wrote.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Write the originals here instead."),
    ] = None,
) -> int:
    """Give the originals back from OUT and its audit, and prove it by their hashes."""
    from jiaokan.repair.undo import undo_run

    restored = already = failures = 0
    for item in undo_run(out, output):
        if isinstance(item, Refused):
            say(f"error: {item.name}: {item.reason}")
            failures += 1
        else:
            restored += 1
            already += item.was_already
    print(
        f"{restored:,} files are as they were, proved by their SHA-256 ({already:,} were already)."
    )
    return FAILURE if failures else CLEAN
