"""Files of records in a run: recognised, repaired as streams into their places, and shown."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from jiaokan.repair.audit.rows import Entry, FileRow, json_line
from jiaokan.repair.corpus.compression import BROKEN
from jiaokan.repair.corpus.placing import Placing, StreamedFile
from jiaokan.repair.corpus.recognise import Columns, recognise, suffix_of
from jiaokan.repair.corpus.records import FormatError, NoColumnError, RecordFormat
from jiaokan.repair.corpus.repacking import sample_of
from jiaokan.repair.corpus.repairing import RepairedCell, repair_chunk
from jiaokan.repair.corpus.rows import RenderRows, RowsWriter
from jiaokan.repair.corpus.run import RecordCounts, repair_records
from jiaokan.repair.corpus.silenced import SilencedRepairer, silenced
from jiaokan.repair.corpus.text_file import CompressedText, is_compressed_text
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.files import Input, Refused
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.run import RecordFile, Result, SkippedError
from jiaokan.validators.values import Decoding, Run

if TYPE_CHECKING:
    from jiaokan.repair.fixing.output import Prepared, Target

MOST_UNREAD = 10
"""Records of a file that `check` names, of those that could not be read; the others are counted."""


@dataclass(frozen=True, slots=True)
class RecogniseRecords:
    """Tells files of records, and compressed text, from plain text. Picklable, for workers."""

    columns: Columns
    is_only_looked_at: bool = False
    """For `check` and so on, which meet files of records that are no text: those are skipped, where
    nobody named columns. To `fix` they are failures, since somebody wants them repaired."""

    def __call__(self, stream: BinaryIO, item: Input, repairer: Repairer) -> RecordFile | None:
        """Raises FormatError for a file that is not what its format says."""
        try:
            form, codec = recognise(stream, item.path.name, self.columns)
        except NoColumnError as error:
            if self.is_only_looked_at and self.columns.text is None:
                raise SkippedError(f"skipped: {error}") from None
            raise
        if form is not None:
            return FileOfRecords(item, form, codec, silenced(repairer, item.path))
        if codec is not None and is_compressed_text(stream, codec, suffix_of(item.path.name)):
            return CompressedText(item, codec, repairer)
        return None


@dataclass(frozen=True, slots=True)
class FileOfRecords(StreamedFile):
    """One file of records. Sizes are bytes."""

    input: Input
    form: RecordFormat
    codec: str | None
    repairer: Repairer

    def _prepare(
        self, target: "Target", workers: Workers, on_progress: Callable[[int], None]
    ) -> "Prepared | Refused":
        form, codec = self.form, self.codec
        with Placing(self.input, target, repr(form), codec, RowsWriter.TABLES) as placing:
            begun = placing.checkpoint.open()
            out, *tables = placing.checkpoint.files
            rows = RowsWriter(*tables)
            if begun is not None:
                rows.edits_by_rule.update(begun["edits_by_rule"])
                rows.findings_by_rule.update(begun["findings_by_rule"])

            def keep(counts: RecordCounts) -> None:
                if not target.in_place:
                    placing.checkpoint.save(
                        {
                            "counts": asdict(counts),
                            "edits_by_rule": rows.edits_by_rule,
                            "findings_by_rule": rows.findings_by_rule,
                        }
                    )

            counts = repair_records(
                self.input.path, out, form, codec, self.repairer, workers=workers,
                render=RenderRows(self.input.name), on_rows=rows.add, on_progress=on_progress,
                begun=None if begun is None else RecordCounts(**begun["counts"]),
                on_section=keep,
            )  # fmt: skip
            changed = bool(counts.edits or counts.rejected or self._is_written_anew())
            if not changed:
                counts.output_sha256, counts.output_size = counts.sha256, counts.size
                if not target.in_place:
                    with self.input.path.open("rb") as original:
                        placing.copy(original)
            edits, findings, rejected = placing.tables
            row = self._row(counts, placing.status.st_mode, target.configuration)
            entry = Entry(
                json_line(row.as_json()), edits, findings, rows.edits_by_rule,
                rows.findings_by_rule, self.input.name, counts.size, counts.characters, changed,
                rejected, counts.records + counts.rejected, counts.rejected, len(counts.unread),
            )  # fmt: skip
            return placing.placed(entry)

    def _is_written_anew(self) -> bool:
        return getattr(self.form, "encoding", "utf-8") != "utf-8"

    def _row(self, counts: RecordCounts, mode: int, configuration: str) -> FileRow:
        records: dict[str, Any] = {
            "format": self.form.name,
            "compression": self.codec,
            "columns": list(self.form.columns),
            "id_column": self.form.id_column,
            "count": counts.records + counts.rejected,
            "rejected": counts.rejected,
            "unread": counts.unread,
            "texts": f"{counts.digest:064x}",
        }
        several = self.form.columns if len(self.form.columns) > 1 else ()
        if textless := [name for name in several if name not in counts.columns]:
            records["textless"] = textless
        if self.codec is not None:
            with self.input.path.open("rb") as file:
                records["packed"] = sample_of(file)
        # Of some formats only; for the others they are not asked.
        texts = ("delimiter", "encoding")
        records |= {name: getattr(self.form, name) for name in texts if hasattr(self.form, name)}
        return FileRow(
            self.input.name, counts.size, counts.sha256, counts.output_size,
            counts.output_sha256, counts.characters, mode & 0o7777, counts.edits,
            counts.findings, None, records, configuration,
        )  # fmt: skip

    def results(self) -> Iterator[Result | Refused]:
        """A result for each text in which something was found; one without text where there is
        none, or where there are silences without use."""
        with self.input.path.open("rb") as file:
            yield from self.results_in(file)

    def results_in(self, stream: BinaryIO) -> Iterator[Result | Refused]:
        """The same, of a stream that holds what the file would."""
        from jiaokan.repair.corpus.compression import reading

        found = False
        unread = 0
        try:
            for chunk in self.form.read(reading(stream, self.codec)):
                done = repair_chunk(chunk, repairer=self.repairer, form=self.form)
                for cell in done.cells:
                    found = True
                    yield self._result_of(cell)
                for record in (*done.changed.rejected, *done.changed.unread):
                    unread += 1
                    if unread <= MOST_UNREAD:
                        reason = f"record #{record.record} was not read ({record.reason})"
                        yield Refused(self.input.name, reason, is_failure=False)
        except BROKEN as error:
            if isinstance(error, FormatError):
                raise
            raise FormatError(f"not whole: {error}") from None
        if unread > MOST_UNREAD:
            reason = f"{unread - MOST_UNREAD:,} more records were not read"
            yield Refused(self.input.name, reason, is_failure=False)
        unused = self.repairer.unused if isinstance(self.repairer, SilencedRepairer) else ()
        if unused or not found:
            yield Result(self.input, b"", self.repairer.repair(b""), unused_silences=unused)

    def _result_of(self, cell: RepairedCell) -> Result:
        text = cell.repaired.document.text
        data = text.encode("utf-8", "surrogatepass")
        run = Run("utf-8", 0, len(data), 0, len(text))
        document = replace(cell.repaired.document, decoding=Decoding("utf-8", (run,)))
        shown = replace(self.input, name=f"{self.input.name}#{cell.record}/{cell.column}")
        return Result(shown, data, replace(cell.repaired, document=document))
