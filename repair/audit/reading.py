"""Reads the audit of a run."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jiaokan.repair.audit import VERSION
from jiaokan.repair.audit.packing import is_available, packed_names, unpack
from jiaokan.repair.audit.rows import FileRow, edit_of_json
from jiaokan.repair.files import AUDIT, RunError, is_audit
from jiaokan.validators.values import Edit


class Audit:
    """The audit of one run, for reading."""

    def __init__(self, out: Path, folder: Path | None = None) -> None:
        """Of the last run over `out`; or of the one in `folder`.

        Raises RunError where there is none, or where it is not as it was written.
        """
        self.out = out
        self.folder = folder or _last_run(out)
        self.is_finished = (self.folder / "summary.json").exists()
        about = self.folder / ("summary.json" if self.is_finished else "run.json")
        self.summary = _json(_read(about), about)
        """What the run was about; where it was finished, with its counts."""
        if self.summary.get("audit_version") != VERSION:
            raise RunError(f"{about}: not an audit that this version of jiaokan can read")
        self._prove()

    @property
    def top(self) -> Path:
        """The folder of the audits of all runs over the same files."""
        if self.folder.parent.name in ("earlier", "broken"):
            return self.folder.parent.parent
        return self.folder.parent if self.folder.name == "run" else self.folder

    @property
    def base(self) -> Path:
        """The folder of the repaired files."""
        return self.top / str(self.summary.get("base", ".."))

    def _prove(self) -> None:
        for name, expected in self.summary.get("sha256", {}).items():
            path = self.folder / name
            try:
                with path.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise RunError(f"{path}: {error.strerror}; the audit is not whole") from error
            if found != expected:
                raise RunError(
                    f"{path} was altered after the run: its hash is not the one recorded"
                )

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, as they were written."""
        path = self.folder / table
        if not path.exists() and self.folder.name == "run":
            path = self.folder.parent / table  # killed while the tables moved up
        if not path.exists():
            yield from self._packed_rows(table)
            return
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n") and not self.is_finished:
                    return  # cut off when the run was killed: nothing after it was done
                yield _json(line, path)

    def _packed_rows(self, table: str) -> Iterator[dict[str, Any]]:
        packed = (self.folder / name for name in packed_names([table]))
        path = next((path for path in packed if path.exists()), None)
        if path is None:
            return
        if path.suffix == ".parquet" and not is_available():
            raise RunError(f"{path}: Parquet, which takes pip install 'jiaokan[corpus]'")
        try:
            yield from unpack(path)
        except (ValueError, KeyError, TypeError) as error:
            reason = f"not a table of an audit ({error}); it was altered"
            raise RunError(f"{path}: {reason}") from error

    def entries(self) -> Iterator[tuple[FileRow, Iterator[dict[str, Any]]]]:
        """Each file with the rows of its edits, which must be taken before the next file is."""
        rows = self.rows("edits.jsonl")
        waiting = next(rows, None)

        def of_file(file: FileRow) -> Iterator[dict[str, Any]]:
            nonlocal waiting
            count = 0
            while waiting is not None and waiting.get("file") == file.name:
                row, waiting = waiting, next(rows, None)
                count += 1
                yield row
            if count != file.edits and self.is_finished:
                raise RunError(f"{self.folder}: the edits of {file.name!r} are not whole")

        for each in self.rows("files.jsonl"):
            file = FileRow.of_json(each)
            edits = of_file(file)
            yield file, edits
            for _ in edits:
                pass

    def files(self) -> Iterator[tuple[FileRow, Sequence[Edit]]]:
        """Each file with its edits; none for a file of records, whose edits are in its records."""
        for file, rows in self.entries():
            yield file, [] if file.decoding is None else [edit_of_json(row) for row in rows]


def is_finished(out: Path) -> bool:
    """Whether the last run over `out` came to its end. Raises RunError where there was none."""
    return (_last_run(out) / "summary.json").exists()


def _last_run(out: Path) -> Path:
    folder = out if is_audit(out) else out / AUDIT  # `--audit DIR` may be given itself
    if (folder / "run" / "run.json").exists():
        return folder / "run"
    if (folder / "summary.json").exists():
        return folder
    broken = broken_runs(folder)
    if broken:  # killed again before it had begun
        return broken[0]
    if not out.exists():
        raise RunError(f"{out}: there is no such folder")
    raise RunError(f"{out}: no audit here; give the folder that `jiaokan fix` wrote, with {AUDIT}/")


def earlier_runs(audit: Audit) -> list[Path]:
    """The folders of the runs before this, the last one, over the same files, latest first."""
    folder, runs = audit.folder, []
    if folder.name == "run":
        folder = folder.parent
        runs = [folder] if (folder / "summary.json").exists() else []
    elif folder.parent.name == "broken":
        folder = folder.parent.parent
    with suppress(OSError):
        numbered = [path for path in (folder / "earlier").iterdir() if path.name.isdigit()]
        runs += sorted(numbered, key=lambda path: -int(path.name))
    return runs + [run for run in broken_runs(folder) if run != audit.folder]


def broken_runs(audit: Path) -> list[Path]:
    """The folders of runs into a folder of their own that were killed, latest first."""
    broken = audit / "broken"
    if not broken.is_dir():
        return []
    numbered = [path for path in broken.iterdir() if (path / "run.json").exists()]
    return sorted(numbered, key=lambda path: -int(path.name))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _json(data: bytes, path: Path) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError as error:
        raise RunError(f"{path}: not JSON ({error}); the audit was altered") from error
    if not isinstance(value, dict):
        raise RunError(f"{path}: not an audit")
    return value
