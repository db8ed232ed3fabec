"""Writes one run down step by step, in the words of a student."""

import functools
import linecache
import re
import reprlib
import threading
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from threading import Barrier, Condition, Event, Semaphore
from types import (
    BuiltinFunctionType,
    CellType,
    FrameType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

from helpers.interleave.bytecode import Site
from helpers.interleave.lanes import Lane, outside
from helpers.interleave.monitoring import is_library, is_machinery, is_under_test
from helpers.interleave.naming import Names, Place
from helpers.interleave.operands import Missing
from helpers.interleave.primitives import VirtualLock
from helpers.interleave.schedule import Action, Step
from helpers.interleave.touch import Touch

_LONG_NUMBER = re.compile(r"\b\d{9,}\b")  # what `id` and `get_ident` give
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_MOST_STEPS = 500  # of a schedule that goes on for ever
_short = reprlib.Repr(maxstring=40, maxlist=6, maxdict=4, maxset=6, maxother=40, maxlevel=3)
_SCALARS = (int, float, complex, str, bytes, bool, type(None))
_PLAIN = (*_SCALARS, list, dict, set, tuple, frozenset, deque, defaultdict, OrderedDict, Counter)


def short(value: Any) -> str:
    """Return a short repr that never runs code under test."""
    if value is Missing:
        return ""
    if type(value) in _PLAIN and _is_plain(value):
        return _short.repr(value)
    if isinstance(value, Enum) and "_name_" in vars(value):
        return f"{type(value).__name__}.{vars(value)['_name_']}"
    return f"<{type(value).__name__.removeprefix('Virtual')}>"


def first_line(text: object) -> str:
    """Return the first line of a text without the addresses of objects, which differ from run to run."""
    return _ADDRESS.sub("", str(text).partition("\n")[0])


def _is_plain(value: Any, depth: int = 3) -> bool:
    if type(value) not in _PLAIN or not depth:
        return False
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    if isinstance(value, list | set | tuple | frozenset | dict | deque):
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
    """What becomes a step once everything in it has its name.

    Attributes:
        subject: What it is about: a place, or words.
        call: For a CALL, the text before and after the name of what it is about; None where that is not known.
        touched: The place of which other threads may see that it changes; None for what is always shown.
        writes: Whether it may change that.
        error: For a RAISE, the exception.
    """

    lane: Lane
    action: Action
    subject: Place | str
    line: int
    source: str
    held: tuple[Place, ...]
    value: str = ""
    before: str = ""
    call: tuple[str, str] | None = None
    touched: tuple[int, str | None] | None = None
    writes: bool = False
    error: BaseException | None = None

    def places(self) -> tuple[Place, ...]:
        """Return the places that it mentions."""
        return self.held if isinstance(self.subject, str) else (self.subject, *self.held)

    def step(self, names: Mapping[Place, str]) -> Step:
        """Return it as plain data."""
        target = self.subject if isinstance(self.subject, str) else names[self.subject]
        call = ""
        if self.call is not None and not isinstance(self.subject, str):
            name = target.removesuffix(self.subject[1]) if self.subject[1].startswith("[") else target
            call = name.join(self.call)
        held = tuple(dict.fromkeys(names[place] for place in self.held))
        return Step(self.lane.name, self.action, target, self.line, self.source, self.value, self.before, held, call)


class Recorder:
    """An `Observer` that keeps every step.

    Attributes:
        entries: What happened, in order.
        names: What everything is called.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.names = Names()
        self._said: dict[Place, str] = {}
        self._locks: dict[Place, Any] = {}  # the first lock that was found at each place
        self._waits_on: dict[Lane, Place | str] = {}
        self._inner: dict[int, Any] = {}  # locks that the library took inside, by id
        self._errors: set[int] = set()  # ids of those that entries keep alive

    def steps(self, error: BaseException | None) -> tuple[Step, ...]:
        """Return the steps worth showing, not too many.

        They are those on places that some thread changes; of what was raised only the `error` that ended the run.
        """
        written = {entry.touched for entry in self.entries if entry.writes and entry.lane.index >= 0}
        shown = [
            entry
            for entry in self.entries
            if entry.lane.index >= 0 and (entry.touched is None or entry.touched in written)
            if entry.error is None or entry.error is error
        ]
        self._said = self.names.tell_apart(dict.fromkeys(place for entry in shown for place in entry.places()))
        return tuple(entry.step(self._said) for entry in shown[:_MOST_STEPS])

    def access(self, lane: Lane, site: Site, frame: FrameType, touch: Touch) -> None:
        """Write down an access that is about to happen."""
        with outside():
            self._access(lane, frame, touch)

    def event(self, lane: Lane, action: Action, subject: object, frame: FrameType | None) -> None:
        """Write down a thread or lock operation that has just happened."""
        with outside():
            self._event(lane, action, subject, frame)

    def resource(self, lane: Lane, lock: object) -> str:
        """Return the name of what `lane` waits for: a lock, or the condition behind it."""
        place = self.names.place(lock) if self.names.is_known(lock) else self._waits_on.get(lane)
        if isinstance(place, str):
            return place
        return "lock" if place is None else self._said.get(place) or self.names.tell_apart([place])[place]

    def _access(self, lane: Lane, frame: FrameType, touch: Touch) -> None:
        owner, name, item, action, writes, value, call = touch
        if is_machinery(frame.f_code):
            return
        before = Missing
        place = self.names.place(owner, name or "")
        if name is not None:
            now = look_up(owner, name)
            if _shows_itself(owner, now, action):
                return
            self._label(now, place)
            if action is Action.READ:
                value = now
            else:
                before = now
                if lane.index < 0:
                    self._locks.pop(place, None)  # what is replaced before threads begin is not another one
                self._label(value, place)
        elif item is not Missing:
            place = self.names.place(owner, f"[{self._short(lane, item)}]")
            now = _item(owner, item)
            self._label(now, place)
            value, before = (now, Missing) if action is Action.READ else (value, now)
        elif action is Action.READ:
            value = owner
        if lane.index < 0:
            return
        if action is Action.CALL:
            said, value = _call(owner, value, call, partial(self._short, lane)), Missing
        else:
            said = None
        self.entries.append(
            Entry(
                lane,
                action,
                place,
                *where(frame),
                self._held(lane),
                self._short(lane, value),
                self._short(lane, before),
                said,
                (id(owner), name),
                writes,
            )
        )

    def raised(self, lane: Lane, error: BaseException, frame: FrameType) -> None:
        """Write down that an exception was raised, when it is first seen."""
        with outside():
            if id(error) in self._errors:
                return
            self._errors.add(id(error))
            kind, message = type(error).__name__, first_line(error)
            held = self._held(lane)
            self.entries.append(Entry(lane, Action.RAISE, kind, *where(frame), held, message, error=error))

    def _event(self, lane: Lane, action: Action, subject: object, frame: FrameType | None) -> None:
        if _within_semaphore(frame) and action in (Action.ACQUIRE, Action.RELEASE, Action.NOTIFY):
            return  # what matters is that the semaphore was taken or given back
        caller = frame.f_code.co_qualname if frame is not None and is_library(frame.f_code) else ""
        said: Place | str = self._subject(subject)
        if caller in _CONDITION_METHODS:
            assert frame is not None
            condition = frame.f_locals["self"]
            named = filter(self.names.is_known, (condition, getattr(condition, "_lock", None)))
            said = next(map(self.names.place, named), None) or _library_call(frame)
            self._waits_on[lane] = said
            if action not in _CONDITION_METHODS[caller]:
                return
            action = _CONDITION_METHODS[caller][action]
        if frame is not None and action in _OF_LOCKS and not isinstance(said, str) and self._is_inner(subject, frame):
            self._inner[id(subject)] = subject
            return
        value = f"{subject} s" if action is Action.SLEEP else ""
        line, source = where(frame) if frame is not None else (0, "")
        self.entries.append(Entry(lane, action, said, line, source, self._held(lane), value))

    def _is_inner(self, lock: object, frame: FrameType) -> bool:
        """Return whether a lock is inside something like a Timer or an executor, and means nothing to its user."""
        by_library = is_library(frame.f_code) and not _library_call(frame).startswith("Condition.")
        return by_library and not self.names.is_known(lock)

    def _short(self, lane: Lane, value: Any) -> str:
        """Return a short repr that is the same in every run: numbers that name threads and objects are spelt out."""
        threads = {each.thread.ident: each.name for each in lane.run.lanes if each.thread is not None}

        def name(found: re.Match[str]) -> str:
            number = int(found[0])
            if number in threads:
                return f"ident of {threads[number]}"
            thing = self.names.met(number)
            return found[0] if thing is None else f"id of {type(thing).__name__}"

        return _LONG_NUMBER.sub(name, short(value))

    def _subject(self, subject: object) -> Place | str:
        if isinstance(subject, Lane):
            return f"thread {subject.name}"
        if isinstance(subject, str):
            return subject
        if subject is None or isinstance(subject, float | int):
            return ""
        return self.names.place(subject)

    def _held(self, lane: Lane) -> tuple[Place, ...]:
        return tuple(self.names.place(lock) for lock in lane.held if id(lock) not in self._inner)

    def _label(self, value: Any, place: Place) -> None:
        if type(value) in _NAMELESS:
            return
        if isinstance(value, VirtualLock) and self._locks.setdefault(place, value) is not value:
            place = (place[0], f"another {place[1]}")
        self.names.found(value, place)
        if isinstance(value, Condition | Event | Semaphore | Barrier) or (
            type(value).__module__ in ("queue", "asyncio.locks", "asyncio.queues")
        ):
            for part in vars(value).values():
                self._label(part, place)


_OF_LOCKS = (Action.ACQUIRE, Action.RELEASE, Action.TRY, Action.NOTIFY)


def _library_call(frame: FrameType) -> str:
    """Return the name of what the code under test called in the library, such as "Future.result"."""
    while frame.f_back is not None and is_library(frame.f_back.f_code):
        frame = frame.f_back
    return frame.f_code.co_qualname


def _within_semaphore(frame: FrameType | None) -> bool:
    """Return whether a lock operation is a semaphore's own."""
    while frame is not None and is_library(frame.f_code):
        if frame.f_code in _SEMAPHORE_CODE:
            return True
        frame = frame.f_back
    return False


_SEMAPHORE_CODE = tuple(
    method.__code__
    for method in (threading.Semaphore.acquire, threading.Semaphore.release, threading.BoundedSemaphore.release)
)
_NAMELESS = (*_SCALARS, type(Missing), type, FunctionType, MethodType, BuiltinFunctionType, ModuleType, tuple)


def _call(owner: Any, arguments: list[Any], call: str, say: Callable[[Any], str]) -> tuple[str, str] | None:
    """Return the text of a call before and after the name of `owner`; None if it does not stand there itself."""
    if not call:
        return None
    if call.endswith("="):
        return "", f" {call} {say(arguments[0])}"
    places = [place for place, argument in enumerate(arguments) if argument is owner]
    if not places:
        return None
    before, after = [list(map(say, part)) for part in (arguments[: places[0]], arguments[places[0] + 1 :])]
    if call.startswith(".") and not before:
        return "", f"{call}({', '.join(after)})"
    return f"{call}({', '.join([*before, ''])}", f"{', '.join(['', *after])})"


def _shows_itself(owner: Any, now: Any, action: Action) -> bool:
    """Return whether an attribute is made of functions of the code under test, which show what they touch."""
    kind = type(owner)
    if isinstance(now, property | functools.cached_property) or (hasattr(type(now), "__get__") and _is_python(now)):
        return True
    if action is Action.READ:
        return now is Missing and isinstance(getattr(kind, "__getattr__", None), FunctionType)
    return isinstance(getattr(kind, "__setattr__", None), FunctionType)


def _is_python(descriptor: Any) -> bool:
    return isinstance(type(descriptor).__get__, FunctionType)


def _item(owner: Any, key: Any) -> Any:
    """Return what a container holds, without running any code of a class that is derived from it."""
    if type(key) not in (int, str, bytes):
        return Missing
    if isinstance(owner, dict):
        return dict.get(owner, key, Missing)
    kind = next((kind for kind in (list, deque) if isinstance(owner, kind)), None)
    try:
        return Missing if kind is None else kind.__getitem__(owner, key)
    except (IndexError, TypeError):
        return Missing


def where(frame: FrameType) -> tuple[int, str]:
    """Return the number and the text of the innermost line of code under test."""
    here: FrameType | None = frame
    while here is not None and (is_library(here.f_code) or not is_under_test(here.f_code)):
        here = here.f_back
    if here is None:
        return 0, ""
    return here.f_lineno, linecache.getline(here.f_code.co_filename, here.f_lineno).strip()
