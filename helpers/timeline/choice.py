"""A kind of work that the explorer offers: how to make tasks of a size, and how to say so."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

type Prepare = Callable[[int, float], AbstractContextManager[Sequence[Callable[[], Any]]]]
"""Called with a number of tasks and a size; the tasks live as long as the block, with whatever they need."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A workload to choose.

    Attributes:
        name: What the menu says: "wait on a socket".
        noun: What a title counts, in the plural: "waits".
        size: What the size means, with its unit: "seconds each".
        smallest: Smallest size on offer.
        largest: Largest.
        usual: The size to begin with.
        step: Distance between two sizes on offer; whole sizes have steps of 1 or more.
        prepare: Makes the tasks.
    """

    name: str
    noun: str
    size: str
    smallest: float
    largest: float
    usual: float
    step: float
    prepare: Prepare
