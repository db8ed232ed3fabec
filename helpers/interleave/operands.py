"""The operands of an instruction that is about to run, read from the value stack of its paused frame.

`sys.monitoring` says *that* an instruction is about to run, not *on what*. CPython keeps the operands in the
frame's value stack, directly behind its local variables (Include/internal/pycore_frame.h, `localsplus`); how deep the
stack is before each instruction follows from the bytecode alone (Objects/codeobject.c, "stack depth"). Both
are read here and nowhere else. On an interpreter with another layout `AVAILABLE` is False, and every instruction
counts as touching everything: more schedules, never fewer.
"""

import ctypes
import dis
import sys
from itertools import pairwise
from types import CodeType, FrameType
from typing import Any

_FRAME_POINTER = object.__basicsize__ + ctypes.sizeof(ctypes.c_void_p)  # PyFrameObject.f_frame, behind f_back
_LOCALS = 80 if sys.version_info >= (3, 14) else 72  # _PyInterpreterFrame.localsplus
_TAGGED = sys.version_info >= (3, 14)  # stack entries are _PyStackRef: a pointer with two tag bits
_WORD = ctypes.sizeof(ctypes.c_void_p)
_ENDS = frozenset(
    """RETURN_VALUE RETURN_CONST RERAISE RAISE_VARARGS JUMP_FORWARD JUMP_BACKWARD
    JUMP_BACKWARD_NO_INTERRUPT INTERPRETER_EXIT""".split()  # noqa: SIM905
)


class Missing:
    """Stands for an empty slot of the stack, such as the `self` of a call that has none."""


def slots(frame: FrameType, first: int, count: int) -> list[Any]:
    """Return what `frame` keeps in `count` slots from `first` on: its locals, then its value stack.

    An empty slot reads as Missing. The caller answers for all of them lying below the frame's current stack top.
    """
    _where.value = _address(frame) + _FRAME_POINTER
    _where.value = _words[0] + _LOCALS + _WORD * first
    if _TAGGED:
        return [_untagged(bits) for bits in _words[:count]]
    return [_objects[place] if _words[place] else Missing for place in range(count)]


def _address(value: object) -> int:
    """Return what `id` returns: that one reports each call to audit hooks, which costs more than all the rest."""
    return _hash(value) << 4  # objects are aligned to 16 bytes


def _untagged(bits: int) -> Any:
    if bits & 3 == 3 or not bits & ~3:  # a tagged integer, or NULL
        return Missing
    return ctypes.cast(bits & ~3, ctypes.py_object).value


# One pointer, read as numbers and as objects, for all: only one controlled thread runs at a time.
_words = ctypes.POINTER(ctypes.c_size_t)()
_where = ctypes.c_size_t.from_buffer(_words)
_objects = ctypes.POINTER(ctypes.py_object).from_buffer(_words)
_hash = object.__hash__


def local_slots(code: CodeType) -> int:
    """Return how many slots the locals of `code` take: arguments, variables, cells, free variables."""
    names = code.co_varnames
    return len(names) + sum(name not in names for name in code.co_cellvars) + len(code.co_freevars)


def stack_depths(code: CodeType, instructions: list[dis.Instruction]) -> dict[int, int]:
    """Return the depth of the value stack before each reachable instruction, by offset.

    `dis.stack_effect` of 3.12 leaves out what a generator finds on its stack when it is first resumed.
    """
    following = {a.offset: b.offset for a, b in pairwise(instructions)}
    at = {instruction.offset: instruction for instruction in instructions}
    depths: dict[int, int] = {}
    handlers = dis._parse_exception_table(code)  # type: ignore[attr-defined]
    todo = [(0, 0), *((entry.target, entry.depth + entry.lasti + 1) for entry in handlers)]
    while todo:
        offset, depth = todo.pop()
        while offset is not None and offset not in depths:
            depths[offset] = depth
            it = at[offset]
            if it.opcode in dis.hasjrel or it.opcode in dis.hasjabs:
                todo.append((it.argval, depth + dis.stack_effect(it.opcode, it.arg, jump=True)))
            if it.opname in _ENDS:
                break
            depth += 1 if it.opname == "RETURN_GENERATOR" else dis.stack_effect(it.opcode, it.arg, jump=False)
            offset = following.get(offset)
    return depths


def _check() -> bool:
    gil = getattr(sys, "_is_gil_enabled", lambda: True)
    if sys.implementation.name != "cpython" or sys.version_info[:2] > (3, 14) or not gil():
        return False

    def first_local_is(marker: object) -> bool:
        return slots(sys._getframe(), 0, 1)[0] is marker

    return first_local_is(object())


AVAILABLE = _check()
