"""A long text in parts: each repaired as a document, with what the first part shows of all of them.

What the whole text is (its format, its encoding) is what its beginning shows; its language and
script are each part's own, which has hundreds of thousands of characters to show them: a file so
long is as often many books as one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from jiaokan.repair.cutting import Part, parts_of
from jiaokan.repair.decode import decode_document
from jiaokan.repair.decode.codecs import is_table_driven
from jiaokan.repair.memory import in_utf8
from jiaokan.repair.pipeline import repair_document
from jiaokan.validators.format import recognise
from jiaokan.validators.values import (
    Decoding,
    Document,
    Edit,
    Finding,
    Format,
    Repaired,
    Run,
    Settings,
)

_OF_THE_END = frozenset({"lines/truncated", "encoding/truncated"})
"""Rules about how a text ends."""
_OF_ALL = frozenset({"encoding/legacy", "encoding/uncertain"})
"""Rules that say once what holds for the whole text."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the first part of a text shows of the others. `encoding` is "" for what never was bytes."""

    encoding: str
    format: Format


def beginning_of(first: Part) -> tuple[Beginning, str]:
    """What the first part shows, of a text that is bytes; and its text."""
    document, _ = decode_document(first.data)
    assert document.decoding is not None
    return Beginning(document.decoding.encoding, recognise(document.text)), document.text


def read_part(part: Part, beginning: Beginning) -> tuple[Document, Sequence[Finding]]:
    """The document of a part, and what was found when it was decoded."""
    if not beginning.encoding:
        return Document("", part.data.decode("utf-8", "surrogatepass")), ()
    if part.is_first:
        return decode_document(part.data)
    return decode_document(part.data, follows=beginning.encoding, at=part.at)


def repair_part(part: Part, beginning: Beginning, settings: Settings) -> Repaired:
    """A part, in its own positions."""
    document, noticed = read_part(part, beginning)
    settings = replace(settings, found_format=beginning.format)
    repaired = repair_document(document, settings, noticed=noticed)
    unsaid = set() if part.is_last else set(_OF_THE_END)
    if not part.is_first and repaired.encoding == beginning.encoding:
        unsaid |= _OF_ALL
    if any(finding.rule in unsaid for finding in repaired.findings):
        kept = tuple(finding for finding in repaired.findings if finding.rule not in unsaid)
        return replace(repaired, findings=kept)
    return repaired


def repair_long(data: str | bytes | Document, settings: Settings, id: str = "") -> Repaired:
    """A long text, in parts; the result is of the whole."""
    if isinstance(data, str):
        data = Document(id, data)
    document = data if isinstance(data, Document) else None
    parts = parts_of(BytesIO(in_utf8(data.text) if isinstance(data, Document) else data).read)
    first = next(parts)
    if document is None:
        beginning, _ = beginning_of(first)
    else:
        beginning = Beginning("", recognise(first.data.decode("utf-8", "surrogatepass")))
    repaired = [repair_part(part, beginning, settings) for part in (first, *parts)]
    return _joined(id, document, repaired)


def _joined(id: str, document: Document | None, parts: Sequence[Repaired]) -> Repaired:
    """The results of all parts as one; `document` is the whole, where it is known."""
    edits: list[Edit] = []
    findings: list[Finding] = []
    at = 0
    for part in parts:
        edits += (replace(e, start=e.start + at, end=e.end + at) for e in part.edits)
        findings += (replace(f, start=f.start + at, end=f.end + at) for f in part.findings)
        at += len(part.document.text)
    if document is None:
        decodings = [part.document.decoding for part in parts]
        text = "".join(part.document.text for part in parts)
        document = Document(id, text, joined_decoding(d for d in decodings if d is not None))
    return Repaired(document, "".join(p.text for p in parts), tuple(edits), tuple(findings))


def joined_decoding(parts: Iterable[Decoding]) -> Decoding:
    """How the parts of a text were read, as one."""
    runs: list[Run] = []
    sizes: Counter[str] = Counter()
    bom, confidence = b"", 1.0
    is_first = True
    for part in parts:
        if is_first:
            bom, is_first = part.bom, False
        confidence = min(confidence, part.confidence)
        byte, at = (runs[-1].byte_end, runs[-1].end) if runs else (0, 0)
        for run in part.runs:
            run = replace(
                run, byte_start=run.byte_start + byte, byte_end=run.byte_end + byte,
                start=run.start + at, end=run.end + at,
            )  # fmt: skip
            sizes[part.encoding] += run.byte_end - run.byte_start
            last = runs[-1] if runs else None
            is_same = (
                last is not None and last.encoding == run.encoding and is_table_driven(run.encoding)
            )
            if last is not None and is_same and last.raw is run.raw is None:
                runs[-1] = replace(last, byte_end=run.byte_end, end=run.end)
            else:
                runs.append(run)
    return Decoding(
        max(sizes, key=sizes.__getitem__, default="utf-8"), tuple(runs), bom, confidence
    )
