"""The repairer of a file of records, whose texts its silences leave alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jiaokan.repair.repairer import Repairer
from jiaokan.repair.silences.sidecar import Silence, silence, silences_for
from jiaokan.validators.values import Document, Repaired


@dataclass(frozen=True, kw_only=True)
class SilencedRepairer(Repairer):
    """A repairer of one file's texts, with the silences of that file."""

    silences: tuple[Silence, ...] = ()

    def repair(self, data: str | bytes, *, id: str = "") -> Repaired:
        return silence(Repairer.repair(self, data, id=id), self.silences)[0]

    def repair_many(self, data: Iterable[str | bytes | Document]) -> Iterator[Repaired]:
        for repaired in Repairer.repair_many(self, data):
            yield silence(repaired, self.silences)[0]


def silenced(repairer: Repairer, path: Path) -> Repairer:
    """The repairer for the texts in a file of records."""
    silences = silences_for(path)
    if not silences:
        return repairer
    options = {key: value for key, value in repairer.as_json().items() if key != "silences"}
    return SilencedRepairer(**options, silences=silences)
