"""The repairer of a file of records, whose texts its silences leave alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jiaokan.repair.repairer import Repairer
from jiaokan.repair.silences import UnusedSilence
from jiaokan.repair.silences.sidecar import Silence, silence, silences_for
from jiaokan.validators.values import Document, Repaired


@dataclass(frozen=True, kw_only=True)
class SilencedRepairer(Repairer):
    """A repairer of one file's texts, with the silences of that file."""

    silences: tuple[Silence, ...] = ()
    _used: set[Silence] = field(init=False, repr=False, compare=False, default_factory=set)

    def repair(self, data: str | bytes, *, id: str = "") -> Repaired:
        return self._heard(Repairer.repair(self, data, id=id))

    def repair_many(self, data: Iterable[str | bytes | Document]) -> Iterator[Repaired]:
        return map(self._heard, Repairer.repair_many(self, data))

    def _heard(self, repaired: Repaired) -> Repaired:
        heard, unused = silence(repaired, self.silences)
        self._used.update(set(self.silences) - set(unused))
        return heard

    @property
    def unused(self) -> tuple[UnusedSilence, ...]:
        """The silences that were of no use for any text so far (of those seen in this process)."""
        return tuple(each.unused for each in self.silences if each not in self._used)


def silenced(repairer: Repairer, path: Path) -> Repairer:
    """The repairer for the texts in a file of records."""
    silences = silences_for(path)
    if not silences:
        return repairer
    options = {key: value for key, value in repairer.as_json().items() if key != "silences"}
    return SilencedRepairer(**options, silences=silences)
