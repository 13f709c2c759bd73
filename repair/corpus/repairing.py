"""The records of one file through the repairer: chunks in, changed chunks and what was done out."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from jiaokan.repair.corpus.compression import compressed
from jiaokan.repair.corpus.paths import columns_of_places
from jiaokan.repair.corpus.records import (
    Blocks,
    Cell,
    ChangedChunk,
    Chunk,
    FormatError,
    RecordFormat,
    Rejected,
    halves,
    one_line,
    raw_of,
    weight_of,
)
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.repairer import Repairer
from jiaokan.validators.values import Repaired


@dataclass(frozen=True, slots=True)
class RepairedCell:
    """A text in which something was found: where it is, and what was found and done."""

    record: int
    id: str | None
    column: str
    repaired: Repaired


@dataclass(frozen=True, slots=True)
class RepairedChunk:
    """A changed chunk, with only those cells in which something was found."""

    changed: ChangedChunk
    cells: Sequence[RepairedCell]
    characters: int
    digest: int
    """The sum of `digest_of_cell` the texts before they were repaired."""
    edits: int = 0
    findings: int = 0
    begins_section: bool = False
    columns: frozenset[str] = frozenset()
    """Of several columns, those in which there was a text."""
    rendered: Any = None
    """What was made of the cells, where they are not kept."""


Render: TypeAlias = Callable[[RepairedChunk], Any]


def digest_of_cell(cell: Cell) -> int:
    """A hash of a text and its place. Sums of it (modulo `DIGESTS`) prove a whole file, in
    whatever order and chunks it is read."""
    data = f"{cell.record}\0{cell.column}\0{cell.text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


DIGESTS = 1 << 256


def repair_chunk(
    chunk: Chunk, *, repairer: Repairer, form: RecordFormat, keeps_unreadable: bool = False
) -> RepairedChunk:
    """One chunk, in the process that calls."""
    found: list[RepairedCell] = []
    characters = digest = 0
    places: set[str] = set()

    def change(cells: Sequence[Cell]) -> list[str]:
        nonlocal characters, digest
        texts = []
        for cell, repaired in zip(
            cells, repairer.repair_many(cell.text for cell in cells), strict=True
        ):
            places.add(cell.column)
            characters += len(cell.text)
            digest += digest_of_cell(cell)
            texts.append(repaired.text)
            if repaired.edits or repaired.findings:
                found.append(RepairedCell(cell.record, cell.id, cell.column, repaired))
        return texts

    changed = form.change(chunk, change, keep_unreadable=keeps_unreadable)
    return RepairedChunk(
        changed, tuple(found), characters, digest % DIGESTS,
        sum(len(cell.repaired.edits) for cell in found),
        sum(len(cell.repaired.findings) for cell in found),
        chunk.begins_section, columns_of_places(form.columns, places),
    )  # fmt: skip


def repair_chunks(
    form: RecordFormat,
    chunks: Iterable[Chunk],
    repairer: Repairer,
    workers: Workers,
    render: Render | None = None,
    *,
    keeps_unreadable: bool = False,
    codec: str | None = None,
) -> Iterator[RepairedChunk]:
    """All chunks of a file, in order. A record that crashes its process is rejected.

    With `render`, what it makes of a chunk comes in the place of the cells; it runs in the workers.
    With `keeps_unreadable` no record is rejected: it stays where it is, unread. With a `codec`,
    the data of each come packed, a piece that is whole by itself.
    """
    keeps = keeps_unreadable or form.name == "json"  # what holds its records needs each of them
    repair = partial(repair_chunk, repairer=repairer, form=form, keeps_unreadable=keeps)
    finish = partial(_finished, render=render, codec=codec)
    task = partial(_repair_and_finish, repair=repair, finish=finish)
    encoding = getattr(form, "encoding", "utf-8")
    lost = partial(_finish_lost, finish=finish, keeps=keeps, encoding=encoding)
    for done in workers.map(task, chunks, halves, lost, weigh=weight_of):
        yield from done


_Repair: TypeAlias = "partial[RepairedChunk]"
_Finish: TypeAlias = "partial[RepairedChunk]"


def _repair_and_finish(chunk: Chunk, *, repair: _Repair, finish: _Finish) -> list[RepairedChunk]:
    return list(map(finish, _repair_apart(chunk, repair)))


def _finish_lost(
    chunk: Chunk, *, finish: _Finish, keeps: bool, encoding: str
) -> list[RepairedChunk]:
    return list(map(finish, _lost(chunk, keeps=keeps, encoding=encoding)))


def _finished(done: RepairedChunk, *, render: Render | None, codec: str | None) -> RepairedChunk:
    """With what is made of the cells in their place, and packed."""
    if render is not None:
        done = replace(done, cells=(), rendered=render(done))
    data = done.changed.data
    if codec is not None and data:
        whole = b"".join(data.items) if isinstance(data, Blocks) else data  # one that was lost
        done = replace(done, changed=replace(done.changed, data=compressed(whole, codec)))
    return done


def _repair_apart(chunk: Chunk, repair: _Repair) -> list[RepairedChunk]:
    """The chunk; where a stage fails over it, in parts, so that one record only is rejected."""
    try:
        return [repair(chunk)]
    except (FormatError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 (whatever a stage raises, it is one record's)
        parts = halves(chunk)
        if not parts:
            reason = f"jiaokan itself failed on it ({one_line(error)})"
            given = repair.keywords
            encoding = getattr(given["form"], "encoding", "utf-8")
            return _lost(chunk, reason, keeps=given["keeps_unreadable"], encoding=encoding)
    return [each for part in parts for each in _repair_apart(part, repair)]


def _lost(
    chunk: Chunk,
    reason: str = "it crashes jiaokan; please report this",
    *,
    keeps: bool,
    encoding: str,
) -> list[RepairedChunk]:
    rejected = Rejected(chunk.first, reason, raw_of(chunk, encoding))
    changed = ChangedChunk(None, 0, (rejected,))
    if keeps:
        # What is written of a row of delimited text is its spelling, not what it was cut out of.
        data = raw_of(chunk) if isinstance(chunk.data, tuple) else chunk.data
        changed = ChangedChunk(data, 1, (), (rejected,))
    return [RepairedChunk(changed, (), 0, 0, begins_section=chunk.begins_section)]
