"""`jiaokan fix`: repaired files, and the audit from which they can be undone."""

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jiaokan.repair.command import options
from jiaokan.repair.command.errors import (
    CLEAN,
    FAILURE,
    say,
    say_refused,
    subcommand,
    telling_what_is_kept,
)
from jiaokan.repair.command.help import option
from jiaokan.repair.command.left_out import LeftOut
from jiaokan.repair.command.tables import telling_of_columns
from jiaokan.repair.command.told import shown, tell, what_is_kept
from jiaokan.repair.files import (
    AUDIT,
    Input,
    Refused,
    RunError,
    common_folder,
    walk_inputs,
    without_doubles,
)
from jiaokan.repair.files.addresses import Address, path_or_address, shown_path
from jiaokan.repair.files.mirror import Mirror, mirrored
from jiaokan.repair.memory import bound, keep_to, largest_text, size_of
from jiaokan.repair.messages import later, tr
from jiaokan.repair.visible import quoted

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.corpus.record_file import RecogniseRecords
    from jiaokan.repair.files.found import Found


@subcommand
@options.paths
@option(
    "-o",
    "--output",
    metavar="OUT",
    type=path_or_address,
    help="Write the repaired files under OUT, a folder or an address.",
)
@option("--in-place", is_flag=True, help="Write over the originals.")
@option(
    "--audit",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With --in-place: the folder of the audit.",
)
@option("--force", is_flag=True, help="Write into a folder that is not ours, or of another run.")
@option("-q", "--quiet", is_flag=True, help="Say only what fails.")
@options.workers
@option(
    "--progress",
    metavar="FORM",
    default="auto",
    type=click.Choice(("auto", "json")),
    help="json: a line on stderr now and then, for programs.",
)
@option(
    "--audit-format",
    metavar="FORM",
    default="auto",
    type=click.Choice(("auto", "jsonl", "gzip", "parquet")),
    help="The form of the audit's tables (auto: packed where they are large).",
)
@option(
    "--memory",
    metavar="SIZE",
    help="What all processes together take at most, as 600M or 4G (default: what is free).",
)
@options.given("--format")
def fix(
    paths: Sequence[Path],
    output: Path | None,
    audit: Path | None,
    workers: int | None,
    progress: str,
    audit_format: str,
    memory: str | None,
    given: options.Given,
    *,
    in_place: bool,
    force: bool,
    quiet: bool,
) -> int:
    """Repair files; every change is on record."""
    if (workers or 1) > 1 and not options.is_stdin(paths):
        from jiaokan.repair.corpus.workers import load_ahead

        load_ahead()  # while this process loads what it needs, and looks for the files
    choices = given.choices()
    if options.is_stdin(paths):
        if output is not None or in_place:
            raise RunError("standard input goes to standard output; leave out -o and --in-place")
        keep_to(None if memory is None else size_of(memory))
        with telling_what_is_kept(lambda: tr("what was written is not all; begin anew")):
            return _fix_stdin(choices, given, workers)
    if (output is None) is not in_place:
        raise RunError(_where_to(paths, is_both=in_place))
    if audit is not None and not in_place:
        raise RunError("--audit goes with --in-place; with -o the audit is OUT/_audit")
    if audit_format == "parquet" and not find_spec("pyarrow"):
        raise RunError("--audit-format parquet takes pip install 'jiaokan[corpus]'")
    paths = given.inputs(paths, choices)
    if not paths:  # all of them are excluded
        return CLEAN
    if in_place and any(isinstance(path, Address) for path in paths):
        raise RunError("what is at an address cannot be repaired in place; use -o")
    keep_to(None if memory is None else size_of(memory))
    recognise = given.recognise()
    run = _Run(recognise, workers, progress, force, quiet, audit_format)
    if isinstance(output, Address):
        with mirrored(output.url) as mirror:
            return _fix_files(paths, mirror.here, audit, choices, replace(run, mirror=mirror))
    return _fix_files(paths, output, audit, choices, run)


@dataclass(frozen=True)
class _Run:
    """How to go about it."""

    recognise: "RecogniseRecords"
    workers: int | None
    progress: str
    force: bool
    quiet: bool
    audit_format: str
    mirror: Mirror | None = None


def _where_to(paths: Sequence[Path], *, is_both: bool) -> str:
    """What to say where it is not clear where the repaired files go."""
    message = "say where the repaired files go: either -o OUT or --in-place"
    last = paths[-1]
    if is_both or len(paths) == 1 or isinstance(last, Address) or last.exists():
        return message
    given = " ".join(quoted(shown_path(path)) for path in paths[:-1])
    hint = f"; into {last}: `jiaokan fix {given} -o {quoted(str(last))}`"
    return f"{message}{hint}"


def _fix_stdin(choices: "Choices", given: options.Given, workers: int | None) -> int:
    from jiaokan.repair.corpus.records import FormatError
    from jiaokan.repair.corpus.silenced import silenced
    from jiaokan.repair.corpus.stream import open_stream, repair_stream, repair_text_stream
    from jiaokan.repair.corpus.workers import Workers, cores

    path, name = given.stdin_filename or Path("stdin"), str(given.stdin_filename or "<stdin>")
    repairer = choices.repairer(Input(path, name))
    out = sys.stdout.buffer
    try:
        stream = open_stream(sys.stdin.buffer, path.name, given.recognise().columns)
        count = workers or (cores() if stream.is_long else 1)
        if stream.form is None:
            with Workers(count) as pool:
                repair_text_stream(stream, out, Input(path, name), repairer, pool)
        else:
            with Workers(count) as pool:
                counts = repair_stream(stream, out, silenced(repairer, path), pool)
            for unread in counts.named:
                say(f"{name}: record {unread.record:,} is left as it is ({unread.reason})")
            if counts.unread > len(counts.named):
                say(f"{name}: {counts.unread:,} of {counts.records:,} records are left as they are")
    except FormatError as error:
        raise RunError(f"{name}: {error}") from None
    out.flush()
    return CLEAN


def _fix_files(
    paths: list[Path],
    output: Path | None,
    audit: Path | None,
    choices: "Choices",
    run: _Run,
) -> int:
    import jiaokan
    from jiaokan.repair.audit.reading import broken_runs
    from jiaokan.repair.command.progress import Progress
    from jiaokan.repair.corpus.workers import Workers, cores
    from jiaokan.repair.fixing.kept import Kept
    from jiaokan.repair.fixing.output import Prepared, open_output, replace_earlier_run
    from jiaokan.repair.fixing.preparing import prepare_inputs
    from jiaokan.repair.silences.sidecar import forget, silences_as_json

    started = datetime.now(UTC)
    forget()
    folder = output or common_folder(paths)
    audit = _followed(audit) if audit else folder / AUDIT
    without = (folder, audit) if output else (audit,)
    inputs = _found(paths, without, output is None, choices, run.recognise.columns.text or ())
    about = {
        "jiaokan": jiaokan.__version__,
        "started": started.isoformat(timespec="seconds"),
        "in_place": output is None,
        **({"below_input": True} if output is not None and _is_below(output, paths) else {}),
        "settings": choices.as_json(common_folder(paths)),
    }
    decisive = {
        "jiaokan": jiaokan.__version__,
        "columns": asdict(run.recognise.columns),
        "silences": silences_as_json(inputs),
        **({} if bound() is None else {"largest_text": largest_text()}),
    }
    left_out = LeftOut(run.recognise.columns.text or (), quiet=run.quiet)
    with (
        open_output(
            folder,
            audit,
            paths,
            about,
            in_place=output is None,
            force=run.force,
            mirror=run.mirror,
            packing=run.audit_format,
        ) as out,
        telling_what_is_kept(
            lambda: what_is_kept(out, inputs.files, audit),
            (KeyboardInterrupt, RunError, OSError),
        ),
        Progress(later("Repairing"), inputs.size, as_json=run.progress == "json") as progress,
        Workers(run.workers or (cores() if inputs.text >= PARALLEL_BYTES else 1)) as workers,
    ):
        kept = None
        if output is not None:
            left_out.changed += replace_earlier_run(out.target, inputs.names, force=run.force)
            runs = (audit, *reversed(broken_runs(audit)))
            kept = Kept(out.target, runs, force=run.force)
        batches = prepare_inputs(
            inputs, choices.repairer, out.target, run.recognise, workers=workers, kept=kept,
            settings=decisive, size=inputs.size, on_progress=progress.within,
        )  # fmt: skip
        with closing(batches):
            for batch in batches:
                out.commit(batch)
                progress.advance(
                    len(batch),
                    sum(item.entry.size for item in batch if isinstance(item, Prepared)),
                    sum(out.audit.edits.values()),
                )
                left_out.look(batch, kept)
        if kept is not None:
            kept.close()
        summary = out.finish()
    left_out.look(out.failures)
    rejected = shown(audit / "rejected.jsonl", run.mirror)
    left_out.say(summary, rejected)
    _write_report(folder, audit, run.mirror)
    if run.mirror is not None:
        run.mirror.send_audit()
    if not run.quiet:
        if summary["files"]:
            tell(summary, folder, audit, choices, run.mirror)
        elif not left_out.failures:
            print(tr("No file was repaired."))
        left_out.tell(rejected)
    return FAILURE if left_out.has_failures else CLEAN


def _found(
    paths: list[Path],
    without: Sequence[Path],
    in_place: bool,
    choices: "Choices",
    columns: Sequence[str],
) -> "Found":
    """The files of the run. Raises RunError where there are none."""
    from jiaokan.repair.files.found import Found

    walked = walk_inputs(paths, without=without, excluded=choices.excluded)
    inputs = Found(telling_of_columns(walked, columns))
    if in_place and (len(paths) > 1 or any(map(_is_link, inputs))):
        inputs = Found(without_doubles(inputs))
    if inputs.files or inputs.skipped:
        return inputs
    for item in inputs:
        if isinstance(item, Refused):
            say_refused(item)
    given = ", ".join(map(shown_path, paths))
    if choices.left_out:
        raise RunError(
            f"no file to repair in {given}; {choices.left_out:,} left out by .gitignore or exclude"
        )
    raise RunError(f"no file to repair in {given}")


def _is_below(output: Path, paths: Sequence[Path]) -> bool:
    """Whether the output goes below an input, so that a later run over that would meet it."""
    at = output.resolve()
    here = (path for path in paths if not isinstance(path, Address))
    return any(path.resolve() in at.parents for path in here if path.is_dir())


def _followed(audit: Path) -> Path:
    """Where git keeps its files, for an audit in `.git`: that is a file in worktrees."""
    if audit.parent.name == ".git" and audit.parent.is_file():
        from jiaokan.repair.files.ignored import git_folder

        return git_folder(audit.parent.parent) / audit.name
    return audit


PARALLEL_BYTES = 32 << 20
"""Of text. Where there is more than this to do, starting other processes pays."""


def _is_link(item: Input | Refused) -> bool:
    return isinstance(item, Input) and item.path.is_symlink()


def _write_report(folder: Path, audit: Path, mirror: Mirror | None) -> None:
    """The page for people, where that part is installed."""
    if find_spec("jiaokan.repair.report"):
        from jiaokan.repair.report import write_report

        try:
            write_report(folder if audit == folder / AUDIT else audit, mirror)
        except Exception as error:  # noqa: BLE001 (the files and the audit are done and right)
            say(f"the report could not be made ({type(error).__name__}: {error})")
