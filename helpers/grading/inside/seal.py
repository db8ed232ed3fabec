"""Keep the checks out of reach of the code they check, although both live in one interpreter.

The explorer has to run a student's class in its own interpreter. So the checks are imported before any student
code, with builtins of their own, and disappear from `sys.modules`; an audit hook (PEP 578), which Python code can
not take out again, then refuses what leads back to them: frames, the collector's lists, raw memory, tracing.
This makes tampering hard, not impossible; docs/isolation.md says what is left.
"""

import builtins
import importlib.machinery
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

_PACKAGE = "helpers"
# Standard modules whose names the checks look up while student code runs: they get copies that nobody else can rebind.
_COPIED = ("ast", "contextlib", "ctypes", "io", "itertools", "random")
_REFUSED = frozenset(
    {
        "code.__new__",
        "cpython._PySys_ClearAuditHooks",
        "function.__new__",
        "gc.get_objects",
        "gc.get_referents",
        "gc.get_referrers",
        "object.__delattr__",
        "object.__getattr__",
        "marshal.loads",
        "object.__setattr__",
        "sys._current_exceptions",
        "sys._current_frames",
        "sys._getframe",
        "sys.addaudithook",
        "sys.monitoring.register_callback",
        "sys.setprofile",
        "sys.settrace",
    }
)
_WATCHED = _REFUSED | {"compile", "exec", "import"}
# Modules that reach raw memory; nobody can import them any more, the checks already have.
_UNAVAILABLE = ("_ctypes", "ctypes", "_test", "_xx", "_interp")
# Attributes that lead from an object to its maker's variables without an audit event.
_WORDS = frozenset(
    {
        "__builtins__",
        "__closure__",
        "__globals__",
        "__subclasses__",
        "cell_contents",
        "f_back",
        "f_builtins",
        "f_globals",
        "f_locals",
    }
)
# Modules that hand out what they fetched, so their caller is the one who asks.
_GO_BETWEENS = ("inspect.py",)


class Tampering(PermissionError):
    """Student code reached for the interpreter's insides."""


class Seal:
    """The checks, imported under seal; made once, before any student code runs."""

    def __init__(self) -> None:
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
        self._between = tuple(str(Path(libraries[0], name)) for name in _GO_BETWEENS)
        self._importing = False

    def load(self, name: str) -> Any:
        """Import a module of ours under seal and return it."""
        self._import(name)
        return self._modules[name]

    def close(self) -> None:
        """From now on refuse, in this process and its children, what only a cheat needs."""
        ours = _copy(sys)
        self._deciding = set[int]()
        vars(ours)["_getframe"] = self._unreported(sys._getframe)
        for name in ("monitoring", "primitives"):
            vars(self._modules[f"helpers.interleave.{name}"])["sys"] = ours
        del sys.monitoring
        for name in list(sys.modules):
            if name.startswith(_UNAVAILABLE):
                sys.modules[name] = None  # type: ignore[assignment]
        sys.addaudithook(self._auditor())

    def refuse_words(self, code: CodeType) -> None:
        """Look for attributes by which code could reach ours.

        Raises:
            Tampering: If there is one.
        """
        for name in _words_of(code):
            if name in _WORDS:
                raise Tampering(f"{name} is not available while your work is graded")

    def _unreported(self, getframe: Callable[[int], FrameType]) -> Callable[[int], FrameType]:
        """Let the explorer, which asks for frames all the time, pass the audit hook: looking who asks takes longer."""
        this_thread, deciding = threading.get_ident, self._deciding

        def get(depth: int = 0) -> FrameType:
            thread = this_thread()
            deciding.add(thread)
            frame = getframe(depth + 1)
            deciding.discard(thread)
            return frame

        return get

    def _auditor(self) -> Callable[[str, tuple[Any, ...]], None]:
        """Make the audit hook: a plain function, since the explorer alone causes a hundred thousand events a check."""
        watched, ground, between = _WATCHED, self._ground, self._between
        getframe, this_thread, deciding = sys._getframe, threading.get_ident, self._deciding

        def audit(event: str, arguments: tuple[Any, ...]) -> None:
            if event not in watched:
                return
            thread = this_thread()
            if thread in deciding:
                return
            deciding.add(thread)
            try:
                frame = getframe(1)
                while frame is not None and frame.f_code.co_filename.startswith(between):
                    frame = frame.f_back  # type: ignore[assignment]
                if event == "import":
                    if arguments[0].startswith(_UNAVAILABLE):
                        raise ImportError(f"{arguments[0]} is not available while your work is graded")
                elif frame is not None and not frame.f_code.co_filename.startswith(ground):
                    self._refuse(event, arguments)
            finally:
                deciding.discard(thread)

        return audit

    def _refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "exec":
            self.refuse_words(arguments[0])
        elif event != "compile" or str(arguments[1]).startswith(self._ground):
            raise Tampering(f"{event} is not available while your work is graded")

    def _import(self, name: str, names: Any = None, unused: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        """Stand in for `__import__` in our own modules."""
        if level == 0 and name in self._copies:
            return self._copies[name]
        if self._importing or (level == 0 and name.partition(".")[0] != _PACKAGE):
            return self._real_import(name, names, unused, fromlist, level)
        with self._unsealed():
            module = self._real_import(name, names, unused, fromlist, level)
            for wanted in fromlist or ():  # a module that imports on demand would do so again, outside
                vars(module).setdefault(wanted, getattr(module, wanted))
            return module

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


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == _PACKAGE


def _copy(module: ModuleType) -> ModuleType:
    copied = ModuleType(module.__name__)
    vars(copied).update(vars(module))
    return copied


def _words_of(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _words_of(constant)
        elif isinstance(constant, str):
            yield from (word for word in _WORDS if word in constant)
