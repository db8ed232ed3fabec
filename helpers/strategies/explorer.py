"""The explorer of this course: its workloads and strategies in the panel of `helpers.timeline.explore`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from helpers.server import local_server
from helpers.strategies.interpreter import this_interpreter
from helpers.strategies.result import Strategy, Task
from helpers.strategies.run import available_strategies, start
from helpers.timeline.choice import Choice
from helpers.workloads import (
    Account,
    BlurImage,
    CountPrimes,
    CountWords,
    Deposit,
    FetchAndCount,
    HashBlocks,
    WaitOnSocket,
)

if TYPE_CHECKING:
    from helpers.timeline.explore import Explorer


@contextmanager
def _waits(count: int, seconds: float) -> Iterator[Sequence[Task]]:
    yield [WaitOnSocket(seconds)] * count


@contextmanager
def _downloads(count: int, seconds: float) -> Iterator[Sequence[Task]]:
    from helpers.workloads.download import Download

    with local_server(latency=seconds) as server:
        yield [Download(url) for url in server.urls(count)]


@contextmanager
def _primes(count: int, limit: float) -> Iterator[Sequence[Task]]:
    yield [CountPrimes(int(limit))] * count


@contextmanager
def _blurs(count: int, side: float) -> Iterator[Sequence[Task]]:
    yield [BlurImage(int(side))] * count


@contextmanager
def _hashes(count: int, blocks: float) -> Iterator[Sequence[Task]]:
    yield [HashBlocks(int(blocks))] * count


@contextmanager
def _words(count: int, lines: float) -> Iterator[Sequence[Task]]:
    yield [CountWords(int(lines))] * count


@contextmanager
def _mixed(count: int, seconds: float) -> Iterator[Sequence[Task]]:
    yield [FetchAndCount(seconds)] * count


@contextmanager
def _deposits(count: int, hold_seconds: float) -> Iterator[Sequence[Task]]:
    account = Account()
    yield [Deposit(account, hold_seconds=hold_seconds)] * count


CHOICES = {
    choice.name: choice
    for choice in (
        Choice("wait on a socket", "waits", "Seconds", 0, 2, 0.2, 0.05, _waits),
        Choice("download", "downloads", "Latency (s)", 0, 2, 0.2, 0.05, _downloads),
        Choice("count primes", "counts of primes", "Limit", 0, 500_000, 100_000, 10_000, _primes),
        Choice("blur an image", "blurred images", "Side (px)", 0, 1024, 512, 64, _blurs),
        Choice("hash blocks", "hashes", "Blocks", 0, 20_000, 5000, 500, _hashes),
        Choice("count words", "counts of words", "Lines", 0, 200_000, 50_000, 5000, _words),
        Choice("fetch and count", "texts fetched and counted", "Seconds", 0, 2, 0.1, 0.05, _mixed),
        Choice("share a lock", "tellers at one account", "Hold (s)", 0, 0.2, 0.02, 0.01, _deposits),
    )
}
"""The workloads on offer, by name."""


def explore(
    workload: str = "wait on a socket",
    tasks: int = 4,
    size: float | None = None,
    workers: int = 4,
    strategies: Sequence[Strategy | str] = (Strategy.SEQUENTIAL, Strategy.THREADS),
) -> "Explorer":
    """Return the explorer, for the last line of a notebook cell: shown there, it runs its plan once.

    Args:
        workload: One of the names in `CHOICES`.
        tasks: How many tasks to begin with.
        size: Their size in the workload's unit; by default its usual size.
        workers: How many threads, processes or interpreters.
        strategies: Which strategies are ticked; all that the interpreter has are on offer.

    Returns:
        The explorer; its `results` and `picture` are there for further cells.

    Raises:
        ValueError: There is no such workload or strategy, or a number that the controls do not offer.
    """
    from helpers.timeline.explore import Explorer, Plan  # ipywidgets, for those who explore only

    if workload not in CHOICES:
        raise ValueError(f"There is no workload {workload!r}; choose one of {', '.join(CHOICES)}.")
    choice = CHOICES[workload]
    ticked = tuple(Strategy(strategy).value for strategy in strategies)
    plan = Plan(choice, tasks, choice.usual if size is None else size, workers, ticked)
    on_offer = [strategy.value for strategy in available_strategies()]
    return Explorer(list(CHOICES.values()), on_offer, start, plan, str(this_interpreter()))
