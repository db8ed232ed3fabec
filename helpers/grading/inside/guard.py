"""Close the ways that lead from a function, a frame, a class or an object of ours to our variables.

Python has no private names: any function hands out its module's variables as `__globals__`, any frame its locals, any
class its subclasses. The descriptors behind these attributes are replaced by properties that look at who asks, so it
makes no difference how the attribute is asked for: written in a cell, through `getattr`, `operator.attrgetter` or
`str.format`. What is ours reads as empty to everyone else; what is anybody else's is left as it was.
"""

import builtins
import ctypes
import gc
import sys
from collections.abc import Callable, Iterable
from opcode import opmap
from types import FrameType, FunctionType
from typing import Any

_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE
_FLAGS_OFFSET = object.__basicsize__ + 19 * ctypes.sizeof(ctypes.c_void_p)  # of tp_flags in PyTypeObject
_LOAD, _STORE, _EXTENDED, _CACHE = map(opmap.__getitem__, ("LOAD_ATTR", "STORE_ATTR", "EXTENDED_ARG", "CACHE"))
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


def runs_in(frame: FrameType, names: dict[str, Any]) -> bool:
    """Return whether a frame runs code of the module with these variables."""
    return _globals_of_frame(frame) is names


class Guard:
    """Tells our code from everybody else's by the module variables that it runs with.

    Attributes:
        ours: The identities of our modules' dictionaries.
    """

    def __init__(self) -> None:
        self.ours: set[int] = set()

    def _asked_by_us(self, name: str) -> Callable[[FrameType], bool]:
        """Make a function that says whether a frame runs code of ours that itself asks for an attribute of that name.

        It may also have called what student code put into its hands: C code that asks, such as an `attrgetter`.
        """
        ours, globals_of_frame, identity = self.ours, _globals_of_frame, _identity
        known: dict[tuple[int, int], bool] = {}

        def asks(frame: FrameType) -> bool:
            if identity(globals_of_frame(frame)) not in ours:
                return False
            place = identity(frame.f_code), frame.f_lasti
            found = known.get(place)
            if found is None:
                found = known[place] = _attribute_at(frame) == name
            return found

        return asks

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
        descriptor, ours, getframe, asked_by_us = vars(owner)[name], self.ours, sys._getframe, self._asked_by_us(name)
        get, identity = descriptor.__get__, _identity

        def read(value: Any) -> Any:
            if identity(globals_of(value)) in ours and not asked_by_us(getframe(1)):
                return empty()
            return get(value)

        writable = name.endswith("defaults__")
        return property(read, descriptor.__set__ if writable else None, descriptor.__delete__ if writable else None)

    def _only_ours(self, owner: type, name: str) -> Any:
        """Make a property that only our own code can read or write."""
        slot, getframe, asked_by_us = vars(owner)[name], sys._getframe, self._asked_by_us(name)
        get, put = slot.__get__, slot.__set__

        def read(value: Any) -> Any:
            if not asked_by_us(getframe(1)):
                raise AttributeError(f"{owner.__name__!r} object has no attribute {name!r}")
            return get(value)

        def write(value: Any, new: Any) -> None:
            if not asked_by_us(getframe(1)):
                raise AttributeError(f"{owner.__name__!r} object has no attribute {name!r}")
            put(value, new)

        return property(read, write)

    def _known_subclasses(self) -> Any:
        subclasses, dictionary_of = type.__subclasses__, _dictionary_of_type

        def known(cls: type) -> list[type]:
            """Return a list of immediate subclasses."""
            found: list[type] = subclasses(cls)
            return [each for each in found if not str(dictionary_of(each).get("__module__")).startswith("helpers.")]

        return known


def _attribute_at(frame: FrameType) -> str:
    """Return the name of the attribute that a frame's current instruction reads or writes, "" if it does not."""
    code, place = frame.f_code.co_code, frame.f_lasti
    while code[place] == _CACHE:  # of the instruction before: Python 3.12 points there while it reads a property
        place -= 2
    operation, argument = code[place], code[place + 1]
    shift = 8
    while place >= 2 and code[place - 2] == _EXTENDED:
        place -= 2
        argument |= code[place + 1] << shift
        shift += 8
    if operation == _LOAD:  # whose lowest bit says whether a method is wanted
        return frame.f_code.co_names[argument >> 1]
    return frame.f_code.co_names[argument] if operation == _STORE else ""


def _replace(owner: type, name: str, value: Any) -> None:
    """Change an attribute of a class, even of one that forbids it."""
    (names,) = (each for each in gc.get_referents(vars(owner)) if isinstance(each, dict))
    names[name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(owner))


def _make_immutable(cls: type) -> None:
    flags = ctypes.c_ulong.from_address(builtins.id(cls) + _FLAGS_OFFSET)  # the seal's own `id` is no address
    if flags.value != cls.__flags__:
        raise RuntimeError("this build of Python lays its classes out in a way that is not known here")
    flags.value |= _IMMUTABLE
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))
