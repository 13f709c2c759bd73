"""The files of a run, repaired into temporary files beside their places: by this process, or by
several at once, with the same files in the same order."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from typing import Any, TypeAlias

from jiaokan.repair.corpus.workers import Workers
from jiaokan.repair.files import Input, Refused
from jiaokan.repair.files.addresses import Address
from jiaokan.repair.fixing.kept import Kept, configuration_hash
from jiaokan.repair.fixing.output import Prepared, Target
from jiaokan.repair.memory import LONG, at_once
from jiaokan.repair.repairer import Repairer
from jiaokan.repair.run import (
    BATCH_BYTES,
    Recognise,
    RecordFile,
    RepairerFor,
    Result,
    repair_inputs,
)

GROUP_FILES = 256
MOST_WAITING = 4 * GROUP_FILES
EDITED_REASON = "changed since an earlier run wrote it, and left; move it away, or say --force"
"""Of what is not repaired, since his work would be lost who changed what stands in its place."""
FETCHED_AT_ONCE = 16
"""Small files that one worker has under way from an address."""
LARGE = 8 << 20
"""Bytes of a file that is not repaired with others by a worker, but in pieces by all of them."""
LEAST = 1 << 18
"""The same, at least, where all that there is to do is little."""


@dataclass(frozen=True, slots=True)
class _Group:
    items: tuple[Input, ...]
    target: Target
    repairer: Repairer


_Outcome: TypeAlias = Prepared | Refused | _Group
"""A group is of one file, which was too large."""


def prepare_inputs(
    inputs: Iterable[Input | Refused],
    repairer: RepairerFor,
    target: Target,
    recognise: Recognise,
    *,
    workers: Workers,
    kept: Kept | None = None,
    settings: Mapping[str, Any],
    size: int = 0,
    on_progress: Callable[[int], None] = lambda size: None,
) -> Generator[list[Prepared | Refused]]:
    """What is to be committed, in batches, in the order of the inputs.

    Files that `kept` has need not be repaired again. `settings` are those that `repairer` does not
    know of. `size` is that of all files: where they are few, no worker is left alone with one of
    them while the others have nothing to do. `on_progress` is told of bytes of large files while they are read.
    """
    order: deque[Input | Refused | _Kept] = deque()
    groups = _groups(inputs, repairer, target, kept, settings, order)
    most_records = min(LARGE, max(LEAST, size // (8 * workers.count)))
    task = partial(_prepare_group, recognise=recognise, most=LARGE, most_records=most_records)
    for outcomes in workers.map(task, groups, _halves, _lost, _discard, _weight):
        batch: list[Prepared | Refused] = []
        for outcome in outcomes:
            batch += _due(order, kept)
            order.popleft()
            batch.append(_finished(outcome, recognise, workers, on_progress))
        batch += _due(order, kept)
        if batch:
            yield batch
    if order:
        yield list(_due(order, kept))


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Any
    path: str


def _groups(
    inputs: Iterable[Input | Refused],
    repairer: RepairerFor,
    target: Target,
    kept: Kept | None,
    settings: Mapping[str, Any],
    order: "deque[Input | Refused | _Kept]",
) -> Iterator[_Group]:
    hashes: dict[Repairer, str] = {}
    about: _Group | None = None
    items: list[Input] = []
    size = waiting = 0
    for item in inputs:
        waiting += 1
        if isinstance(item, Refused):
            order.append(item)
        else:
            wanted = repairer(item)
            # Mostly it is the very same, which is quicker to see than that they are equal.
            if about is None or not (about.repairer is wanted or about.repairer == wanted):
                if wanted not in hashes:
                    hashes[wanted] = configuration_hash({**settings, "repairer": wanted.as_json()})
                if about and items:
                    yield replace(about, items=tuple(items))
                    items, size = [], 0
                about = _Group((), replace(target, configuration=hashes[wanted]), wanted)
            rows = kept.find(item, about.target.configuration) if kept is not None else None
            if rows is not None:
                order.append(_Kept(rows, str(target.path(item))))
            elif kept is not None and kept.is_edited(item.name):
                order.append(Refused(item.name, EDITED_REASON))
            else:
                order.append(item)
                items.append(item)
                size += item.bytes
        if about and (
            size >= at_once(BATCH_BYTES) or len(items) >= GROUP_FILES or waiting >= MOST_WAITING
        ):
            yield replace(about, items=tuple(items))
            items, size, waiting = [], 0, 0
    if about and items:
        yield replace(about, items=tuple(items))


def _weight(group: _Group) -> int:
    return sum(min(size, LONG) for size in (item.bytes for item in group.items) if size <= LARGE)


def _prepare_group(
    group: _Group, *, recognise: Recognise, most: int, most_records: int
) -> list[_Outcome]:
    """One outcome an item; a file over `most` bytes, or `most_records`, comes back as it is."""
    is_small = [item.bytes <= most for item in group.items]
    small_ones = list(compress(group.items, is_small))
    done = _prepare_small(small_ones, group, recognise, most_records)
    return [
        next(done) if small else replace(group, items=(item,))
        for item, small in zip(group.items, is_small, strict=True)
    ]


def _prepare_small(
    items: Sequence[Input], group: _Group, recognise: Recognise, most_records: int
) -> Iterator[_Outcome]:
    if any(isinstance(item.path, Address) for item in items):
        with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
            items = list(pool.map(_fetched, items))
    for batch in repair_inputs(items, group.repairer, recognise):
        for result in batch:
            if isinstance(result, Refused):
                yield result
            elif not isinstance(result, Result) and _is_for_all(result, most_records):
                yield replace(group, items=(result.input,))
            else:
                yield group.target.prepare(result)


def _is_for_all(file: RecordFile, most: int) -> bool:
    return file.input.bytes > most


def _fetched(item: Input) -> Input:
    """With what is in it, where it is elsewhere; what cannot be had is said by who reads it."""
    if isinstance(item.path, Address):
        with suppress(OSError):
            return replace(item, path=item.path.fetched())
    return item


def _due(
    order: "deque[Input | Refused | _Kept]", kept: Kept | None
) -> Iterator[Prepared | Refused]:
    """What stands before the next file that is still being repaired."""
    while order and not isinstance(order[0], Input):
        item = order.popleft()
        if isinstance(item, Refused):
            yield item
        else:
            assert kept is not None and isinstance(item, _Kept)
            yield Prepared(kept.entry(item.rows), None, item.path)


def _finished(
    outcome: _Outcome,
    recognise: Recognise,
    workers: Workers,
    on_progress: Callable[[int], None],
) -> Prepared | Refused:
    if isinstance(outcome, Prepared | Refused):
        return outcome
    group = outcome
    for batch in repair_inputs(group.items, group.repairer, recognise):
        for result in batch:
            if isinstance(result, Refused):
                return result
            if isinstance(result, Result):
                return group.target.prepare(result)
            return result.prepare(group.target, workers, on_progress)
    raise AssertionError("one input gives one result")


def _halves(group: _Group) -> list[_Group]:
    middle = len(group.items) // 2
    if not middle:
        return []
    return [replace(group, items=part) for part in (group.items[:middle], group.items[middle:])]


def _lost(group: _Group) -> list[_Outcome]:
    reason = "it crashes jiaokan itself; leave the file out and report this"
    return [Refused(item.name, reason) for item in group.items]


def _discard(outcomes: list[_Outcome]) -> None:
    """Take away what was written for a run that is broken off."""
    for outcome in outcomes:
        if isinstance(outcome, Prepared):
            outcome.discard()
