"""Facts about the interpreter and the machine that decide what a strategy can gain."""

import os
import platform
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What the measured code ran on.

    Attributes:
        version: "CPython 3.13.0".
        gil: Whether a global interpreter lock is in force.
        cores: Cores that this process may use; a container's quota can make it a fraction.
        switch_interval: Seconds after which a thread is asked to give up the GIL.
        threads: Threads of this process before the run, the kernel's own included.
    """

    version: str
    gil: bool
    cores: float
    switch_interval: float
    threads: int

    def __str__(self) -> str:
        plural = "" if self.cores == 1 else "s"
        return f"{self.version}, GIL {'on' if self.gil else 'off'}, {self.cores:g} core{plural}"


def this_interpreter() -> Interpreter:
    """Return the facts as they are now."""
    return Interpreter(
        version=f"{platform.python_implementation()} {platform.python_version()}",
        gil=gil_enabled(),
        cores=cores_available(),
        switch_interval=sys.getswitchinterval(),
        threads=threading.active_count(),
    )


def gil_enabled() -> bool:
    """Return whether threads take turns here; only a free-threaded build can say no (PEP 703)."""
    asked = getattr(sys, "_is_gil_enabled", None)
    return True if asked is None else bool(asked())


def cores_available(root: Path = Path("/")) -> float:
    """Return how many cores this process may use: its affinity, cut down to the container's quota.

    Args:
        root: Where /proc and /sys are found.

    Source: Linux, Documentation/admin-guide/cgroup-v2.rst (cpu.max), scheduler/sched-bwc.rst (cpu.cfs_*).
    """
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return min([float(cores), *_quotas(root)])


def _quotas(root: Path) -> Iterator[float]:
    """Yield the CPU quota of each control group around this process that has one, in cores."""
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if controllers == "":
            top, read = root / "sys/fs/cgroup", _quota_v2
        elif "cpu" in controllers.split(","):
            top, read = root / "sys/fs/cgroup" / controllers, _quota_v1
        else:
            continue
        own = top / path.lstrip("/")
        for folder in (
            own,
            *own.parents,
        ):  # a limit on any of them holds; inside a container `own` may not exist
            try:
                quota, period = read(folder)
            except (OSError, ValueError):  # no such file, or "max" for no limit
                quota = period = -1
            if quota > 0 and period > 0:
                yield quota / period
            if folder == top:
                break


def _quota_v2(folder: Path) -> tuple[int, int]:
    quota, period = (folder / "cpu.max").read_text().split()
    return int(quota), int(period)


def _quota_v1(folder: Path) -> tuple[int, int]:
    return int((folder / "cpu.cfs_quota_us").read_text()), int((folder / "cpu.cfs_period_us").read_text())
