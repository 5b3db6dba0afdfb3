"""One bounded pool for all actions: whoever finds it full is told so at once, nothing queues."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Made = TypeVar("_Made")


class Workers:
    """So many threads, each with at most one action."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="action")

    def start(self, work: Callable[[], _Made]) -> Future[_Made] | None:
        """What `work` will have made, or None when every thread has work already.

        A place is free again when the work has ended, not when its caller has gone.
        """
        if not self._free.acquire(blocking=False):
            return None
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._free.release())
        return future

    def close(self) -> None:
        """Waits until all work has ended."""
        self._threads.shutdown(wait=True)
