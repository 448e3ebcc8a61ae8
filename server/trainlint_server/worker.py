"""One thread in which everything is checked, so that the editor is answered while a check runs."""

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeAlias, TypeVar

from trainlint.engine.garbage import collect_much

T = TypeVar("T")
Job: TypeAlias = Callable[[], None]

STACK = 64 * 1024 * 1024
"""Bytes. The thread follows calls as deep as the main thread may."""

LULL = 1.0
"""Seconds without a job after which nobody is kept waiting by a look for garbage."""


class Worker:
    """A thread that does one job after the other. It does not keep the process alive.

    It also collects the garbage of a process that has no automatic collection, which would come in the middle of a job.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        before = threading.stack_size(STACK)
        try:
            threading.Thread(target=self._work, name="trainlint checks", daemon=True).start()
        finally:
            threading.stack_size(before)

    async def run(self, function: Callable[[], T]) -> T:
        """What a function gives that is called in the thread; what it raises is raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001 - it is the caller's to handle
                outcome = _failed(future, error)
            else:
                outcome = _done(future, result)
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(outcome)

        self._jobs.put(job)
        return await future

    def _work(self) -> None:
        while True:
            self._next()()
            collect_much()  # even while somebody types

    def _next(self) -> Job:
        with contextlib.suppress(Empty):
            return self._jobs.get(timeout=LULL)
        gc.collect()
        return self._jobs.get()


def _done(future: "asyncio.Future[T]", result: T) -> Job:
    return lambda: None if future.done() else future.set_result(result)


def _failed(future: "asyncio.Future[T]", error: BaseException) -> Job:
    return lambda: None if future.done() else future.set_exception(error)
