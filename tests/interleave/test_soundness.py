"""The explorer finds exactly what a brute-force interpreter of the same program finds, at every bound."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpers.interleave import Verdict, explore, unwatched
from tests.interleave.programs import (
    LOCKS,
    VARIABLES,
    Hold,
    Program,
    Read,
    Statement,
    Try,
    Write,
    brute_force,
    source,
)

READS = st.builds(Read, st.sampled_from(VARIABLES))
WRITES = st.builds(Write, st.sampled_from(VARIABLES), st.integers(1, 3))


def _nested(inner: st.SearchStrategy[Statement]) -> st.SearchStrategy[Statement]:
    bodies = st.lists(inner, max_size=3).map(tuple)
    locks = st.sampled_from(LOCKS)
    return st.builds(Hold, locks, bodies) | st.builds(Try, locks, bodies)


STATEMENTS = st.recursive(READS | WRITES, _nested, max_leaves=4)
BODIES = st.lists(STATEMENTS, min_size=1, max_size=4).map(tuple)
PROGRAMS = st.lists(BODIES, min_size=2, max_size=3).map(tuple)


class Shared:
    def __init__(self) -> None:
        for name in LOCKS:
            setattr(self, name, threading.Lock())
        for name in VARIABLES:
            setattr(self, name, 0)
        self.registers: dict[int, int] = {}


def as_functions(program: Program) -> list[Callable[[Any], None]]:
    bodies = []
    for number, body in enumerate(program):
        lines = ["def body(state):", "    register = 0", *source(body), f"    keep(state, {number}, register)"]
        names: dict[str, Any] = {"keep": keep}
        exec(compile("\n".join(lines), f"<thread {number}>", "exec"), names)
        bodies.append(names["body"])
    return bodies


@unwatched
def keep(state: Shared, number: int, register: int) -> None:
    state.registers[number] = register


def agree(program: Program, bound: int) -> None:
    expected = brute_force(program, bound)
    finals = set()

    @unwatched
    def collect(state: Shared) -> None:
        registers = tuple(state.registers[number] for number in range(len(program)))
        finals.add((tuple(getattr(state, name) for name in VARIABLES), registers))

    found = explore(Shared, as_functions(program), collect, preemptions=bound, seconds=300)

    if expected.deadlock is None:
        assert found.verdict is Verdict.HOLDS, found
        assert finals == expected.finals
    else:
        assert found.verdict is Verdict.DEADLOCK, found
        assert found.failure is not None
        assert found.failure.preemptions == expected.deadlock
        assert finals <= expected.finals


# Interrupted while it holds a lock, a thread gets its turn back for nothing as soon as the other one wants that lock.
IN_A_LOCK = (
    (Read("x"), Hold("b", ()), Hold("a", ()), Try("b", (Read("y"),))),
    (Write("x", 1), Hold("a", ()), Hold("b", ())),
)


@example(IN_A_LOCK, 2)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PROGRAMS, st.integers(0, 2))
def test_random_lock_programs(program: Program, bound: int) -> None:
    agree(program, bound)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PROGRAMS, st.integers(0, 2))
def test_many_random_lock_programs(program: Program, bound: int) -> None:
    agree(program, bound)


def test_brute_force_knows_the_lost_update() -> None:
    add = (Read("x"), Write("x", 1))
    assert {variables for (variables, _) in brute_force((add, add), 0).finals} == {(2, 0)}
    assert {variables for (variables, _) in brute_force((add, add), 1).finals} == {(2, 0), (1, 0)}
    locked = (Hold("a", add),)
    assert {variables for (variables, _) in brute_force((locked, locked), 2).finals} == {(2, 0)}


def test_brute_force_knows_the_deadlock() -> None:
    forth, back = (Hold("a", (Hold("b", ()),)),), (Hold("b", (Hold("a", ()),)),)
    assert brute_force((forth, back), 0).deadlock is None
    assert brute_force((forth, back), 1).deadlock == 1
