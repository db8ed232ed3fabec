"""Who gets a virtual lock: the standard library's names, and every reference the code under test already holds.

For the time of an exploration the modules that hand out locks, threads and time hand out the virtual ones to
controlled threads. Code that took a reference earlier (`from threading import Lock`, a lock on a class, in a closure,
in a default argument or in a global) holds a real one; these references are found by walking from the given functions
through everything they name, and are replaced. All of it is put back in reverse order.
"""

import _thread
import builtins
import dataclasses
import functools
import gc
import operator
import queue
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from helpers.interleave import primitives
from helpers.interleave.bytecode import remembered
from helpers.interleave.descriptors import closure_of, defaults_of, globals_of, named_defaults_of
from helpers.interleave.keeping import refills
from helpers.interleave.monitoring import is_driver, is_driving, is_under_test, is_unwatched
from helpers.interleave.primitives import RealLock, RealRLock, VirtualLock, VirtualRLock, lane_here

_SCALARS = frozenset((int, bool, float, complex, str, bytes, type(None)))
_THREAD_METHODS: dict[str, Callable[..., Any]] = {
    "__init__": primitives.numbering(threading.Thread.__init__),
    "__hash__": primitives.hash_of,
    "start": primitives.start,
    "join": primitives.join,
    "is_alive": primitives.is_alive,
}
_SEMAPHORE_METHODS: dict[str, Callable[..., Any]] = {
    "acquire": primitives.take_semaphore,
    "__enter__": primitives.take_semaphore,
    "release": primitives.give_semaphore,
    "__exit__": primitives.leave_semaphore,
}
_METHODS: tuple[tuple[type, dict[str, Callable[..., Any]]], ...] = (
    (threading.Thread, _THREAD_METHODS),
    (threading.Semaphore, _SEMAPHORE_METHODS),
    (threading.BoundedSemaphore, {"release": primitives.give_semaphore}),
)
_CARRIERS = ("functools", "itertools", "types", "collections", "contextlib")  # modules whose objects hold others
# Code with one of these may use any variable, by a name that it puts together.
_LOOKUPS = frozenset(["globals", "vars", "locals", "eval", "exec", "__import__", "modules", "f_globals", "__globals__"])
_REAL_LOCKS = (RealLock, RealRLock)
_BUILT_ON_LOCKS = (threading.Condition, threading.Semaphore, threading.Event, threading.Barrier, queue.Queue)


class Muted:
    """Stands in for sys.stdout and sys.stderr: what controlled threads write is dropped."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def write(self, text: str) -> int:
        """Write to the real stream, unless a run controls the thread."""
        return len(text) if lane_here() is not None else self._real.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@functools.lru_cache
def _choose(virtual: Callable[..., Any], real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def chosen(*args: Any, **kwargs: Any) -> Any:
        return real(*args, **kwargs) if lane_here() is None else virtual(*args, **kwargs)

    return chosen


def _no_input(prompt: object = "") -> str:
    raise EOFError("there is nobody to answer input() in an exploration")


def _no_tracing(function: object) -> None:
    """Trace nothing."""


def _run_clock(name: str, scale: int) -> Callable[[], Any]:
    def read() -> Any:
        lane = lane_here()
        assert lane is not None
        lane.looked = lane.knows = lane.clocked = True
        seconds = getattr(lane.run.clock, name)()
        return seconds if scale == 1 else int(seconds * scale)

    return read


def _stands_in_for() -> Iterator[tuple[Any, Any]]:
    """Yield every object that hands out locks, threads or time, with what stands in for it."""
    locks = threading.Lock, _thread.allocate_lock, _thread.allocate, RealLock  # two of them are equal, but not the same
    yield from ((lock, VirtualLock) for lock in locks)
    yield from dict.fromkeys((threading.RLock, RealRLock), VirtualRLock).items()
    yield time.sleep, primitives.sleep
    yield queue.SimpleQueue, primitives.VirtualSimpleQueue
    for look in (threading.enumerate, threading.active_count):
        yield look, primitives.looking_at_threads(look)
    for start in (_thread.start_new_thread, _thread.start_new):
        yield start, _choose(primitives.start_new_thread, start)
    for clock, method in ((time.monotonic, "monotonic"), (time.perf_counter, "monotonic"), (time.time, "wall")):
        yield clock, _choose(_run_clock(method, 1), clock)
        in_ns = getattr(time, clock.__name__ + "_ns")
        yield in_ns, _choose(_run_clock(method, 10**9), in_ns)


_STAND_INS: dict[int, tuple[Any, Any]] = {id(real): (real, virtual) for real, virtual in _stands_in_for()}
_handed_out: dict[ModuleType, tuple[int, list[str]]] = {}  # modules with how many names they had and which are replaced


class Substitution:
    """The replaced references of one exploration; a context manager."""

    def __init__(self, functions: list[Callable[..., Any]]) -> None:
        self._functions = functions
        self._undo: list[Callable[[], object]] = []
        self._virtual = dict(_STAND_INS)  # a replaced object and what stands in for it
        self._seen: dict[int, Any] = {}
        self._defaults: list[Any] = []  # values of arguments, which outlive a call
        self._refills: list[Callable[[], object]] = []
        self._pools: list[tuple[dict[str, Any], dict[str, Any]]] = []  # attributes of thread pools: now, and at first

    def __enter__(self) -> "Substitution":
        import concurrent.futures.thread  # has a lock of its own; slow to import, so not before it is needed

        self._virtual[id(builtins.input)] = builtins.input, _choose(_no_input, builtins.input)  # a kernel's own
        self._pool = concurrent.futures.thread.ThreadPoolExecutor
        try:
            for module in (threading, _thread, time, queue, builtins, concurrent.futures.thread):
                self._replace_names(module)
            self._set(vars(sys), "stdout", Muted(sys.stdout))
            self._set(vars(sys), "stderr", Muted(sys.stderr))
            for name in ("settrace", "setprofile"):  # would take the monitoring away
                self._set(vars(sys), name, _choose(_no_tracing, getattr(sys, name)))
            self._undo.append(functools.partial(sys.setswitchinterval, sys.getswitchinterval()))
            self._undo.append(functools.partial(sys.setrecursionlimit, sys.getrecursionlimit()))
            self._set(vars(threading), "_counter", primitives.name_counter(vars(threading)["_counter"]))
            in_order = vars(concurrent.futures._base)  # it locks futures in the order of their ids
            self._undo.append(functools.partial(in_order.pop, "id"))
            in_order["id"] = primitives.hash_of
            future = concurrent.futures.Future
            self._set_methods(
                future, {"__init__": primitives.numbering(future.__init__), "__hash__": primitives.hash_of}
            )
            for owner, methods in _METHODS:
                self._set_methods(owner, methods)
            for function in self._functions:
                self._walk(function)
            self._refills = refills(self._defaults)  # now that the locks in them are virtual
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.reset()
        while self._undo:
            self._undo.pop()()

    def reset(self) -> None:
        """Give defaults of arguments that were made before the exploration the content that they had then."""
        for refill in self._refills:
            refill()

    def begin[State](self, setup: Callable[[], State]) -> State:
        """Make a run's shared state; called in the controlled thread.

        Pools that were made before the exploration begin each run without threads: theirs cannot be followed.
        """
        for names, at_first in self._pools:
            names.update(at_first)
            names.update(
                _work_queue=queue.SimpleQueue(),
                _idle_semaphore=threading.Semaphore(0),
                _threads=set(),
                _shutdown_lock=threading.Lock(),
            )
        return setup()

    def _replace_names(self, module: ModuleType) -> None:
        """Replace what a module of the standard library hands out; most of its names are nothing of the kind."""
        names = vars(module)
        count, replaced = _handed_out.get(module, (0, []))
        if count != len(names):
            # The lock around threading's list of threads is never held while another thread moves.
            kept = _REAL_LOCKS if module is threading else ()
            others = [(name, value) for name, value in names.items() if type(value) not in kept]
            replaced = [name for name, value in others if self.stand_in(value) is not value]
            _handed_out[module] = len(names), replaced
        for name in replaced:
            self._entry(names, name)

    def _set(self, names: dict[Any, Any], key: Any, value: Any) -> None:
        self._undo.append(functools.partial(names.__setitem__, key, names[key]))
        names[key] = value

    def _set_methods(self, owner: type, methods: dict[str, Callable[..., Any]]) -> None:
        for name, method in methods.items():
            self._set_attribute(owner, name, method)

    def _set_attribute(self, owner: Any, name: str, value: Any) -> None:
        kind = type if isinstance(owner, type) else object
        if isinstance(owner, type) and name not in vars(owner):
            self._undo.append(functools.partial(type.__delattr__, owner, name))
        else:
            old = vars(owner)[name] if isinstance(owner, type) else getattr(owner, name)
            self._undo.append(functools.partial(kind.__setattr__, owner, name, old))
        kind.__setattr__(owner, name, value)

    def stand_in(self, value: Any) -> Any:
        """Return what replaces `value`; `value` itself if nothing does."""
        known = self._virtual.get(id(value))
        if known is not None:
            return known[1]
        kind = type(value)
        if kind in _REAL_LOCKS:
            lock = (VirtualRLock if kind is RealRLock else VirtualLock).in_place_of(value)
            self._virtual[id(value)] = (value, lock)
            return lock
        if kind is types.BuiltinMethodType and type(value.__self__) in _REAL_LOCKS:
            return getattr(self.stand_in(value.__self__), value.__name__)
        if isinstance(value, functools.partial):
            function, arguments = self.stand_in(value.func), tuple(map(self.stand_in, value.args))
            named = {name: self.stand_in(held) for name, held in value.keywords.items()}
            if function is not value.func or any(
                map(operator.is_not, (*arguments, *named.values()), (*value.args, *value.keywords.values()))
            ):
                return functools.partial(function, *arguments, **named)
        return value

    # --- from the given functions to everything they can name ---

    def _walk(self, value: Any) -> None:
        todo = [value]
        while todo:
            value = todo.pop()
            if type(value) not in _SCALARS and id(value) not in self._seen:
                self._seen[id(value)] = value
                todo.extend(self._replace_within(value))

    def _replace_within(self, value: Any) -> Iterator[Any]:
        """Replace the references that `value` holds; yield what it leads to."""
        if isinstance(value, FunctionType):
            yield from self._function(value)
        elif isinstance(value, types.MethodType):
            yield from (value.__func__, value.__self__)
        elif isinstance(value, property):
            yield from (value.fget, value.fset, value.fdel)
        elif isinstance(value, classmethod | staticmethod):
            yield value.__func__
        elif isinstance(value, functools.partial):
            yield from (value.func, *value.args, *value.keywords.values())
        elif isinstance(value, ModuleType):
            if _is_users(value.__name__):
                yield from self._dictionary(vars(value))
        elif isinstance(value, type):
            if _is_users(value.__module__):
                yield from self._class(value)
        elif isinstance(value, dict):
            yield from self._dictionary(value)
        elif isinstance(value, list | deque):
            yield from self._list(value)
        elif isinstance(value, tuple | set | frozenset):
            yield from value
        elif isinstance(value, self._pool):
            at_first = vars(value).copy()
            self._pools.append((vars(value), at_first))
            self._undo.append(functools.partial(vars(value).update, at_first))
            yield from self._instance(value)
        elif (
            isinstance(value, _BUILT_ON_LOCKS)
            or _is_users(type(value).__module__)
            or dataclasses.is_dataclass(value)  # plain data, whoever's it is, may carry the code under test
        ):
            yield from self._instance(value)
        elif type(value).__module__ in _CARRIERS:
            yield from self._instance(value)
            yield from gc.get_referents(value)

    def _function(self, function: FunctionType) -> Iterator[Any]:
        code = function.__code__
        if not is_driving(code):  # what drives the explorer reaches the code under test by what it was given only
            if not (is_under_test(code) or is_unwatched(code)):
                return
            names, used = globals_of(function), _names_in(code)
            for name in used if _LOOKUPS.isdisjoint(used) else [*names]:
                if name in names:
                    yield self._entry(names, name)
        for cell in closure_of(function) or ():
            try:
                old = cell.cell_contents
            except ValueError:  # not assigned yet
                continue
            new = self.stand_in(old)
            if new is not old:
                self._undo.append(functools.partial(setattr, cell, "cell_contents", old))
                cell.cell_contents = new
            yield new
        defaults = defaults_of(function)
        if defaults:
            new_defaults = tuple(map(self.stand_in, defaults))
            if any(map(operator.is_not, new_defaults, defaults)):
                self._set_attribute(function, "__defaults__", new_defaults)
            self._defaults += new_defaults
            yield from new_defaults
        named_defaults = named_defaults_of(function)
        if named_defaults:
            yield from self._dictionary(named_defaults)
            self._defaults += named_defaults.values()
        yield from self._dictionary(vars(function))

    def _class(self, cls: type) -> Iterator[Any]:
        yield from (type(cls), *cls.__bases__)
        for name, old in list(vars(cls).items()):
            if name in ("__dict__", "__weakref__", "__doc__", "__module__"):
                continue
            new = self.stand_in(old)
            if new is not old:
                self._set_attribute(cls, name, new)
            yield new

    def _instance(self, value: Any) -> Iterator[Any]:
        yield type(value)
        names = getattr(value, "__dict__", None)
        if isinstance(names, dict):
            yield from self._dictionary(names)
        for cls in type(value).__mro__:
            slots = vars(cls).get("__slots__", ())
            for name in (slots,) if isinstance(slots, str) else slots:
                old = getattr(value, name, None)
                new = self.stand_in(old)
                if new is not old:
                    self._set_attribute(value, name, new)
                yield new

    def _dictionary(self, names: dict[Any, Any]) -> Iterator[Any]:
        for key, value in list(names.items()):
            if type(value) not in _SCALARS:
                yield self._entry(names, key)

    def _entry(self, names: dict[Any, Any], key: Any) -> Any:
        """Replace what stands under `key`, if need be, and return it."""
        old = names[key]
        new = self.stand_in(old)
        if new is not old:
            self._set(names, key, new)
        return new

    def _list(self, values: "list[Any] | deque[Any]") -> Iterator[Any]:
        for place, old in enumerate(list(values)):
            if type(old) not in _SCALARS:
                new = self.stand_in(old)
                if new is not old:
                    self._undo.append(functools.partial(_exchange, values, new, old))
                    values[place] = new
                yield new


def _exchange(values: "list[Any] | deque[Any]", new: Any, old: Any) -> None:
    """Put `old` in the place of `new`, wherever that is by now."""
    for place, value in enumerate(values):
        if value is new:
            values[place] = old


@remembered
def _names_in(code: CodeType) -> list[str]:
    """Return the names that code and the functions in it use, those included that may be looked up as texts."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    texts = [part for part in code.co_consts if isinstance(part, str)]
    return [*code.co_names, *texts, *(name for part in inner for name in _names_in(part))]


def _is_users(module: str) -> bool:
    """Return whether a module is code under test, judged by its name and where its file lies."""
    if module == "__main__":  # wherever the program lies that started the interpreter
        return True
    if module.partition(".")[0] in sys.stdlib_module_names:
        return False
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return "site-packages" not in file and not module.startswith(__package__) and not is_driver(module)
