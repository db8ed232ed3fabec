"""Whatever the code under test does, there is a clear verdict in bounded time, and nothing is left behind."""

import _thread
import builtins
import gc
import io
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from helpers.interleave import MonitoringTaken, Verdict, explore, unwatched


class State:
    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()


def world() -> dict[str, Any]:
    """Everything that an exploration borrows and must give back."""
    return {
        "modules": {
            (module.__name__, name): id(value)
            for module in (threading, _thread, time, sys, builtins)
            for name, value in vars(module).items()
            if name not in ("_", "last_exc", "last_value", "last_type", "last_traceback")
        },
        "thread": {name: id(value) for name, value in vars(threading.Thread).items()},
        "threads": set(threading.enumerate()),
        "tools": [sys.monitoring.get_tool(tool) for tool in range(6)],
        "switch": sys.getswitchinterval(),
        "recursion": sys.getrecursionlimit(),
        "collecting": gc.isenabled(),
        "cores": os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None,
    }


@pytest.fixture(autouse=True)
def nothing_is_left() -> Any:
    explore(State, (lambda state: None,))  # imports what is imported only when it is needed
    before = world()
    yield
    assert world() == before


def spin(state: State) -> None:
    while True:
        pass


def spin_uncatchably(state: State) -> None:
    while True:
        try:
            while True:
                state.value += 1
        except BaseException:
            pass
        finally:
            state.value = 0


def spin_in_finally(state: State) -> None:
    try:
        state.lock.acquire()
        state.lock.acquire()
    finally:
        while True:
            pass


def recurse(state: State) -> None:
    recurse(state)


def sleep_for_ever(state: State) -> None:
    while True:
        time.sleep(3600)


def start_a_thousand(state: State) -> None:
    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(1,)).start()


UNSEEN = {_thread.start_new_thread}  # nothing in a set can be replaced


def start_unseen(state: State) -> None:
    ended: list[int] = []
    (start,) = UNSEEN
    start(lambda: ended.append(1), ())
    while not ended:
        pass


def leave_the_thread(state: State) -> None:
    sys.exit("no")


def raise_base(state: State) -> None:
    raise BaseException("base")


def ask(state: State) -> None:
    input("your name? ")


def release_twice(state: State) -> None:
    state.lock.release()


def swallow(state: State) -> None:
    for _ in range(3):
        try:
            with state.lock, state.lock:
                pass
        except:  # noqa: E722
            pass


def depend_on_chance(state: State) -> None:
    if random.random() < 0.5:
        state.value += 1
    state.value += 1


@pytest.mark.parametrize(
    ("body", "verdict", "says"),
    [
        (spin, Verdict.LIVELOCK, "had not ended"),
        (spin_uncatchably, Verdict.LIVELOCK, "had not ended"),
        (spin_in_finally, Verdict.DEADLOCK, "waits for ever"),
        (recurse, Verdict.FAILS, "RecursionError"),
        (sleep_for_ever, Verdict.LIVELOCK, "had not ended"),
        (start_a_thousand, Verdict.INCONCLUSIVE, "threads"),
        (start_unseen, Verdict.INCONCLUSIVE, "cannot follow"),
        (leave_the_thread, Verdict.FAILS, "SystemExit: no"),
        (raise_base, Verdict.FAILS, "BaseException: base"),
        (ask, Verdict.FAILS, "EOFError"),
        (release_twice, Verdict.FAILS, "RuntimeError: release unlocked lock"),
        (swallow, Verdict.DEADLOCK, "waits for ever"),
        (depend_on_chance, Verdict.INCONCLUSIVE, "chance"),
    ],
)
def test_a_clear_verdict(body: Callable[[State], None], verdict: Verdict, says: str) -> None:
    random.seed(1)
    found = explore(State, (body, body), seconds=100)
    assert found.verdict is verdict, found.sentence()
    assert says in found.sentence()
    assert not found.exhausted


@pytest.mark.parametrize("threads", [1, 2])
def test_of_what_never_ends_only_the_beginning_is_repeated(threads: int) -> None:
    rounds: list[int] = []  # of each run

    @unwatched
    def fresh() -> State:
        rounds.append(0)
        return State()

    @unwatched
    def count() -> None:
        rounds[-1] += 1

    def grow(state: State) -> None:
        while True:
            count()
            state.value += 1

    found = explore(fresh, (grow,) * threads, preemptions=0, seconds=100)
    assert found.verdict is Verdict.LIVELOCK and found.failure is not None
    assert re.search("had not ended after 20000+ (steps|rounds): it goes on for ever", found.sentence())
    assert rounds[-1] <= 2001 < max(rounds)
    assert len(found.failure.steps) == 500, "as many as are drawn"


def test_making_the_state_may_fail_or_hang() -> None:
    def raises() -> None:
        raise ValueError("no state")

    def hangs() -> None:
        while True:
            pass

    def locks_itself_out() -> None:
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()

    assert explore(raises, (spin,)).sentence() == "Making the shared state raised ValueError: no state."
    assert explore(hangs, (spin,), seconds=100).verdict is Verdict.LIVELOCK
    assert explore(locks_itself_out, (spin,)).verdict is Verdict.DEADLOCK


def test_the_final_check_may_raise_or_hang() -> None:
    def nothing(state: State) -> None:
        pass

    def keep_the_lock(state: State) -> None:
        state.lock.acquire()

    def raises(state: State) -> None:
        raise ValueError("no check")

    assert explore(State, (nothing,), raises).sentence() == "The final check raised ValueError: no check."
    assert explore(State, (nothing,), spin, seconds=100).verdict is Verdict.LIVELOCK
    found = explore(State, (keep_the_lock,), lambda state: state.lock.acquire())
    assert found.sentence() == "Thread A never released lock, so the final check waits for it for ever."


def test_printing_in_floods_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def flood(state: State) -> None:
        for _ in range(200):
            print("x" * 1000)
        print("x", file=sys.stderr)

    assert explore(State, (flood, flood)).verdict is Verdict.HOLDS
    assert capsys.readouterr() == ("", "")


def test_a_thread_stuck_outside_python_is_given_up() -> None:
    reading, writing = os.pipe()

    def blocked(state: State) -> None:
        os.read(reading, 1)

    began = time.monotonic()
    found = explore(State, (blocked,), seconds=1)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert time.monotonic() - began < 30
    os.write(writing, b"x")
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(30)
    os.close(reading)
    os.close(writing)


def test_limits_are_inconclusive_never_holds() -> None:
    def add(state: State) -> None:
        state.value += 1

    assert explore(State, (add,) * 3, max_schedules=5).verdict is Verdict.INCONCLUSIVE
    assert "5 schedules" in explore(State, (add,) * 3, max_schedules=5).reason
    assert explore(State, (add,) * 3, seconds=0).verdict is Verdict.INCONCLUSIVE


def test_other_threads_keep_real_locks_and_a_real_clock() -> None:
    stop = threading.Event()
    made: list[Any] = []

    def outside() -> None:
        while not stop.is_set():
            lock = threading.Lock()
            with lock:
                made.append(type(lock))
            made.append(type(threading.RLock()))
            print("", end="", file=io.StringIO())
            time.sleep(0.001)

    def add(state: State) -> None:
        with state.lock:
            state.value += 1

    other = threading.Thread(target=outside)
    other.start()
    try:
        for _ in range(5):
            assert explore(State, (add,) * 3, lambda state: state.value == 3).verdict is Verdict.HOLDS
    finally:
        stop.set()
        other.join()
    assert set(made) == {type(threading.Lock()), type(threading.RLock())}


def test_a_lock_is_put_back_into_a_list_that_got_shorter() -> None:
    locks = [threading.Lock() for _ in range(3)]
    kept = {"locks": deque(locks)}

    def body(state: State) -> None:
        with kept["locks"].popleft():
            state.value += 1

    assert explore(State, [body]).verdict is Verdict.HOLDS
    assert all(any(lock is real for real in locks) for lock in kept["locks"])


@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize(("workers", "verdict"), [(1, Verdict.HOLDS), (2, Verdict.FAILS)])
def test_a_pool_made_before_is_as_good_as_new_and_goes_on_afterwards(
    used: bool, workers: int, verdict: Verdict
) -> None:
    """Its own threads cannot be followed, and those of one schedule are gone in the next."""

    def add(state: State) -> None:
        state.value += 1

    with ThreadPoolExecutor(workers) as pool:
        if used:
            assert pool.submit(int, "1").result() == 1

        def body(state: State) -> None:
            for future in [pool.submit(add, state), pool.submit(add, state)]:
                future.result()

        found = explore(State, [body], lambda state: state.value == 2, preemptions=1)
        assert found.verdict is verdict and found.schedules > 1, found.sentence()
        assert pool.submit(int, "2").result(timeout=10) == 2


def test_a_tool_id_in_use_is_passed_over_and_none_left_is_an_error() -> None:
    taken = [tool for tool in range(6) if sys.monitoring.get_tool(tool) is None]
    first, *rest = taken
    for tool in rest:
        sys.monitoring.use_tool_id(tool, f"tool {tool}")
    try:
        assert explore(State, (raise_base,)).verdict is Verdict.FAILS
        sys.monitoring.use_tool_id(first, "the last one")
        rest.append(first)
        with pytest.raises(MonitoringTaken, match="the last one"):
            explore(State, (raise_base,))
    finally:
        for tool in rest:
            sys.monitoring.free_tool_id(tool)


def test_ctrl_c_ends_it_and_everything_is_put_back() -> None:
    program = """
import signal, sys, threading, time
from helpers.interleave import explore, search

search.JUMPS = 10**9

def spin(state):
    while True:
        pass

alarm = threading.Timer(0.5, signal.raise_signal, (signal.SIGINT,))
lock, start = threading.Lock, threading.Thread.start
try:
    alarm.start()
    explore(list, (spin, spin), seconds=60, max_steps=10**9)
except KeyboardInterrupt:
    alarm.join()
    assert threading.Lock is lock and threading.Thread.start is start
    assert threading.active_count() == 1, threading.enumerate()
    assert not any(sys.monitoring.get_tool(tool) for tool in range(6))
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    if "interrupted" not in done.stdout:
        pytest.fail(f"the search ended before it was interrupted: {done.stdout}{done.stderr}")


def test_settings_of_the_interpreter_are_put_back() -> None:
    def change(state: State) -> None:
        sys.setswitchinterval(1e-6)
        sys.setrecursionlimit(sys.getrecursionlimit() + 100)

    assert explore(State, (change, change)).verdict is Verdict.HOLDS  # the fixture looks at the rest


def test_a_generator_thrown_away_later_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    class Kept(State):
        def locked(self) -> Any:
            with self.lock:
                yield 1

        def begin(self) -> None:
            self.generator = self.locked()
            next(self.generator)

    assert explore(Kept, (Kept.begin, lambda state: state.lock.acquire())).verdict is Verdict.DEADLOCK
    gc.collect()
    assert capsys.readouterr() == ("", "")


def test_ctrl_c_is_still_handled_as_before() -> None:
    handler = signal.getsignal(signal.SIGINT)
    explore(State, (spin,))
    assert signal.getsignal(signal.SIGINT) is handler
