"""The originals again, from the repaired files and their audit, proved by their hashes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jiaokan.repair.audit import Audit, FileRow, earlier_runs
from jiaokan.repair.decode import encode_document
from jiaokan.repair.edits import revert_edits
from jiaokan.repair.files import Refused, RunError, path_of, reason_of, sha256, write_atomically
from jiaokan.repair.run import UTF8_BOM
from jiaokan.validators.values import Edit


@dataclass(frozen=True, slots=True)
class Restored:
    """A file that is as it was. `was_already` says that nothing had to be done."""

    name: str
    was_already: bool


def undo_runs(
    out: Path, to: Path | None = None, *, only_last: bool = False
) -> Iterator[Restored | Refused]:
    """Give the originals of all runs over `out` back, the last run first, there or under `to`.

    A file that is neither what the run left nor the original is refused and left alone.
    """
    audits = [Audit(out)]
    folder = audits[0].base
    if not only_last:
        audits += [Audit(folder, run) for run in earlier_runs(audits[0])]
    written: set[str] = set()
    for audit in audits:
        for row, edits in audit.files():
            source = to if to is not None and row.name in written else folder
            try:
                yield _restore(row, edits, source, to)
                written.add(row.name)
            except RunError as error:
                yield Refused(row.name, str(error))
            except OSError as error:
                yield Refused(row.name, reason_of(error, Path(str(error.filename))))


def _restore(row: FileRow, edits: Sequence[Edit], source: Path, to: Path | None) -> Restored:
    path = path_of(source, row.name)
    data = path.read_bytes()
    found = sha256(data)
    was_already = found == row.sha256
    if was_already:
        original = data
    elif found == row.output_sha256:
        original = original_of(row, edits, data)
    else:
        raise RunError("changed after it was repaired; put back what fix wrote, then undo again")
    if to is not None:
        target = path_of(to, row.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.parent.resolve().is_relative_to(to.resolve()):
            raise RunError(f"a link in {to} leads out of it")
        write_atomically(target, original, row.mode)
    elif not was_already:
        write_atomically(path.resolve(), original, row.mode)
    return Restored(row.name, was_already)


def original_of(row: FileRow, edits: Sequence[Edit], output: bytes) -> bytes:
    """The original bytes. Raises RunError where they do not have the recorded hash."""
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
