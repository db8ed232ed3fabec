"""Close the ways that lead from a function, a frame, a class or an object of ours to our variables.

Python has no private names: any function hands out its module's variables as `__globals__`, any frame its locals, any
class its subclasses. The descriptors behind these attributes are replaced by properties that look at who asks, so it
makes no difference how the attribute is asked for: written in a cell, through `getattr`, `operator.attrgetter` or
`str.format`. What is ours reads as empty to everyone else; what is anybody else's is left as it was.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterable
from types import FrameType, FunctionType
from typing import Any

_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
_FLAGS_OFFSET = object.__basicsize__ + 19 * ctypes.sizeof(ctypes.c_void_p)  # of tp_flags in PyTypeObject
_EMPTY: dict[tuple[type, str], Callable[[], Any]] = {
    (FunctionType, "__globals__"): dict,
    (FunctionType, "__builtins__"): dict,
    (FunctionType, "__closure__"): lambda: None,
    (FunctionType, "__defaults__"): lambda: None,
    (FunctionType, "__kwdefaults__"): lambda: None,
    (FrameType, "f_globals"): dict,
    (FrameType, "f_builtins"): dict,
    (FrameType, "f_locals"): dict,
}

_globals_of_frame = vars(FrameType)["f_globals"].__get__
_globals_of_function = vars(FunctionType)["__globals__"].__get__
_dictionary_of_type = vars(type)["__dict__"].__get__
_identity = object.__hash__  # as good as id() to tell objects apart, and reported to no audit hook


class Guard:
    """Tells our code from everybody else's by the module variables that it runs with.

    Attributes:
        ours: The identities of our modules' dictionaries.
    """

    def __init__(self) -> None:
        self.ours: set[int] = set()

    def runs(self, frame: FrameType) -> bool:
        """Return whether a frame runs code of ours."""
        return _identity(_globals_of_frame(frame)) in self.ours

    def owns(self, value: object) -> bool:
        """Return whether a value is a function of ours."""
        return type(value) is FunctionType and _identity(_globals_of_function(value)) in self.ours

    def close(self, classes: Iterable[type], hidden: dict[type, tuple[str, ...]]) -> None:
        """Close the ways, for as long as the process lives.

        Args:
            classes: Ours; nobody can change them or take them for the class of another object any more.
            hidden: Slots of theirs that only our code may look into, of objects that others get hold of.
        """
        for (owner, name), empty in _EMPTY.items():
            getter = _globals_of_frame if owner is FrameType else _globals_of_function
            _replace(owner, name, self._only_theirs(owner, name, getter, empty))
        _replace(type, "__subclasses__", self._known_subclasses())
        for cls, names in hidden.items():
            for name in names:
                _replace(cls, name, self._only_ours(cls, name))
        for cls in classes:
            _make_immutable(cls)

    def _only_theirs(self, owner: type, name: str, globals_of: Callable[[Any], Any], empty: Callable[[], Any]) -> Any:
        """Make a property that reads as empty for functions and frames of ours, unless our own code asks."""
        descriptor, ours, getframe = vars(owner)[name], self.ours, sys._getframe
        get, globals_of_frame, identity = descriptor.__get__, _globals_of_frame, _identity

        def read(value: Any) -> Any:
            if identity(globals_of(value)) in ours and identity(globals_of_frame(getframe(1))) not in ours:
                return empty()
            return get(value)

        writable = name.endswith("defaults__")
        return property(read, descriptor.__set__ if writable else None, descriptor.__delete__ if writable else None)

    def _only_ours(self, owner: type, name: str) -> Any:
        """Make a property that only our own code can read or write."""
        slot, ours, getframe, globals_of_frame = vars(owner)[name], self.ours, sys._getframe, _globals_of_frame
        get, put, identity = slot.__get__, slot.__set__, _identity

        def read(value: Any) -> Any:
            if identity(globals_of_frame(getframe(1))) not in ours:
                raise AttributeError(f"{owner.__name__!r} object has no attribute {name!r}")
            return get(value)

        def write(value: Any, new: Any) -> None:
            if identity(globals_of_frame(getframe(1))) not in ours:
                raise AttributeError(f"{owner.__name__!r} object has no attribute {name!r}")
            put(value, new)

        return property(read, write)

    def _known_subclasses(self) -> Any:
        ours, getframe, subclasses = self.ours, sys._getframe, type.__subclasses__
        globals_of_frame, dictionary_of = _globals_of_frame, _dictionary_of_type

        def known(cls: type) -> list[type]:
            """Return a list of immediate subclasses."""
            found: list[type] = subclasses(cls)
            if _identity(globals_of_frame(getframe(1))) in ours:
                return found
            return [each for each in found if not str(dictionary_of(each).get("__module__")).startswith("helpers.")]

        return known


def _replace(owner: type, name: str, value: Any) -> None:
    """Change an attribute of a class, even of one that forbids it."""
    (names,) = (each for each in gc.get_referents(vars(owner)) if isinstance(each, dict))
    names[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(owner))


def _make_immutable(cls: type) -> None:
    flags = ctypes.c_ulong.from_address(id(cls) + _FLAGS_OFFSET)
    if flags.value != cls.__flags__:
        raise RuntimeError("this build of Python lays its classes out in a way that is not known here")
    flags.value |= _IMMUTABLE
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))
