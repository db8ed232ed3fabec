"""Work that mostly waits: on a socket, on a socket and then on the processor, on a lock that others hold."""

import asyncio
import socket
from dataclasses import dataclass, field
from select import select
from time import monotonic

from helpers.timeline.record import PATIENCE_SECONDS, RecordedLock, State, check_stop, waiting
from helpers.timeline.sizes import require
from helpers.workloads.cpu import CountWords


@dataclass(frozen=True, slots=True)
class WaitOnSocket:
    """Wait `seconds` for a peer on a socket that never says anything, as a client waits for a slow server."""

    seconds: float = 0.2

    def __post_init__(self) -> None:
        require(0, seconds=self.seconds)

    def __str__(self) -> str:
        return f"wait {self.seconds:g} s"

    def __call__(self) -> None:
        """Wait in the operating system; the GIL is free meanwhile."""
        here, there = socket.socketpair()
        with here, there, waiting(State.IO):
            deadline = monotonic() + self.seconds
            while (left := deadline - monotonic()) > 0:
                select([here], [], [], min(left, PATIENCE_SECONDS))
                check_stop()

    async def run_async(self) -> None:
        """Wait the same time in the event loop, which runs other tasks meanwhile."""
        here, there = socket.socketpair()
        here.setblocking(False)
        with here, there, waiting(State.IO):
            try:
                async with asyncio.timeout(self.seconds):
                    await asyncio.get_running_loop().sock_recv(here, 1)
            except TimeoutError:
                pass


@dataclass(frozen=True, slots=True)
class FetchAndCount:
    """Wait for a text on a socket, then count its words: mixed work."""

    seconds: float = 0.1
    lines: int = 15_000

    def __post_init__(self) -> None:
        require(0, seconds=self.seconds)
        require(0, whole=True, lines=self.lines)

    def __str__(self) -> str:
        return f"fetch {self.seconds:g} s, count {self.lines:,} lines"

    def __call__(self) -> int:
        """Return how many different words there are."""
        WaitOnSocket(self.seconds)()
        return len(CountWords(self.lines)())

    async def run_async(self) -> int:
        """Return the same; the wait lets other tasks run, the counting does not."""
        await WaitOnSocket(self.seconds).run_async()
        return len(CountWords(self.lines)())


@dataclass(slots=True)
class Account:
    """A balance and the lock that guards it."""

    balance: int = 0
    lock: RecordedLock = field(default_factory=RecordedLock)


@dataclass(frozen=True, slots=True)
class Deposit:
    """Pay 1 into a shared account `times` times, each time holding its lock for `hold_seconds` of I/O."""

    account: Account
    times: int = 5
    hold_seconds: float = 0.02

    def __post_init__(self) -> None:
        require(0, whole=True, times=self.times)
        require(0, hold_seconds=self.hold_seconds)

    def __str__(self) -> str:
        return f"{self.times} deposits"

    def __call__(self) -> int:
        """Return the balance after the last deposit."""
        balance = self.account.balance
        for _ in range(self.times):
            with self.account.lock:
                balance = self.account.balance
                WaitOnSocket(self.hold_seconds)()
                balance += 1
                self.account.balance = balance
        return balance
