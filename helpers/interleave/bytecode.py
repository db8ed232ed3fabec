"""Which instructions touch what threads may share, and what exactly they touch.

A `Site` is one instruction that matters; all others (local variables, constants, arithmetic on numbers) can
be run in any order without anybody noticing and are never looked at again. Instructions are told apart by name, from
the unspecialised bytecode that `dis` shows, so one table serves CPython 3.12 to 3.14. An instruction that no table
knows counts as touching everything, which costs schedules and hides nothing.
"""

import dis
from collections.abc import Callable
from types import CodeType, FrameType, GeneratorType
from typing import Any

from helpers.interleave import operands
from helpers.interleave.calls import called
from helpers.interleave.descriptors import globals_of_frame
from helpers.interleave.operands import Missing, slots
from helpers.interleave.schedule import Action
from helpers.interleave.touch import Anything, Touch, attribute, bases_of, contents, is_a, read, unless_own, write

type Place = int | tuple[int, int]  # offset of an instruction; of a call and of what it leads to in the library
type Key = tuple[str, str, int, Place]


class Site:
    """One instruction that may touch shared state.

    Attributes:
        key: (file, function, first line, offset): names the instruction even if its code object is made anew.
        line: Its line number.
        name: The attribute, global or closure variable that it names; "" if none.
        arg: Its raw argument.
        top: The slot just above the value stack before it runs.
        touches: Reads the frame and says what the instruction is about to touch.
        counts_only: Whether it touches nothing and only counts towards the step cap (a jump back).
        switch: Whether the search may switch threads here; see `races`.
        inner: Whether it is in the standard library's own code.
    """

    __slots__ = ("arg", "counts_only", "hash", "inner", "key", "line", "name", "switch", "top", "touches")

    def __init__(
        self,
        key: Key,
        line: int,
        touches: "Touches",
        name: str = "",
        arg: int = 0,
        top: int = 0,
    ) -> None:
        self.key = key
        self.hash = hash(key)
        self.line = line
        self.name = name
        self.arg = arg
        self.top = top
        self.counts_only = touches in (_round, _next_item)
        self.touches = touches
        self.switch = self.inner = False

    def operands(self, frame: FrameType, count: int) -> list[Any]:
        """Return the `count` topmost operands, the top of the stack last."""
        return slots(frame, self.top - count, count)


type Touches = Callable[[Site, FrameType], list[Touch]]


# --- one reader for each kind of instruction -----------------------------------------------------------------------


def nothing(site: Site, frame: FrameType) -> list[Touch]:
    """Touch nothing."""
    return []


def _round(site: Site, frame: FrameType) -> list[Touch]:
    return []


def _next_item(site: Site, frame: FrameType) -> list[Touch]:
    return []


WHILE = _round  # the reader of jumps back to anything but a FOR_ITER; they touch nothing and count


def _anything(site: Site, frame: FrameType) -> list[Touch]:
    return [write(Anything, None)]


def _load_global(site: Site, frame: FrameType) -> list[Touch]:
    return [read(globals_of_frame(frame), site.name)]


def _store_global(site: Site, frame: FrameType) -> list[Touch]:
    return [write(globals_of_frame(frame), site.name, value=site.operands(frame, 1)[0])]


def _delete_global(site: Site, frame: FrameType) -> list[Touch]:
    return [Touch(globals_of_frame(frame), site.name, Missing, Action.DELETE, True)]


def _load_cell(site: Site, frame: FrameType) -> list[Touch]:
    return [read(slots(frame, site.arg, 1)[0], site.name)]


def _store_cell(site: Site, frame: FrameType) -> list[Touch]:
    return [write(slots(frame, site.arg, 1)[0], site.name, value=site.operands(frame, 1)[0])]


def _load_attribute(site: Site, frame: FrameType) -> list[Touch]:
    (owner,) = site.operands(frame, 1)
    return unless_own(owner, read(*attribute(owner, site.name)))


def _store_attribute(site: Site, frame: FrameType) -> list[Touch]:
    value, owner = site.operands(frame, 2)
    return unless_own(owner, write(*attribute(owner, site.name), value=value))


def _delete_attribute(site: Site, frame: FrameType) -> list[Touch]:
    (owner,) = site.operands(frame, 1)
    return unless_own(owner, Touch(*attribute(owner, site.name), Missing, Action.DELETE, True))


def _load_item(site: Site, frame: FrameType) -> list[Touch]:
    container, key = site.operands(frame, 2)
    return [read(part, None, key) for part in contents(container, 0)]


def _store_item(site: Site, frame: FrameType) -> list[Touch]:
    value, container, key = site.operands(frame, 3)
    return [write(part, None, key, value) for part in contents(container, 0)]


def _delete_item(site: Site, frame: FrameType) -> list[Touch]:
    container, key = site.operands(frame, 2)
    return [Touch(part, None, key, Action.DELETE, True) for part in contents(container, 0)]


def _reads(count: int) -> Touches:
    def touches(site: Site, frame: FrameType) -> list[Touch]:
        return [read(part, None) for value in site.operands(frame, count) for part in contents(value)]

    return touches


def _store_slice(site: Site, frame: FrameType) -> list[Touch]:
    value, container, _, _ = site.operands(frame, 4)
    reads = [read(part, None) for part in contents(value)]
    return reads + [write(part, None) for part in contents(container)]


def _binary(site: Site, frame: FrameType) -> list[Touch]:
    operator_ = _OPERATORS[site.arg]
    if operator_ == "[]":
        return _load_item(site, frame)
    left, right = site.operands(frame, 2)
    reads = [read(part, None) for part in contents(right)]
    return reads + [
        Touch(part, None, Missing, Action.CALL, True, [right], operator_)
        if operator_.endswith("=")
        else read(part, None)
        for part in contents(left)
    ]


_OPERATORS = [symbol for _, symbol in dis._nb_ops]  # type: ignore[attr-defined]


def _next(site: Site, frame: FrameType) -> list[Touch]:
    (iterator,) = site.operands(frame, 1)
    if type(iterator) is GeneratorType:
        return []  # it shows itself what it touches
    return [Touch(part, None, Missing, Action.READ, part is iterator) for part in contents(iterator)]


def _match_class(site: Site, frame: FrameType) -> list[Touch]:
    subject, kind, named = site.operands(frame, 3)
    bases = bases_of(kind) if is_a(kind, type) else ()
    positional = next((vars(base)["__match_args__"] for base in bases if "__match_args__" in vars(base)), ())
    return [touch for name in (*positional[: site.arg], *named) for touch in unless_own(subject, read(subject, name))]


def _call(site: Site, frame: FrameType) -> list[Touch]:
    function, receiver, *arguments = site.operands(frame, site.arg + 2)
    return called(function, receiver, arguments)


def _call_with_names(site: Site, frame: FrameType) -> list[Touch]:  # since 3.13: the names lie on top
    function, receiver, *arguments = site.operands(frame, site.arg + 3)[:-1]
    return called(function, receiver, arguments)


def _call_unpacked(site: Site, frame: FrameType) -> list[Touch]:
    parts = site.operands(frame, 3 + (site.arg & 1 or _ALWAYS_KEYWORDS))
    function = next((part for part in parts if callable(part) and part is not Missing), Missing)
    arguments = [value for part in parts if isinstance(part, tuple) for value in part]
    return called(function, Missing, arguments)


_ALWAYS_KEYWORDS = int("CALL_KW" in dis.opmap and dis.stack_effect(dis.opmap["CALL_FUNCTION_EX"], 0) == -3)


_READERS: dict[str, Touches] = {
    "LOAD_GLOBAL": _load_global,
    "LOAD_NAME": _load_global,
    "LOAD_FROM_DICT_OR_GLOBALS": _load_global,
    "STORE_GLOBAL": _store_global,
    "STORE_NAME": _store_global,
    "DELETE_GLOBAL": _delete_global,
    "DELETE_NAME": _delete_global,
    "LOAD_DEREF": _load_cell,
    "LOAD_CLASSDEREF": _load_cell,
    "LOAD_FROM_DICT_OR_DEREF": _load_cell,
    "STORE_DEREF": _store_cell,
    "DELETE_DEREF": _load_cell,
    "LOAD_ATTR": _load_attribute,
    "LOAD_METHOD": _load_attribute,
    "LOAD_SUPER_ATTR": _load_attribute,
    "STORE_ATTR": _store_attribute,
    "DELETE_ATTR": _delete_attribute,
    "BINARY_SUBSCR": _load_item,
    "STORE_SUBSCR": _store_item,
    "DELETE_SUBSCR": _delete_item,
    "BINARY_SLICE": _reads(3),
    "STORE_SLICE": _store_slice,
    "BINARY_OP": _binary,
    "COMPARE_OP": _reads(2),
    "CONTAINS_OP": _reads(1),
    "UNARY_NOT": _reads(1),
    "TO_BOOL": _reads(1),
    "POP_JUMP_IF_TRUE": _reads(1),
    "POP_JUMP_IF_FALSE": _reads(1),
    "UNPACK_SEQUENCE": _reads(1),
    "UNPACK_EX": _reads(1),
    "GET_ITER": _reads(1),
    "FOR_ITER": _next,
    "FORMAT_VALUE": _reads(1),
    "FORMAT_SIMPLE": _reads(1),
    "FORMAT_WITH_SPEC": _reads(2),
    "CONVERT_VALUE": _reads(1),
    "LIST_EXTEND": _reads(1),
    "SET_UPDATE": _reads(1),
    "DICT_UPDATE": _reads(1),
    "DICT_MERGE": _reads(1),
    "GET_LEN": _reads(1),
    "MATCH_SEQUENCE": _reads(1),
    "MATCH_MAPPING": _reads(1),
    "MATCH_KEYS": _reads(2),
    "MATCH_CLASS": _match_class,
    "IMPORT_FROM": _load_attribute,
    "CALL": _call,
    "CALL_KW": _call_with_names,
    "CALL_FUNCTION_EX": _call_unpacked,
    "JUMP_BACKWARD": _round,
    "JUMP_BACKWARD_NO_INTERRUPT": _round,
    "RESUME": nothing,  # the start of a function; generators have more of them
}

_QUIET = frozenset(
    """CACHE NOP POP_TOP PUSH_NULL COPY SWAP LOAD_CONST LOAD_SMALL_INT LOAD_IMMORTAL_CONST
    LOAD_COMMON_CONSTANT LOAD_FAST LOAD_FAST_BORROW LOAD_FAST_CHECK LOAD_FAST_AND_CLEAR
    LOAD_FAST_LOAD_FAST LOAD_FAST_BORROW_LOAD_FAST_BORROW STORE_FAST STORE_FAST_LOAD_FAST
    STORE_FAST_STORE_FAST STORE_FAST_MAYBE_NULL DELETE_FAST LOAD_CLOSURE MAKE_CELL COPY_FREE_VARS
    MAKE_FUNCTION SET_FUNCTION_ATTRIBUTE LOAD_BUILD_CLASS LOAD_LOCALS LOAD_ASSERTION_ERROR
    SETUP_ANNOTATIONS UNARY_NEGATIVE UNARY_INVERT IS_OP BUILD_TUPLE BUILD_LIST BUILD_SET BUILD_MAP
    BUILD_CONST_KEY_MAP BUILD_STRING BUILD_SLICE BUILD_TEMPLATE BUILD_INTERPOLATION LIST_APPEND SET_ADD
    MAP_ADD KW_NAMES CALL_INTRINSIC_1 CALL_INTRINSIC_2 JUMP_FORWARD POP_JUMP_IF_NONE
    POP_JUMP_IF_NOT_NONE NOT_TAKEN POP_ITER RETURN_VALUE RETURN_CONST RETURN_GENERATOR YIELD_VALUE SEND
    END_SEND END_FOR GET_YIELD_FROM_ITER GET_AWAITABLE GET_AITER GET_ANEXT END_ASYNC_FOR CLEANUP_THROW
    RAISE_VARARGS RERAISE PUSH_EXC_INFO POP_EXCEPT CHECK_EXC_MATCH CHECK_EG_MATCH WITH_EXCEPT_START
    BEFORE_WITH BEFORE_ASYNC_WITH LOAD_SPECIAL IMPORT_NAME EXTENDED_ARG
    ANNOTATIONS_PLACEHOLDER""".split()  # noqa: SIM905
)


def remembered[Found](look: Callable[[CodeType], Found]) -> Callable[[CodeType], Found]:
    """Remember what a function finds in code, by the code's identity: to compare it would take longer than to look."""
    known: dict[int, tuple[CodeType, Found]] = {}  # keeps the code alive, so that its id stays its own

    def look_once(code: CodeType) -> Found:
        found = known.get(id(code))
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[id(code)] = (code, look(code))
        return found[1]

    return look_once


MOST_REMEMBERED = 2000


def sites_of(code: CodeType) -> dict[Place, Site]:
    """Return the sites of `code`, by offset."""
    instructions = list(dis.get_instructions(code))
    base = operands.local_slots(code)
    depths = operands.stack_depths(code, instructions)
    iterating = {it.offset for it in instructions if it.opname == "FOR_ITER"}
    sites: dict[Place, Site] = {}
    line = code.co_firstlineno
    for it in instructions:
        line = (it.positions and it.positions.lineno) or line
        if it.opname in _QUIET or it.offset not in depths:
            continue
        touches = _READERS.get(it.opname, _anything)
        if touches is _round and it.argval in iterating:
            touches = _next_item
        elif touches not in (nothing, _round) and not operands.AVAILABLE:
            touches = _anything
        name = it.argval if isinstance(it.argval, str) else ""
        key = (code.co_filename, code.co_qualname, code.co_firstlineno, it.offset)
        sites[it.offset] = Site(key, line, touches, name, it.arg or 0, base + depths[it.offset])
    return sites
