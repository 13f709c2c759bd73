"""`jiaokan undo`: restores the originals."""

from contextlib import ExitStack
from pathlib import Path

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import (
    CLEAN,
    FAILURE,
    say_refused,
    subcommand,
    telling_what_is_kept,
)
from jiaokan.repair.command.help import option
from jiaokan.repair.files import Refused, RunError
from jiaokan.repair.files.addresses import Address, path_or_address, shown_path
from jiaokan.repair.files.mirror import Mirror, mirrored
from jiaokan.repair.messages import tr, tr_count
from jiaokan.repair.visible import visible


@subcommand
@options.out
@option(
    "-o",
    "--output",
    metavar="DIR",
    type=path_or_address,
    help="Write the originals here instead.",
)
@option("--last", is_flag=True, help="Only the last of several in-place runs.")
def undo(out: Path, output: Path | None, *, last: bool) -> int:
    """Give the originals back, proved by their hashes."""
    with ExitStack() as stack:
        mirror = stack.enter_context(mirrored(out.url)) if isinstance(out, Address) else None
        to = stack.enter_context(mirrored(output.url)) if isinstance(output, Address) else None
        if mirror is not None:
            mirror.fetch_audit()
        return _undo(out, output, mirror, to, last=last)


def _undo(
    out: Path, output: Path | None, mirror: Mirror | None, to: Mirror | None, *, last: bool
) -> int:
    from jiaokan.repair.audit.reading import is_finished
    from jiaokan.repair.corpus.restoring import restore
    from jiaokan.repair.undo import undo_runs

    if output is not None and not to and output.exists() and not output.is_dir():
        raise RunError(f"{output} is a file, and -o takes a folder; give another name")
    here = mirror.here if mirror else out
    was_stopped = not is_finished(here)
    restored: dict[str, bool] = {}
    failures: set[str] = set()
    anew: set[str] = set()
    undone = undo_runs(
        here, to.here if to else output,
        only_last=last, restore_records=restore, mirror=mirror, mirror_to=to,
    )  # fmt: skip
    with telling_what_is_kept(lambda: tr("the same command goes on")):
        for item in undone:
            if isinstance(item, Refused):
                say_refused(item)
                if item.is_failure:
                    failures.add(item.name)
            else:
                restored[item.name] = restored.get(item.name, True) and item.was_already
                if not item.is_exact:
                    anew.add(item.name)
                else:
                    anew.discard(item.name)
    if output is not None and not to:
        output.mkdir(parents=True, exist_ok=True)  # also where there was nothing to undo
    if was_stopped and not restored and not failures:
        print(tr("The run was stopped before it had done a file; there is nothing to undo."))
        return CLEAN
    good = [was_already for name, was_already in restored.items() if name not in failures]
    already = tr(" ({count:,} had not changed)", count=sum(good)) if any(good) else ""
    path = visible(shown_path(output or out))
    print(
        tr_count(
            "1 file is as before the run, proved by SHA-256{already}: {path}",
            "{count:,} files are as before the run, proved by SHA-256{already}: {path}",
            len(good),
            already=already,
            path=path,
        )
    )
    if was_stopped:
        print(
            tr(
                "The run was stopped in the middle; the files that it had not come to are as they were."
            )
        )
    if anew:
        print(
            tr(
                "Of these, {count:,} hold the same texts and values, proved by SHA-256, but were"
                " packed anew and are not the same bytes.",
                count=len(anew),
            )
        )
    return FAILURE if failures else CLEAN
