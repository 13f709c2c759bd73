"""Work spread over processes: in order, in bounded memory, and outliving what crashes a process."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from jiaokan.repair.memory import bound, keep_to, most_under_way, most_workers

Item = TypeVar("Item")
Answer = TypeVar("Answer")

LOADED = "jiaokan.repair.corpus.loaded"
"""The module with all that workers need."""
WAITING_PER_WORKER = 3
"""So many items are under way or waiting for each worker; more are not read ahead."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_Waiting: TypeAlias = "deque[tuple[Item, ProcessPoolExecutor, Future[Answer]]]"


class Workers:
    """Runs tasks over items; the answers come in the items' order.

    With `count` 1 all is done in this process, so that nothing outlives a crash. The processes
    start with the first item, and end with the context or with this process, however it ends.
    """

    def __init__(self, count: int, preload: str = LOADED) -> None:
        """`preload` is the module that is loaded before the processes part, and shared by them."""
        most = most_workers()
        self.count = count if most is None else min(count, most)
        self._preload = preload
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(
        self,
        task: Callable[[Item], Answer],
        items: Iterable[Item],
        split: Callable[[Item], Sequence[Item]],
        lost: Callable[[Item], Answer],
        dropped: Callable[[Answer], None] = lambda answer: None,
        weigh: Callable[[Item], int] = lambda item: 0,
    ) -> Iterator[Answer]:
        """The answers; an item that had to be cut gives several.

        `split(item)` cuts an item in two, or gives nothing where it cannot be cut; `lost(item)` is
        the answer for one that crashes its process and cannot be cut. `dropped` is told of answers
        that nobody waits for any more, where the iteration is broken off. `weigh(item)` is how
        many bytes of text it has, for the bound of the memory.
        """
        if self.count == 1:
            yield from map(task, items)
            return
        waiting: _Waiting[Item, Answer] = deque()
        most = most_under_way(self.count)
        try:
            for item in items:
                if most is not None:
                    while waiting and weigh(item) + sum(weigh(w[0]) for w in waiting) > most:
                        yield from self._next(task, waiting, split, lost)
                waiting.append((item, *self._submit(task, item)))
                if len(waiting) >= self.count * WAITING_PER_WORKER:
                    yield from self._next(task, waiting, split, lost)
            while waiting:
                yield from self._next(task, waiting, split, lost)
        finally:
            for _, _, future in waiting:
                future.cancel()
            for _, _, future in waiting:
                if not future.cancelled():
                    with suppress(Exception):
                        dropped(future.result())

    def _submit(
        self, task: Callable[[Item], Answer], item: Item
    ) -> "tuple[ProcessPoolExecutor, Future[Answer]]":
        if self._pool is None:
            self._pool = _new_pool(self.count, self._preload)
        try:
            return self._pool, self._pool.submit(task, item)
        except BrokenProcessPool as error:
            broken: Future[Answer] = Future()
            broken.set_exception(error)
            return self._pool, broken

    def _next(
        self,
        task: Callable[[Item], Answer],
        waiting: "_Waiting[Item, Answer]",
        split: Callable[[Item], Sequence[Item]],
        lost: Callable[[Item], Answer],
    ) -> Iterator[Answer]:
        item, pool, future = waiting.popleft()
        try:
            answer = future.result()
        except BrokenProcessPool:
            # One crash takes all that was under way with it: each is done again by itself.
            if self._pool is pool:
                self._pool = None
            yield from _alone(task, item, split, lost, self._preload)
        else:
            yield answer


def _alone(
    task: Callable[[Item], Answer],
    item: Item,
    split: Callable[[Item], Sequence[Item]],
    lost: Callable[[Item], Answer],
    preload: str,
) -> Iterator[Answer]:
    with _new_pool(1, preload) as pool:
        try:
            answer = pool.submit(task, item).result()
        except BrokenProcessPool:
            parts = split(item)
        else:
            yield answer
            return
    if not parts:
        yield lost(item)
    for part in parts:
        yield from _alone(task, part, split, lost, preload)


def load_ahead(preload: str = LOADED) -> None:
    """Have what workers share loaded in the background, where it is known that there will be some."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        _context(preload)


def _context(preload: str) -> BaseContext:
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        # The tables are loaded once, and shared by all workers.
        context.set_forkserver_preload([preload])
        _start_server()
    return context


def _start_server() -> None:
    """Start what the workers come from. Ctrl-C, which a terminal sends to all, is for the parent to
    hear; the server would break off what it loads, and say so in thirty lines."""
    resource_tracker.ensure_running()  # it lets the signal through again where it has to start
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _new_pool(count: int, preload: str) -> ProcessPoolExecutor:
    context = _context(preload)
    return ProcessPoolExecutor(count, context, initializer=_start, initargs=(bound(),))


def _start(memory: int | None) -> None:
    keep_to(memory)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops the run
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
