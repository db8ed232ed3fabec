"""Where submissions are graded: in processes of this machine, or on a Dask cluster."""

import ctypes
import hashlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import helpers
from helpers.grading.sandbox import Limits, Sandbox, SandboxError, adopt

if TYPE_CHECKING:
    from distributed import Client

_PR_SET_PDEATHSIG = 1
_PATIENCE = 15  # seconds for a scheduler to answer
_SLOW = 1  # second: most submissions take less, and most of those that take more wait for something


def cores() -> list[int]:
    """Return the numbers of the cores that this process may use."""
    return sorted(os.sched_getaffinity(0))


@contextmanager
def sandboxes_launched(workers: int) -> Iterator[list[Sandbox]]:
    """Start sandboxes for `processes_here` beside what the block begins with, and end them with it.

    Each has a core, which it will share with its worker: one of the two always waits for the other.

    Args:
        workers: How many there may be; those beyond the number of cores start theirs if they are needed.

    Raises:
        SandboxError: If bubblewrap is missing.
    """
    with ExitStack() as launched:
        places = enumerate(cores()[:workers])
        sandboxes = [Sandbox(Limits(), checks=True, place=place, core=core) for place, core in places]
        for sandbox in sandboxes:
            sandbox.launch()
            launched.callback(sandbox.stop)
        yield sandboxes


@contextmanager
def processes_here(workers: int, sandboxes: Sequence[Sandbox] = ()) -> Iterator[Executor]:
    """Yield an executor with processes of this machine: one for each core, and others when they can be of use.

    Each submission that is slow lets one more begin, because it may leave its core to others.

    Args:
        workers: How many there may be.
        sandboxes: One for each that begins at once, or none.

    Raises:
        SandboxError: If one of the sandboxes did not start.
    """
    for sandbox in sandboxes:
        sandbox.expect_ready()
    context = multiprocessing.get_context("fork")  # copies of this process, which has imported everything
    places, help_wanted = context.SimpleQueue(), context.Semaphore(0)
    at_once = len(cores())
    for place in range(workers):
        places.put(place if place < at_once else None)
    with _Processes(workers, context, initializer=_begin_work, initargs=(sandboxes, places, help_wanted)) as pool:
        try:
            yield pool
        finally:
            for _ in range(workers):  # who still waits for a slow submission shall end with the others
                help_wanted.release()


class _Processes(ProcessPoolExecutor):
    def submit(self, work: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Have work done that lets another process begin if it is slow."""
        return super().submit(_timed, work, *arguments, **options)


_help_wanted: Semaphore  # in a worker: counts submissions that were slow


def _timed(work: Callable[..., Any], /, *arguments: Any, **options: Any) -> Any:
    timer = threading.Timer(_SLOW, _help_wanted.release)
    timer.start()
    try:
        return work(*arguments, **options)
    finally:
        timer.cancel()


def _begin_work(sandboxes: Sequence[Sandbox], places: "SimpleQueue[int | None]", help_wanted: Semaphore) -> None:
    """Leave Ctrl-C to the parent, and end with it, however it ends; begin at once where there is a place."""
    global _help_wanted
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _help_wanted = help_wanted
    place = places.get()
    if place is None:
        help_wanted.acquire()
    elif sandboxes:
        sandbox = sandboxes[place]
        adopt(sandbox)
        if sandbox.core is not None:
            os.sched_setaffinity(0, {sandbox.core})


@contextmanager
def dask_cluster(scheduler: str) -> Iterator[Executor]:
    """Yield an executor that has every worker of a Dask cluster.

    Args:
        scheduler: Its address, "tcp://host:8786".

    Raises:
        ClickException: If the cluster cannot grade; the message says what to do.
    """
    try:
        from distributed import Client
    except ImportError:
        raise click.ClickException(
            "Grading on a cluster needs one more package; install it with: pip install distributed"
        ) from None
    try:
        client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError):
        raise click.ClickException(
            f"No Dask scheduler answers at {scheduler}: start one with `dask scheduler`, and use the address it prints."
        ) from None
    with client:
        _expect_fit_workers(client, scheduler)
        executor = client.get_executor(pure=False)  # a submission that was graded before may have changed since
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)  # gives up what an interrupted run still waits for


def _expect_fit_workers(client: "Client", scheduler: str) -> None:
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise click.ClickException(
            f"The scheduler has no workers: start some with `dask worker --nworkers -1 --nthreads 1 {scheduler}`."
        )
    crowded = sorted(worker for worker, count in threads.items() if count > 1)
    if crowded:
        raise click.ClickException(
            f"Worker {crowded[0]} has {threads[crowded[0]]} threads, but its submissions would get in each other's way:"
            f" start workers with `--nthreads 1`, and more of them."
        )
    found = client.run(problem_here, code_here(), on_error="return")
    for worker, problem in sorted(found.items()):
        if isinstance(problem, Exception):
            problem = f"install the course there as it is here ({problem})"
        if problem:
            raise click.ClickException(f"Worker {worker} cannot grade: {problem}")


def problem_here(code: str) -> str:
    """Return why this process cannot grade, "" if it can.

    Args:
        code: What `code_here` returns where the gradebook is written.
    """
    if code_here() != code:
        return "its course or its Python is another version than here; bring both up to date."
    try:
        Sandbox(Limits(), checks=False).verify()
    except SandboxError as error:
        return str(error)
    return ""


def code_here() -> str:
    """Return a digest of the course's package and Python's version: with others the scores might differ."""
    package = Path(helpers.__file__).parent
    digest = hashlib.sha256(bytes(sys.version_info[:2]))
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
