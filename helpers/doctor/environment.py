"""Examine the interpreter, the machine and the installed packages."""

import os
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from helpers.doctor.finding import Finding

OLDEST_PYTHON = (3, 12)
REBUILD = "Build the environment anew: make clean lab"
_PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>.+))?$")
_SHOWN = 5


def python() -> Finding:
    """Is this Python new enough? The explorer needs `sys.monitoring` (PEP 669)."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("Python", found)
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Finding(
        "Python", f"{found} is too old", f"Install Python {oldest} or later, then: make clean lab PYTHON=python{oldest}"
    )


def packages(lock: Path) -> Finding:
    """Is what the lock names installed, in that version?

    Args:
        lock: The requirements file with a pin a line.
    """
    if not lock.exists():
        return Finding("packages", f"{lock} is missing", "Run the doctor in the course's folder.")
    pins = list(_pins(lock))
    wrong = [said for name, pinned in pins if (said := _difference(name, pinned))]
    if not wrong:
        return Finding("packages", f"{len(pins)} as locked")
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return Finding("packages", f"{', '.join(wrong[:_SHOWN])}{more}", REBUILD)


def cores() -> Finding:
    """How many cores may be used? A container's quota counts."""
    from helpers.strategies import this_interpreter

    usable = this_interpreter().cores
    if usable > 1:
        return Finding("cores", f"{usable:g}")
    return Finding(
        "cores",
        f"{usable:g}: processes cannot be faster than one after another here",
        "Give the machine or the container two cores; everything else works with one.",
    )


def _pins(lock: Path) -> Iterator[tuple[str, str]]:
    """Yield the names and versions that hold for this interpreter."""
    from packaging.markers import Marker

    for line in lock.read_text(encoding="utf-8").splitlines():
        pin = _PIN.match(line)
        if pin and (pin["marker"] is None or Marker(pin["marker"]).evaluate()):
            yield pin["name"], pin["version"]


def _difference(name: str, pinned: str) -> str:
    try:
        installed = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    return "" if installed == pinned else f"{name} is {installed} instead of {pinned}"


def writable(path: Path) -> bool:
    """Return whether this user may write to a file, or make files in a folder."""
    return os.access(path, os.W_OK | os.X_OK if path.is_dir() else os.W_OK)
