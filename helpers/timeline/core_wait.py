"""How long a thread has waited for a core, asked of Linux without giving up the GIL.

An ordinary read lets other threads take the GIL. Asking in the middle of CPU work would then add the very
wait that is being measured, so the three calls go through `ctypes.PyDLL`, which keeps it.
"""

import ctypes
import os
import sys

_PATH = b"/proc/thread-self/schedstat"


def core_wait_ns() -> int | None:
    """Return how long the calling thread was ready to run and had no core, in nanoseconds since it began.

    Returns:
        The time, or None where the system does not tell (anywhere but on Linux).

    Source: Linux, Documentation/scheduler/sched-stats.rst, second field of /proc/<pid>/schedstat.
    """
    if _libc is None:
        return None
    descriptor = _libc.open(_PATH, os.O_RDONLY)
    if descriptor < 0:
        return None
    buffer = ctypes.create_string_buffer(96)
    length = _libc.read(descriptor, buffer, 95)
    _libc.close(descriptor)
    return int(buffer.raw[:length].split()[1]) if length > 0 else None


_libc = ctypes.PyDLL(None) if sys.platform == "linux" else None
