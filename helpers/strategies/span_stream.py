"""Bring the spans of worker processes, or interpreters, home while they run, over one pipe that all of them write to.

A message is written in one piece of at most `PIPE_BUF` bytes, which POSIX keeps whole. So no lock is needed,
and a worker that is killed in the middle of a task neither blocks the others nor takes its spans with it.
"""

import os
import pickle
import select
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from time import perf_counter_ns

from helpers.timeline.record import LaneLog, Recorder
from helpers.timeline.spans import Event, moved

if sys.platform == "linux":
    import fcntl

FLUSH_SECONDS = 0.05
_MESSAGE_BYTES = getattr(select, "PIPE_BUF", 4096) - 8  # Connection puts a length in front
_NAME_LENGTH = 80
_LAST = b""


@dataclass(frozen=True, slots=True)
class _Message:
    pid: int
    tid: int
    sent_ns: int  # the worker's clock
    delay_ns: int  # shortest time so far from a task being given away (parent's clock) to its start (worker's)
    events: tuple[Event, ...]


class Sender:
    """A worker's end of the pipe."""

    def __init__(
        self, connection: Connection, log: LaneLog, sentinel: int, end: Callable[[], None], daemon: bool
    ) -> None:
        """Begin to send.

        Args:
            connection: Where to.
            log: What is sent.
            sentinel: A pipe whose other end is closed when the worker has to end.
            end: Called then, in a thread of its own; ends the worker.
            daemon: Whether that thread may be cut off; interpreters (PEP 734) wait for theirs.
        """
        self._connection = connection
        self._log = log
        self._sent = 0
        self._delay_ns = 2**62
        self._lock = threading.Lock()
        self._end = end
        threading.Thread(target=self._watch, args=(sentinel,), daemon=daemon).start()

    def task_arrived(self, given_ns: int) -> None:
        """Take note of how long a task was on its way, from the parent's clock to this one."""
        self._delay_ns = min(self._delay_ns, perf_counter_ns() - given_ns)

    def flush(self) -> None:
        """Send the marks recorded since the last time."""
        with self._lock:
            events = self._log.events[self._sent :]
            self._sent += len(events)
            self._send(tuple(events))

    def _send(self, events: tuple[Event, ...]) -> None:
        if not events:
            return
        message = _Message(self._log.pid, self._log.tid, perf_counter_ns(), self._delay_ns, events)
        payload = pickle.dumps(message)
        if len(payload) <= _MESSAGE_BYTES:
            self._connection.send_bytes(payload)
        elif len(events) > 1:
            middle = len(events) // 2
            self._send(events[:middle])
            self._send(events[middle:])
        elif len(events[0]) == 3 and len(events[0][1] or "") > _NAME_LENGTH:
            time_ns, name, state = events[0]
            self._send(((time_ns, (name or "")[:_NAME_LENGTH], state),))

    def _watch(self, sentinel: int) -> None:
        while not wait([sentinel], FLUSH_SECONDS):
            self.flush()
        self._end()


class Receiver:
    """The parent's end: one lane for each worker that writes, in the order of their first words."""

    def __init__(self, inbox: Connection, outbox: Connection, recorder: Recorder, lane_name: str) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._recorder = recorder
        self._lane_name = lane_name
        self._logs: dict[tuple[int, int], LaneLog] = {}
        self._delays: dict[tuple[int, int], tuple[int, int]] = {}
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take in what is left in the pipe, once every worker has ended, and line up the clocks."""
        self._outbox.send_bytes(_LAST)
        self._thread.join()
        for worker, log in self._logs.items():
            offset = clock_offset_ns(*self._delays[worker])
            if offset:
                log.events = moved(log.events, -offset)
                self._recorder.notes.append(f"The clock of {log.name} was moved by {-offset / 1e6:.1f} ms")

    def _receive(self) -> None:
        while (payload := self._inbox.recv_bytes()) != _LAST:
            self._take(payload)

    def _take(self, payload: bytes) -> None:
        arrived_ns = perf_counter_ns()
        message: _Message = pickle.loads(payload)
        worker = message.pid, message.tid
        log = self._logs.get(worker)
        if log is None:
            number = len(self._logs) + 1
            log = LaneLog(f"{self._lane_name} {number}", message.pid, message.tid)
            self._logs[worker] = self._recorder.add_lane(log)
        there, back = self._delays.get(worker, (2**62, 2**62))
        self._delays[worker] = min(there, message.delay_ns), min(back, arrived_ns - message.sent_ns)
        log.events.extend(message.events)


def clock_offset_ns(there_ns: int, back_ns: int) -> int:
    """Return how far a worker's clock is ahead of this process's, as messages both ways tell.

    No message arrives before it was sent, so the offset lies between -`back_ns` and `there_ns`. Where 0 is
    possible, as on Linux, where all processes read one clock, it is taken to be 0.

    Args:
        there_ns: Shortest time from here to there: read there minus read here, in nanoseconds.
        back_ns: Shortest time from there to here: read here minus read there.

    Returns:
        The offset in nanoseconds; 0 when the clocks may agree.

    Source: F. Cristian, "Probabilistic clock synchronization", Distributed Computing 3 (1989).
    """
    if -back_ns <= 0 <= there_ns:
        return 0
    return (there_ns - back_ns) // 2


def kill_when_closed(sentinel: int) -> None:
    """Have Linux kill this process when a pipe's other end is closed, even in a call into C that keeps the GIL.

    The death signal of prctl(2) would not do: the parent of a worker may be the fork server, which outlives the kernel
    for as long as there are workers.

    Source: fcntl(2), O_ASYNC and F_SETSIG.
    """
    if sys.platform == "linux":
        fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
