"""The original of a text that was repaired in parts, from the repaired one and the audit."""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.audit.rows import FileRow, decoding_of_json, edit_of_json
from jiaokan.repair.corpus.compression import reading, writing
from jiaokan.repair.corpus.repacking import Repacked
from jiaokan.repair.decode import encode_document
from jiaokan.repair.edits import revert_edits
from jiaokan.repair.files import RunError
from jiaokan.repair.run import UTF8_BOM
from jiaokan.validators.values import Edit


def restore_long_text(
    row: FileRow, edits: Iterator[Mapping[str, Any]], path: Path, to: Path
) -> None:
    """Write the original of `path` to `to`, part by part. Raises RunError where its hash is not the
    recorded one."""
    assert row.records is not None
    records = row.records
    codec = records["compression"]
    digest = hashlib.sha256()
    with path.open("rb") as file, to.open("wb") as out:
        source = reading(file, codec)
        sample = records.get("packed")
        packed: Any = Repacked(out, codec, sample) if sample else writing(out, codec)
        for part in _parts(records["parts"], source, edits):
            digest.update(part)
            packed.write(part)
        if source.read(1):
            raise RunError("the audit does not fit it: the file is longer than what was written")
        if packed is not out:
            packed.close()
    if digest.hexdigest() != records["text_sha256"]:
        raise RunError("the audit does not give the original back: it was altered (hash differs)")


def _parts(
    parts: list[Any], source: BinaryIO, rows: Iterator[Mapping[str, Any]]
) -> Iterator[bytes]:
    """The original bytes of each part. Raises ValueError where the text is not what the edits made."""
    at = 0
    for _, output_size, count, read in parts:
        output = source.read(output_size)
        edits = [_moved(edit_of_json(row), -at) for row in islice(rows, count)]
        decoding = None if read is None else decoding_of_json(read)
        if decoding is not None and decoding.bom == UTF8_BOM:
            output = output.removeprefix(UTF8_BOM)
        text = revert_edits(output.decode("utf-8", "surrogatepass"), edits)
        at += len(text)
        yield (
            text.encode("utf-8", "surrogatepass")
            if decoding is None
            else encode_document(text, decoding)
        )


def _moved(edit: Edit, by: int) -> Edit:
    return Edit(
        edit.rule, edit.start + by, edit.end + by, edit.before, edit.after, edit.confidence,
        edit.applicability, edit.also,
    )  # fmt: skip
