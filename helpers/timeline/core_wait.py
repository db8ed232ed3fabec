"""How long a thread has waited for a core, asked of Linux without giving up the GIL.

An ordinary read lets other threads take the GIL. Asking in the middle of CPU work would then add the very
wait that is being measured, so the read goes through `ctypes.PyDLL`, which keeps it.
"""

import ctypes
import os
import sys

_LENGTH = 96
_libc = ctypes.PyDLL(None) if sys.platform == "linux" else None
if _libc is not None:
    _libc.pread.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long)


class CoreWait:
    """The scheduler's account of the thread that made this object.

    Source: Linux, Documentation/scheduler/sched-stats.rst, second field of /proc/<pid>/schedstat.
    """

    __slots__ = ("_buffer", "_file")

    def __init__(self) -> None:
        """Open the account, where the system keeps one."""
        self._file = -1
        self._buffer = ctypes.create_string_buffer(_LENGTH)
        if _libc is not None:
            try:
                self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
            except OSError:  # a kernel built without it
                return

    def nanoseconds(self) -> int | None:
        """Return how long the thread was ready to run and had no core, since it began.

        Returns:
            The time, or None where the system does not tell (anywhere but on Linux).
        """
        if _libc is None or self._file < 0:
            return None
        length = _libc.pread(self._file, self._buffer, _LENGTH, 0)
        return int(self._buffer.raw[:length].split()[1]) if length > 0 else None

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)
