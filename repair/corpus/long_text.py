"""Texts too long to be held: streamed in parts (`cutting`), by several workers, compressed or not."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from jiaokan.repair.audit.rows import Entry, FileRow, decoding_json, json_line
from jiaokan.repair.corpus.checkpoint import SECTION, Checkpoint, Sections
from jiaokan.repair.corpus.compression import PACKED_APART, compressed
from jiaokan.repair.corpus.part_rows import PartRow, edit_rows, finding_rows, lines_at
from jiaokan.repair.corpus.placing import Placing, StreamedFile
from jiaokan.repair.corpus.records import FormatError, one_line
from jiaokan.repair.corpus.repacking import sample_of
from jiaokan.repair.corpus.run import ChangedWhileReadError, digest_of
from jiaokan.repair.corpus.text_source import DENSEST, HARMLESS, Source
from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.cutting import Part, parts_of
from jiaokan.repair.files import Input, Refused, status_of
from jiaokan.repair.location import AT_START, Extent
from jiaokan.repair.memory import largest_text
from jiaokan.repair.named_format import for_text_of
from jiaokan.repair.parts import Beginning, beginning_of, repair_part
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.run import UTF8_BOM, Result, repair_bytes
from jiaokan.repair.silences import UnusedSilence, apply_silences, rules_of_file
from jiaokan.repair.silences.sidecar import Silence, silence, silences_for
from jiaokan.validators.values import Decoding, Repaired

if TYPE_CHECKING:
    from jiaokan.repair.fixing.output import Prepared, Target

FORMAT = "long-text"
"""What the audit calls a text that was repaired in parts."""


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A part and its number, from 0."""

    part: Part
    number: int


@dataclass(frozen=True, slots=True)
class Done:
    """A part that is repaired, in its own positions."""

    output: bytes
    output_size: int
    """Bytes of the text that it holds, which may be packed."""
    changed: bool
    size: int
    extent: Extent
    decoding: Decoding | None
    """How it was read; None where it is UTF-8 without more ado."""
    edits: Sequence[PartRow] = ()
    findings: Sequence[PartRow] = ()
    edits_by_rule: Counter[str] = field(default_factory=Counter)
    findings_by_rule: Counter[str] = field(default_factory=Counter)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class PartRepairer:
    """Repairs the parts of one text, as its beginning and its silences want it. Picklable."""

    item: Input
    repairer: Repairer
    beginning: Beginning
    silenced: tuple[str, ...]
    """What a comment in the first part silences in the whole text."""
    codec: str | None
    """By which each part is packed."""

    @classmethod
    def of(
        cls, item: Input, repairer: Repairer, first: Part, codec: str | None = None
    ) -> "PartRepairer":
        beginning, text = beginning_of(first)
        own = for_text_of(repairer, item.path.name)
        return cls(item, own, beginning, rules_of_file(text), codec)

    def repaired(
        self, part: Part
    ) -> tuple[Repaired, tuple[UnusedSilence, ...], tuple[Silence, ...]]:
        """A part, and the silences in it, and of its file, that are of no use there."""
        repaired = repair_part(part, self.beginning, self.repairer.settings)
        heard, unused = apply_silences(repaired, () if part.is_first else self.silenced)
        of_line = tuple(each for each in unused if each.rule not in self.silenced)
        heard, of_file = silence(heard, silences_for(self.item.path))
        return heard, of_line, of_file

    def __call__(self, numbered: _Numbered) -> Done:
        """A part, with what is to be written of it."""
        part = numbered.part
        try:
            repaired, _, _ = self.repaired(part)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever a stage raises, it is this text's)
            return _failed(f"jiaokan itself failed on it ({one_line(error)}); please report this")
        decoding = repaired.document.decoding
        assert decoding is not None
        name = self.item.name
        output = output_of(part, repaired)
        return Done(
            output if self.codec is None else compressed(output, self.codec),
            len(output),
            output != part.data,
            len(part.data),
            AT_START.with_text(repaired.document.text, len(part.data)),
            None if is_plain(decoding) else decoding,
            tuple(edit_rows(name, numbered.number, repaired)),
            tuple(finding_rows(name, numbered.number, repaired)),
            Counter(edit.rule for edit in repaired.edits),
            Counter(finding.rule for finding in repaired.findings),
        )


def is_plain(decoding: Decoding) -> bool:
    """Whether all of it is UTF-8, so that nothing need be known to encode it again."""
    runs = decoding.runs
    return not decoding.bom and all(r.encoding == "utf-8" and r.raw is None for r in runs)


def output_of(part: Part, repaired: Repaired) -> bytes:
    """The repaired part: UTF-8, with a BOM where the text begins with a UTF-8 one."""
    decoding = repaired.document.decoding
    assert decoding is not None
    if not repaired.edits and is_plain(decoding):
        return part.data
    bom = UTF8_BOM if decoding.bom == UTF8_BOM else b""
    return bom + repaired.text.encode("utf-8", "surrogatepass")


def _failed(reason: str) -> Done:
    return Done(b"", 0, False, 0, AT_START, None, failure=reason)


def _lost(numbered: _Numbered) -> Done:
    return _failed("it crashes jiaokan itself; leave the file out and report this")


def _uncut(numbered: _Numbered) -> Sequence[_Numbered]:
    return ()


def _weight(numbered: _Numbered) -> int:
    return len(numbered.part.data)


@dataclass(slots=True)
class _Counts:
    """What was done so far. `parts` says of each its bytes, those it became, its edits and how it
    was read."""

    before: Extent = AT_START
    parts: list[Any] = field(default_factory=list)
    changed: bool = False
    edits_by_rule: Counter[str] = field(default_factory=Counter)
    findings_by_rule: Counter[str] = field(default_factory=Counter)

    def add(self, done: Done) -> None:
        read = None if done.decoding is None else decoding_json(done.decoding)
        self.parts.append([done.size, done.output_size, len(done.edits), read])
        self.changed |= done.changed
        self.before = self.before.and_then(done.extent)
        self.edits_by_rule += done.edits_by_rule
        self.findings_by_rule += done.findings_by_rule

    def as_json(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {
            "before": asdict(self.before),
            "parts": self.parts,
            "changed": self.changed,
            "by_rule": [self.edits_by_rule, self.findings_by_rule],
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "_Counts":
        edits, findings = kept["by_rule"]
        return cls(
            Extent(**kept["before"]), kept["parts"], kept["changed"], Counter(edits),
            Counter(findings),
        )  # fmt: skip


def repaired_parts(
    parts: Iterator[Part],
    item: Input,
    repairer: Repairer,
    workers: Workers,
    codec: str | None,
    at: int = 0,
) -> Iterator[Done]:
    """What became of the parts of a text from byte `at` on, in order, each packed by the codec."""
    first = next(parts)
    repair = PartRepairer.of(item, repairer, first, codec)
    numbered = (_Numbered(part, number) for number, part in enumerate(chain([first], parts)))
    left = (each for each in numbered if each.part.at >= at)
    return workers.map(repair, left, _uncut, _lost, weigh=_weight)


@dataclass(frozen=True, slots=True)
class LongText(StreamedFile):
    """One text file that is repaired in parts."""

    input: Input
    codec: str | None
    repairer: Repairer

    def _prepare(
        self, target: "Target", workers: Workers, on_progress: Callable[[int], None]
    ) -> "Prepared | Refused":
        tables = ("edits", "findings")
        with (
            Placing(self.input, target, FORMAT, self.codec, tables) as placing,
            self.input.path.open("rb") as file,
        ):
            before = status_of(file, self.input.path)
            counts, source = self._repair(
                file, placing.checkpoint, workers, on_progress, is_kept=not target.in_place
            )
            after = status_of(file, self.input.path)
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise ChangedWhileReadError(
                    "it was written to while it was read; run again when it is at rest"
                )
            if not counts.changed and self.codec is not None and not target.in_place:
                placing.copy(file)
            row = self._row(
                counts, source, placing.status.st_mode, target.configuration, placing.out, file
            )
            edits, findings = placing.tables
            entry = Entry(
                json_line(row.as_json()), edits, findings, counts.edits_by_rule,
                counts.findings_by_rule, self.input.name, row.size, row.characters, counts.changed,
            )  # fmt: skip
            return placing.placed(entry)

    def _repair(
        self,
        file: BinaryIO,
        checkpoint: Checkpoint,
        workers: Workers,
        on_progress: Callable[[int], None],
        *,
        is_kept: bool,
    ) -> tuple[_Counts, Source]:
        """Write the repaired text and its rows into the files of the checkpoint. Raises FormatError."""
        begun = checkpoint.open()
        out, edits, findings = checkpoint.files
        counts = _Counts() if begun is None else _Counts.of_json(begun)
        packed: Any = out
        if self.codec is not None and not self._apart:
            packed = Sections(out, self.codec)
        source = self._source(file)
        since = 0
        for done in self._done(source, workers, counts):
            if done.failure:
                raise FormatError(done.failure)
            if since >= SECTION:
                if isinstance(packed, Sections):
                    packed.end_section()
                if is_kept:
                    checkpoint.save(counts.as_json())
                since = 0
            packed.write(done.output)
            edits.writelines(lines_at(done.edits, counts.before))
            findings.writelines(lines_at(done.findings, counts.before))
            counts.add(done)
            since += done.size
            on_progress(file.tell())
        if packed is not out:
            packed.close()
        return counts, source

    def _source(self, file: BinaryIO) -> Source:
        if self.codec is None:
            return Source(file, None)
        return Source(file, self.codec, max(HARMLESS, DENSEST * self.input.path.stat().st_size))

    def _done(self, source: Source, workers: Workers, counts: _Counts) -> Iterator[Done]:
        """What became of the parts that are not among the `counts` yet, in order."""
        parts = parts_of(source.read)
        at = counts.before.bytes
        return repaired_parts(parts, self.input, self.repairer, workers, self._apart, at)

    @property
    def _apart(self) -> str | None:
        """The codec by which workers pack each part."""
        return self.codec if self.codec in PACKED_APART else None

    def _row(
        self,
        counts: _Counts,
        source: Source,
        mode: int,
        configuration: str,
        out: BinaryIO,
        file: BinaryIO,
    ) -> FileRow:
        size, sha256 = source.size, source.sha256.hexdigest()
        records: dict[str, Any] = {"format": FORMAT, "compression": self.codec}
        if counts.changed:
            records |= {"parts": counts.parts, "text_sha256": sha256}
        if self.codec is not None:
            records["packed"] = sample_of(file)
            size, sha256 = digest_of(file)
        output_size, output_sha256 = digest_of(out) if counts.changed else (size, sha256)
        return FileRow(
            self.input.name, size, sha256, output_size, output_sha256, counts.before.characters,
            mode & 0o7777, counts.edits_by_rule.total(), counts.findings_by_rule.total(), None,
            records, configuration,
        )  # fmt: skip

    def results(self) -> Iterator[Result | Refused]:
        """A result for each part. Raises FormatError, OSError."""
        with self.input.path.open("rb") as file:
            yield from self.results_in(self._source(file).read)

    def whole(self) -> Iterator[Result | Refused]:
        """The one result of the whole text, for who must have it in one piece. Raises FormatError,
        OSError."""
        with self.input.path.open("rb") as file:
            data = self._source(file).read(largest_text() + 1)
        result = repair_bytes(data, self.repairer, self.input.name, self.input.path)
        yield result if isinstance(result, Refused) else replace(result, input=self.input)

    def results_in(self, read: Callable[[int], bytes]) -> Iterator[Result]:
        """The same, of what `read` gives."""
        parts = parts_of(read)
        first = next(parts)
        repair = PartRepairer.of(self.input, self.repairer, first)
        before = AT_START
        silences = silences_for(self.input.path)
        for part in chain([first], parts):
            repaired, unused, of_file = repair.repaired(part)
            silences = tuple(each for each in silences if each in of_file)
            unused = tuple(UnusedSilence(u.line + before.lines, u.rule) for u in unused)
            yield Result(self.input, part.data, repaired, unused_silences=unused, before=before)
            before = before.with_text(repaired.document.text, len(part.data))
        if silences:
            unused = tuple(each.unused for each in silences)
            nothing = self.repairer.repair(b"")
            yield Result(self.input, b"", nothing, unused_silences=unused, before=before)
