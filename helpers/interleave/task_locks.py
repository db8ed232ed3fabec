"""Which asyncio locks the tasks of a recorded run take and wait for."""

import asyncio
import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from helpers.interleave.lanes import Lane
from helpers.interleave.schedule import Action


class TaskLocks:
    """The locks of one run.

    Attributes:
        awaited: By task, the lock that it waits for.
    """

    def __init__(self, lane_here: Callable[[], Lane | None]) -> None:
        self._lane_here = lane_here
        self.awaited: dict[Lane, asyncio.Lock] = {}
        self._holders: dict[int, Lane] = {}

    def holder(self, lock: asyncio.Lock | None) -> Lane | None:
        """Return who holds `lock`."""
        return self._holders.get(id(lock))

    @contextmanager
    def seen(self) -> Iterator[None]:
        """See every use of an asyncio lock; Condition uses one as well."""
        take, give = asyncio.Lock.acquire, asyncio.Lock.release

        @functools.wraps(take)
        async def acquire(lock: asyncio.Lock) -> bool:
            lane = self._lane_here()
            if lane is None:
                return await take(lock)
            self.awaited[lane] = lock
            try:
                await take(lock)
            finally:
                del self.awaited[lane]
            lane.held.append(lock)
            self._holders[id(lock)] = lane
            lane.run.observe(lane, Action.ACQUIRE, lock, sys._getframe(1))
            return True

        @functools.wraps(give)
        def release(lock: asyncio.Lock) -> None:
            give(lock)
            holder, lane = self._holders.pop(id(lock), None), self._lane_here()
            if holder is not None and lock in holder.held:
                holder.held.remove(lock)
            if lane is not None:
                lane.run.observe(lane, Action.RELEASE, lock, sys._getframe(1))

        asyncio.Lock.acquire, asyncio.Lock.release = acquire, release  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            asyncio.Lock.acquire, asyncio.Lock.release = take, give  # type: ignore[method-assign]
