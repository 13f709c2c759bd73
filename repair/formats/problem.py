"""A finding at its place in a file, as every output format needs it."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jiaokan.repair.checking.line_hashes import LineHashes
from jiaokan.repair.checking.record_lines import lines_of_record, without_numbers
from jiaokan.repair.files import STDIN, Input, Refused, name_of
from jiaokan.repair.location import Locator, Place
from jiaokan.repair.messages import tr, translated
from jiaokan.validators.values import Applicability, Finding

if TYPE_CHECKING:
    from jiaokan.repair.run import Result

_HIDDEN = re.compile(
    r"[\x7f-\x9f\xad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_INNER = re.compile(r"#\d+/")
LEVELS = {
    Applicability.SAFE: "error",
    Applicability.UNSAFE: "warning",
    Applicability.DISPLAY: "note",
}
"""How loud a finding is in forms that know levels: as loud as it is sure."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding. `line` is the text of the line where it starts; `end` is past its last character."""

    file: str
    finding: Finding
    place: Place
    end: Place
    line: str
    before: str
    fingerprint: str
    """The same for the same defect in the same words of a file, also where lines or records have
    moved."""
    inner: str = ""
    """Of a text in a file of records: what `file` has after the file's own name, `#15/text`."""

    @property
    def whole_file(self) -> str:
        """The file itself, also of a text in a file of records."""
        return self.file.removesuffix(self.inner)

    @property
    def rule(self) -> str:
        return self.finding.rule

    @property
    def level(self) -> str:
        return LEVELS[self.finding.applicability]

    def as_json(self) -> dict[str, Any]:
        finding = self.finding
        return {
            "file": self.file,
            "rule": finding.rule,
            "message": finding.message,
            "applicability": finding.applicability.value,
            "confidence": round(finding.confidence, 6),
            "line": self.place.line,
            "column": self.place.column,
            "end_line": self.end.line,
            "end_column": self.end.column,
            "start": finding.start,
            "end": finding.end,
            "byte": self.place.byte,
            "text": self.before,
            "replacement": finding.replacement,
            "evidence": {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in finding.evidence.items()
            },
            "fingerprint": self.fingerprint,
        }


@dataclass
class Totals:
    """Counts of a run. Known when all problems have passed."""

    files: int = 0
    files_with_findings: int = 0
    characters: int = 0
    findings: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    by_applicability: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    failures: int = 0
    known: int = 0
    """Findings left out because a baseline has them, or their lines did not change."""
    not_shown: int = 0
    """Findings over --max-findings: counted above, but not listed."""
    exit_code: int = 0
    mendable: Counter[str] = field(default_factory=Counter)
    """Of the findings, those for which it is known what should stand there, by applicability."""
    paths: Sequence[str] = ()
    """What was asked to be checked."""
    settings: Sequence[str] = ()
    """Under which settings, as words of a command."""

    def as_json(self) -> dict[str, Any]:
        return {
            "files": self.files,
            "files_with_findings": self.files_with_findings,
            "characters": self.characters,
            "findings": self.findings,
            "by_rule": dict(sorted(self.by_rule.items())),
            "by_applicability": dict(sorted(self.by_applicability.items())),
            "not_checked": self.refused,
            "failures": self.failures,
            "known": self.known,
            "not_shown": self.not_shown,
            "exit_code": self.exit_code,
        }


def problems_of(result: "Result") -> Iterator[Problem]:
    """The findings of a file, in the order of its text."""
    if not result.repaired.findings:
        return
    document = result.repaired.document
    text = document.text
    starts = Locator(document)
    ends = starts.again()
    name = result.input.name
    inner = inner_of(result.input)
    fingerprints = Fingerprints(name, inner)
    number, line = 0, ""
    before = result.before
    for finding in result.repaired.findings:
        place = starts.place(finding.start)
        if place.line != number:  # one string for all findings of a line, which may be very long
            number, line = place.line, starts.line(place.line)
        held = text[finding.start : finding.end]
        fingerprint = fingerprints.of(finding.rule, line, held)
        end = ends.place(finding.end)
        if before.bytes:
            place, end = before.moved(place), before.moved(end)
            start, stop = finding.start + before.characters, finding.end + before.characters
            finding = replace(finding, start=start, end=stop)
        yield Problem(name, finding, place, end, line, held, fingerprint, inner)


def inner_of(item: Input) -> str:
    """Which text in a file of records this is, by its name; "" for a whole file."""
    if "#" not in item.name:
        return ""
    own = name_of(item.path.name)
    at = item.name.find(own)
    while at >= 0 and not _INNER.match(item.name, at + len(own)):
        at = item.name.find(own, at + 1)
    return item.name[at + len(own) :] if at >= 0 else ""


def sentence(message: str) -> str:
    """A finding's message in the reader's language, as a sentence also where its rule has a phrase."""
    said = translated(message)
    if said.endswith((".", "。")):
        return said
    return f"{said[:1].upper()}{said[1:]}{tr('.')}"


class HostPlace(NamedTuple):
    """A place as code hosts know it: files and their lines. Columns are 0 where they are not known."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    """What is found there, in the reader's language."""


def on_host(problem: Problem) -> HostPlace:
    """Where and what a problem is for a code host; in a file of records, at the record's lines."""
    message = problem.finding.message
    if not problem.inner:
        name = name_in_repository(problem.file)
        place, end = problem.place, problem.end
        said = sentence(message)
        return HostPlace(name, place.line, place.column, end.line, end.column, said)
    file = problem.whole_file
    record, _, field = problem.inner[1:].partition("/")
    lines = lines_of_record(Path(file), int(record)) or range(1, 2)
    said = sentence(f"{message.removesuffix('.')} (record {int(record) + 1:,}, {field})")
    return HostPlace(name_in_repository(file), lines.start, 0, lines.stop - 1, 0, said)


class Fingerprints:
    """Makes the fingerprints of the problems of one file, in their order."""

    def __init__(self, name: str, inner: str = "") -> None:
        """`name` is the file's, `inner` what it has of that for a text in it: not its number."""
        self._name = name.removesuffix(inner) + without_numbers(inner)
        self._hashes = LineHashes()
        self._seen: Counter[str] = Counter()

    def of(self, rule: str, line: str, before: str) -> str:
        """That of a finding of `before` in a line."""
        kind = f"{rule}\0{self._name}"
        same = self._hashes.of(kind, line, before)
        self._seen[same] += 1
        return self._hashes.of(kind, line, f"{before}\0{self._seen[same]}")[:32]


def name_in_repository(name: str) -> str:
    """A file's name as a code host knows it: from the root of the checkout that its job is in, also
    where the check runs in a folder below."""
    root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    if not root or name == STDIN:
        return name
    at = os.path.join(os.getcwd(), name)  # noqa: PTH109, PTH118
    inside = os.path.relpath(at, root)
    return name if inside.startswith("..") else inside.replace(os.sep, "/")


def json_text(value: object, indent: int | None = None) -> str:
    """JSON for a stream of UTF-8. What a terminal might act on or hide (controls, bidi and other
    format characters), and lone surrogates, stand as escapes."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    if text.isprintable():
        return text
    return _HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def refused_json(refused: Refused) -> dict[str, Any]:
    return {"file": refused.name, "reason": refused.reason, "failure": refused.is_failure}
