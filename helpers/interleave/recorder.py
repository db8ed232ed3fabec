"""Writes one run down step by step, in the words of a student."""

import functools
import linecache
import reprlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import CellType, FrameType, MemberDescriptorType
from typing import Any

from helpers.interleave.bytecode import Site, Touch
from helpers.interleave.monitoring import is_library, is_under_test
from helpers.interleave.operands import Missing
from helpers.interleave.primitives import VirtualLock
from helpers.interleave.schedule import Action, Step
from helpers.interleave.scheduler import Lane, outside

_MOST_STEPS = 500  # of a schedule that goes on for ever
_short = reprlib.Repr(maxstring=40, maxlist=6, maxdict=4, maxset=6, maxother=40, maxlevel=3)
_PLAIN = (int, float, complex, str, bytes, bool, type(None), list, dict, set, tuple, frozenset)


def short(value: Any) -> str:
    """Return a short repr that never runs code under test."""
    if value is Missing:
        return ""
    if type(value) in _PLAIN and _is_plain(value):
        return _short.repr(value)
    return f"<{type(value).__name__}>"


def _is_plain(value: Any, depth: int = 3) -> bool:
    if type(value) not in _PLAIN or not depth:
        return False
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    if isinstance(value, list | set | tuple | frozenset | dict):
        return all(_is_plain(part, depth - 1) for part in list(parts)[:8])
    return True


def look_up(owner: Any, name: str) -> Any:
    """Return the value of an attribute, global or closure variable without running any code; Missing if unknown."""
    if isinstance(owner, CellType):
        try:
            return owner.cell_contents
        except ValueError:
            return Missing
    if isinstance(owner, dict):
        return owner.get(name, Missing)
    if isinstance(owner, type):
        return next((vars(cls)[name] for cls in owner.__mro__ if name in vars(cls)), Missing)
    namespace = getattr(owner, "__dict__", None)
    if isinstance(namespace, Mapping) and name in namespace:
        return namespace[name]
    value = look_up(type(owner), name)
    if isinstance(value, MemberDescriptorType):
        try:
            return value.__get__(owner)
        except AttributeError:
            return Missing
    return value


# What the lock operations inside threading.Condition mean to its user; those that are left out mean nothing.
_CONDITION_METHODS: dict[str, dict[Action, Action]] = {
    "Condition.wait": {Action.BLOCK: Action.WAIT},
    "Condition.notify": {Action.RELEASE: Action.NOTIFY},
    "Condition._release_save": {},
    "Condition._is_owned": {},
}


@dataclass(slots=True)
class Entry:
    """A step as it was written down, and the place that it touched: None for what is always shown."""

    step: Step
    place: tuple[int, str | None] | None
    lane: Lane
    writes: bool


class Recorder:
    """An `Observer` that keeps every step.

    Attributes:
        entries: What happened, in order.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names: dict[int, str] = {}
        self._keep: list[Any] = []
        self._waits_on: dict[Lane, str] = {}

    def steps(self) -> tuple[Step, ...]:
        """Return the steps worth showing: those on places that some thread changes, not too many."""
        written = {entry.place for entry in self.entries if entry.writes and entry.lane.index >= 0}
        shown = [
            entry.step
            for entry in self.entries
            if entry.lane.index >= 0 and (entry.place is None or entry.place in written)
        ]
        return tuple(shown[:_MOST_STEPS])

    def access(self, lane: Lane, site: Site, frame: FrameType, touch: Touch) -> None:
        """Write down an access that is about to happen."""
        with outside():
            self._access(lane, site, frame, touch)

    def event(self, lane: Lane, action: Action, subject: object, frame: FrameType | None) -> None:
        """Write down a thread or lock operation that has just happened."""
        with outside():
            self._event(lane, action, subject, frame)

    def name(self, thing: object) -> str:
        """Return what a student would call `thing`."""
        if isinstance(thing, Lane):
            return f"thread {thing.name}"
        return self._names.get(id(thing), "lock" if type(thing).__name__.startswith("Virtual") else "")

    def _access(self, lane: Lane, site: Site, frame: FrameType, touch: Touch) -> None:
        owner, name, item, action, writes, value = touch
        before = Missing
        if is_library(frame.f_code):
            return
        if name is not None:
            now = look_up(owner, name)
            if isinstance(now, property | functools.cached_property):
                return  # its functions show what they touch
            if now is not Missing:
                self._label(now, name)
            if action is Action.READ:
                value = now
            else:
                before = now
                self._label(value, name)
            target = name
        else:
            target = self._names.get(id(owner), type(owner).__name__)
            if item is not Missing:
                target = f"{target}[{short(item)}]"
                now = _item(owner, item)
                value, before = (now, Missing) if action is Action.READ else (value, now)
            elif action is Action.READ:
                value = owner
            elif site.name:
                target = f"{target}.{site.name}"
        if lane.index < 0:
            return
        step = Step(lane.name, action, target, *where(frame), short(value), short(before), self._held(lane))
        self._keep.append(owner)
        self.entries.append(Entry(step, (id(owner), name), lane, writes))

    def _event(self, lane: Lane, action: Action, subject: object, frame: FrameType | None) -> None:
        target, value = self.name(subject), ""
        if action is Action.SLEEP:
            target, value = "", f"{subject} s"
        caller = frame.f_code.co_qualname if frame is not None and is_library(frame.f_code) else ""
        if caller in _CONDITION_METHODS:
            assert frame is not None
            condition = frame.f_locals["self"]
            target = self.name(getattr(condition, "_lock", None)) or "condition"
            self._waits_on[lane] = target
            if action not in _CONDITION_METHODS[caller]:
                return
            action = _CONDITION_METHODS[caller][action]
        line, source = where(frame) if frame is not None else (0, "")
        step = Step(lane.name, action, target, line, source, value, "", self._held(lane))
        self.entries.append(Entry(step, None, lane, False))

    def resource(self, lane: Lane, lock: object) -> str:
        """Return the name of what `lane` waits for: a lock, or the condition behind it."""
        return self._names.get(id(lock)) or self._waits_on.get(lane, "lock")

    def _held(self, lane: Lane) -> tuple[str, ...]:
        return tuple(self.name(lock) for lock in lane.held)

    def _label(self, value: Any, name: str) -> None:
        if isinstance(value, list | dict | set) or type(value) in (VirtualLock, *VirtualLock.__subclasses__()):
            if id(value) not in self._names:
                self._names[id(value)] = name
                self._keep.append(value)
        elif isinstance(value, threading.Condition | threading.Event | threading.Semaphore | threading.Barrier) or (
            type(value).__module__ == "queue"
        ):
            for part in vars(value).values():
                self._label(part, name)


def _item(owner: Any, key: Any) -> Any:
    try:
        return owner[key] if type(owner) in (list, dict) and type(key) in (int, str, bytes) else Missing
    except (KeyError, IndexError):
        return Missing


def where(frame: FrameType) -> tuple[int, str]:
    """Return the number and the text of the innermost line of code under test."""
    here: FrameType | None = frame
    while here is not None and (is_library(here.f_code) or not is_under_test(here.f_code)):
        here = here.f_back
    if here is None:
        return 0, ""
    return here.f_lineno, linecache.getline(here.f_code.co_filename, here.f_lineno).strip()
