"""The originals again, from the repaired files and their audit, proved by their hashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jiaokan.repair.audit import Audit, FileRow
from jiaokan.repair.decode import encode_document
from jiaokan.repair.edits import revert_edits
from jiaokan.repair.files import Refused, Trouble, path_of, reason_of, sha256, write_atomically
from jiaokan.validators.values import Edit


@dataclass(frozen=True, slots=True)
class Restored:
    """A file that is as it was. `was` says whether it had been already."""

    name: str
    was_already: bool


def undo_run(out: Path, to: Path | None = None) -> Iterator[Restored | Refused]:
    """Give each original of a run back, in `out` itself or under `to`.

    A file that is neither what the run left nor the original is refused and left alone.
    """
    audit = Audit(out)
    for row, edits in audit.files():
        try:
            yield _restore(row, edits, out, to)
        except Trouble as error:
            yield Refused(row.name, str(error))
        except OSError as error:
            yield Refused(row.name, reason_of(error, out / "?"))


def _restore(row: FileRow, edits: list[Edit], out: Path, to: Path | None) -> Restored:
    path = path_of(out, row.name)
    data = path.read_bytes()
    found = sha256(data)
    was_already = found == row.sha256
    if was_already:
        original = data
    elif found == row.output_sha256:
        original = original_of(row, edits, data)
    else:
        raise Trouble("changed after it was repaired; put back what fix wrote, then undo again")
    if to is not None:
        target = path_of(to, row.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, original, row.mode)
    elif not was_already:
        write_atomically(path, original, row.mode)
    return Restored(row.name, was_already)


def original_of(row: FileRow, edits: list[Edit], output: bytes) -> bytes:
    """The original bytes. Raises Trouble where they do not have the recorded hash."""
    try:
        text = (
            output.removeprefix(b"\xef\xbb\xbf") if row.decoding.bom == b"\xef\xbb\xbf" else output
        )
        original = encode_document(
            revert_edits(text.decode("utf-8", "surrogatepass"), edits), row.decoding
        )
    except ValueError as error:
        raise Trouble(f"the audit does not fit the file: {error}") from error
    if sha256(original) != row.sha256:
        raise Trouble("the audit does not give the original back (hash differs): it was altered")
    return original
