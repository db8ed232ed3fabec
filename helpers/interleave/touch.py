"""One access to something that threads may share, and what counts as that."""

import _thread
import gc
import types
from collections import defaultdict, deque
from io import BytesIO
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
    str_ascii_iterator str_iterator bytes_iterator coroutine async_generator _NoValueType
    _IOBase _RawIOBase _BufferedIOBase _TextIOBase""".split()  # noqa: SIM905
)
_STATEFUL_MODULES = frozenset(
    """builtins itertools collections _collections array _random random mmap _io _socket sqlite3""".split()  # noqa: SIM905
)
_STATEFUL_CLASSES = frozenset((("numpy", "ndarray"), ("xml.etree.ElementTree", "Element")))
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
_SETTERS = (setattr, delattr, object.__setattr__, type.__setattr__)


def is_a(value: object, cls: type | tuple[type, ...]) -> bool:
    """Return whether `value` is an instance, whatever it says its `__class__` is."""
    return issubclass(type(value), cls)


def contents(value: Any, depth: int = 3) -> list[Any]:
    """Return the mutable built-in containers and iterators that `value` is, or reads from when it is used."""
    if type(value) is memoryview:
        value = _viewed(value)
    kind = type(value)
    if id(kind) in _plain_ids:
        return []
    has_state, is_seen_through = _nature(kind)
    found = [value] if has_state else []
    if depth and is_seen_through:
        if kind is types.BuiltinMethodType and any(value is setter for setter in _SETTERS):
            return [Anything]  # nobody knows what it will be given
        found += [deep for part in gc.get_referents(value) for deep in contents(part, depth - 1)]
    return found


def _viewed(view: memoryview) -> Any:
    """Return what a view looks into: two views of one thing share its content."""
    try:
        value = view.obj
    except ValueError:  # it was released
        return None
    return gc.get_referents(value)[-1] if type(value) is _OF_BYTES_IO else value


_OF_BYTES_IO = type(BytesIO().getbuffer().obj)


def _nature(kind: type) -> tuple[bool, bool]:
    """Return whether objects of a class hold state that code in C changes, and whether they lead to such objects.

    A class of a student's has what its bases have, and nothing that its metaclass says is asked for.
    """
    known = _natures.get(id(kind))
    if known is None:
        if len(_natures) >= _MOST_KINDS:
            _natures.clear()
        name = _name_of(kind)
        is_seen_through = id(kind) in _see_through_ids or name.endswith("iterator") or name == "partial"
        known = _natures[id(kind)] = kind, any(map(_is_stateful, bases_of(kind))), is_seen_through
    return known[1:]


def _is_stateful(base: type) -> bool:
    if id(base) in _container_ids:
        return True
    if id(base) in _see_through_ids:
        return False
    module, name = str(vars(base).get("__module__", "builtins")), _name_of(base)
    return (module in _STATEFUL_MODULES and name not in _IMMUTABLE) or (module, name) in _STATEFUL_CLASSES


_CONTAINERS = (list, dict, set, bytearray)
_PLAIN = frozenset((int, str, float, bool, type(None), bytes, types.FunctionType, type))
# By identity: a student's metaclass may say that its class is equal to any other.
_plain_ids = frozenset(map(id, _PLAIN))
_container_ids = frozenset(map(id, _CONTAINERS))
_see_through_ids = frozenset(map(id, _SEE_THROUGH))
_natures: dict[int, tuple[type, bool, bool]] = {}  # keeps the class alive, so that its id stays its own
_MOST_KINDS = 2000
_name_of, bases_of = vars(type)["__name__"].__get__, vars(type)["__mro__"].__get__


def attribute(owner: Any, name: str) -> tuple[Any, str]:
    """Return where an attribute lives: a module's namespace or the object itself."""
    return (vars(owner), name) if is_a(owner, types.ModuleType) else (owner, name)


def unless_own(owner: Any, touch: Touch) -> list[Touch]:
    """Return an access to an attribute of `owner`; none to what each thread has for itself, which slots are not."""
    if not is_a(owner, _thread._local) or any(
        type(vars(base).get(touch.name)) is types.MemberDescriptorType for base in bases_of(type(owner))
    ):
        return [touch]
    return []


def as_it_is(touch: Touch) -> Touch:
    """Return `touch` as what it does to a container at this moment: a look may add an item, and a removal find none."""
    owner = touch.owner
    if touch.writes:
        finds_none = touch.call in _REMOVALS and type(owner) in _LENGTH_TOLD and not owner
        return touch._replace(writes=False) if finds_none else touch
    if touch.item is Missing or not is_a(owner, defaultdict):
        return touch
    is_there = id(type(touch.item)) in _plain_ids and dict.__contains__(owner, touch.item)
    return touch if is_there or touch.action is Action.CALL else touch._replace(writes=True)


_REMOVALS = frozenset((".pop", ".popleft", ".popitem", ".clear"))
_LENGTH_TOLD = frozenset((list, dict, set, deque, defaultdict))
