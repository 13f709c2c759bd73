"""The record of a run, `OUT/_audit/`: written as the run goes, read by undo and by the report.

A run writes into `_audit/run/`, and makes that durable before it puts any file over an original,
so that a run that was killed can be undone too. When it is done, the files move up to `_audit/`.
An in-place run moves the audit of the run before it to `_audit/earlier/N/`.

`run.json`
    settings of the run, and the folder that its names are relative to. Written first.
`files.jsonl`
    one row a file: its name, how its bytes were read, hashes and sizes of both sides.
`edits.jsonl`, `findings.jsonl`
    one row an edit or finding, in the order of the files and of the text; of large runs, when they
    are done, `edits.parquet` and `findings.parquet`, or both as `.jsonl.gz`.
`rejected.jsonl`
    files that were not repaired, and why.
`summary.json`
    `run.json`, counts, and the hash of each table. Written last.
"""

from jiaokan.repair.audit.packing import packed_names

VERSION = 1
"""Of the audit's format; a reader refuses another one."""
TABLES = ("files.jsonl", "edits.jsonl", "findings.jsonl", "rejected.jsonl")
ALL_TABLES = (*TABLES, *packed_names(TABLES))
"""With the names of those that are packed."""
