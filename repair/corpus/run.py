"""One file of records, streamed through the repairer into another; and back again."""

import codecs
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.corpus.checkpoint import FORMATS, Sections, in_sections
from jiaokan.repair.corpus.compression import BROKEN, PACKED_APART, compressed, reading
from jiaokan.repair.corpus.records import (
    Cell,
    Chunk,
    FormatError,
    Part,
    RecordFormat,
    Rejected,
    joined,
    one_line,
    unit_of,
    units_of,
)
from jiaokan.repair.corpus.repacking import GzipMembers, Repacked
from jiaokan.repair.corpus.repairing import (
    DIGESTS,
    Render,
    RepairedChunk,
    digest_of_cell,
    repair_chunks,
)
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.edits import revert_edits
from jiaokan.repair.files import status_of
from jiaokan.repair.repairer import Repairer
from jiaokan.validators.values import Edit


@dataclass(slots=True)
class RecordCounts:
    """What was done to one file. Records in = records out + rejected."""

    size: int = 0
    sha256: str = ""
    output_size: int = 0
    output_sha256: str = ""
    records: int = 0
    rejected: int = 0
    characters: int = 0
    edits: int = 0
    findings: int = 0
    digest: int = 0
    """Proves the texts as they were; see `digest_of_cell`."""
    unread: list[int] = field(default_factory=list)
    """Numbers of records that were left as they are because they are too long."""
    columns: list[str] = field(default_factory=list)
    """Of several columns, those in which there was a text."""


class ChangedWhileReadError(FormatError):
    """The file was written to during the run."""


def repair_records(
    source: Path,
    target: BinaryIO,
    form: RecordFormat,
    codec: str | None,
    repairer: Repairer,
    *,
    workers: Workers,
    render: Render,
    on_rows: Callable[[Any], None],
    on_progress: Callable[[int], None] = lambda position: None,
    begun: RecordCounts | None = None,
    on_section: Callable[[RecordCounts], None] = lambda counts: None,
) -> RecordCounts:
    """Repair the records of `source` into `target`, in the same format and compression.

    `on_rows` is given what `render` made of each chunk, in order; `on_progress` is told how many
    bytes of the file have been read. `on_section` is given the counts where what is in `target` is
    whole so far; with `begun`, those of an earlier run, it goes on from there.

    Raises FormatError, OSError.
    """
    counts = begun or RecordCounts()
    done_before = None if begun is None else begun.records + begun.rejected
    is_resumable = form.name in FORMATS
    with source.open("rb") as file, source.open("rb") as like:
        before = status_of(file, source)
        apart = packed_apart(form, codec)
        out = target if apart else output_of(form, target, codec, like)

        def outcomes() -> Iterator[Any]:
            chunks = whole(form.read(reading(file, codec)), codec)
            if is_resumable:
                chunks = in_sections(chunks, done_before)
            for done in repair_chunks(form, chunks, repairer, workers, render, codec=apart):
                if done.begins_section:
                    if isinstance(out, Sections):
                        out.end_section()
                    on_section(counts)
                _count(done, counts)
                on_rows(done.rendered)
                on_progress(file.tell())
                if done.changed.data is not None:
                    yield done.changed.data

        form.write(out, outcomes(), like)
        if out is not target:
            out.close()
        elif apart and not target.tell():
            target.write(compressed(b"", apart))
        after = status_of(file, source)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ChangedWhileReadError(
            "it was written to while it was read; run again when it is at rest"
        )
    # Both at once, as no worker has anything to do any more. Where the run is stopped meanwhile, the file
    # is closed, which ends the thread.
    with ThreadPoolExecutor(1) as beside, source.open("rb") as file:
        of_source = beside.submit(digest_of, file)
        counts.output_size, counts.output_sha256 = digest_of(target)
        counts.size, counts.sha256 = of_source.result()
    return counts


def restore_records(
    output: Path,
    target: BinaryIO,
    form: RecordFormat,
    codec: str | None,
    edits: Iterator[tuple[int, str, Sequence[Edit]]],
    rejected: Iterable[Rejected],
    unread: Collection[int] = (),
    sample: Mapping[str, Any] | None = None,
    encoding: str = "utf-8",
) -> tuple[int, int]:
    """Write the original records of a repaired file into `target`.

    Returns how many, and the sum of their texts' `digest_of_cell`, but for the `rejected` and `unread`.

    `edits` are those of each changed text, in order, with its record's number and its column;
    `rejected` are put back where they stood; `sample` is of the compressed original;
    `encoding` is that of its delimited text. Raises ValueError where the text is not what the edits made.
    """
    waiting = next(edits, None)
    back = {one.record: _utf8(one.raw, encoding) for one in rejected}
    total = digest = 0
    uncounted = {*back, *unread}

    def change(cells: Sequence[Cell]) -> list[str]:
        nonlocal waiting, digest
        by_place = {(cell.record, cell.column): number for number, cell in enumerate(cells)}
        texts = [cell.text for cell in cells]
        while waiting is not None and (waiting[0], waiting[1]) in by_place:
            number = by_place[waiting[0], waiting[1]]
            texts[number] = revert_edits(texts[number], waiting[2])
            waiting = next(edits, None)
        for cell, text in zip(cells, texts, strict=True):
            if cell.record not in uncounted:
                digest = (digest + digest_of_cell(replace(cell, text=text))) % DIGESTS
        return texts

    encode = None
    if encoding != "utf-8":  # it was read by this, and written as UTF-8
        encode = codecs.getincrementalencoder(encoding)("surrogateescape").encode

    with output.open("rb") as file, output.open("rb") as like:

        def restored() -> Iterator[Any]:
            nonlocal total
            for chunk in _with_rejected(form.read(reading(file, codec)), dict(back)):
                changed = form.change(chunk, change, keep_unreadable=True)
                total += changed.records
                yield changed.data if encode is None else encode(_text_of(changed.data))

        out = output_of(form, target, codec, like, sample)
        form.write(out, restored(), like)
        if out is not target:
            out.close()
    if waiting is not None:
        raise ValueError(f"record {waiting[0]} of the audit is not in the file")
    return total, digest


def _utf8(raw: bytes, encoding: str) -> bytes:
    """A line as what is written of it; of a format in no such encoding, the same."""
    if encoding == "utf-8":
        return raw
    return raw.decode(encoding, "surrogateescape").encode("utf-8", "surrogateescape")


def _text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _count(done: RepairedChunk, counts: RecordCounts) -> None:
    counts.records += done.changed.records
    counts.rejected += len(done.changed.rejected)
    counts.characters += done.characters
    counts.digest = (counts.digest + done.digest) % DIGESTS
    counts.columns = sorted({*counts.columns, *done.columns})
    counts.unread += [one.record for one in done.changed.unread]
    counts.edits += done.edits
    counts.findings += done.findings


def packed_apart(form: RecordFormat, codec: str | None) -> str | None:
    """The codec by which workers pack each chunk of such a file; None where who writes it does."""
    return codec if codec in PACKED_APART and form.name in ("jsonl", "json", "csv") else None


def output_of(
    form: RecordFormat,
    target: BinaryIO,
    codec: str | None,
    like: BinaryIO,
    sample: Mapping[str, Any] | None = None,
) -> Any:
    """A stream that compresses into `target` as `like` is, or as the file of the sample was."""
    if codec is None:
        return target
    if form.name == "warc" and codec == "gzip":
        like.seek(0)
        return GzipMembers(target, like.read(10))
    return Repacked(target, codec, sample) if sample else Sections(target, codec)


def whole(chunks: Iterator[Chunk], codec: str | None) -> Iterator[Chunk]:
    """The chunks. Raises FormatError where the compressed data are cut off or were altered."""
    try:
        yield from chunks
    except FormatError:
        raise
    except BROKEN as error:
        if codec is None:
            raise
        raise FormatError(
            f"not whole: its {codec} data cannot be read after what was read ({one_line(error)})"
        ) from None


def _with_rejected(chunks: Iterable[Chunk], back: dict[int, bytes]) -> Iterator[Chunk]:
    """Chunks of a repaired file, numbered as in the original, the rejected records put back."""
    shift = 0
    last: Chunk | None = None
    for chunk in chunks:
        first = number = chunk.first + shift
        data = chunk.data
        if back and not isinstance(data, Part):
            parts = []
            for unit in units_of(data):
                while number in back:
                    parts.append(unit_of(back.pop(number), data))
                    number += 1
                parts.append(unit)
                number += 1
            shift += len(parts) - len(units_of(data))
            data = joined(parts, data)
        last = Chunk(first, data)
        yield last
    if back:
        like = b"" if last is None or isinstance(last.data, Part) else last.data
        parts = [unit_of(back[number], like) for number in sorted(back)]
        yield Chunk(min(back), joined(parts, like))


def digest_of(file: Any) -> tuple[int, str]:
    """Size and SHA-256 of an open file."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    return file.seek(0, os.SEEK_END), digest
