"""Put the interpreter back to what it was before student code: builtins, modules, classes, hooks."""

import builtins
import ctypes
import gc
import signal
import sys
import threading

# signal's own functions make members of enums of all they return, which takes as long as a check.
from _signal import getsignal, valid_signals  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from itertools import compress
from operator import is_, ne
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from helpers.grading.inside.own import stop_tracing

_NOT_KEPT = ("__main__", "ctypes", "_ctypes")
_SIGNALS: tuple[int, ...] = tuple(valid_signals())
_TIMERS = (
    (signal.ITIMER_REAL, signal.SIGALRM),
    (signal.ITIMER_VIRTUAL, signal.SIGVTALRM),
    (signal.ITIMER_PROF, signal.SIGPROF),
)


class Pristine:
    """A snapshot of everything that later code relies on by name, taken before any student code runs."""

    def __init__(self) -> None:
        self._builtins = {name: value for name, value in vars(builtins).items() if name != "_"}
        self._by_name = sys.modules
        self._modules = {
            name: _Bindings(module)
            for name, module in sys.modules.items()
            if isinstance(module, ModuleType) and name not in _NOT_KEPT
        }
        classes = {
            value
            for bindings in self._modules.values()
            for value in bindings.values
            if isinstance(value, type) and not value.__flags__ & _IMMUTABLE
        }
        self._written = _Written([*self._modules.values(), *map(_Bindings, classes)], vars(builtins), sys.modules)
        self._meta_path = list(sys.meta_path)
        self._path_hooks = list(sys.path_hooks)
        self._path = list(sys.path)
        self._switch_interval = sys.getswitchinterval()
        self._recursion_limit = sys.getrecursionlimit()

    def restore(self) -> None:
        """Undo what was rebound since; what was added stays, for a right answer may need it."""
        names = vars(builtins)
        if self._written.has(names):
            for name in [name for name in names if name not in self._builtins and name != "_"]:
                if isinstance(names[name], ModuleType) or name in ("display", "get_ipython"):
                    continue
                del names[name]
            names.update(self._builtins)
        if sys.modules is not self._by_name or self._written.has(sys.modules):
            for name, module in self._modules.items():
                if sys.modules.get(name) is not module.owner and not name.startswith("helpers"):
                    sys.modules[name] = module.owner
        for bindings in self._written.changed():
            bindings.put_back()
        self.begin()
        self.reset()

    def begin(self) -> None:
        """Take what was written until now for our own: from here on it is the student's."""
        self._written.forget()

    def reset(self) -> None:
        """Undo what was set, other than names: import hooks, limits, trace functions, timers, signal handlers."""
        sys.meta_path[:] = self._meta_path
        sys.path_hooks[:] = self._path_hooks
        sys.path[:] = [*self._path, *(entry for entry in sys.path if entry not in self._path)]
        sys.setswitchinterval(self._switch_interval)
        sys.setrecursionlimit(self._recursion_limit)
        stop_tracing()
        threading.settrace(None)
        threading.setprofile(None)
        gc.callbacks.clear()
        gc.enable()
        for timer, alarm in _TIMERS:
            signal.setitimer(timer, 0)
            signal.signal(alarm, signal.SIG_DFL)
        for number in _SIGNALS:
            if callable(getsignal(number)):  # could raise anything anywhere, whoever sends the signal
                signal.signal(number, signal.SIG_IGN)

    def tampered(self) -> str:
        """Return the name of a function or class that is no longer the one it was, "" if all are."""
        names = vars(builtins)
        if self._written.has(names) and _rebound(names, self._builtins, self._builtins.values()):
            return "builtins"
        return next((str(bindings.owner.__name__) for bindings in self._written.changed()), "")


def _rebound(names: dict[str, Any], bound: Iterable[str], values: Iterable[object]) -> bool:
    """Return whether a name is gone or bound to something else: quick, and without any `==` of a student's."""
    return not all(map(is_, map(names.get, bound), values))


_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
_CALLABLE = (FunctionType, BuiltinFunctionType, type, classmethod, staticmethod, property)


class _Written:
    """Knows which of a thousand modules and classes had a name written: to compare them all takes milliseconds.

    Even to look at them would copy the memory that a forked process shares. Until Python 3.13, the interpreter gives a
    dictionary a new version with each write (PEP 509); later ones all count as written. To be called at each write
    (dictionary watchers) is not as good: a call fails where student code has used up the stack.
    """

    def __init__(self, watched: list["_Bindings"], *others: dict[str, Any]) -> None:
        self._watched = watched
        self._versions = [_version(names) for names in (*(bindings.names for bindings in watched), *others)]
        self._place = {id(names): place for place, names in enumerate(others, start=len(watched))}
        self._told = _has_versions()
        self.forget()

    def has(self, names: dict[str, Any]) -> bool:
        """Return whether one of the others was written."""
        place = self._place[id(names)]
        return not self._told or self._versions[place].value != memoryview(self._seen).cast("Q")[place]

    def changed(self) -> Iterator["_Bindings"]:
        """Return those with a name that is gone or bound to something else than at first."""
        suspected: Iterable[_Bindings] = self._watched
        if self._told:
            read = self._read()
            if read == self._seen:
                return iter(())
            now, seen = (memoryview(versions).cast("Q") for versions in (read, self._seen))
            suspected = compress(self._watched, map(ne, now, seen))
        return filter(_Bindings.changed, suspected)

    def forget(self) -> None:
        """Begin anew, when all is put back."""
        self._seen = self._read()

    def _read(self) -> bytes:
        return b"".join(self._versions)  # all in one go


def _version(names: dict[Any, Any]) -> ctypes.c_uint64:
    """Return the place in memory of a dictionary's version; it does not keep the dictionary alive."""
    return ctypes.c_uint64.from_address(builtins.id(names) + 3 * ctypes.sizeof(ctypes.c_void_p))


def _has_versions() -> bool:
    names: dict[int, int] = {}
    version = _version(names)
    before = version.value
    names[0] = 0
    return version.value != before


class _Bindings:
    """The functions and classes that a module or class has by name.

    Attributes:
        owner: The module or class.
        names: Its dictionary.
        values: The functions and classes.
    """

    def __init__(self, owner: Any) -> None:
        bound = {name: value for name, value in vars(owner).items() if isinstance(value, _CALLABLE)}
        self.owner = owner
        self.names: dict[str, Any] = vars(owner) if isinstance(owner, ModuleType) else gc.get_referents(vars(owner))[0]
        self.values = tuple(bound.values())
        self._bound = bound

    def changed(self) -> bool:
        """Return whether a name is gone or bound to something else."""
        return _rebound(self.names, self._bound, self.values)

    def put_back(self) -> None:
        """Bind all names again."""
        for name, value in self._bound.items():
            if self.names.get(name) is not value:
                setattr(self.owner, name, value)
