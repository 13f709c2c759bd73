"""Where repaired files go: a folder of its own, or over the originals; with the audit in it."""

from pathlib import Path
from types import TracebackType
from typing import Any

from jiaokan.repair.audit import AuditWriter
from jiaokan.repair.files import AUDIT, Refused, Trouble, path_of, write_atomically
from jiaokan.repair.run import Result


class OutputFolder:
    """The folder of a run. Use as a context, `write` batch by batch, then `finish`."""

    def __init__(self, folder: Path, *, in_place: bool) -> None:
        self.folder = folder
        self.in_place = in_place
        self.failures = 0
        self._folders: set[Path] = set()

    @classmethod
    def open(cls, folder: Path, base: Path, *, force: bool) -> "OutputFolder":
        """Raises Trouble where the folder is not ours to write into."""
        in_place = folder is base
        if not in_place:
            if folder.resolve() == base.resolve():
                raise Trouble(f"{folder} is the input itself; to write over it say --in-place")
            if folder.exists() and not folder.is_dir():
                raise Trouble(f"{folder} is a file; -o takes a folder")
            ours = (folder / AUDIT).exists()
            if folder.is_dir() and not ours and not force and any(folder.iterdir()):
                raise Trouble(
                    f"{folder} exists and was not made by jiaokan; give another -o, or --force"
                )
        return cls(folder, in_place=in_place)

    def __enter__(self) -> "OutputFolder":
        self.folder.mkdir(parents=True, exist_ok=True)
        import shutil

        shutil.rmtree(self.folder / AUDIT / "run", ignore_errors=True)
        self._audit = AuditWriter(self.folder / AUDIT)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def write(self, batch: list[Result | Refused]) -> None:
        """First the rows of the audit, then the files."""
        outputs: list[tuple[Result, bytes]] = []
        for item in batch:
            if isinstance(item, Refused):
                self._audit.reject(item)
            else:
                output = item.output
                self._audit.add(item, output)
                outputs.append((item, output))
        self._audit.sync()
        for result, output in outputs:
            if self.in_place:
                if output != result.data:
                    write_atomically(result.input.path, output, result.mode)
                continue
            path = path_of(self.folder, result.input.name)
            if path.parent not in self._folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(path.parent)
            write_atomically(path, output, result.mode)

    def finish(self, summary: dict[str, Any]) -> dict[str, Any]:
        return self._audit.finish({"in_place": self.in_place, **summary})
