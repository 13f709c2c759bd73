"""Where repaired files and the audit go: a folder of their own, or over the originals."""

import os
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jiaokan.repair.audit import ALL_TABLES
from jiaokan.repair.audit.reading import Audit
from jiaokan.repair.audit.rows import Entry, FileRow, entry_of
from jiaokan.repair.audit.writing import AuditWriter, remove_run
from jiaokan.repair.files import (
    AUDIT,
    Input,
    Refused,
    RunError,
    common_folder,
    is_audit,
    make_folder,
    path_of,
    reason_of,
    sha256_of,
)
from jiaokan.repair.files.addresses import Address
from jiaokan.repair.files.holding import held
from jiaokan.repair.files.mirror import Mirror
from jiaokan.repair.files.temporary import is_temporary, temporary_beside, write_temporary
from jiaokan.repair.run import RecordFile, Result


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is written but has not its name yet, and its rows. A worker may make it."""

    entry: Entry
    temporary: str | None
    """None where the file stays as it is."""
    target: str
    stamp: tuple[int, int] | None = None
    """Size and time of the original, where it is to be replaced."""

    def discard(self) -> None:
        """Take away what was written."""
        tables = (self.entry.edits, self.entry.findings, self.entry.rejected)
        for path in tables:
            if isinstance(path, Path):
                path.unlink(missing_ok=True)
        if self.temporary is not None:
            Path(self.temporary).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the files of a run go. Picklable, for workers."""

    folder: Path
    in_place: bool
    configuration: str = ""
    """A hash of the settings of the files that are prepared; for the audit."""
    mirror: Mirror | None = None
    """Of what address `folder` is the mirror."""
    _made: set[Path] = field(default_factory=set, repr=False, compare=False)

    @property
    def shown(self) -> str:
        """The folder, as people know it."""
        return str(self.folder) if self.mirror is None else self.mirror.url

    def path(self, item: Input) -> Path:
        """Where the repaired file of an input stands."""
        if self.in_place:
            return item.path.resolve()  # a link stays one
        return path_of(self.folder, item.name)

    def sha256(self, name: str) -> str | None:
        """Of the repaired file of this name; None where there is no such file."""
        try:
            if self.mirror is not None:
                return self.mirror.sha256(name)
            path = path_of(self.folder, name)
            return None if path.is_symlink() else sha256_of(path)
        except (OSError, RunError):
            return None

    def remove(self, name: str) -> None:
        """Take a repaired file away."""
        if self.mirror is not None:
            self.mirror.remove(name)
        else:
            path_of(self.folder, name).unlink()

    def prepare(self, result: Result | RecordFile) -> Prepared | Refused:
        """Write the repaired file beside its place. A file of records is repaired only here."""
        if not isinstance(result, Result):
            return result.prepare(self)
        name = result.input.name
        output = result.output
        entry = entry_of(
            name, result.data, result.mode, result.repaired, output, self.configuration
        )
        target = self.path(result.input)
        if self.in_place and not target.is_file():
            return Refused(name, "not a file that can be repaired in place; use -o")
        if self.in_place and not entry.changed:
            return Prepared(entry, None, str(target))
        try:
            if not self.in_place:
                self.make_folder(target.parent)
            temporary = write_temporary(target, output, result.mode, durable=self.in_place)
        except OSError as error:
            return Refused(name, f"cannot write {target}: {reason_of(error, target)}")
        stamp = result.stamp if self.in_place else None
        return Prepared(entry, str(temporary), str(target), stamp)

    def make_folder(self, folder: Path) -> None:
        """Make a folder of the run. Raises OSError, also where a link would lead out of it."""
        if folder not in self._made:
            try:
                make_folder(folder, self.folder)
            except RunError as error:
                raise OSError(0, "a link there leads out of the folder; remove it") from error
            self._made.add(folder)


class OutputFolder:
    """One run: `prepare` each result, `commit` batch by batch, then `finish`."""

    def __init__(self, target: Target, audit: AuditWriter) -> None:
        self.target = target
        self.audit = audit
        self.failures: list[Refused] = []
        """What could not be put in its place."""
        self.done = 0
        """Files that are in their places, and on record."""

    def commit(self, batch: Sequence[Prepared | Refused]) -> None:
        """First the rows of the audit, durable; then the files get their names."""
        try:
            self._commit(batch)
        except BaseException as error:
            for item in batch:
                if isinstance(item, Prepared):
                    item.discard()
            raise self._of_audit(error) from error

    def _of_audit(self, error: BaseException) -> BaseException:
        """An error of the system that names no file is about the tables of the audit."""
        if not isinstance(error, OSError) or error.filename is not None:
            return error
        folder = self.audit.folder
        return RunError(f"cannot write {folder}: {reason_of(error, folder)}")

    def _commit(self, batch: Sequence[Prepared | Refused]) -> None:
        for item in batch:
            if isinstance(item, Refused):
                self.audit.reject(item)
            else:
                self.audit.add(item.entry)
        if self.target.in_place:
            self.audit.sync()
        else:
            self.audit.flush()
        put: list[str] = []
        for item in batch:
            if isinstance(item, Prepared) and item.temporary is not None:
                try:
                    self._put(item, item.temporary)
                    put.append(item.entry.name)
                except OSError as error:
                    Path(item.temporary).unlink(missing_ok=True)
                    self._fail(item.entry.name, item.target, error)
        if self.target.mirror is not None:
            for name, failure in self.target.mirror.send(put):
                self._fail(name, self.target.mirror.address(name).url, failure)
        self.done = self.audit.files - len(self.failures)

    def _fail(self, name: str, where: str, error: OSError) -> None:
        reason = f"cannot write {where}: {reason_of(error, Path(where))}"
        self.failures.append(Refused(name, reason))

    def _put(self, item: Prepared, temporary: str) -> None:
        if item.stamp is not None:
            now = os.stat(item.target)  # noqa: PTH116 (a string is quicker than a path)
            if (now.st_size, now.st_mtime_ns) != item.stamp:
                raise OSError(0, "it changed while it was being repaired; run again")
        os.replace(temporary, item.target)  # noqa: PTH105

    def finish(self) -> dict[str, Any]:
        """Put the audit in place and return its summary.

        An in-place run that changed nothing leaves the audit of the run before it as it is.
        """
        try:
            return self._finish()
        except OSError as error:
            raise self._of_audit(error) from error

    def _finish(self) -> dict[str, Any]:
        folder = self.audit.folder
        if self.target.in_place and (folder / "summary.json").exists():
            if not self.audit.changed:
                summary = {**self.audit.about, **self.audit.counts(), "kept_earlier_audit": True}
                self.audit.discard()
                return summary
            _move_to_earlier(folder, folder)
        summary = self.audit.finish()
        if (folder / "broken").exists():
            if not self.target.in_place:
                _sweep(self.target.folder, points=True)
            shutil.rmtree(folder / "broken", ignore_errors=True)
        return summary


@contextmanager
def open_output(
    folder: Path,
    audit: Path,
    inputs: Iterable[Path],
    about: Mapping[str, Any],
    *,
    in_place: bool,
    force: bool,
    mirror: Mirror | None = None,
    packing: str = "auto",
) -> Iterator[OutputFolder]:
    """The folder of a run, held against other runs until it is done; with `mirror`, of an address.

    `packing` is the form of the audit's tables; see `AuditWriter`.

    Raises RunError where the folder is not ours to write into.
    """
    if mirror is not None:
        _check_address(mirror, force=force)
    elif not in_place:
        _check_folder(folder, inputs, force=force)
    if audit.is_symlink():
        raise RunError(f"{audit} is a link and would be written through; remove it")
    made = [path for path in (audit, folder) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        audit.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"cannot make {audit}: {reason_of(error, audit)}") from error
    with held(audit):
        _clean_up(folder, audit, in_place=in_place)
        base = os.path.relpath(folder, audit)
        writer = AuditWriter(audit, {**about, "base": base}, packing)
        out = OutputFolder(Target(folder, in_place, mirror=mirror), writer)
        if mirror is not None:
            mirror.begin((audit / "run" / "run.json").read_bytes())
        try:
            yield out
        finally:
            writer.close()
            if not writer.files and not writer.rejected and not has_checkpoint(folder):
                writer.discard()  # nothing was done, so there is nothing to keep
                for path in made:
                    with suppress(OSError):
                        path.rmdir()


def _check_address(mirror: Mirror, *, force: bool) -> None:
    if not (force or mirror.is_audited() or mirror.is_empty()):
        raise RunError(
            f"{mirror.url} is not empty and was not made by jiaokan; give another -o, or say --force"
        )
    mirror.fetch_audit()


def _check_folder(folder: Path, inputs: Iterable[Path], *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise RunError(f"{folder} is a file, and -o takes a folder; give another name")
    inputs = list(inputs)
    for path in inputs:
        is_named_as = folder.suffix and folder.suffix == path.suffix and not folder.exists()
        if is_named_as and len(inputs) == 1 and path.is_file() and not force:
            raise RunError(f"-o takes a folder; of one file: jiaokan fix - < {path} > {folder}")
    is_here = not any(isinstance(path, Address) for path in inputs)
    if is_here and common_folder(inputs).resolve() == folder.resolve():  # also with --force
        raise RunError(f"{folder} is the input itself; to write over it say --in-place")
    if folder.is_dir() and any(folder.iterdir()):
        if not is_audit(folder / AUDIT) and not force:
            raise RunError(
                f"{folder} exists and was not made by jiaokan; give another -o, or say --force"
            )
        summary = folder / AUDIT / "summary.json"
        if summary.exists() and Audit(folder).summary.get("in_place"):
            raise RunError(f"{folder} holds originals that were repaired in place; give another -o")


def _clean_up(folder: Path, audit: Path, *, in_place: bool) -> None:
    """What a killed run left: its temporary files go, its rows stay where they are needed."""
    run = audit / "run"
    if not run.exists():
        return
    if (run / "run.json").exists():
        changed = False
        for row in Audit(folder, run).rows("files.jsonl"):
            temporary_beside(path_of(folder, row["file"])).unlink(missing_ok=True)
            changed |= row["sha256"] != row["output_sha256"]
        if not in_place:
            _sweep(folder)
            _move_to(audit / "broken", audit, run)
            return
        if changed:
            if (audit / "summary.json").exists():
                _move_to_earlier(audit, audit)
            _move_to_earlier(audit, run)
            return
    remove_run(run)


def has_checkpoint(folder: Path) -> bool:
    """Whether a run that was stopped can go on within a file."""
    from jiaokan.repair.corpus.checkpoint import SUFFIX

    return any(name.endswith(SUFFIX) for _, _, names in os.walk(folder) for name in names)


def _sweep(folder: Path, *, points: bool = False) -> None:
    """Take away the temporary files of a killed run, but for those with which this one may go on;
    with `points`, those too."""
    for at, _, names in os.walk(folder):
        temporary = set(filter(is_temporary, names))
        if temporary and not points:
            from jiaokan.repair.corpus.checkpoint import SUFFIX, kept_names

            for name in [name for name in temporary if name.endswith(SUFFIX)]:
                temporary -= kept_names(Path(at) / name)
        for name in temporary:
            (Path(at) / name).unlink(missing_ok=True)


def _move_to_earlier(audit: Path, run: Path) -> None:
    """Number the run in this folder, so that it can still be undone after a later one."""
    _move_to(audit / "earlier", audit, run)


def _move_to(earlier: Path, audit: Path, run: Path) -> None:
    earlier.mkdir(exist_ok=True)
    numbers = [int(path.name) for path in earlier.iterdir() if path.name.isdigit()]
    place = earlier / str(max(numbers, default=0) + 1)
    place.mkdir()
    # The summary (or run.json) says what the rest is, so it goes last.
    for name in (*ALL_TABLES, "report.html", "run.json", "summary.json"):
        for source in (run, audit) if name in ALL_TABLES else (run,):
            if (source / name).exists():
                (source / name).replace(place / name)
                break
    if run != audit:
        remove_run(run)


def replace_earlier_run(
    target: Target, names: Callable[[], Container[str]], *, force: bool
) -> list[str]:
    """Make room for a run that writes `names()`: files that only an earlier run wrote go.

    Raises RunError where there are such files and nobody said `force`. Those that were changed
    since stay, and are returned.
    """
    folder = target.folder
    if not (folder / AUDIT / "summary.json").exists():
        return []
    kept = []
    earlier = Audit(folder, folder / AUDIT)
    written = names()
    rows = map(FileRow.of_json, earlier.rows("files.jsonl"))
    stale = [row for row in rows if row.name not in written]
    if stale and not force:
        raise RunError(
            f"{target.shown} holds {len(stale):,} files of an earlier run that are not in this one, such"
            f" as {stale[0].name}; give another -o, or say --force to replace that run"
        )
    for row in stale:
        found = target.sha256(row.name)
        if found in (row.output_sha256, row.sha256):
            target.remove(row.name)
        elif found is not None:
            kept.append(row.name)
    return kept
