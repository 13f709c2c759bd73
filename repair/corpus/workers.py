"""Work spread over processes: in order, in bounded memory, and outliving what crashes a process."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Generic, TypeVar

from jiaokan.repair.repairer import Repairer

Item = TypeVar("Item")
Answer = TypeVar("Answer")

WAITING_PER_WORKER = 3
"""So many items are under way or waiting for each worker; more are not read ahead."""

_repairer: Repairer


def _start(repairer: Repairer) -> None:
    global _repairer
    _repairer = repairer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops the run


def _work(task: Callable[[Repairer, Any], Any], item: Any) -> Any:
    return task(_repairer, item)


class Workers(Generic[Item, Answer]):
    """Runs `task(repairer, item)` over items; the answers come in the items' order.

    `split(item)` cuts an item in two, or gives nothing where it cannot be cut; `lost(item)` is the
    answer for one that crashes its process and cannot be cut. With `count` 1 all is done in this
    process.
    """

    def __init__(
        self,
        repairer: Repairer,
        count: int,
        task: Callable[[Repairer, Item], Answer],
        split: Callable[[Item], Sequence[Item]],
        lost: Callable[[Item], Answer],
    ) -> None:
        self._repairer = repairer
        self._count = count
        self._task = task
        self._split = split
        self._lost = lost
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers[Item, Answer]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)

    def map(self, items: Iterable[Item]) -> Iterator[Answer]:
        """The answers; an item that had to be cut gives several."""
        if self._count == 1:
            for item in items:
                yield self._task(self._repairer, item)
            return
        waiting: deque[tuple[Item, Future[Answer]]] = deque()
        for item in items:
            waiting.append((item, self._submit(item)))
            if len(waiting) >= self._count * WAITING_PER_WORKER:
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def _submit(self, item: Item) -> "Future[Answer]":
        if self._pool is None:
            self._pool = _new_pool(self._repairer, self._count)
        try:
            return self._pool.submit(_work, self._task, item)
        except BrokenProcessPool as error:
            broken: Future[Answer] = Future()
            broken.set_exception(error)
            return broken

    def _next(self, waiting: "deque[tuple[Item, Future[Answer]]]") -> Iterator[Answer]:
        item, future = waiting.popleft()
        try:
            yield future.result()
        except BrokenProcessPool:
            # One crash takes all that was under way with it: each is done again by itself.
            self._pool = None
            yield from self._alone(item)
            again = [other for other, _ in waiting]
            waiting.clear()
            for other in again:
                yield from self._alone(other)

    def _alone(self, item: Item) -> Iterator[Answer]:
        with _new_pool(self._repairer, 1) as pool:
            try:
                answer = pool.submit(_work, self._task, item).result()
            except BrokenProcessPool:
                parts = self._split(item)
            else:
                yield answer
                return
        if not parts:
            yield self._lost(item)
        for part in parts:
            yield from self._alone(part)


def _new_pool(repairer: Repairer, count: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver" if _has_forkserver() else "spawn")
    if _has_forkserver():
        context.set_forkserver_preload(["jiaokan.repair.repairer"])
    return ProcessPoolExecutor(count, context, initializer=_start, initargs=(repairer,))


def _has_forkserver() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()
