"""Put the interpreter back to what it was before student code: builtins, modules, classes, hooks."""

import builtins
import gc
import signal
import sys
import threading
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

_NOT_KEPT = ("__main__", "ctypes", "_ctypes")


class Pristine:
    """A snapshot of everything that later code relies on by name, taken before any student code runs."""

    def __init__(self) -> None:
        self._builtins = dict(vars(builtins))
        self._modules = {
            name: (module, _callables(module))
            for name, module in sys.modules.items()
            if isinstance(module, ModuleType) and name not in _NOT_KEPT
        }
        classes = {
            value
            for _, names in self._modules.values()
            for _, value in names
            if isinstance(value, type) and not value.__flags__ & _IMMUTABLE
        }
        self._classes = [(cls, _callables(cls)) for cls in classes]
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
        for name, (module, before) in self._modules.items():
            if sys.modules.get(name) is not module and not name.startswith("helpers"):
                sys.modules[name] = module
            _put_back(module, before)
        for cls, before in self._classes:
            _put_back(cls, before)
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
        for number in (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF):
            signal.setitimer({signal.SIGALRM: 0, signal.SIGVTALRM: 1, signal.SIGPROF: 2}[number], 0)
            signal.signal(number, signal.SIG_DFL)

    def tampered(self) -> str:
        """Return the name of a function or class that is no longer the one it was, "" if all are."""
        if any(vars(builtins).get(name) is not value for name, value in self._builtins.items() if name != "_"):
            return "builtins"
        for name, (module, before) in self._modules.items():
            if _changed(module, before):
                return name
        for cls, before in self._classes:
            if _changed(cls, before):
                return cls.__qualname__
        return ""


_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
_CALLABLE = (FunctionType, BuiltinFunctionType, type, classmethod, staticmethod, property)


def _callables(owner: Any) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in vars(owner).items() if isinstance(value, _CALLABLE)]


def _changed(owner: Any, before: list[tuple[str, Any]]) -> bool:
    now = vars(owner)
    return any(now.get(name) is not value for name, value in before)


def _put_back(owner: Any, before: list[tuple[str, Any]]) -> None:
    now = vars(owner)
    for name, value in before:
        if now.get(name) is not value:
            setattr(owner, name, value)
