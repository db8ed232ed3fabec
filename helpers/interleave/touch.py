"""One access to something that threads may share, and what counts as that."""

import _thread
import gc
import types
from collections import defaultdict, deque
from typing import Any, NamedTuple

from helpers.interleave.operands import Missing
from helpers.interleave.schedule import Action


class Touch(NamedTuple):
    """One access that an instruction is about to make.

    Attributes:
        owner: The object, or the namespace for a global, or the cell for a closure variable.
        name: The attribute or variable; None for the content of a container.
        item: The key of a subscript; Missing where there is none.
        action: READ, WRITE, DELETE or CALL.
        writes: Whether it may change what another thread sees.
        value: What is about to be written; for a CALL its arguments; Missing where there is neither.
        call: For a CALL, what is called: ".append" for a method of `owner`, "len" for a function, "+=" for an operator.
    """

    owner: Any
    name: str | None
    item: Any
    action: Action
    writes: bool
    value: Any = Missing
    call: str = ""


_touch = tuple.__new__  # touches are made in great numbers


class Anything:
    """Owner of the touches of an instruction that cannot be understood: in conflict with every other."""


def read(owner: Any, name: str | None, item: Any = Missing) -> Touch:
    """Return a Touch that only looks."""
    return _touch(Touch, (owner, name, item, Action.READ, False, Missing, ""))


def write(owner: Any, name: str | None, item: Any = Missing, value: Any = Missing) -> Touch:
    """Return a Touch that stores `value`."""
    return _touch(Touch, (owner, name, item, Action.WRITE, True, value, ""))


_IMMUTABLE = frozenset(
    """int float complex bool str bytes NoneType ellipsis NotImplementedType type object function method
    module builtin_function_or_method method_descriptor wrapper_descriptor method-wrapper
    classmethod_descriptor range range_iterator longrange_iterator slice code frame traceback property
    classmethod staticmethod getset_descriptor member_descriptor super mappingproxy cell
    str_ascii_iterator str_iterator bytes_iterator generator coroutine async_generator _NoValueType""".split()  # noqa: SIM905
)
_STATEFUL_MODULES = frozenset(
    ("builtins", "itertools", "collections", "_collections", "array", "_random", "random", "mmap", "_io", "sqlite3")
)
_SEE_THROUGH: tuple[type, ...] = (
    types.BuiltinMethodType,
    tuple,
    frozenset,
    zip,
    map,
    filter,
    enumerate,
    reversed,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)


def contents(value: Any, depth: int = 3) -> list[Any]:
    """Return the mutable built-in containers and iterators that `value` is, or reads from when it is used."""
    kind = type(value)
    if kind in _PLAIN:
        return []
    found = []
    if isinstance(value, _CONTAINERS) or (
        kind.__module__ in _STATEFUL_MODULES and kind.__name__ not in _IMMUTABLE and kind not in _SEE_THROUGH
    ):
        found.append(value)
    if depth and (kind in _SEE_THROUGH or kind.__name__.endswith("iterator") or kind.__name__ == "partial"):
        found += [deep for part in gc.get_referents(value) for deep in contents(part, depth - 1)]
    return found


_CONTAINERS = (list, dict, set, bytearray)
_PLAIN = frozenset((int, str, float, bool, type(None), bytes, types.FunctionType, type))


def attribute(owner: Any, name: str) -> tuple[Any, str]:
    """Return where an attribute lives: a module's namespace or the object itself."""
    return (vars(owner), name) if isinstance(owner, types.ModuleType) else (owner, name)


def unless_own(owner: Any, touch: Touch) -> list[Touch]:
    """Return an access to an attribute of `owner`; none to what each thread has for itself."""
    return [] if isinstance(owner, _thread._local) else [touch]


def as_it_is(touch: Touch) -> Touch:
    """Return `touch` as what it does to a container at this moment: a look may add an item, and a removal find none."""
    owner = touch.owner
    if touch.writes:
        finds_none = touch.call in _REMOVALS and type(owner) in _LENGTH_TOLD and not owner
        return touch._replace(writes=False) if finds_none else touch
    if touch.item is Missing or not isinstance(owner, defaultdict):
        return touch
    is_there = type(touch.item) in _PLAIN and dict.__contains__(owner, touch.item)
    return touch if is_there or touch.action is Action.CALL else touch._replace(writes=True)


_REMOVALS = frozenset((".pop", ".popleft", ".popitem", ".clear"))
_LENGTH_TOLD = frozenset((list, dict, set, deque, defaultdict))
