"""A run: input files through the repairer, in order, in batches that fit in memory."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jiaokan.repair.content import is_binary
from jiaokan.repair.files import Input, Refused, reason_of
from jiaokan.repair.repairer import Repairer
from jiaokan.validators.values import Repaired

BATCH_BYTES = 4 << 20
BATCH_FILES = 2048


@dataclass(frozen=True, slots=True)
class Result:
    """One file: the bytes as they were read, their `mode`, and what became of the text."""

    input: Input
    data: bytes
    mode: int
    repaired: Repaired

    @property
    def output(self) -> bytes:
        """The repaired file: UTF-8, with a BOM where there was a UTF-8 one."""
        repaired = self.repaired
        decoding = repaired.document.decoding
        if decoding is not None and not repaired.edits and decoding.encoding in ("utf-8", "ascii"):
            if all(r.raw is None and r.encoding in ("utf-8", "ascii") for r in decoding.runs):
                return self.data
        bom = b"\xef\xbb\xbf" if self.data.startswith(b"\xef\xbb\xbf") else b""
        return bom + repaired.text.encode("utf-8", "surrogatepass")


def repair_inputs(
    inputs: Iterable[Input | Refused], repairer: Repairer
) -> Iterator[list[Result | Refused]]:
    """Results in the order of the inputs, in batches of bounded size.

    A file that cannot be read, that is not text, or over which a stage fails is `Refused`; it
    never stops the others.
    """
    batch: list[tuple[Input, bytes, int] | Refused] = []
    size = files = 0
    for item in inputs:
        read = item if isinstance(item, Refused) else _read(item)
        batch.append(read)
        files += 1
        if not isinstance(read, Refused):
            size += len(read[1])
        if size >= BATCH_BYTES or files >= BATCH_FILES:
            yield _repair(batch, repairer)
            batch, size, files = [], 0, 0
    if batch:
        yield _repair(batch, repairer)


def _read(item: Input) -> tuple[Input, bytes, int] | Refused:
    try:
        with item.path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read()
    except OSError as error:
        return Refused(item.name, reason_of(error, item.path))
    except MemoryError:
        return Refused(item.name, "larger than the memory; split it first")
    if is_binary(data):
        return Refused(item.name, "skipped: binary, not text", is_failure=False)
    return item, data, mode


def _repair(
    batch: list[tuple[Input, bytes, int] | Refused], repairer: Repairer
) -> list[Result | Refused]:
    read = [item for item in batch if not isinstance(item, Refused)]
    repaired: list[Repaired | Refused]
    try:
        repaired = list(repairer.repair_many(data for _, data, _ in read))
    except Exception:
        repaired = [_repair_alone(item, data, repairer) for item, data, _ in read]
    of_read = iter(zip(read, repaired, strict=True))
    results: list[Result | Refused] = []
    for item in batch:
        if isinstance(item, Refused):
            results.append(item)
            continue
        (given, data, mode), result = next(of_read)
        if isinstance(result, Refused):
            results.append(result)
        else:
            results.append(Result(given, data, mode, result))
    return results


def _repair_alone(item: Input, data: bytes, repairer: Repairer) -> Repaired | Refused:
    try:
        return repairer.repair(data)
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        return Refused(item.name, f"jiaokan itself failed on it ({what}); please report this")


def repair_bytes(data: bytes, repairer: Repairer, name: str = "-") -> Result:
    """One text that is in no file."""
    return Result(Input(Path(name), name), data, 0o644, repairer.repair(data, id=name))
