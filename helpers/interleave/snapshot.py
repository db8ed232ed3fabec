"""Results of calls, frozen at the moment they came back, so that two runs can be compared exactly.

Comparing goes by exact types and contents and never runs code under test: an object whose `__eq__` says that it
equals everything deceives nobody, and a list that changes later is kept as it was.
"""

import sys
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass, field
from enum import Enum
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from helpers.interleave.recorder import short

_NAMED = (type, FunctionType, BuiltinFunctionType, ModuleType)


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gave back; two results are equal if type and contents are.

    Attributes:
        said: For a sentence: "gave 2", "raised IndexError('empty')", or "" for None.
        key: What is compared.
    """

    said: str = field(compare=False)
    key: Hashable


def result_of(call: Callable[[], object]) -> Result:
    """Make a call and freeze what it gives back or raises; exceptions that end a program are let through."""
    try:
        value = call()
    except Exception as error:
        arguments = ", ".join(map(short, error.args))
        return Result(f"raised {type(error).__name__}({arguments})", ("raised", snapshot(error)))
    return Result("" if value is None else f"gave {short(value)}", ("gave", snapshot(value)))


def snapshot(value: Any) -> Hashable:
    """Freeze a value, however deep, into something that can be compared and kept.

    Objects without visible contents (locks, iterators, C objects that print an address) are known by type only.
    """
    return _freeze(value, ())


def _freeze(value: Any, inside: tuple[int, ...]) -> Hashable:
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind in (int, bool, str, bytes, type(None)):
        return name, value
    if id(value) in inside:
        return name, "itself", len(inside) - inside.index(id(value))
    inside = (*inside, id(value))
    if isinstance(value, Enum):
        return name, value.name
    if isinstance(value, _NAMED):
        return name, getattr(value, "__qualname__", value.__name__)
    if isinstance(value, BaseException):
        return name, _freeze(value.args, inside)
    if isinstance(value, list | tuple | deque):
        return name, tuple(_freeze(part, inside) for part in value)
    if isinstance(value, Set):
        return name, frozenset(_freeze(part, inside) for part in value)
    if isinstance(value, Mapping):
        return name, frozenset((_freeze(k, inside), _freeze(v, inside)) for k, v in value.items())
    if kind.__module__ == "builtins" or kind.__module__.partition(".")[0] in sys.stdlib_module_names - {"__main__"}:
        printed = repr(value)
        return name, "" if " at 0x" in printed else printed
    return name, tuple((part, _freeze(held, inside)) for part, held in _contents(value))


def _contents(value: Any) -> list[tuple[str, Any]]:
    """Attributes that an object holds itself, in its `__dict__` or in slots, by name."""
    held = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            descriptor = vars(cls).get(name)
            try:
                held[name] = descriptor.__get__(value) if descriptor is not None else None
            except AttributeError:  # a slot that was never filled
                continue
    return sorted(held.items())
