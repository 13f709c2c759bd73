"""`jiaokan undo`: the originals again."""

from pathlib import Path
from typing import Annotated

import typer

from jiaokan.repair.command.errors import CLEAN, FAILURE, say_refused
from jiaokan.repair.files import Refused, RunError
from jiaokan.repair.messages import tr
from jiaokan.repair.visible import visible


def undo(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that fix wrote.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Write the originals here instead."),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="Only the last of several in-place runs.")
    ] = False,
) -> int:
    """Give the originals back, proved by their hashes."""
    from jiaokan.repair.corpus.restoring import restore
    from jiaokan.repair.undo import undo_runs

    if output is not None and output.exists() and not output.is_dir():
        raise RunError(f"{output} is a file, and -o takes a folder; give another name")
    restored: dict[str, bool] = {}
    failures: set[str] = set()
    for item in undo_runs(out, output, only_last=last, restore_records=restore):
        if isinstance(item, Refused):
            say_refused(item)
            if item.is_failure:
                failures.add(item.name)
        else:
            restored[item.name] = restored.get(item.name, True) and item.was_already
    good = [was_already for name, was_already in restored.items() if name not in failures]
    already = tr(" ({count:,} had not changed)", count=sum(good)) if any(good) else ""
    path = visible(str(output or out))
    if len(good) == 1:
        said = "1 file is as before the run, proved by SHA-256{already}: {path}"
    else:
        said = "{count:,} files are as before the run, proved by SHA-256{already}: {path}"
    print(tr(said, count=len(good), already=already, path=path))
    return FAILURE if failures else CLEAN
