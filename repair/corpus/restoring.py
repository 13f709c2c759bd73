"""The originals of files of records, from the repaired files and the audit."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jiaokan.repair.audit.reading import Audit
from jiaokan.repair.audit.rows import FileRow, edit_of_json
from jiaokan.repair.corpus.compression import BROKEN
from jiaokan.repair.corpus.long_text import FORMAT as LONG_TEXT
from jiaokan.repair.corpus.recognise import format_of
from jiaokan.repair.corpus.records import MAX_RECORD_BYTES, Rejected
from jiaokan.repair.corpus.restoring_parts import restore_long_text
from jiaokan.repair.corpus.run import restore_records
from jiaokan.repair.corpus.text_file import restore_text
from jiaokan.repair.files import RunError
from jiaokan.validators.values import Edit


def restore(
    audit: Audit, row: FileRow, edits: Iterator[Mapping[str, Any]], path: Path, to: Path
) -> None:
    """Write the original of `path` to `to`: every record's values, proved by their hash.

    Raises RunError where the audit does not fit the file, or does not give the original.
    """
    assert row.records is not None
    records = row.records
    try:
        if records["format"] == "text":
            restore_text(row, edits, path, to)
            return
        if records["format"] == LONG_TEXT:
            restore_long_text(row, edits, path, to)
            return
        form = format_of(
            records["format"], tuple(records["columns"]), records["id_column"],
            records.get("delimiter", ","), 2 * MAX_RECORD_BYTES,
        )  # fmt: skip
        with to.open("w+b") as out:
            count, digest = restore_records(
                path, out, form, records["compression"], _grouped(edits),
                list(_rejected(audit, row)), records["unread"], records.get("packed"),
                records.get("encoding", "utf-8"),
            )  # fmt: skip
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise RunError(f"the audit does not fit it, so one of them was altered ({error})") from None
    except KeyError as error:
        raise RunError(f"files.jsonl has a row without {error}: it was altered") from None
    except LookupError as error:  # no encoding of that name
        raise RunError(f"the audit does not fit it, so one of them was altered ({error})") from None
    if (count, f"{digest:064x}") != (records["count"], records["texts"]):
        raise RunError("the audit does not give the original back: it was altered (hash differs)")


def _grouped(rows: Iterator[Mapping[str, Any]]) -> Iterator[tuple[int, str, Sequence[Edit]]]:
    for (record, field), of_text in groupby(rows, lambda row: (row["record"], row["field"])):
        yield record, field, [edit_of_json(row) for row in of_text]


def _rejected(audit: Audit, row: FileRow) -> Iterator[Rejected]:
    assert row.records is not None
    left = row.records["rejected"]
    unread = set(row.records["unread"])
    for each in audit.rows("rejected.jsonl") if left else ():
        if each["file"] == row.name and "record" in each and each["record"] not in unread:
            yield Rejected(each["record"], each["reason"], base64.b64decode(each["raw"]))
