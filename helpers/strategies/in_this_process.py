"""Run tasks inside this process: one after another, in threads, as asyncio tasks."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from inspect import iscoroutinefunction
from time import thread_time

from helpers.strategies.job import Job, perform
from helpers.strategies.result import Outcome, Task, task_name
from helpers.timeline.record import Stopped, span, stepped


def run_sequentially(job: Job) -> None:
    """Do one task after another in the calling thread."""
    job.enter_worker("thread")
    for index in range(len(job.tasks)):
        job.perform(index)


def run_in_bare_threads(job: Job) -> None:
    """Start one `threading.Thread` a task, then join them all."""

    def work(index: int) -> None:
        job.enter_worker("thread")
        job.perform(index)

    started: list[threading.Thread] = []
    try:
        for index in range(len(job.tasks)):
            thread = threading.Thread(target=work, args=(index,), daemon=True)
            thread.start()  # the system may allow no more of them
            started.append(thread)
    finally:
        for thread in started:
            thread.join()


def run_in_threads(job: Job) -> None:
    """Give the tasks to a `ThreadPoolExecutor`."""
    with ThreadPoolExecutor(job.workers, initializer=job.enter_worker, initargs=("thread",)) as pool:
        list(pool.map(job.perform, range(len(job.tasks))))


def run_as_tasks(job: Job) -> None:
    """Run each task as an asyncio task of one event loop, in the calling thread."""
    job.enter_worker()
    begin = thread_time()
    asyncio.run(_gather(job))
    job.cpu_seconds += thread_time() - begin


async def _gather(job: Job) -> None:
    loop = asyncio.get_running_loop()
    blocking = {task_name(task) for task in job.tasks if _coroutine_function(task) is None}
    if blocking:
        names = ", ".join(sorted(blocking)[:3])
        job.recorder.notes.append(f"Without an await in it, a task blocks the event loop: {names}")
    tasks = [asyncio.create_task(_perform_async(job, index)) for index in range(len(job.tasks))]

    def cancel_all() -> None:
        for task in tasks:
            task.cancel()

    def stop() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(cancel_all)

    job.on_stop(stop)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _perform_async(job: Job, index: int) -> None:
    task = job.tasks[index]
    name = job.names[index]
    job.recorder.open_lane(f"task {index + 1}")
    function = _coroutine_function(task)
    if function is None:
        with job.busy():
            outcome = perform(task, name)
        job.settle(index, replace(outcome, cpu_seconds=0.0))  # the loop's own time covers it
        return
    try:
        with job.busy(), span(name):
            value = await stepped(function())
    except asyncio.CancelledError:
        job.settle(index, Outcome(name, None, Stopped()))
    except BaseException as error:
        job.settle(index, Outcome(name, None, error))
    else:
        job.settle(index, Outcome(name, value))


def _coroutine_function(task: Task) -> Task | None:
    """Return what to await for a task, or None when it can only be called."""
    run_async: Task | None = getattr(task, "run_async", None)
    return run_async or (task if iscoroutinefunction(task) else None)
