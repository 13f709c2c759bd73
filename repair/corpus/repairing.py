"""The records of one file through the repairer: chunks in, changed chunks and what was done out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from jiaokan.repair.corpus.records import (
    Cell,
    ChangedChunk,
    Chunk,
    RecordFormat,
    Rejected,
    halves,
    raw_of,
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


def repair_chunk(repairer: Repairer, chunk: Chunk, *, form: RecordFormat) -> RepairedChunk:
    """One chunk, in the process that calls."""
    found: list[RepairedCell] = []
    characters = 0

    def change(cells: Sequence[Cell]) -> list[str]:
        nonlocal characters
        texts = []
        for cell, repaired in zip(
            cells, repairer.repair_many(cell.text for cell in cells), strict=True
        ):
            characters += len(cell.text)
            texts.append(repaired.text)
            if repaired.edits or repaired.findings:
                found.append(RepairedCell(cell.record, cell.id, cell.column, repaired))
        return texts

    return RepairedChunk(form.change(chunk, change), tuple(found), characters)


def repair_chunks(
    form: RecordFormat, chunks: Iterable[Chunk], repairer: Repairer, workers: int
) -> Iterator[RepairedChunk]:
    """All chunks of a file, in order. A record that crashes its process is rejected."""
    task = partial(repair_chunk, form=form)
    with Workers(repairer, workers, task, halves, _lost) as pool:
        yield from pool.map(chunks)


def _lost(chunk: Chunk) -> RepairedChunk:
    rejected = Rejected(chunk.first, "it crashes jiaokan; please report this", raw_of(chunk))
    return RepairedChunk(ChangedChunk(None, 0, (rejected,)), (), 0)
