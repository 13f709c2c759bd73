"""Restores the originals from the repaired files and their audit, and verifies their hashes."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiaokan.repair.audit.reading import Audit, earlier_runs
from jiaokan.repair.audit.rows import FileRow, edit_of_json
from jiaokan.repair.audit.writing import remove_run
from jiaokan.repair.decode import encode_document
from jiaokan.repair.edits import revert_edits
from jiaokan.repair.files import Refused, RunError, make_folder, path_of, reason_of, sha256
from jiaokan.repair.files.holding import held
from jiaokan.repair.files.mirror import Mirror
from jiaokan.repair.files.temporary import temporary_beside, write_atomically
from jiaokan.repair.run import UTF8_BOM
from jiaokan.validators.values import Edit


@dataclass(frozen=True, slots=True)
class Restored:
    """A file that is as it was. `was_already` says that nothing had to be done."""

    name: str
    was_already: bool
    is_exact: bool = True
    """Whether byte for byte; else every record or text is, but it was packed or laid out anew."""


RestoreRecords = Callable[[Audit, FileRow, Iterator[Mapping[str, Any]], Path, Path], None]
"""Makes the original of a file of records from its row, the rows of its edits, and its repaired
file (fourth), in a temporary file (fifth); and proves it. Raises RunError."""


def undo_runs(
    out: Path,
    to: Path | None = None,
    *,
    only_last: bool = False,
    restore_records: RestoreRecords | None = None,
    mirror: Mirror | None = None,
    mirror_to: Mirror | None = None,
) -> Iterator[Restored | Refused]:
    """Give the originals of all runs over `out` back, the last run first, there or under `to`.

    A file that is neither what the run left nor the original is refused and left alone. One that
    somebody edited between two runs becomes what it was before the later one. `out` and `to` may
    be mirrors of addresses.
    """
    audits = [Audit(out)]
    if not only_last:
        audits += [Audit(audits[0].base, run) for run in earlier_runs(audits[0])]
    failed = False
    with held(audits[0].top):
        for item in _undo(
            audits, to, restore_records, mirror, mirror_to or (None if to else mirror)
        ):
            failed |= isinstance(item, Refused) and item.is_failure
            yield item
        if to is None and not only_last and not failed:
            for audit in audits[1:]:  # nothing of them is left to be undone
                remove_run(audit.folder)


def _undo(
    audits: Sequence[Audit],
    to: Path | None,
    restore_records: RestoreRecords | None,
    mirror: Mirror | None,
    mirror_to: Mirror | None,
) -> Iterator[Restored | Refused]:
    folder = audits[0].base
    written: set[str] = set()
    for audit in audits:
        for row, edits in audit.entries():
            source = to if to is not None and row.name in written else folder
            try:
                path = path_of(source, row.name)
                elsewhere = mirror if source is folder else mirror_to
                if elsewhere is not None:
                    elsewhere.fetch(row.name)
                target = path.resolve() if to is None else _place(to, row.name)
                if to is not None and target.exists() and not _is_of(row, target):
                    raise RunError(_TAKEN_REASON)
                if row.name in written and not _is_of(row, path):
                    if row.sha256 != row.output_sha256:
                        reason = "edited between two runs; it is as before the later one"
                        yield Refused(row.name, reason, is_failure=False)
                else:
                    yield _restored(audit, row, edits, path, target, restore_records, mirror_to)
                written.add(row.name)
            except RunError as error:
                yield Refused(row.name, str(error))
            except OSError as error:
                yield Refused(row.name, reason_of(error, Path(str(error.filename))))
            finally:
                if mirror is not None:
                    path_of(folder, row.name).unlink(missing_ok=True)


def _restored(
    audit: Audit,
    row: FileRow,
    edits: Iterator[Mapping[str, Any]],
    path: Path,
    target: Path,
    restore_records: RestoreRecords | None,
    mirror_to: Mirror | None,
) -> Restored:
    if row.decoding is not None:
        restored = _restore(row, edits, path, target)
    elif restore_records is not None:
        restored = _restore_records(audit, row, edits, path, target, restore_records)
    else:
        raise RunError("a file of records; restoring it takes pip install jiaokan[corpus]")
    if mirror_to is not None and (not restored.was_already or target != path.resolve()):
        for _, error in mirror_to.send([row.name]):
            raise error
    return restored


def _is_of(row: FileRow, path: Path) -> bool:
    """Whether a file is one of the two that a run knows."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return found in (row.sha256, row.output_sha256)


def _place(to: Path, name: str) -> Path:
    target = path_of(to, name)
    make_folder(target.parent, to)
    return target


_TAKEN_REASON = "another file of that name is there; give another -o, or move it away"
_CHANGED_REASON = "changed after it was repaired; put back what fix wrote, then undo again"


def _restore(
    row: FileRow, edits: Iterable[Mapping[str, Any]], path: Path, target: Path
) -> Restored:
    data = path.read_bytes()
    found = sha256(data)
    if found not in (row.sha256, row.output_sha256):
        raise RunError(_CHANGED_REASON)
    was_already = found == row.sha256
    original = data if was_already else original_of(row, [edit_of_json(e) for e in edits], data)
    if not was_already or target != path.resolve():
        write_atomically(target, original, row.mode)
    return Restored(row.name, was_already)


def _restore_records(
    audit: Audit,
    row: FileRow,
    edits: Iterator[Mapping[str, Any]],
    path: Path,
    target: Path,
    restore: RestoreRecords,
) -> Restored:
    if not _is_of(row, path):
        raise RunError(_CHANGED_REASON)
    with path.open("rb") as file:
        was_already = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
    if was_already and target == path.resolve():
        return Restored(row.name, True)
    temporary = temporary_beside(target)
    try:
        if was_already:
            shutil.copyfile(path, temporary)
        else:
            restore(audit, row, edits, path, temporary)
        with temporary.open("rb") as file:
            is_exact = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
        temporary.chmod(row.mode)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return Restored(row.name, was_already, is_exact)


def original_of(row: FileRow, edits: Sequence[Edit], output: bytes) -> bytes:
    """The original bytes. Raises RunError where they do not have the recorded hash."""
    assert row.decoding is not None
    if row.decoding.bom == UTF8_BOM:
        output = output.removeprefix(UTF8_BOM)
    try:
        text = revert_edits(output.decode("utf-8", "surrogatepass"), edits)
        original = encode_document(text, row.decoding)
    except (ValueError, LookupError) as error:
        raise RunError(
            f"the audit does not fit it, so one of them was altered ({error})"
        ) from error
    if sha256(original) != row.sha256:
        raise RunError("the audit does not give the original back: it was altered (hash differs)")
    return original
