"""Operands are read from where they are, on every kind of instruction the standard library is made of."""

import dis
import sys
import sysconfig
import types
from collections.abc import Iterator
from pathlib import Path

from helpers.interleave import operands

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def every_code(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from every_code(constant)


def test_stack_depths_add_up_throughout_the_standard_library() -> None:
    seen = 0
    for file in sorted(STANDARD_LIBRARY.glob("*.py")) + sorted((STANDARD_LIBRARY / "asyncio").glob("*.py")):
        for code in every_code(compile(file.read_text("utf-8"), str(file), "exec", dont_inherit=True)):
            instructions = list(dis.get_instructions(code))
            depths = operands.stack_depths(code, instructions)
            assert all(0 <= depth <= code.co_stacksize for depth in depths.values()), (file, code)
            for it in instructions:
                if it.offset in depths and it.opname in ("RETURN_VALUE", "RETURN_CONST"):
                    assert depths[it.offset] == (it.opname == "RETURN_VALUE"), (file, code, it.offset)
            seen += 1
    assert seen > 5000


def test_a_frame_shows_its_locals_and_an_empty_slot() -> None:
    def shown(first: object, second: object) -> list[object]:
        return operands.slots(sys._getframe(), 0, 2)

    marker = object()
    assert operands.AVAILABLE
    assert shown(marker, 5) == [marker, 5]


def test_cells_count_once() -> None:
    def outer(argument: int, other: int) -> types.CodeType:
        variable = 1

        def inner() -> int:
            return argument + variable

        return inner.__code__

    assert operands.local_slots(outer.__code__) == 4  # argument, other, inner, variable
    assert operands.local_slots(outer(1, 2)) == 2
