"""Put the interpreter back to what it was before student code: builtins, modules, classes, hooks."""

import builtins
import gc
import signal
import sys
import threading
from operator import is_, itemgetter
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_NOT_KEPT = ("__main__", "ctypes", "_ctypes")
_TIMERS = (
    (signal.ITIMER_REAL, signal.SIGALRM),
    (signal.ITIMER_VIRTUAL, signal.SIGVTALRM),
    (signal.ITIMER_PROF, signal.SIGPROF),
)


class Pristine:
    """A snapshot of everything that later code relies on by name, taken before any student code runs."""

    def __init__(self) -> None:
        self._builtins = dict(vars(builtins))
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
        self._classes = [_Bindings(cls) for cls in classes]
        self._meta_path = list(sys.meta_path)
        self._path_hooks = list(sys.path_hooks)
        self._path = list(sys.path)
        self._switch_interval = sys.getswitchinterval()
        self._recursion_limit = sys.getrecursionlimit()

    def restore(self) -> None:
        """Undo what was rebound since; what was added stays, for a right answer may need it."""
        names = vars(builtins)
        for name in [name for name in names if name not in self._builtins and name != "_"]:
            if isinstance(names[name], ModuleType) or name in ("display", "get_ipython"):
                continue
            del names[name]
        names.update(self._builtins)
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module.owner and not name.startswith("helpers"):
                sys.modules[name] = module.owner
        for bindings in (*self._modules.values(), *self._classes):
            if bindings.changed():
                bindings.put_back()
        self.reset()

    def reset(self) -> None:
        """Undo what was set, other than names: import hooks, limits, trace functions, timers."""
        sys.meta_path[:] = self._meta_path
        sys.path_hooks[:] = self._path_hooks
        sys.path[:] = [*self._path, *(entry for entry in sys.path if entry not in self._path)]
        sys.setswitchinterval(self._switch_interval)
        sys.setrecursionlimit(self._recursion_limit)
        sys.settrace(None)
        sys.setprofile(None)
        threading.settrace(None)
        threading.setprofile(None)
        gc.callbacks.clear()
        gc.enable()
        for timer, number in _TIMERS:
            signal.setitimer(timer, 0)
            signal.signal(number, signal.SIG_DFL)

    def tampered(self) -> str:
        """Return the name of a function or class that is no longer the one it was, "" if all are."""
        if any(vars(builtins).get(name) is not value for name, value in self._builtins.items() if name != "_"):
            return "builtins"
        for bindings in (*self._modules.values(), *self._classes):
            if bindings.changed():
                return str(bindings.owner.__name__)
        return ""


_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
_CALLABLE = (FunctionType, BuiltinFunctionType, type, classmethod, staticmethod, property)


class _Bindings:
    """The functions and classes that a module or class has by name.

    Attributes:
        owner: The module or class.
        values: The functions and classes.
    """

    def __init__(self, owner: Any) -> None:
        bound = {name: value for name, value in vars(owner).items() if isinstance(value, _CALLABLE)}
        self.owner = owner
        self.values = tuple(bound.values())
        self._names = tuple(bound)
        self._fetch = itemgetter(*self._names, *self._names[:1]) if bound else None  # of one name, it makes no tuple

    def changed(self) -> bool:
        """Return whether a name is gone or bound to something else; asked for thousands of names before each test."""
        if self._fetch is None:
            return False
        try:
            return not all(map(is_, self._fetch(vars(self.owner)), self.values))
        except KeyError:
            return True

    def put_back(self) -> None:
        """Bind all names again."""
        now = vars(self.owner)
        for name, value in zip(self._names, self.values, strict=True):
            if now.get(name) is not value:
                setattr(self.owner, name, value)
