"""Checks the files of a run, from the cache or in one or more processes: the answers and their order
are the same. The code for repairing is loaded only when a file is not in the cache."""

import hashlib
import json
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias

from jiaokan.repair.checking.cache import CheckCache
from jiaokan.repair.files import Input, Refused
from jiaokan.repair.files.addresses import Address
from jiaokan.repair.formats.problem import Fingerprints, Problem, problems_of
from jiaokan.repair.location import Place
from jiaokan.repair.silences import UnusedSilence
from jiaokan.repair.silences.sidecar import forget, silences_for
from jiaokan.validators.values import Applicability, Finding

if TYPE_CHECKING:
    from jiaokan.repair.repairer import Repairer
    from jiaokan.repair.run import Recognise, Result

GROUP_BYTES = 3 << 19
"""Bytes of the files that a process gets at once: as many as are screened together. With more, one
process would be at its last group for long while the others have nothing left."""
GROUP_FILES = 256
LARGE = 8 << 20
"""Bytes of a file that this process checks by itself, as a stream where it has records."""
AHEAD = 256
"""Files that are hashed at once: enough to be busy while the workers load what they need."""
FIRST = 64
"""As many show first whether there is anything to do for workers."""
READ_WHOLE = 1 << 20
"""Bytes of a file that is hashed in one piece."""
MOST_KEPT = 2_000
"""Findings of such a file that are kept in the memory for the cache."""
PARALLEL_BYTES = 16 << 20
"""Where there is more than this to do, starting other processes pays."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that was looked at: a file, or a text in a file of records (`input` names it)."""

    input: Input
    characters: int
    problems: tuple[Problem, ...]
    unused_silences: tuple[UnusedSilence, ...] = ()


Outcome: TypeAlias = Checked | Refused
Columns: TypeAlias = tuple[tuple[str, ...], str | None]
"""The columns of the text (none: the format's own) and of the name of a record."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file that is not in the cache. `digest` is None for what is not to be kept."""

    item: Input
    size: int
    digest: bytes | None
    key: bytes


@dataclass(frozen=True, slots=True)
class _Group:
    """Files under the same settings, for one process."""

    asked: tuple[_Asked, ...]
    options: Mapping[str, Any]
    columns: Columns


@dataclass(frozen=True, slots=True)
class _Answer:
    """Of one file; `outcomes` None: it is large, and still to be checked. `is_kept`: its bytes
    were those of the digest."""

    outcomes: list[Outcome] | None
    is_kept: bool


def checked_of(result: "Result") -> Checked:
    """What was found in a text."""
    return Checked(
        result.input,
        len(result.repaired.document.text),
        tuple(problems_of(result)),
        result.unused_silences,
    )


class Checks:
    """Checks files. `options` says under which options of the repairer."""

    def __init__(
        self,
        options: Callable[[Input], Mapping[str, Any]],
        columns: Columns,
        cache: CheckCache,
        workers: int | None = None,
    ) -> None:
        self._options = options
        self._columns = columns
        self._cache = cache
        self._workers = workers
        self._settings: dict[int, bytes] = {}
        self._order: deque[list[Outcome] | _Asked] = deque()

    def run(self, inputs: Iterable[Input | Refused]) -> Iterator[tuple[list[Outcome], int]]:
        """The outcomes of a file and its size in bytes; of a large file, in several pieces."""
        forget()
        groups = self._groups(inputs)
        first: list[_Group] = []
        size = 0
        for group in groups:
            if group.asked:
                if not first and (self._workers or 1) > 1:
                    from jiaokan.repair.corpus.workers import load_ahead

                    load_ahead(_LOADED)  # while more files are hashed
                first.append(group)
                size += sum(asked.size for asked in group.asked if asked.size <= LARGE)
            yield from self._ready()
            if size > PARALLEL_BYTES:
                break
        if not first:
            return
        from jiaokan.repair.corpus.workers import Workers, cores

        count = self._workers or (cores() if size > PARALLEL_BYTES else 1)
        with Workers(count, _LOADED) as workers:
            for group, answers in workers.map(_check_group, chain(first, groups), _halves, _lost):
                for asked, answer in zip(group.asked, answers, strict=True):
                    yield from self._ready()
                    self._order.popleft()
                    yield from self._answered(group, asked, answer)
                yield from self._ready()

    def _groups(self, inputs: Iterable[Input | Refused]) -> Iterator[_Group]:
        """Groups of what is not in the cache; without files where much else is ready."""
        asked: list[_Asked] = []
        of_group: Mapping[str, Any] = {}
        size = waiting = 0
        for found, options in self._looked(inputs):
            waiting += 1
            self._order.append(found)
            if isinstance(found, _Asked):
                if asked and options is not of_group:
                    yield _Group(tuple(asked), of_group, self._columns)
                    asked, size = [], 0
                of_group = options
                asked.append(found)
                size += found.size
            if size >= GROUP_BYTES or len(asked) >= GROUP_FILES or waiting >= 4 * GROUP_FILES:
                yield _Group(tuple(asked), of_group, self._columns)
                asked, size, waiting = [], 0, 0
        yield _Group(tuple(asked), of_group, self._columns)

    def _looked(
        self, inputs: Iterable[Input | Refused]
    ) -> Iterator[tuple[list[Outcome] | _Asked, Mapping[str, Any]]]:
        """What is known of each input, or that it is to be checked, and under which options."""
        for items in _hashed(inputs, is_wanted=self._cache.is_open):
            keyed = [self._keyed(*each) for each in items]
            known = self._cache.get([key for _, _, _, key in keyed if key])
            for item, size, digest, key in keyed:
                if isinstance(item, Refused):
                    yield [item], {}
                elif key in known:
                    yield list(_of_json(known[key], item)), {}
                else:
                    yield _Asked(item, size, digest, key), self._options(item)

    def _keyed(
        self, item: Input | Refused, size: int, digest: bytes | None
    ) -> tuple[Input | Refused, int, bytes | None, bytes]:
        """With its key in the cache; b"" for what is not in it."""
        if isinstance(item, Refused) or digest is None:
            return item, size, digest, b""
        options = self._options(item)
        settings = self._settings.get(id(options))
        if settings is None:
            settings = json.dumps([dict(options), self._columns], sort_keys=True).encode()
            self._settings[id(options)] = settings
        if silences := silences_for(item.path):
            settings += repr(silences).encode()
        return item, size, digest, self._cache.key(item.path.name, digest, settings)

    def _ready(self) -> Iterator[tuple[list[Outcome], int]]:
        while self._order and isinstance(self._order[0], list):
            outcomes = self._order.popleft()
            assert isinstance(outcomes, list)
            yield outcomes, 0

    def _answered(
        self, group: _Group, asked: _Asked, answer: _Answer
    ) -> Iterator[tuple[list[Outcome], int]]:
        if answer.outcomes is not None:
            if answer.is_kept:
                self._keep(asked, answer.outcomes)
            yield answer.outcomes, asked.size
            return
        kept: list[Outcome] | None = [] if asked.digest else None
        found = 0
        for _, outcomes in _found([asked], group):
            for outcome in outcomes:
                yield [outcome], 0
                found += len(outcome.problems) if isinstance(outcome, Checked) else 0
                kept = None if kept is None or found > MOST_KEPT else [*kept, outcome]
        if kept is not None and _is_still(asked):
            self._keep(asked, kept)
        yield [], asked.size

    def _keep(self, asked: _Asked, outcomes: list[Outcome]) -> None:
        if not any(isinstance(outcome, Refused) and outcome.is_failure for outcome in outcomes):
            self._cache.put(asked.key, _as_json(outcomes, asked.item))


_LOADED = "jiaokan.repair.corpus.loaded_for_utf8"


def _hashed(
    inputs: Iterable[Input | Refused], *, is_wanted: bool
) -> Iterator[list[tuple[Input | Refused, int, bytes | None]]]:
    """The inputs with their sizes and hashes, many at once and some of them ahead: hashing lets
    other threads run."""
    waiting: deque[Future[list[tuple[Input | Refused, int, bytes | None]]]] = deque()

    def measure(items: list[Input | Refused]) -> list[tuple[Input | Refused, int, bytes | None]]:
        return [(item, *_measured(item, is_wanted)) for item in items]

    source = iter(inputs)
    with ThreadPoolExecutor(2) as pool:
        yield measure(list(islice(source, FIRST)))
        while items := list(islice(source, AHEAD)):
            waiting.append(pool.submit(measure, items))
            if len(waiting) > 2:
                yield waiting.popleft().result()
        for done in waiting:
            yield done.result()


def _measured(item: Input | Refused, is_wanted: bool) -> tuple[int, bytes | None]:
    if isinstance(item, Refused):
        return 0, None
    try:
        if is_wanted and not isinstance(item.path, Address):
            return _digest(item)
        return item.path.stat().st_size, None
    except OSError:  # said by the one who reads it
        return 0, None


def _digest(item: Input) -> tuple[int, bytes | None]:
    """Size and SHA-256 of a file; no hash of a pipe, which can be read only once."""
    status = item.path.stat()
    if not stat.S_ISREG(status.st_mode):
        return 0, None
    with open(item.path, "rb", buffering=0) as file:  # noqa: PTH123
        if status.st_size > READ_WHOLE:
            return status.st_size, hashlib.file_digest(file, "sha256").digest()
        return status.st_size, hashlib.sha256(file.read()).digest()


def _is_still(asked: _Asked) -> bool:
    try:
        return asked.digest is not None and _digest(asked.item)[1] == asked.digest
    except OSError:
        return False


def _check_group(group: _Group) -> tuple[_Group, list[_Answer]]:
    """An answer a file; runs in another process, too."""
    small = [asked for asked in group.asked if asked.size <= LARGE]
    answers = dict(zip(small, _answers(small, group), strict=True))
    return group, [answers.get(asked, _Answer(None, False)) for asked in group.asked]


def _answers(small: Sequence[_Asked], group: _Group) -> Iterator[_Answer]:
    for asked, (data, outcomes) in zip(small, _found(small, group), strict=True):
        listed = list(outcomes)
        if asked.digest is None:
            yield _Answer(listed, False)
        elif data is not None:
            yield _Answer(listed, hashlib.sha256(data).digest() == asked.digest)
        else:
            yield _Answer(listed, _is_still(asked))


def _found(
    files: Sequence[_Asked], group: _Group
) -> Iterator[tuple[bytes | None, Iterator[Outcome]]]:
    """For each file its bytes, where it is plain text, and the outcomes."""
    from jiaokan.repair.run import Result, repair_inputs, results_of_records

    if not files:
        return
    repairer, recognise = _loaded(json.dumps(dict(group.options)), group.columns)
    for batch in repair_inputs((asked.item for asked in files), repairer, recognise):
        for result in batch:
            if isinstance(result, Refused):
                yield None, iter([result])
            elif isinstance(result, Result):
                yield result.data, iter([checked_of(result)])
            else:
                found = results_of_records(result)
                yield (
                    None,
                    (each if isinstance(each, Refused) else checked_of(each) for each in found),
                )


@cache
def _loaded(options: str, columns: Columns) -> "tuple[Repairer, Recognise]":
    from jiaokan.repair.corpus.recognise import Columns as RecordColumns
    from jiaokan.repair.corpus.record_file import RecogniseRecords
    from jiaokan.repair.repairer import Repairer

    names, id_column = columns
    return Repairer(**json.loads(options)), RecogniseRecords(
        RecordColumns(names or None, id_column), is_only_looked_at=True
    )


def _halves(group: _Group) -> list[_Group]:
    middle = len(group.asked) // 2
    if not middle:
        return []
    return [replace(group, asked=part) for part in (group.asked[:middle], group.asked[middle:])]


def _lost(group: _Group) -> tuple[_Group, list[_Answer]]:
    reason = "it crashes jiaokan itself; leave the file out and report this"
    return group, [_Answer([Refused(a.item.name, reason)], False) for a in group.asked]


def _as_json(outcomes: list[Outcome], item: Input) -> list[Any]:
    """Outcomes of a file. Its name may be another when they are read; where it is the same, so are the
    fingerprints."""
    rows: list[Any] = [item.name]
    for outcome in outcomes:
        if isinstance(outcome, Refused):
            rows.append(outcome.reason)
            continue
        lines: dict[str, int] = {}
        found = []
        for problem in outcome.problems:
            finding, place, end = problem.finding, problem.place, problem.end
            found.append([
                finding.rule, finding.start, finding.end, finding.message, finding.confidence,
                finding.applicability.value, finding.replacement, dict(finding.evidence),
                place.byte, place.line, place.column, end.byte, end.line, end.column,
                lines.setdefault(problem.line, len(lines)), problem.before, problem.fingerprint,
            ])  # fmt: skip
        silences = [[silence.line, silence.rule] for silence in outcome.unused_silences]
        inner = outcome.input.name[len(item.name) :]
        rows.append([inner, outcome.characters, silences, list(lines), found])
    return rows


def _of_json(rows: list[Any], item: Input) -> Iterator[Outcome]:
    had_name = rows[0] == item.name
    for row in rows[1:]:
        if isinstance(row, str):
            yield Refused(item.name, row, is_failure=False)
            continue
        inner, characters, silences, lines, found = row
        name = item.name + inner
        fingerprints = Fingerprints(name, inner)
        problems = []
        for (
            rule, start, stop, message, confidence, applicability, replacement, evidence,
            byte, line, column, end_byte, end_line, end_column, number, before, fingerprint,
        ) in found:  # fmt: skip
            if not had_name:
                fingerprint = fingerprints.of(rule, lines[number], before)
            finding = Finding(
                rule, start, stop, message, confidence, Applicability(applicability), replacement,
                {key: tuple(v) if isinstance(v, list) else v for key, v in evidence.items()},
            )  # fmt: skip
            problems.append(
                Problem(
                    name, finding, Place(byte, line, column), Place(end_byte, end_line, end_column),
                    lines[number], before, fingerprint, inner,
                )
            )  # fmt: skip
        unused = tuple(UnusedSilence(line, rule) for line, rule in silences)
        named = replace(item, name=name) if inner else item
        yield Checked(named, characters, tuple(problems), unused)
