"""Keep the checks out of reach of the code they check, although both live in one interpreter.

The explorer has to run a student's class in its own interpreter. So the checks are imported before any student
code, with builtins of their own, and disappear from `sys.modules`; their variables read as empty (`guard.py`); and an
audit hook (PEP 578), which Python code can not take out again, refuses what goes around that: raw memory, the
collector's lists, tracing, forged code. This makes tampering hard, not impossible; docs/isolation.md says what is left.
"""

import _imp
import builtins
import importlib.machinery
import random
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from helpers.grading.inside.guard import Guard, runs_in

_PACKAGE = "helpers"
# Standard modules whose names the checks look up while student code runs: they get copies that nobody else can rebind.
_COPIED = ("ast", "collections", "ctypes", "dataclasses", "functools", "gc", "io", "itertools", "operator", "types")
# Those that they rely on for a verdict are loaded once more: their functions, classes and tables are nobody else's.
_OWN = ("_opcode_metadata", "contextlib", "dis", "opcode", "random")
# Never for anybody but `own.py`, not even through the standard library.
_OURS_ALONE = frozenset(
    {
        "cpython._PySys_ClearAuditHooks",
        "gc.get_objects",
        "gc.get_referents",
        "gc.get_referrers",
        "sqlite3.enable_load_extension",
        "sys._current_exceptions",
        "sys._current_frames",
        "sys.addaudithook",
        "sys.monitoring.register_callback",
        "sys.setprofile",
        "sys.settrace",
    }
)
# Not for cells, although the standard library does it for them.
_REFUSED = frozenset(
    {
        "code.__new__",
        "function.__new__",
        "marshal.loads",
        "object.__delattr__",
        "object.__setattr__",
    }
)
_WATCHED = _OURS_ALONE | _REFUSED | {"compile", "exec", "import", "os.fork", "os.forkpty"}
# Modules that reach raw memory; nobody can import them any more, the checks already have.
_UNAVAILABLE = ("_ctypes", "ctypes", "_test", "_xx", "_interp", "_cffi", "cffi")
# Classes whose objects student code gets hold of: what these hold is for our code only.
_HANDED_OUT = {
    "helpers.grading.inside.cells": ("Stream",),
    "helpers.grading.inside.magics": ("Shell",),
    "helpers.interleave.primitives": ("VirtualLock", "VirtualSimpleQueue"),
}
_PACKAGES = ("site-packages", "dist-packages")


class Tampering(PermissionError):
    """Student code reached for the interpreter's insides."""


class Seal:
    """Our modules, imported under seal; made once, before any student code runs, by a seal's own copy of this module.

    Attributes:
        checking: Whether a check is running at the moment.
    """

    def __init__(self) -> None:
        self.checking = False
        self._modules: dict[str, ModuleType] = {}
        self._builtins = dict(vars(builtins))
        self._builtins["__import__"] = self._import
        self._builtins["id"] = object.__hash__  # as good to tell objects apart, and no audit event
        self._copies = {name: _copy(sys.modules[name]) for name in _COPIED if name in sys.modules}
        self._real_import: Callable[..., Any] = builtins.__import__
        self._meta_path = [_SealedFinder(self._builtins), *sys.meta_path]
        self._path_hooks = list(sys.path_hooks)
        self._path = list(sys.path)
        libraries = (str(Path(random.__file__).parent), *(entry for entry in sys.path if "-packages" in entry))
        self._ground = (*libraries, str(Path(__file__).parents[2]), "<frozen")
        self._guard = Guard()
        self._relied_on: set[int] = set()  # the identities of the dictionaries of the library's modules
        self._importing = False
        self._own = self.load(f"{_PACKAGE}.grading.inside.own")
        vars(self._copies["gc"])["get_referents"] = self._own.get_referents
        self._builtins["compile"] = self._own.compile

    def load(self, name: str) -> Any:
        """Import a module of ours under seal, unless that was done, and return it."""
        if name not in self._modules:
            self._import(name)
        return self._modules[name]

    def close(self, *, audited: bool) -> None:
        """Close the ways to our variables, in this process and its children.

        Args:
            audited: Whether to refuse, too, what reaches them around the interpreter's own ways. Only our own
                exercises can do without ctypes and the like.
        """
        modules = [*self._modules.values(), sys.modules["__main__"]]
        namespaces = [*map(vars, modules), globals(), Guard.close.__globals__]
        self._guard.ours.update(map(object.__hash__, namespaces))
        named = [value for module in self._modules.values() for value in vars(module).values()]
        classes = {value for value in named if isinstance(value, type) and _is_ours(value.__module__)}
        self._guard.close(classes, _handed_out(self._modules))
        if audited:
            self._relied_on = {object.__hash__(vars(module)) for module in sys.modules.values()}
            monitoring = self._modules["helpers.interleave.monitoring"]
            copied: Any = _copy(sys)
            vars(monitoring)["sys"] = copied
            copied.monitoring = _copy(sys.monitoring)
            copied.monitoring.register_callback = self._own.register_callback
            copied._current_frames = dict  # a check begins with one thread
            del sys.monitoring
            for name in list(sys.modules):
                if name.startswith(_UNAVAILABLE):
                    sys.modules[name] = None  # type: ignore[assignment]
            sys.addaudithook(self._auditor())

    def _auditor(self) -> Callable[[str, tuple[Any, ...]], None]:
        """Make the audit hook: a plain function, since the explorer alone causes a hundred thousand events a check."""
        watched, ground, getframe, own = _WATCHED, self._ground, sys._getframe, vars(self._own)

        def audit(event: str, arguments: tuple[Any, ...]) -> None:
            if event not in watched:
                return
            frame = getframe(1)
            if not runs_in(frame, own):
                self._judge(event, arguments, frame, from_library=frame.f_code.co_filename.startswith(ground))

        return audit

    def _judge(self, event: str, arguments: tuple[Any, ...], frame: FrameType, *, from_library: bool) -> None:
        """Decide about something that code is about to do.

        Nothing here may call student code, the methods of a `str` of its own included: it would be judged by itself.

        Raises:
            Tampering: If it may not.
            ImportError: If it imports what may not be imported.
        """
        match event:
            case "import":
                self._judge_import(*arguments[:2])
            case "compile":
                refused = not self._is_honest(*arguments[:2])
            case "exec":
                refused = self._pretends(arguments[0].co_filename)
            case "marshal.loads":
                refused = not (from_library and self._is_of_library(arguments[0], frame))
            case "code.__new__":
                refused = not _makes_coroutine(arguments, frame)
            case "object.__setattr__" | "object.__delattr__":
                refused = self._guard.owns(arguments[0]) or self._is_relied_on(arguments[0])
            case "os.fork" | "os.forkpty":  # a copy of the process could try an answer out, and report
                refused = self.checking
            case _:
                refused = event in _OURS_ALONE or not from_library
        if event != "import" and refused:
            raise Tampering(f"{event} is not available while your work is graded")

    def _judge_import(self, name: str, file: str | None) -> None:
        name = str.__str__(name)
        if name.startswith(_UNAVAILABLE) or name.rpartition(".")[2].startswith(_UNAVAILABLE):
            raise ImportError(f"{name} is not available while your work is graded: do without it")
        if file is not None and not self._in_library(file):
            raise ImportError(
                f"compiled modules of your own, such as {name}, are not available while your work is graded"
            )

    def _is_honest(self, source: Any, file: Any) -> bool:
        """Return whether code to be compiled is what it says: the explorer goes by file names."""
        if type(file) is not str or not file.startswith(self._ground):
            return not self._pretends(file)
        if not self._in_library(file) or type(source) not in (str, bytes):
            return False
        return _content(file) == (source.encode() if type(source) is str else source)

    def _in_library(self, file: Any) -> bool:
        """Return whether a file name is that of an installed file."""
        return type(file) is str and file[:1] == "/" and file.startswith(self._ground) and "/../" not in file

    def _pretends(self, file: Any) -> bool:
        """Return whether a file name looks like an installed package's and is not, or is none that can be trusted."""
        return type(file) is not str or (any(word in file for word in _PACKAGES) and not file.startswith(self._ground))

    def _is_relied_on(self, value: object) -> bool:
        """Return whether a value is a module that was there before any student code, or a function of such a one."""
        if issubclass(type(value), ModuleType):  # whose class could look names up elsewhere
            return object.__hash__(_variables_of(value)) in self._relied_on
        return type(value) is FunctionType and object.__hash__(value.__globals__) in self._relied_on

    def _is_of_library(self, data: bytes, frame: FrameType) -> bool:
        """Return whether bytecode to be loaded is Python's own, frozen into it, or that of an installed file."""
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return any(_frozen(name) == data for name in _imp._frozen_module_names())  # type: ignore[attr-defined]
        file: Any = frame.f_locals.get("bytecode_path")
        return self._in_library(file) and len(data) > 0 and _content(file).endswith(data)

    def _import(self, name: str, names: Any = None, unused: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """Stand in for `__import__` in our own modules."""
        if level == 0 and name in self._copies:
            return self._copies[name]
        if level == 0 and name in _OWN:
            return self._once_more(name)
        if self._importing or (level == 0 and name.partition(".")[0] != _PACKAGE):
            return self._real_import(name, names, unused, fromlist, level)
        with self._unsealed():
            module = self._real_import(name, names, unused, fromlist, level)
            for wanted in fromlist or ():  # a module that imports on demand would do so again, outside
                vars(module).setdefault(wanted, getattr(module, wanted))
            return module

    def _once_more(self, name: str) -> ModuleType:
        """Load a module of the library as one of ours, unless that was done, and return it."""
        own = f"{_PACKAGE}.library.{name}"
        if own not in self._modules:
            origin = importlib.machinery.PathFinder.find_spec(name).origin  # type: ignore[union-attr]
            loader = _SealedLoader(own, str(origin), self._builtins)
            spec = importlib.machinery.ModuleSpec(own, loader, origin=origin)
            spec.has_location = True
            module = self._modules[own] = module_from_spec(spec)
            loader.exec_module(module)
        return self._modules[own]

    @contextmanager
    def _unsealed(self) -> Iterator[None]:
        """Show our modules to the import system, and hide what student code may have put in their place."""
        theirs = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_ours(name)}
        state = (sys.meta_path, sys.path_hooks, sys.path)
        self._importing = True
        sys.modules.update(self._modules)
        sys.meta_path, sys.path_hooks, sys.path = self._meta_path, self._path_hooks, self._path
        try:
            yield
        finally:
            self._importing = False
            sys.meta_path, sys.path_hooks, sys.path = state
            for name in [name for name in sys.modules if _is_ours(name)]:
                self._modules[name] = sys.modules.pop(name)
            sys.modules.update(theirs)


class _SealedFinder:
    """Finds our modules and gives them builtins that nobody else can change."""

    def __init__(self, private: dict[str, Any]) -> None:
        self._private = private

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find one of ours; leave the others to the finders that follow."""
        if not _is_ours(name):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.origin is not None:
            spec.loader = _SealedLoader(name, spec.origin, self._private)
        return spec


class _SealedLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, private: dict[str, Any]) -> None:
        super().__init__(name, path)
        self._private = private

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = self._private
        super().exec_module(module)


_variables_of: Callable[[Any], dict[str, Any]] = vars(ModuleType)["__dict__"].__get__
_COROUTINE = types.coroutine.__code__


def _makes_coroutine(arguments: tuple[Any, ...], frame: FrameType) -> bool:
    """Return whether code is made by `types.coroutine`, of a function's own code."""
    function = frame.f_locals.get("func") if frame.f_code is _COROUTINE else None
    if type(function) is not FunctionType:
        return False
    code: CodeType = function.__code__
    return code.co_code == arguments[0] and code.co_filename is arguments[1]


def _frozen(name: str) -> bytes:
    found: Any = _imp.find_frozen(name, withdata=True)
    return bytes(found[0]) if found else b""


def _content(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - the methods of a Path can be replaced
            return opened.read()
    except OSError:
        return b""


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == _PACKAGE


def _handed_out(modules: dict[str, ModuleType]) -> dict[type, tuple[str, ...]]:
    """Return the slots to hide, by class."""
    classes = [vars(modules[name])[each] for name, names in _HANDED_OUT.items() if name in modules for each in names]
    return {cls: tuple(name for name in cls.__slots__ if name != "__weakref__") for cls in classes}


def _copy(module: ModuleType) -> ModuleType:
    copied = ModuleType(module.__name__)
    vars(copied).update(vars(module))
    return copied
