"""A local folder that stands in for a remote one: the audit during a run, and files in transit.

A run into `s3://bucket/clean` writes here as it would into any folder; each file is sent when it is
done and does not stay, and the audit is sent at the end. A run that was killed leaves its audit
here, so that the next one on this machine goes on where it was.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from jiaokan.repair.files import AUDIT, RunError, path_of
from jiaokan.repair.files.addresses import Address

AT_ONCE = 16
"""Files that are sent at once."""
MARK = f"{AUDIT}/run.json"
"""Says at the address that a run is at work, or was broken off."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """The folder `here` stands for the one at `url`."""

    url: str
    here: Path

    def address(self, name: str) -> Address:
        return Address.of(f"{self.url.rstrip('/')}/{name}")

    def send(self, names: Iterable[str]) -> list[tuple[str, OSError]]:
        """Put files at the address, each whole or not at all; they do not stay here.

        Returns those that could not be put there.
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sent = pool.map(lambda name: (name, self._send(name)), names)
            return [(name, error) for name, error in sent if error is not None]

    def _send(self, name: str) -> OSError | None:
        path = path_of(self.here, name)
        try:
            self._put(path, name)
        except OSError as error:
            return error
        finally:
            path.unlink(missing_ok=True)
        return None

    def _put(self, path: Path, name: str) -> None:
        address = self.address(name)
        with address.errors():
            files, target = address.files
            files.put_file(str(path), target)

    def fetch(self, name: str) -> Path:
        """A file of the address, here. Raises OSError."""
        path = path_of(self.here, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.address(name).open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return path

    def sha256(self, name: str) -> str:
        """Of a file at the address. Raises OSError."""
        with self.address(name).open() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]

    def remove(self, name: str) -> None:
        address = self.address(name)
        with suppress(FileNotFoundError), address.errors():
            files, target = address.files
            files.rm_file(target)

    def is_audited(self) -> bool:
        """Whether a run wrote there, finished or broken off."""
        return any(self.address(name).is_file() for name in (f"{AUDIT}/summary.json", MARK))

    def is_empty(self) -> bool:
        return next(Address.of(self.url.rstrip("/") + "/").below(), None) is None

    def begin(self, about: bytes) -> None:
        """Say at the address that a run is at work there."""
        address = self.address(MARK)
        with address.errors():
            files, target = address.files
            files.makedirs(files._parent(target), exist_ok=True)
            files.pipe_file(target, about)

    def fetch_audit(self) -> None:
        """The audit at the address, here; unless this is newer, of a run that was broken off."""
        audit = self.here / AUDIT
        summary = self.address(f"{AUDIT}/summary.json")
        if (audit / "run" / "run.json").exists() or not summary.is_file():
            return
        names = [found.url.rpartition("/")[2] for found in self.address(f"{AUDIT}/").below()]
        for name in (n for n in names if n not in ("summary.json", "run.json", "report.html")):
            self.fetch(f"{AUDIT}/{name}")
        self.fetch(f"{AUDIT}/summary.json")

    def put_report(self) -> str:
        """Put the report at the address; returns where it is."""
        name = f"{AUDIT}/report.html"
        self._put(self.here / name, name)
        return self.address(name).url

    def send_audit(self) -> None:
        """Put the audit at the address, what says that it is whole last; and forget it here."""
        audit = self.here / AUDIT
        names = sorted(path.name for path in audit.iterdir() if path.is_file())
        names.sort(key=lambda name: name == "summary.json")
        for name in names:
            self._put(audit / name, f"{AUDIT}/{name}")
        for found in list(self.address(f"{AUDIT}/").below()):
            if found.name not in names:
                self.remove(f"{AUDIT}/{found.name}")


@contextmanager
def mirrored(url: str) -> Iterator[Mirror]:
    """The mirror of an address; what is here goes away, unless a run in it was broken off."""
    name = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:16]
    mirror = Mirror(url, _cache() / "runs" / name)
    try:
        mirror.here.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"{(error.strerror or str(error)).lower()}; set XDG_CACHE_HOME to another folder"
        raise RunError(f"cannot make {mirror.here}: {reason}") from error
    try:
        yield mirror
    finally:
        if not (mirror.here / AUDIT / "run" / "run.json").exists():
            shutil.rmtree(mirror.here, ignore_errors=True)


def _cache() -> Path:
    from jiaokan.repair.checking.cache import default_folder

    return default_folder()
