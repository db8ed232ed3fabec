"""Small concurrent programs made of a class's operations: what each thread calls, in order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations_with_replacement, product
from math import comb, prod
from random import Random
from typing import Any, NamedTuple

from helpers.interleave.recorder import short

# How many calls each thread makes, small first. Two threads with one call each find most bugs.
SHAPES = ((1, 1), (2, 1), (1, 1, 1), (2, 2), (3, 1), (2, 1, 1))

type Order = tuple[int, ...]  # whose turn it is, one call after the other


class Operation(NamedTuple):
    """One call of a method.

    A tuple, not a data class, so that the explorer finds what the arguments refer to.

    Attributes:
        name: The method.
        args: Positional arguments.
        kwargs: Keyword arguments.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = {}  # never changed

    def __str__(self) -> str:
        named = (f"{name}={short(value)}" for name, value in self.kwargs.items())
        return f"{self.name}({', '.join([*map(short, self.args), *named])})"

    def call(self, subject: Any) -> object:
        """Call the method on `subject`."""
        return getattr(subject, self.name)(*self.args, **self.kwargs)


type Scenario = tuple[tuple[Operation, ...], ...]  # the calls of each thread


def scenarios(operations: Sequence[Operation], shape: tuple[int, ...], seed: int) -> Iterator[Scenario]:
    """Make every scenario of a shape, in an order that depends on `seed` only.

    Threads with equally many calls are interchangeable, so only one of such twins is made. Every other scenario is
    one with as many different operations as possible, which tell their results apart; the others, in which an
    operation may meet itself, come between them.
    """
    choices = []
    for calls, threads in sorted(Counter(shape).items(), reverse=True):
        programs = list(product(operations, repeat=calls))
        choices.append(list(combinations_with_replacement(programs, threads)))
    found = [tuple(program for group in groups for program in group) for groups in product(*choices)]
    by_chance = list(range(len(found)))
    Random(seed).shuffle(by_chance)
    diverse = sorted(by_chance, key=lambda i: -len({id(call) for calls in found[i] for call in calls}))
    for i in dict.fromkeys(chain.from_iterable(zip(diverse, by_chance, strict=True))):
        yield found[i]


def possible(operations: Sequence[Operation], shape: tuple[int, ...]) -> int:
    """How many scenarios of a shape there are."""
    return prod(comb(len(operations) ** calls + threads - 1, threads) for calls, threads in Counter(shape).items())


def smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Make every scenario that has one call less; a thread without calls goes away."""
    for thread, calls in enumerate(scenario):
        for place in range(len(calls)):
            left = (*calls[:place], *calls[place + 1 :])
            yield tuple(filter(None, (*scenario[:thread], left, *scenario[thread + 1 :])))


def orders(scenario: Scenario) -> list[Order]:
    """All ways to make the calls of a scenario one after another, each thread's own in its own order."""

    def extend(left: tuple[int, ...]) -> Iterator[Order]:
        if not any(left):
            yield ()
        for thread, calls in enumerate(left):
            if calls:
                for rest in extend((*left[:thread], calls - 1, *left[thread + 1 :])):
                    yield (thread, *rest)

    return list(extend(tuple(map(len, scenario))))
