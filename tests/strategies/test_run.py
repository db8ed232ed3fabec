"""One call, one result type, whatever the strategy and whatever the tasks do."""

import math
import multiprocessing
import os
import threading
import time
from functools import partial

import pytest

from helpers.strategies import (
    NotSendableError,
    Strategy,
    UnfinishedError,
    available_strategies,
    compare,
    run,
    start,
)
from helpers.strategies.run import describe
from helpers.timeline.spans import State
from helpers.workloads import Account, CountPrimes, Deposit, WaitOnSocket
from tests.strategies import tasks

EVERY = available_strategies()
IN_THIS_PROCESS = [s for s in EVERY if not s.value.startswith(("processes", "interpreters"))]
IN_PROCESSES = [s for s in EVERY if s.value.startswith("processes")]
ELSEWHERE = [s for s in EVERY if s not in IN_THIS_PROCESS]
CALLABLE_ONLY = [s for s in EVERY if s is not Strategy.ASYNCIO]


def worker_threads() -> set[threading.Thread]:
    """Threads that only a run starts; a process pool's manager thread counts too."""
    return {thread for thread in threading.enumerate() if thread is not threading.main_thread()}


@pytest.mark.parametrize("strategy", EVERY)
def test_results_come_in_input_order_and_nothing_is_left_behind(strategy: Strategy) -> None:
    before = worker_threads()
    waits = [0.12, 0.02, 0.06]
    result = run([tasks.Sleep(seconds) for seconds in waits], strategy, workers=3)
    assert result.results == waits
    assert result.strategy is strategy
    assert [outcome.error for outcome in result.outcomes] == [None] * 3
    assert worker_threads() <= before
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("strategy", CALLABLE_ONLY)
def test_one_tasks_error_is_kept_with_it_and_the_others_finish(strategy: Strategy) -> None:
    result = run([tasks.Sleep(0.01), tasks.fail, tasks.quit_interpreter, tasks.Sleep(0.02)], strategy)
    kinds = [type(outcome.error) for outcome in result.outcomes]
    assert kinds == [type(None), ValueError, SystemExit, type(None)]
    assert result.outcomes[3].value == 0.02
    assert [outcome.task for outcome in result.failures] == ["fail", "quit_interpreter"]
    assert result.recording.failed == 2
    with pytest.raises(BaseExceptionGroup, match="2 of 4 tasks failed"):
        _ = result.results


@pytest.mark.parametrize("strategy", EVERY)
def test_no_tasks_is_an_empty_run(strategy: Strategy) -> None:
    result = run([], strategy)
    assert result.results == []
    assert result.recording.lanes == ()


@pytest.mark.parametrize("strategy", IN_THIS_PROCESS)
def test_a_task_that_never_ends_is_ended_and_the_rest_kept(strategy: Strategy) -> None:
    before = worker_threads()
    result = run([tasks.Sleep(0.01), tasks.spin_forever], strategy, time_limit=0.3)
    assert result.outcomes[0].value == 0.01
    assert isinstance(result.outcomes[1].error, UnfinishedError)
    assert "time limit of 0.3 s" in str(result.outcomes[1].error)
    assert result.recording.lanes[-1].spans[-1].name == "spin_forever"
    assert worker_threads() <= before


@pytest.mark.parametrize("strategy", ["threads", "bare threads"])
def test_a_deadlock_is_drawn_and_ended(strategy: str) -> None:
    before = worker_threads()
    crossing = tasks.Crossing()
    result = run([partial(crossing.go, 0), partial(crossing.go, 1)], strategy, time_limit=0.3)
    # The first to be stopped gives its lock back, and the other may then come to its end.
    assert UnfinishedError in [type(outcome.error) for outcome in result.outcomes]
    assert all(lane.seconds(State.LOCK) > 0.2 for lane in result.recording.lanes)
    assert not any("could not be ended" in note for note in result.recording.notes)
    assert worker_threads() <= before


@pytest.mark.parametrize("strategy", ELSEWHERE)
def test_a_process_or_an_interpreter_that_never_ends_is_ended(strategy: Strategy) -> None:
    before = worker_threads()
    result = run([tasks.Sleep(0.01), tasks.spin_forever], strategy, workers=2, time_limit=4)
    assert result.outcomes[0].value == 0.01
    assert isinstance(result.outcomes[1].error, UnfinishedError)
    assert {span.name for lane in result.recording.lanes for span in lane.spans} >= {"spin_forever"}
    assert not any("could not be ended" in note for note in result.recording.notes)
    assert worker_threads() <= before
    assert multiprocessing.active_children() == []


def test_an_asyncio_task_that_never_ends_is_cancelled() -> None:
    result = run([tasks.nap, tasks.nap_forever], "asyncio", time_limit=0.5)
    assert result.outcomes[0].value == "rested"
    assert isinstance(result.outcomes[1].error, UnfinishedError)


def test_a_thread_inside_a_c_call_is_named_because_it_cannot_be_ended() -> None:
    result = run([tasks.block_in_c], "threads", time_limit=0.1)
    assert isinstance(result.outcomes[0].error, UnfinishedError)
    assert any("could not be ended" in note for note in result.recording.notes)
    for thread in threading.enumerate():  # it does end, later: leave nothing behind for other tests
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


@pytest.mark.parametrize("strategy", IN_PROCESSES)
def test_a_killed_process_keeps_the_picture_of_what_was_done(strategy: Strategy) -> None:
    result = run([tasks.Sleep(0.05), tasks.die], strategy, workers=1)
    assert "died" in str(result.outcomes[1].error)
    assert result.recording.lanes[0].seconds(State.RUNNING) >= 0.05
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("strategy", IN_PROCESSES)
def test_what_cannot_be_sent_says_so(strategy: Strategy) -> None:
    lambda_task = partial(map, lambda x: x, [1])
    result = run([lambda_task, tasks.return_a_lock, tasks.fail_pickily, Deposit(Account())], strategy)
    messages = [str(outcome.error) for outcome in result.outcomes]
    assert "cannot be sent to another process" in messages[0]
    assert "cannot be sent back" in messages[1]
    assert messages[2] == "PickyError: page: 404"
    assert "memory of its own" in messages[3]
    assert ".." not in messages[3]


def test_a_function_from_a_notebook_cell_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    import __main__

    def from_cell() -> int:
        return 1

    from_cell.__module__, from_cell.__qualname__ = "__main__", "from_cell"
    monkeypatch.setattr(__main__, "from_cell", from_cell, raising=False)
    refused = run([from_cell], "processes").outcomes[0].error
    assert isinstance(refused, NotSendableError)
    assert "put the function into a .py file and import it" in str(refused)
    assert run([from_cell], "processes (fork)").results == [1]


def test_a_stopped_run_ends_soon_and_says_so() -> None:
    running = start([WaitOnSocket(30)] * 4, "threads", workers=2)
    while not running.recording.lanes:
        time.sleep(0.001)
    begin = time.monotonic()
    running.stop()
    result = running.result()
    assert time.monotonic() - begin < 5
    assert {str(outcome.error) for outcome in result.outcomes} == {"it was stopped"}


@pytest.mark.parametrize("strategy", ELSEWHERE)
def test_the_recording_grows_while_processes_and_interpreters_run(strategy: Strategy) -> None:
    running = start([WaitOnSocket(30)], strategy, workers=1)
    seen = 0.0
    while seen < 0.2:  # the test's own time limit ends this when nothing comes
        seen = running.recording.seconds(State.IO)
    running.stop()
    assert running.result().recording.lanes[0].name in ("process 1", "interpreter 1")


def test_coroutine_functions_run_as_asyncio_tasks_only() -> None:
    result = run([tasks.nap] * 3, "asyncio")
    assert result.results == ["rested"] * 3
    assert [lane.name for lane in result.recording.lanes] == ["task 1", "task 2", "task 3"]
    assert result.recording.seconds(State.AWAIT) >= 3 * 0.05
    with pytest.raises(TypeError, match="only the strategy 'asyncio'"):
        run([tasks.nap], "threads")


def test_a_task_without_await_is_said_to_block_the_loop() -> None:
    result = run([CountPrimes(100)] * 2, "asyncio")
    assert "blocks the event loop" in result.recording.notes[0]


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        run([tasks.fail], "threads", workers=0)
    for workers, message in ((2.5, "a whole number, not 2.5"), (math.nan, "at least 1, not nan"), ("4", "a number")):
        with pytest.raises(ValueError, match=f"workers must be {message}"):
            run([tasks.fail], "threads", workers=workers)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time_limit must be at least 0, not nan"):
        run([tasks.fail], "threads", time_limit=float("nan"))
    with pytest.raises(ValueError, match="no strategy 'fibers'; choose one of sequential, bare threads, threads"):
        run([tasks.fail], "fibers")
    with pytest.raises(TypeError, match=r"must be a list, such as \[CountPrimes"):
        run(CountPrimes(10), "threads")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="must be callable"):
        run([7], "threads")  # type: ignore[list-item]
    with pytest.raises(ValueError, match="use the strategy 'threads'"):
        run([tasks.fail] * 1000, "bare threads")


def test_interpreters_are_refused_where_there_are_none() -> None:
    if Strategy.INTERPRETERS in EVERY:
        assert run([CountPrimes(100)], "interpreters").results == [25]
    else:
        with pytest.raises(ValueError, match=r"need Python 3\.14"):
            run([CountPrimes(100)], "interpreters")


def test_ten_thousand_workers_become_as_many_as_make_sense() -> None:
    result = run([CountPrimes(10)] * 3, "threads", workers=10_000)
    assert result.workers == 3
    assert "10,000 workers were asked for and 3 used" in result.recording.notes[0]
    many = run([CountPrimes(10)] * 1000, "threads", workers=10_000)
    assert many.workers == 256
    assert many.results == [4] * 1000


def test_processes_really_are_other_processes() -> None:
    pids = run([os.getpid] * 2, "processes").results
    assert os.getpid() not in pids


def test_compare_runs_the_same_tasks_with_each_strategy() -> None:
    comparison = compare([WaitOnSocket(0.1)] * 4, ["sequential", "threads", "asyncio"])
    assert comparison.subject == "4 x wait 0.1 s"
    assert [r.title for r in comparison.recordings] == ["in sequence", "in threads", "as asyncio tasks"]
    assert comparison.speedup("sequential") == 1
    assert comparison.speedup("threads") > 1.5
    assert comparison.speedup("asyncio") > 1.5


def test_a_run_may_have_no_time_limit() -> None:
    assert run([CountPrimes(10)], "threads", time_limit=math.inf).results == [4]


def test_compare_takes_any_iterable_and_says_what_it_did_not_run() -> None:
    comparison = compare((CountPrimes(10) for _ in range(2)), ["sequential", "threads"])  # type: ignore[arg-type]
    assert [one.results for one in comparison.runs] == [[4, 4], [4, 4]]
    with pytest.raises(ValueError, match="2 x primes below 10: 'asyncio' is not among the strategies compared"):
        comparison.speedup("asyncio")


def test_compare_runs_nothing_when_a_strategy_cannot_run() -> None:
    ran: list[int] = []
    with pytest.raises(ValueError, match="no strategy 'fibers'"):
        compare([partial(ran.append, 1)], ["sequential", "fibers"])
    assert ran == []


def test_threads_that_did_start_are_waited_for_when_the_system_allows_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    before = worker_threads()
    start_thread, started = threading.Thread.start, []

    def start_few(thread: threading.Thread) -> None:
        if thread.name != "conductor" and len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start_thread(thread)

    monkeypatch.setattr(threading.Thread, "start", start_few)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        run([tasks.Sleep(0.2)] * 4, "bare threads")
    assert worker_threads() <= before


def test_tasks_are_described_in_words() -> None:
    assert describe([partial(pow, 2, 5)]) == "1 x pow 2, 5"
    assert describe([tasks.fail, tasks.die]) == "2 tasks"
    assert describe([]) == "0 tasks"
