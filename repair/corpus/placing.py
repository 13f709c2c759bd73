"""Long files, streamed into their places: written beside them first, with a checkpoint to go on from."""

import os
import stat
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from jiaokan.repair.audit.rows import Entry
from jiaokan.repair.corpus.checkpoint import Checkpoint, key_of
from jiaokan.repair.corpus.records import FormatError, one_line
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.files import Input, Refused, reason_of
from jiaokan.repair.files.temporary import temporary_beside

if TYPE_CHECKING:
    from jiaokan.repair.fixing.output import Prepared, Target


class StreamedFile:
    """A file that is repaired as a stream."""

    __slots__ = ()
    input: Input

    def prepare(
        self,
        target: "Target",
        workers: Workers | None = None,
        on_progress: Callable[[int], None] = lambda position: None,
    ) -> "Prepared | Refused":
        """Repair it into a temporary file beside its place."""
        prepare = partial(self._prepare, target, workers or Workers(1), on_progress)
        return _prepared(self.input, target, prepare)

    def _prepare(
        self, target: "Target", workers: Workers, on_progress: Callable[[int], None]
    ) -> "Prepared | Refused":
        raise NotImplementedError


class Placing:
    """A file and its tables of the audit while they are written beside their places. Use as a context.

    Left before `placed`, what was written goes away, unless somebody stopped the run and it can go
    on from there.
    """

    def __init__(
        self, item: Input, target: "Target", form: str, codec: str | None, tables: Sequence[str]
    ) -> None:
        self.status = item.path.stat()
        """Of the original."""
        self._path = target.path(item)
        made = [self._path, *(self._path.with_name(f"{self._path.name}.{t}") for t in tables)]
        self._temporary, *self.tables = map(temporary_beside, made)
        key = key_of(item, self.status, target.configuration, form, codec)
        self.checkpoint = Checkpoint(made, key)
        self._is_in_place = target.in_place
        self._is_placed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.checkpoint.close()  # which fails, too, where the disk is full
        finally:
            is_stopped = kind is not None and not issubclass(kind, Exception)
            can_go_on = is_stopped and self.checkpoint.is_kept
            if kind is not None and not self._is_placed and not can_go_on:
                self.checkpoint.discard()

    @property
    def out(self) -> BinaryIO:
        """The repaired file, once the checkpoint is open."""
        return self.checkpoint.files[0]

    def copy(self, original: BinaryIO) -> None:
        """Nothing in the file changed, so not a byte of it does, packed as it is."""
        original.seek(0)
        self.out.seek(0)
        self.out.truncate()
        while piece := original.read(1 << 20):
            self.out.write(piece)

    def placed(self, entry: Entry) -> "Prepared":
        """All is written, and may get its name."""
        from jiaokan.repair.fixing.output import Prepared

        self._temporary.chmod(stat.S_IMODE(self.status.st_mode))
        self.out.flush()
        if self._is_in_place:
            os.fsync(self.out.fileno())
        self.checkpoint.settle()
        self._is_placed = True
        self.checkpoint.forget()
        if self._is_in_place and not entry.changed:
            self._temporary.unlink()
            return Prepared(entry, None, str(self._path), self._stamp)
        return Prepared(entry, str(self._temporary), str(self._path), self._stamp)

    @property
    def _stamp(self) -> tuple[int, int] | None:
        is_replaced = self._is_in_place
        return (self.status.st_size, self.status.st_mtime_ns) if is_replaced else None


def _prepared(
    item: Input, target: "Target", prepare: Callable[[], "Prepared | Refused"]
) -> "Prepared | Refused":
    """What `prepare` gives, in the folder where it goes; or why it cannot be had."""
    name, path = item.name, target.path(item)
    if target.in_place and not path.is_file():
        return Refused(name, "not a file that can be repaired in place; use -o")
    try:
        if not target.in_place:
            target.make_folder(path.parent)
        return prepare()
    except FormatError as error:
        return Refused(name, str(error))
    except MemoryError:
        return Refused(name, "a record of it does not fit in the memory; make room and run again")
    except OSError as error:
        if error.filename is not None and Path(error.filename) == item.path:
            return Refused(name, reason_of(error, item.path))
        return Refused(name, f"cannot write {path}: {reason_of(error, path)}")
    except Exception as error:  # noqa: BLE001 (whatever a library raises, it is one file's)
        reason = f"{type(error).__name__}: {one_line(error)}"
        return Refused(name, f"it cannot be read or written ({reason})")
