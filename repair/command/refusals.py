"""Reports what was left out of a run without flooding the terminal."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from jiaokan.repair.command.errors import say, say_refused
from jiaokan.repair.files import Refused

MOST_ALIKE = 3
"""So many that were left out for the same reason are named."""
MOST_REASONS = 300
"""Of so many reasons."""
_NUMBER = re.compile(r"\d+")


class Refusals:
    """Names the first that are left out for each reason, and counts the others."""

    def __init__(self, say: Callable[[Refused], None] = say_refused) -> None:
        """`say` is given those that are to be named, at once."""
        self._say = say
        self._last: dict[tuple[str, bool], str] = {}
        self._alike: Counter[tuple[str, bool]] = Counter()
        self._of_other_reasons = 0

    def add(self, item: Refused) -> None:
        kind = _NUMBER.sub("", item.reason), item.is_failure  # of records: whichever it is
        if kind not in self._last and len(self._last) >= MOST_REASONS:
            self._of_other_reasons += 1
            return
        self._alike[kind] += 1
        if self._alike[kind] <= MOST_ALIKE:
            self._last[kind] = item.name
            self._say(item)

    def say_others(self, where: Path | str | None = None) -> None:
        """Say how many more there are; `where` names them all."""
        for kind, name in self._last.items():
            more = self._alike[kind] - MOST_ALIKE
            if more > 0 and where is None:
                say(f"{more:,} more, for the same reason as {name}")
            elif more > 0:
                say(f"{more:,} more, for the same reason as {name}; all are in {where}")
        if self._of_other_reasons:
            say(f"{self._of_other_reasons:,} more, for other reasons")
