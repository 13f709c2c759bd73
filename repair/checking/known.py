"""Findings that `check` leaves out: those of a baseline, and those on lines that did not change.

A baseline has a mark for each finding, by file and rule: a hash of the rule, the line and what is
wrong in it, neither of the line's number nor of the file's name. A finding is known where its file
has such a mark left; or where a file that is no longer there had it, so that a file can be renamed,
moved or put together with another. Each mark covers one finding: a line that is copied is new.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaokan.repair.checking.changed import changed_lines
from jiaokan.repair.checking.line_hashes import LineHashes
from jiaokan.repair.checking.record_lines import lines_of_record, without_numbers
from jiaokan.repair.files import STDIN, Input, RunError, absolute, name_of, reason_of
from jiaokan.repair.files.addresses import Address

if TYPE_CHECKING:
    from jiaokan.repair.configuration import Choices
    from jiaokan.repair.formats.problem import Problem

VERSION = 2


class Baseline:
    """The marks of a baseline, by the file's name relative to the baseline's folder."""

    def __init__(self, folder: Path, files: dict[str, Counter[str]]) -> None:
        self._folder = folder
        self._files = files
        self._hashes = LineHashes()

    def takes(self, problem: "Problem", path: Path) -> bool:
        """Whether a finding is known; its mark is used up then."""
        mark = mark_of(problem, self._hashes)
        for marks in (self._files.get(file_of(path, self._folder), _NONE), self._gone):
            if marks[mark]:
                marks[mark] -= 1
                return True
        return False

    @cached_property
    def _gone(self) -> Counter[str]:
        """The marks of all files that are not there any more."""
        gone: Counter[str] = Counter()
        for name, marks in self._files.items():
            there = self._folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))
            if "://" not in name and name != STDIN and not os.path.lexists(there):
                gone.update(marks)
        return gone


_NONE: Counter[str] = Counter()


@dataclass
class Known:
    """What to leave out."""

    baseline: Baseline | None = None
    changed: dict[Path, list[range]] | None = None
    """Lines that changed, by file; None: all count."""

    def leaves_out(self, problem: "Problem", file: Input) -> bool:
        """Whether a finding is known. Each finding of a baseline covers one."""
        if self.changed is not None and not self._is_on_changed_line(problem, file.path):
            return True
        return self.baseline is not None and self.baseline.takes(problem, file.path)

    def _is_on_changed_line(self, problem: "Problem", path: Path) -> bool:
        assert self.changed is not None
        changed = self.changed.get(path.resolve(), [])
        # A finding between two lines (a false break) belongs to both.
        first, last = problem.place.line, problem.end.line
        if changed and problem.inner:
            record = int(problem.inner[1:].partition("/")[0])
            lines = lines_of_record(path, record)
            if lines is None:  # a format without lines has changed as a whole
                return True
            first, last = lines.start, lines.stop - 1
        return any(first < span.stop and span.start <= last for span in changed)


def read_known(choices: "Choices", baseline: Path | None, diff_base: str | None) -> Known:
    """What the options and the configuration say. Raises RunError where it cannot be read."""
    here = absolute(Path.cwd())
    if baseline is None and choices.value("baseline", here):
        baseline = choices.configuration(here).folder / choices.value("baseline", here)
    return Known(
        None if baseline is None else read_baseline(baseline),
        None if diff_base is None else changed_lines(diff_base),
    )


def mark_of(problem: "Problem", hashes: LineHashes) -> str:
    """The same for the same defect in the same words of a line, wherever that is."""
    kind = f"{problem.rule}\0{without_numbers(problem.inner)}"
    return hashes.of(kind, problem.line, problem.before)[:16]


def file_of(path: Path, folder: Path) -> str:
    """What a file is called in a baseline in this folder: "/" between the parts, with ".." where
    it is elsewhere."""
    if isinstance(path, Address):
        return path.url
    if path == Path(STDIN):
        return STDIN
    at = os.path.abspath(path)  # noqa: PTH100
    try:
        return name_of(os.path.relpath(at, folder))
    except ValueError:  # another drive
        return name_of(at)


def baseline_json(
    found: "Iterable[tuple[Input, Iterable[Problem]]]", folder: Path
) -> dict[str, Any]:
    """A baseline of these findings for a folder, in an order in which a diff of it reads well."""
    files: dict[str, dict[str, list[str]]] = {}
    hashes = LineHashes()
    for item, problems in found:
        for problem in problems:
            rules = files.setdefault(file_of(item.path, folder), {})
            rules.setdefault(problem.rule, []).append(mark_of(problem, hashes))
    ordered = {
        file: {rule: sorted(marks) for rule, marks in sorted(rules.items())}
        for file, rules in sorted(files.items())
    }
    return {"jiaokan_baseline": VERSION, "findings": ordered}


def read_baseline(path: Path) -> Baseline:
    """Raises RunError where it is none."""
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        mend = "; make it with `jiaokan baseline`" if not path.exists() else ""
        raise RunError(f"{path}: {reason_of(error, path)}{mend}") from error
    except ValueError as error:
        raise RunError(f"{path}: not a baseline ({error})") from error
    if not isinstance(value, dict) or value.get("jiaokan_baseline") != VERSION:
        raise RunError(
            f"{path}: not a baseline that this version of jiaokan can read; make it again with"
            " `jiaokan baseline`"
        )
    try:
        files = {
            file: Counter(mark for marks in rules.values() for mark in marks)
            for file, rules in value["findings"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise RunError(f"{path}: not a baseline; make it again with `jiaokan baseline`") from error
    return Baseline(absolute(path).parent, files)
