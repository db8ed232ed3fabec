"""Small random lock programs, and an interpreter that tries every order of them by brute force.

The interpreter shares nothing with the explorer: it keeps threads, locks and variables as plain values, and switches
before every single operation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LOCKS = ("a", "b")
VARIABLES = ("x", "y")


@dataclass(frozen=True)
class Read:
    """register = variable"""

    variable: str


@dataclass(frozen=True)
class Write:
    """variable = register + amount"""

    variable: str
    amount: int


@dataclass(frozen=True)
class Hold:
    """with lock: body"""

    lock: str
    body: "tuple[Statement, ...]"


@dataclass(frozen=True)
class Try:
    """if the lock can be had at once: body; release it"""

    lock: str
    body: "tuple[Statement, ...]"


type Statement = Read | Write | Hold | Try
type Program = tuple[tuple[Statement, ...], ...]


def source(body: tuple[Statement, ...], indent: str = "    ") -> Iterator[str]:
    """Yield `body` as lines of Python."""
    yield f"{indent}pass"
    for statement in body:
        match statement:
            case Read(variable):
                yield f"{indent}register = state.{variable}"
            case Write(variable, amount):
                yield f"{indent}state.{variable} = register + {amount}"
            case Hold(lock, inner):
                yield f"{indent}with state.{lock}:"
                yield from source(inner, indent + "    ")
            case Try(lock, inner):
                yield f"{indent}if state.{lock}.acquire(blocking=False):"
                yield from source(inner, indent + "    ")
                yield f"{indent}    state.{lock}.release()"


# One operation: (name, operand, amount or where to go on if a try fails).
type Operation = tuple[str, str, int]


def operations(body: tuple[Statement, ...], start: int = 0) -> list[Operation]:
    """Return `body` as a flat list of operations."""
    flat: list[Operation] = []
    for statement in body:
        here = start + len(flat)
        match statement:
            case Read(variable):
                flat.append(("read", variable, 0))
            case Write(variable, amount):
                flat.append(("write", variable, amount))
            case Hold(lock, inner):
                flat += [("acquire", lock, 0), *operations(inner, here + 1), ("release", lock, 0)]
            case Try(lock, inner):
                within = operations(inner, here + 1)
                flat += [("try", lock, here + len(within) + 2), *within, ("release", lock, 0)]
    return flat


@dataclass(frozen=True)
class State:
    """A moment of an execution; `locks` holds owners, -1 for nobody."""

    counters: tuple[int, ...]
    registers: tuple[int, ...]
    variables: tuple[int, ...]
    locks: tuple[int, ...]


@dataclass
class Outcomes:
    """What can happen within a preemption bound.

    Attributes:
        finals: Values of the variables and registers in the end.
        deadlock: The fewest preemptions that lead to a deadlock; None if none does.
    """

    finals: set[tuple[tuple[int, ...], tuple[int, ...]]]
    deadlock: int | None


def brute_force(program: Program, bound: int) -> Outcomes:
    """Try every order of `program` with at most `bound` preemptions."""
    code = [operations(body) for body in program]
    everybody = range(len(code))
    first = State((0,) * len(code), (0,) * len(code), (0,) * len(VARIABLES), (-1,) * len(LOCKS))
    found = Outcomes(set(), None)
    todo = [(first, -1, 0)]
    seen = set(todo)
    while todo:
        state, running, preemptions = todo.pop()
        able = [thread for thread in everybody if _able(code[thread], state, thread)]
        if not able:
            if all(state.counters[thread] == len(code[thread]) for thread in everybody):
                found.finals.add((state.variables, state.registers))
            elif found.deadlock is None or preemptions < found.deadlock:
                found.deadlock = preemptions
            continue
        for thread in able:
            cost = preemptions + (running in able and thread != running)
            following = (_step(code[thread], state, thread), thread, cost)
            if cost <= bound and following not in seen:
                seen.add(following)
                todo.append(following)
    return found


def _able(code: list[Operation], state: State, thread: int) -> bool:
    if state.counters[thread] == len(code):
        return False
    name, operand, _ = code[state.counters[thread]]
    return name != "acquire" or state.locks[LOCKS.index(operand)] == -1


def _step(code: list[Operation], state: State, thread: int) -> State:
    name, operand, number = code[state.counters[thread]]
    counter = state.counters[thread] + 1
    registers, variables, locks = state.registers, state.variables, state.locks
    if name == "read":
        registers = _put(registers, thread, variables[VARIABLES.index(operand)])
    elif name == "write":
        variables = _put(variables, VARIABLES.index(operand), registers[thread] + number)
    elif name == "release":
        locks = _put(locks, LOCKS.index(operand), -1)
    elif locks[LOCKS.index(operand)] == -1:
        locks = _put(locks, LOCKS.index(operand), thread)
    else:  # a try that failed
        counter = number
    return State(_put(state.counters, thread, counter), registers, variables, locks)


def _put(values: tuple[int, ...], place: int, value: int) -> tuple[int, ...]:
    return (*values[:place], value, *values[place + 1 :])
