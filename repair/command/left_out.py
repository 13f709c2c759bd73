"""What a run of `fix` did not repair, and why."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiaokan.repair.command.errors import say, say_error, say_refused
from jiaokan.repair.command.refusals import Refusals
from jiaokan.repair.files import Refused
from jiaokan.repair.messages import tr_count

if TYPE_CHECKING:
    from jiaokan.repair.fixing.kept import Kept


class LeftOut:
    """What a run did not repair, to be said at its end."""

    def __init__(self, columns: Sequence[str], *, quiet: bool) -> None:
        """`columns` are those that were named."""
        self.has_failures = False
        self.failures = 0
        """Files that could not be repaired."""
        self.changed: list[str] = []
        """Files that an earlier run wrote, and that somebody changed since."""
        self._quiet = quiet
        self._refused: list[Refused] = []
        self._refusals = Refusals(self._refused.append)
        self._unseen = list(columns) if len(columns) > 1 else []
        """Of several columns, those that no file of records had yet: they may be misspelt."""
        self._textless = list(self._unseen)
        """The same, those in which no record had a text yet."""

    def look(self, batch: Iterable[object], kept: "Kept | None" = None) -> None:
        """`kept` has what stands there from earlier runs of what is refused now."""
        from jiaokan.repair.fixing.output import Prepared
        from jiaokan.repair.fixing.preparing import EDITED_REASON

        for item in batch:
            if isinstance(item, Refused):
                self.has_failures |= item.is_failure
                self.failures += item.is_failure
                if item.is_failure or not self._quiet:
                    self._refusals.add(item)
                if (
                    item.reason != EDITED_REASON
                    and kept is not None
                    and not kept.take_away(item.name)
                ):
                    self.changed.append(item.name)
            elif self._textless and isinstance(item, Prepared) and item.entry.records:
                row = json.loads(item.entry.file)["records"]
                had, textless = row["columns"], row.get("textless", ())
                self._unseen = [name for name in self._unseen if name not in had]
                self._textless = [n for n in self._textless if n not in had or n in textless]

    def say(self, summary: Mapping[str, Any], rejected: str) -> None:
        """`rejected` is the file that names all of it."""
        for item in self._refused:
            say_refused(item)
        self._refusals.say_others(rejected)
        if summary.get("rejected_records"):
            say(
                f"{summary['rejected_records']:,} of {summary['records']:,} records could not be read"
                f" and are left out; they are in {rejected}"
            )
        if summary.get("unread_records"):
            say(
                f"{summary['unread_records']:,} of {summary['records']:,} records could not be read"
                f" and stay as they are; they are named in {rejected}"
            )
        for name in self._unseen:
            self.has_failures = True
            say_error(f"no file has a column {name!r}")
        for name in self._textless:
            if name not in self._unseen:
                say(f"no record has a text in column {name!r}; it may be misspelt")
        for name in self.changed:
            say(f"{name}: of an earlier run, but changed since; left there, and not in the audit")

    def tell(self, rejected: str) -> None:
        """A line of the summary, where something failed."""
        if self.failures:
            print(
                tr_count(
                    "Not repaired:  1 file, for the reason above; {path} has it",
                    "Not repaired:  {count:,} files, for the reasons above; {path} has them all",
                    self.failures,
                    path=rejected,
                )
            )
