"""A run: input files through the repairer, in order, in batches that fit in memory."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from jiaokan.repair.files import Input, Refused, reason_of
from jiaokan.repair.files.addresses import Address
from jiaokan.repair.files.content import is_binary, reason_of_binary
from jiaokan.repair.location import AT_START, Extent
from jiaokan.repair.memory import LONG, bound, largest_text
from jiaokan.repair.named_format import for_text_of
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.silences import UnusedSilence, apply_silences
from jiaokan.repair.silences.sidecar import silence, silences_for
from jiaokan.validators.values import Repaired

if TYPE_CHECKING:
    from jiaokan.repair.corpus.workers import Workers
    from jiaokan.repair.fixing.output import Prepared, Target

BATCH_BYTES = 4 << 20
BATCH_FILES = 2048
HEAD = 1 << 16
"""Bytes of a file that are looked at before the rest is read."""
UTF8_BOM = b"\xef\xbb\xbf"

RepairerFor = Callable[[Input], Repairer]
"""Which repairer a file gets: settings may differ from folder to folder."""


@dataclass(frozen=True, slots=True)
class Result:
    """One file: its bytes as they were read, and what became of the text."""

    input: Input
    data: bytes
    repaired: Repaired
    mode: int = 0o644
    stamp: tuple[int, int] | None = None
    """Size and time of change (ns) of the file when it was read."""
    unused_silences: tuple[UnusedSilence, ...] = ()
    before: Extent = AT_START
    """What stands before it in the file, of a part of a long text."""

    @property
    def output(self) -> bytes:
        """The repaired file: UTF-8, with a BOM where there was a UTF-8 one."""
        repaired = self.repaired
        decoding = repaired.document.decoding
        assert decoding is not None
        if (
            not repaired.edits
            and decoding.bom in (b"", UTF8_BOM)
            and all(r.encoding in ("utf-8", "ascii") and r.raw is None for r in decoding.runs)
        ):
            return self.data
        bom = UTF8_BOM if decoding.bom == UTF8_BOM else b""
        return bom + repaired.text.encode("utf-8", "surrogatepass")


class RecordFile(Protocol):
    """A file of records (JSON Lines, Parquet and so on), recognised but not read yet: it is
    streamed when its turn comes, so that its size does not matter."""

    @property
    def input(self) -> Input: ...

    def prepare(
        self,
        target: "Target",
        workers: "Workers | None" = None,
        on_progress: Callable[[int], None] = lambda position: None,
    ) -> "Prepared | Refused":
        """Repair it into a temporary file beside its place; for `fix`. `on_progress` is told of
        how many bytes have been read."""

    def results(self) -> "Iterator[Result | Refused]":
        """A result for each text in which something was found; for `check` and `diff`."""


Recognise = Callable[[BinaryIO, Input, Repairer], RecordFile | None]
"""What a file (a seekable stream) is; None: plain text, or nothing that is known.

Raises ValueError, saying what mends it, for a file that is not what its format says.
"""


def results_of_records(records: RecordFile) -> Iterator[Result | Refused]:
    """Its results; where it cannot be read on, that, and why."""
    return as_far_as_read(records.results(), records.input)


def as_far_as_read(
    results: "Iterator[Result | Refused]", item: Input
) -> Iterator[Result | Refused]:
    """Results of an input; where it cannot be read on, that, and why."""
    try:
        yield from results
    except OSError as error:
        yield Refused(item.name, reason_of(error, item.path))
    except ValueError as error:
        yield Refused(item.name, str(error))


class SkippedError(ValueError):
    """A file that is left out on purpose; the message says why."""


@dataclass(frozen=True, slots=True)
class _Read:
    input: Input
    data: bytes
    mode: int
    stamp: tuple[int, int] | None
    repairer: Repairer


def repair_inputs(
    inputs: Iterable[Input | Refused],
    repairer: Repairer | RepairerFor,
    recognise: Recognise | None = None,
) -> Iterator[list[Result | RecordFile | Refused]]:
    """Results in the order of the inputs, in batches of bounded size.

    A file that cannot be read, that is not text, or over which a stage fails is `Refused`; it
    never stops the others. One that `recognise` knows is handed on as it is.
    """
    fixed = repairer if isinstance(repairer, Repairer) else None
    batch: list[_Read | RecordFile | Refused] = []
    size = 0
    for item in inputs:
        if isinstance(item, Refused):
            batch.append(item)
            continue
        if batch and (size >= BATCH_BYTES or len(batch) >= BATCH_FILES):
            yield _repair(batch)
            batch, size = [], 0
        read = _read(item, fixed or repairer(item), recognise)  # type: ignore[operator]
        batch.append(read)
        if isinstance(read, _Read):
            size += len(read.data)
    if batch:
        yield _repair(batch)


def repair_bytes(
    data: bytes, repairer: Repairer, name: str, path: Path | None = None
) -> Result | Refused:
    """One text that is in no file, or that a file (at `path`) is not without more ado."""
    item = Input(path or Path(name), name)
    if len(data) > largest_text():
        return Refused(name, too_large(largest_text()))
    if is_binary(data):
        return Refused(name, "not text but binary")
    (result,) = _repair([_Read(item, data, 0o644, None, for_text_of(repairer, item.path.name))])
    assert isinstance(result, Result | Refused)
    return result


def _read(
    item: Input, repairer: Repairer, recognise: Recognise | None
) -> _Read | RecordFile | Refused:
    most = largest_text()
    try:
        with item.path.open("rb") as file:
            is_stream = recognise is not None and file.seekable()
            if recognise is not None and is_stream:
                records = recognise(file, item, repairer)
                if records is not None:
                    return records
                file.seek(0)
            data = file.read(HEAD)
            if is_binary(data):
                return _binary(item, data)
            if len(data) == HEAD:
                data += file.read((LONG if is_stream else most) - HEAD + 1)
                if is_binary(data):
                    return _binary(item, data)
            if is_stream and len(data) > LONG:
                from jiaokan.repair.corpus.long_text import LongText

                return LongText(item, None, repairer)
            status = item.path.stat() if isinstance(item.path, Address) else os.fstat(file.fileno())
    except OSError as error:
        return Refused(item.name, reason_of(error, item.path))
    except ValueError as error:
        return Refused(item.name, str(error), is_failure=not isinstance(error, SkippedError))
    except MemoryError:
        most = 0
    if len(data) > most:
        return Refused(item.name, too_large(most))
    stamp = (status.st_size, status.st_mtime_ns)
    return _Read(item, data, status.st_mode, stamp, for_text_of(repairer, item.path.name))


def _binary(item: Input, data: bytes) -> Refused:
    return Refused(item.name, reason_of_binary(data), is_failure=False)


def too_large(most: int) -> str:
    """Why a text is refused that does not fit in the memory, and what mends it."""
    megabytes = max(1, most >> 20)
    if bound() is not None:
        return (
            f"over {megabytes:,} MB, too large for this --memory in one piece; give more of it, or"
            f" split the text between paragraphs (split --line-bytes={megabytes}M)"
        )
    return (
        f"over {megabytes:,} MB, too large for the free memory in one piece; split it between"
        f" paragraphs (split --line-bytes={min(200, megabytes)}M), or run where there is more memory"
    )


def _repair(batch: list[_Read | RecordFile | Refused]) -> list[Result | RecordFile | Refused]:
    results: list[Result | RecordFile | Refused] = []
    outcomes = _outcomes([item for item in batch if isinstance(item, _Read)])
    for item in batch:
        outcome = next(outcomes) if isinstance(item, _Read) else item
        if isinstance(item, _Read) and isinstance(outcome, Repaired):
            heard, unused = apply_silences(outcome)
            heard, also_unused = silence(heard, silences_for(item.input.path))
            unused += tuple(each.unused for each in also_unused)
            results.append(Result(item.input, item.data, heard, item.mode, item.stamp, unused))
        elif not isinstance(outcome, Repaired):
            results.append(outcome)
    return results


def _outcomes(read: Sequence[_Read]) -> Iterator[Repaired | Refused]:
    """What becomes of each text, in order; those of a repairer are screened together."""
    of_repairer: defaultdict[Repairer, list[_Read]] = defaultdict(list)
    for item in read:
        of_repairer[item.repairer].append(item)
    repaired = {wanted: iter(_together(items, wanted)) for wanted, items in of_repairer.items()}
    return (next(repaired[item.repairer]) for item in read)


def _together(read: Sequence[_Read], repairer: Repairer) -> Sequence[Repaired | Refused]:
    try:
        return list(repairer.repair_many(item.data for item in read))
    except Exception:  # noqa: BLE001 (whatever a stage raises, it is one file's)
        return [_repair_alone(item, repairer) for item in read]


def _repair_alone(item: _Read, repairer: Repairer) -> Repaired | Refused:
    try:
        return repairer.repair(item.data)
    except Exception as error:  # noqa: BLE001
        what = f"{type(error).__name__}: {error}"
        reason = f"jiaokan itself failed on it ({what}); leave the file out and report this"
        return Refused(item.input.name, reason)
