"""What a call of a function written in C is about to touch: its code cannot be watched, so its name has to tell."""

import gc
import types
from typing import Any

from helpers.interleave.operands import Missing
from helpers.interleave.schedule import Action
from helpers.interleave.touch import Touch, attribute, contents, is_a, read, unless_own, write

_INERT = frozenset(
    """isinstance issubclass type id callable super print object __build_class__ __init_subclass__ hash
    property classmethod staticmethod range slice dir globals locals int float bool
    partial fspath urandom""".split()  # noqa: SIM905
)
_LOOKS = frozenset(
    """len sum max min sorted any all repr str list tuple frozenset dict iter enumerate zip reversed
    map filter format ascii bytes join copy count index get keys values items isdisjoint issubset
    issuperset union difference intersection symmetric_difference contains getitem countOf indexOf
    length_hint concat add eq itemgetter deque Counter __len__ __contains__ __getitem__ __iter__ __eq__
    __ne__ __repr__ __str__ __add__ __mul__ __reversed__ reduce accumulate chain islice""".split()  # noqa: SIM905
)
_GETTERS = frozenset(("getattr", "hasattr", "__getattribute__"))
_SETTERS = frozenset(("setattr", "__setattr__"))
_DELETERS = frozenset(("delattr", "__delattr__"))
_C_CALLABLES = frozenset(
    (
        types.BuiltinFunctionType,
        types.MethodDescriptorType,
        types.WrapperDescriptorType,
        types.MethodWrapperType,
        types.ClassMethodDescriptorType,
    )
)
_METHODS = _C_CALLABLES - {types.BuiltinFunctionType}  # found on a class; their first argument is the object


def called(first: Any, second: Any, arguments: list[Any]) -> list[Touch]:
    """Return what calling `first` (or `second`, if `first` is Missing) is about to touch.

    Functions written in Python show what they touch themselves, instruction by instruction.
    """
    function = second if first is Missing else first
    kind = type(function)
    if kind is types.FunctionType or kind is types.MethodType:
        return []
    if first is not Missing and second is not Missing:
        arguments = [second, *arguments]
    if is_a(function, type):
        made_by = getattr(function, "__init__", None)
        if type(made_by) is types.FunctionType and made_by.__module__ != "collections":
            return []  # it shows itself what it touches
    elif kind not in _C_CALLABLES:  # an object with a __call__, such as a partial or an itemgetter
        return [
            Touch(part, None, Missing, Action.CALL, True)
            for value in (*gc.get_referents(function), *arguments)
            for part in contents(value)
        ]
    owner = getattr(function, "__self__", None)
    if (kind is types.BuiltinMethodType or kind is types.MethodWrapperType) and not (
        owner is None or is_a(owner, types.ModuleType)
    ):
        arguments = [owner, *arguments]
    name = function.__name__
    if name in _INERT or not arguments:
        return []
    named = _attribute_by_name(name, arguments)
    if named is not None:
        return named
    if is_a(owner, types.ModuleType) and (vars(owner).get("__name__") == "posix" or name.startswith("set")):
        return [Touch(vars(owner), None, Missing, Action.CALL, True, arguments, name)]  # files, settings
    looks = (name in _LOOKS and not (name == "add" and is_a(arguments[0], set))) or is_a(function, type)
    others_too = not is_a(arguments[0], (list, dict, set))
    is_method = arguments[0] is owner or kind in _METHODS
    call = f".{name}" if is_method else name
    return [
        Touch(
            part,
            None,
            _item(name, arguments, part),
            Action.CALL,
            not looks and (place == 0 or others_too),
            arguments,
            call,
        )
        for place, argument in enumerate(arguments)
        for part in contents(argument)
    ]


def _attribute_by_name(name: str, arguments: list[Any]) -> list[Touch] | None:
    """Return what `getattr` and its like touch; None for any other function."""
    if name == "vars":
        return [read(arguments[0], "__dict__")]
    if len(arguments) < 2 or not is_a(arguments[1], str) or is_a(arguments[0], dict):
        return None
    target = attribute(arguments[0], str.__str__(arguments[1]))  # not a name with an `==` of its own
    if name in _GETTERS:
        return unless_own(arguments[0], read(*target))
    if name in _SETTERS and len(arguments) > 2:
        return unless_own(arguments[0], write(*target, value=arguments[2]))
    if name in _DELETERS:
        return unless_own(arguments[0], Touch(*target, Missing, Action.DELETE, True))
    return None


def _item(name: str, arguments: list[Any], part: Any) -> Any:
    """Return the one key that a dict's method is about, if it is about one."""
    one_key = name in ("get", "__getitem__", "__contains__", "__setitem__", "setitem", "getitem", "pop", "setdefault")
    if one_key and len(arguments) > 1 and part is arguments[0] and is_a(part, dict):
        return arguments[1]
    return Missing
