"""Compressed text files: repaired as one text, and written with the same compression."""

import io
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from jiaokan.repair.audit.rows import FileRow, entry_of, json_line
from jiaokan.repair.corpus.compression import BROKEN, compressed, reading, writing
from jiaokan.repair.corpus.long_text import LongText
from jiaokan.repair.corpus.records import FormatError, one_line
from jiaokan.repair.corpus.repacking import Repacked, sample_of
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.files import Input, Refused, reason_of, sha256
from jiaokan.repair.files.content import is_binary
from jiaokan.repair.files.temporary import write_temporary
from jiaokan.repair.memory import LONG
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.run import Result, repair_bytes

if TYPE_CHECKING:
    from jiaokan.repair.fixing.output import Prepared, Target

LOOK = 1 << 16
_ARCHIVES = (".tar", ".tgz")


def is_compressed_text(stream: BinaryIO, codec: str, suffix: str) -> bool:
    """Whether a compressed, seekable stream holds text and not something binary."""
    if suffix in _ARCHIVES:
        return False
    stream.seek(0)
    head = reading(stream, codec).read(LOOK)
    return bool(head) and not is_binary(head)


@dataclass(frozen=True, slots=True)
class CompressedText:
    """One compressed text file."""

    input: Input
    codec: str
    repairer: Repairer

    def prepare(
        self,
        target: "Target",
        workers: Workers | None = None,
        on_progress: Callable[[int], None] = lambda position: None,
    ) -> "Prepared | Refused":
        """Repair it into a temporary file beside its place."""
        from jiaokan.repair.fixing.output import Prepared

        name, path = self.input.name, target.path(self.input)
        try:
            data = self._data()
            if data is None:
                return self._long.prepare(target, workers, on_progress)
            status = self.input.path.stat()
            packed = self.input.path.read_bytes()
            result = self._result(data)
        except FormatError as error:
            return Refused(name, str(error))
        except OSError as error:
            return Refused(name, reason_of(error, self.input.path))
        if isinstance(result, Refused):
            return result
        changed = result.output != result.data
        output = compressed(result.output, self.codec) if changed else packed
        entry = entry_of(name, result.data, status.st_mode, result.repaired, result.output)
        inner = FileRow.of_text(
            name, result.data, status.st_mode, result.repaired, result.output, target.configuration
        )
        row = replace(
            inner,
            size=len(packed),
            sha256=sha256(packed),
            output_size=len(output),
            output_sha256=sha256(output),
            decoding=None,
            records={
                "format": "text",
                "compression": self.codec,
                "packed": sample_of(io.BytesIO(packed)),
                "text": inner.as_json(),
            },
        )
        entry = replace(entry, file=json_line(row.as_json()), size=len(packed), changed=changed)
        if target.in_place and not changed:
            return Prepared(entry, None, str(path))
        try:
            if not target.in_place:
                target.make_folder(path.parent)
            temporary = write_temporary(
                path, output, stat.S_IMODE(status.st_mode), durable=target.in_place
            )
        except OSError as error:
            return Refused(name, f"cannot write {path}: {reason_of(error, path)}")
        stamp = (status.st_size, status.st_mtime_ns) if target.in_place else None
        return Prepared(entry, str(temporary), str(path), stamp)

    def results(self) -> Iterator[Result | Refused]:
        """The one result, or those of its parts. Raises FormatError, OSError."""
        data = self._data()
        if data is None:
            yield from self._long.results()
            return
        result = self._result(data)
        if isinstance(result, Refused):
            raise FormatError(result.reason)
        yield result

    def whole(self) -> Iterator[Result | Refused]:
        """The one result of the whole text. Raises FormatError, OSError."""
        return self._long.whole()

    @property
    def _long(self) -> LongText:
        return LongText(self.input, self.codec, self.repairer)

    def _data(self) -> bytes | None:
        """The text; None where it is long."""
        with self.input.path.open("rb") as file:
            try:
                data = reading(file, self.codec).read(LONG + 1)
            except BROKEN as error:
                raise FormatError(
                    f"not whole: its {self.codec} data cannot be read ({one_line(error)})"
                ) from None
        return None if len(data) > LONG else data

    def _result(self, data: bytes) -> Result | Refused:
        result = repair_bytes(data, self.repairer, self.input.name, self.input.path)
        return result if isinstance(result, Refused) else replace(result, input=self.input)


def restore_text(row: FileRow, edits: Iterator[Mapping[str, Any]], path: Path, to: Path) -> None:
    """Write the original of a compressed text; raises RunError where it cannot be proved."""
    from jiaokan.repair.audit.rows import edit_of_json
    from jiaokan.repair.undo import original_of

    assert row.records is not None
    codec = row.records["compression"]
    inner = FileRow.of_json(row.records["text"])
    output = reading(io.BytesIO(path.read_bytes()), codec).read()
    original = original_of(inner, [edit_of_json(edit) for edit in edits], output)
    with to.open("wb") as file:
        sample = row.records.get("packed")
        packed = Repacked(file, codec, sample) if sample else writing(file, codec)
        packed.write(original)
        packed.close()
