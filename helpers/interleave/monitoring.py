"""Stops controlled threads before instructions that matter, by sys.monitoring (PEP 669).

PY_START finds the functions of the code under test as they are first called; each then gets INSTRUCTION events of
its own, and the instructions that touch nothing are switched off again at their first event.
"""

import collections
import copy
import functools
import os
import queue
import sys
import sysconfig
import threading
import weakref
from _thread import get_ident
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Protocol

from helpers.interleave.bytecode import MOST_REMEMBERED, Place, Site, nothing, remembered, sites_of
from helpers.interleave.lanes import DIRECTOR, Lane, controlled, own
from helpers.interleave.scheduler import Abort

_TOOL_NAME = "helpers.interleave"
_TOOLS = (4, 3, 5, 2, 1, 0)  # ids that are free for any use come first, then those meant for others
_STANDARD_LIBRARY = tuple(
    {str(Path(path).resolve()) for path in (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))}
)
_LIBRARY = (*_STANDARD_LIBRARY, "<frozen")
_OURSELVES = str(Path(__file__).resolve().parent)
_INNER = (*_LIBRARY, _OURSELVES)  # file names of what code under test calls, not of itself
_THREADING = threading.__file__
# Of the standard library these are watched, because they touch shared state without holding a lock.
_WATCHED = {
    _THREADING: ("Event.", "Barrier.", "Semaphore.", "BoundedSemaphore."),
    queue.__file__: ("Queue.", "LifoQueue.", "PriorityQueue."),
}
_WATCHED[functools.__file__] = ("cached_property.",)
_WATCHED[collections.__file__] = ("Counter.", "UserDict.", "UserList.", "OrderedDict.", "ChainMap.")
_WATCHED[copy.__file__] = ("",)
_WATCHED[type(os.environ).__getitem__.__code__.co_filename] = ("_Environ.",)  # frozen into the interpreter
_WATCHED[weakref.__file__] = ("WeakKeyDictionary.", "WeakValueDictionary.")
_unwatched: dict[int, CodeType] = {}  # keeps the code alive, so that its id stays its own
_drivers: tuple[str, ...] = ()  # their folders
_driving_packages: tuple[str, ...] = ()


def unwatched_package(name: str, folder: Path) -> None:
    """Say that no code of a package is under test, for those who drive the explorer from there: it runs far faster.

    Args:
        name: Of the package, dotted.
        folder: Where it lies; a package that hides from `sys.modules` cannot be looked up.
    """
    global _drivers, _driving_packages
    _drivers += (str(folder.resolve()),)
    _driving_packages += (name,)


def is_driver(module: str) -> bool:
    """Return whether a module, by its name, belongs to a package given to `unwatched_package`."""
    return module.startswith(_driving_packages)


def unwatched[F: Callable[..., Any]](function: F) -> F:
    """Decorate a function that is no part of the code under test: it runs in one piece and leaves no steps."""
    _unwatched[id(function.__code__)] = function.__code__
    return function


def is_unwatched(code: CodeType) -> bool:
    """Return whether `unwatched` was applied; what such a function names may still be the code under test."""
    return id(code) in _unwatched


def is_driving(code: CodeType) -> bool:
    """Return whether `code` belongs to a package given to `unwatched_package`."""
    return code.co_filename.startswith(_drivers)


class MonitoringTaken(RuntimeError):
    """Every monitoring tool id of the interpreter is in use by other tools."""


_kept: int | None = None  # the tool id that is not given back


def keep_watching() -> None:
    """Keep one tool for as long as the process lives.

    To switch events on makes the interpreter look through every function that is called from then on, and we have
    each that is not under test switched off again. In a process that explores over and over, once is enough.

    Raises:
        MonitoringTaken: As for `explore`.
    """
    global _kept
    _kept = _free_tool()
    sys.monitoring.set_events(_kept, sys.monitoring.events.PY_START | sys.monitoring.events.PY_RESUME)


def _free_tool() -> int:
    monitoring = sys.monitoring
    for tool in _TOOLS:
        try:
            monitoring.use_tool_id(tool, _TOOL_NAME)
        except ValueError:
            continue
        return tool
    owners = ", ".join(str(monitoring.get_tool(tool)) for tool in sorted(_TOOLS))
    raise MonitoringTaken(
        f"All monitoring tool ids of this interpreter are in use ({owners})."
        " Stop one of these tools (a debugger, profiler or coverage) and try again."
    )


def is_library(code: CodeType) -> bool:
    """Return whether `code` belongs to the standard library."""
    return code.co_filename.startswith(_LIBRARY)


def is_machinery(code: CodeType) -> bool:
    """Return whether `code` is the inside of a lock, a queue or the like, rather than of a container."""
    return is_library(code) and code.co_filename not in (collections.__file__, copy.__file__)


def is_under_test(code: CodeType) -> bool:
    """Return whether accesses in `code` count: not the standard library's, nor installed packages', nor ours."""
    file = code.co_filename
    if file in _WATCHED:
        return code.co_qualname.startswith(_WATCHED[file])
    if is_unwatched(code) or is_driving(code) or file.startswith(_INNER):
        return False
    return "site-packages" not in file and "dist-packages" not in file


@remembered  # to analyse it again would cost more than running it
def _analysed(code: CodeType) -> dict[Place, Site]:
    """Return the sites of `code`; none if it is not under test."""
    sites = sites_of(code) if is_under_test(code) else {}
    for site in sites.values():
        site.inner = is_library(code)
    return sites


_GLIMPSES = 8
_not_under_test: dict[int, CodeType] = {}  # code that was seen and never will be


_BUILTINS = sys._getframe().f_builtins  # our own where a grader imported us apart from the code under test


def _generated_for_us(code: CodeType, frame: FrameType) -> bool:
    """Return whether `code` has no file because one of our dataclasses, or any named tuple, had it made."""
    if code.co_filename != "<string>":
        return False
    if code.co_name == "<lambda>" and code.co_names == ("_tuple_new",):  # collections.namedtuple's __new__
        return True
    return frame.f_builtins is _BUILTINS and frame.f_globals.get("__name__", "").startswith(__package__)


class Witness(Protocol):
    """Sees exceptions when they are raised."""

    def raised(self, lane: Lane, error: BaseException, frame: FrameType) -> None:
        """`error` was raised in `frame`, or passes it on its way out."""


class Watch:
    """The monitoring of one exploration; a context manager.

    Attributes:
        marks: Keys of the sites that are switch points.
        coarse: Whether all accesses but the first few of each instruction are left out, so that little more than
            locks, rounds and calls is seen: enough for one thread alone, and many times faster.
        guessing: Whether every operation on a lock counts as a switch point, as most of them turn out to be.
        guessed: Those that were met meanwhile.
        strayed: Whether code under test ran in a thread that was started meanwhile, and not by `threading`.
    """

    def __init__(self) -> None:
        self.marks: set[tuple[Any, ...]] = set()
        self.coarse = False
        self.guessing = False
        self.guessed: set[Site] = set()
        self.strayed = False
        self._others: set[int] = set()  # idents of the threads that were there before
        self._visits: Counter[Site] = Counter()
        self._sites: dict[int, dict[Place, Site]] = {}
        self._codes: list[CodeType] = []  # kept alive, so that their ids stay theirs
        self._watched: dict[int, CodeType] = {}
        self._tool = -1
        self._keeps = False  # whether the tool stays when the exploration is over

    def mark(self, sites: set[Site]) -> bool:
        """Make `sites` switch points; return whether any was not one yet."""
        new = {site.key for site in sites} - self.marks
        if not new:
            return False
        self.marks |= new
        for found in self._sites.values():
            for site in found.values():
                site.switch = site.switch or site.key in new
        return True

    def settle(self, found: set[Site]) -> bool:
        """Stop guessing, now that it is known which are switch points; return whether just these were guessed."""
        self.guessing = False
        for site in self.guessed - found:
            site.switch = False
        self.mark(found)
        return self.guessed == found

    def look_closely(self) -> None:
        """See accesses too, from now on."""
        self.coarse = False
        for code in self._watched.values():  # which brings back what was switched off in it
            sys.monitoring.set_local_events(self._tool, code, 0)
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.INSTRUCTION)

    def site_of(self, frame: FrameType) -> Site:
        """Return the site of the lock or thread operation that `frame` is at, apart from the access of its call.

        Inside the standard library the place from which it was called counts as well: two conditions share the code
        of threading.Condition, and yet only one of them may be contended.
        """
        outer, code = frame, frame.f_code
        while code.co_filename.startswith(_INNER):
            caller = outer.f_back
            if caller is None:  # nobody but the library
                outer, code = frame, frame.f_code
                break
            outer, code = caller, caller.f_code
        sites = self._sites_of(code)
        place = (~outer.f_lasti, 0 if outer is frame else frame.f_lasti)
        site = sites.get(place)
        if site is None:
            key = (code.co_filename, code.co_qualname, code.co_firstlineno, place)
            site = sites[place] = Site(key, 0, nothing)
            site.switch = key in self.marks
            site.inner = outer is not frame or is_library(code)
        if self.guessing and controlled[get_ident()].index != DIRECTOR:
            site.switch = True
            self.guessed.add(site)
        return site

    def _sites_of(self, code: CodeType) -> dict[Place, Site]:
        sites = self._sites.get(id(code))
        if sites is None:
            sites = self._sites[id(code)] = _analysed(code)
            self._codes.append(code)
            for site in sites.values():
                site.switch = site.key in self.marks
        return sites

    def __enter__(self) -> "Watch":
        monitoring, events = sys.monitoring, sys.monitoring.events
        self._keeps = _kept is not None and not _current
        self._tool = tool = _kept if _kept is not None and self._keeps else _free_tool()
        _current.append(self)
        own.thread = True
        self._others = set(sys._current_frames())
        monitoring.register_callback(tool, events.PY_START, self._on_start)
        monitoring.register_callback(tool, events.PY_RESUME, self._on_resume)
        monitoring.register_callback(tool, events.INSTRUCTION, self._on_instruction)
        if not self._keeps:
            monitoring.set_events(tool, events.PY_START | events.PY_RESUME)
            monitoring.restart_events()  # forget what an earlier exploration switched off
        return self

    def __exit__(self, *error: object) -> None:
        monitoring, events = sys.monitoring, sys.monitoring.events
        if not self._keeps:
            monitoring.set_events(self._tool, 0)
        for code in self._watched.values():
            monitoring.set_local_events(self._tool, code, 0)
        for event in (events.PY_START, events.PY_RESUME, events.INSTRUCTION):
            monitoring.register_callback(self._tool, event, None)
        if not self._keeps:
            monitoring.free_tool_id(self._tool)
        _current.remove(self)

    def _on_start(self, code: CodeType, offset: int) -> object:
        if id(code) not in self._watched and not self._is_to_be_watched(code):
            return sys.monitoring.DISABLE
        lane = controlled.get(get_ident())
        if lane is None:
            self._notice_stranger(code)
        elif lane.touches:
            lane.run.begin(lane, self._sites_of(code)[offset], sys._getframe(1))
        return None  # the next call may come from within another one

    def _on_resume(self, code: CodeType, offset: int) -> object:
        watched = id(code) in self._watched or self._is_to_be_watched(code)
        if watched and get_ident() not in controlled:
            self._notice_stranger(code)
            return None  # look again when ours resumes it
        if watched and self._keeps:
            return None  # look again when ours resumes it, or the next exploration's
        return sys.monitoring.DISABLE

    def _is_to_be_watched(self, code: CodeType) -> bool:
        """Return whether `code` is under test; from its first call in a controlled thread on, it is watched.

        Called by monitoring callbacks, whose caller is the frame of the code.
        """
        if id(code) in _not_under_test:
            return False
        if not is_under_test(code) or _generated_for_us(code, sys._getframe(2)):
            if len(_not_under_test) < MOST_REMEMBERED:
                _not_under_test[id(code)] = code
            return False
        if get_ident() in controlled:
            self._sites_of(code)
            self._watched[id(code)] = code
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.INSTRUCTION)
        return True

    def _on_instruction(self, code: CodeType, offset: int) -> object:
        site = self._sites[id(code)].get(offset)
        if site is None or (self.coarse and not site.counts_only and self._seen_enough_of(site)):
            return sys.monitoring.DISABLE
        lane = controlled.get(get_ident())
        if lane is None:
            self._notice_stranger(code)
        elif not site.counts_only:
            lane.run.visit(lane, site, sys._getframe(1))
        elif lane.run.goes_round(lane, site):
            lane.run.give_way(lane, site, sys._getframe(1))
        return None

    def _notice_stranger(self, code: CodeType) -> None:
        """Note that code runs in a thread that is not controlled, unless it is one of ours, before or after a run."""
        starts = code.co_filename == _THREADING  # sets an event before it can say that it is ours
        if not starts and not hasattr(own, "thread") and get_ident() not in self._others:
            self.strayed = True

    def _seen_enough_of(self, site: Site) -> bool:
        """Count the visits of `site`; the first few tell what of the world outside is to be put back."""
        self._visits[site] += 1
        return self._visits[site] > _GLIMPSES

    @contextmanager
    def seeing_errors(self, witness: Witness) -> Iterator[None]:
        """Let `witness` see every exception that a controlled thread raises, and each frame that it passes."""

        def on_raise(code: CodeType, offset: int, error: BaseException) -> None:
            lane = controlled.get(get_ident())
            if lane is not None and not isinstance(error, Abort):
                witness.raised(lane, error, sys._getframe(1))

        monitoring = sys.monitoring
        starts = monitoring.get_events(self._tool)
        monitoring.register_callback(self._tool, monitoring.events.RAISE, on_raise)
        monitoring.set_events(self._tool, starts | monitoring.events.RAISE)
        try:
            yield
        finally:
            monitoring.set_events(self._tool, starts)
            monitoring.register_callback(self._tool, monitoring.events.RAISE, None)


_current: list[Watch] = []


def site_of(frame: FrameType) -> Site:
    """Return the site at which `frame` is now: the call of a lock's method, or a `with` statement."""
    return _current[-1].site_of(frame)
