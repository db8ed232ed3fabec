"""asyncio tasks, interleaved at their awaits."""

import asyncio
import threading
import time

import pytest

from helpers.interleave import Action, Verdict, explore_tasks, replay_tasks


class Counter:
    def __init__(self) -> None:
        self.value = 0
        self.lock = asyncio.Lock()
        self.seen: list[int] = []
        self.event = asyncio.Event()


def counted(state: Counter) -> None:
    assert state.value == 2, f"2 increments were made and {state.value} were counted."


async def no_await(state: Counter) -> None:
    state.value += 1


async def await_between(state: Counter) -> None:
    current = state.value
    await asyncio.sleep(0)
    state.value = current + 1


async def sleep_between(state: Counter) -> None:
    current = state.value
    await asyncio.sleep(0.1)
    state.value = current + 1


async def locked(state: Counter) -> None:
    async with state.lock:
        current = state.value
        await asyncio.sleep(0.1)
        state.value = current + 1


async def two_sections(state: Counter) -> None:
    async with state.lock:
        current = state.value
    await asyncio.sleep(0)
    async with state.lock:
        state.value = current + 1


async def locked_in_children(state: Counter) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(locked(state))
        group.create_task(locked(state))


async def gathers(state: Counter) -> None:
    await asyncio.gather(await_between(state), await_between(state))


@pytest.mark.parametrize("body", [no_await, locked])
def test_right_tasks_hold(body: object) -> None:
    found = explore_tasks(Counter, (body, body), counted)  # type: ignore[arg-type]
    assert found.verdict is Verdict.HOLDS, found.sentence()
    assert found.exhausted


@pytest.mark.parametrize("body", [await_between, sleep_between, two_sections])
def test_a_race_across_an_await_is_found_explained_and_replayed(body: object) -> None:
    found = explore_tasks(Counter, (body, body), counted)  # type: ignore[arg-type]

    assert found.verdict is Verdict.FAILS
    assert found.failure is not None
    assert found.sentence().endswith("one increment was lost.")
    assert found.sentence().startswith("Task B read value = 0 before task A had written 1")
    assert Action.AWAIT in {step.action for step in found.failure.steps}
    assert replay_tasks(Counter, (body, body), counted, found.failure) == found.failure  # type: ignore[arg-type]


def test_tasks_of_tasks_take_part() -> None:
    assert explore_tasks(Counter, (locked_in_children,), counted).verdict is Verdict.HOLDS
    assert explore_tasks(Counter, (gathers,), counted).verdict is Verdict.FAILS


def test_order_that_the_loop_does_not_promise_is_tried() -> None:
    async def writer(state: Counter) -> None:
        await asyncio.sleep(0.01)
        state.value = 7

    async def reader(state: Counter) -> None:
        await asyncio.sleep(0.02)
        state.seen.append(state.value)

    found = explore_tasks(Counter, (writer, reader), lambda state: state.seen == [7])
    assert found.verdict is Verdict.FAILS
    assert found.failure is not None
    assert found.failure.preemptions == 1


def test_a_task_that_nobody_wakes_is_a_deadlock() -> None:
    async def waits(state: Counter) -> None:
        await state.event.wait()

    found = explore_tasks(Counter, (waits, no_await))
    assert found.verdict is Verdict.DEADLOCK
    assert "Task A waits" in found.sentence()


def test_an_error_in_a_task_is_named() -> None:
    async def wrong(state: Counter) -> None:
        raise ValueError("no")

    found = explore_tasks(Counter, (wrong, no_await))
    assert found.verdict is Verdict.FAILS
    assert found.sentence() == "Task A raised ValueError: no."


def test_timeouts_pass_on_the_virtual_clock() -> None:
    async def gives_up(state: Counter) -> None:
        try:
            async with asyncio.timeout(3600):
                await state.event.wait()
        except TimeoutError:
            state.value += 2

    began = time.monotonic()
    assert explore_tasks(Counter, (gives_up,), counted).verdict is Verdict.HOLDS
    assert time.monotonic() - began < 60


def test_time_passes_for_the_others_while_a_task_spins() -> None:
    async def spins(state: Counter) -> None:
        while not state.value:  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def late(state: Counter) -> None:
        await asyncio.sleep(100)
        state.value = 2

    assert explore_tasks(Counter, (spins, late), counted).verdict is Verdict.HOLDS


def test_a_lock_for_threads_stops_all_tasks() -> None:
    async def holds_across_await(lock: threading.Lock) -> None:
        with lock:
            await asyncio.sleep(0)

    found = explore_tasks(lambda: threading.Lock(), (holds_across_await, holds_across_await))
    assert found.sentence() == "Task B waits for lock, held by task A, which it keeps waiting."


def test_sets_of_tasks_are_alike_in_every_run() -> None:
    async def first_of_many(state: Counter) -> None:
        done, _ = await asyncio.wait([asyncio.create_task(asyncio.sleep(0, i)) for i in range(8)])
        state.seen += [task.result() for task in done]

    found = explore_tasks(Counter, (first_of_many,), lambda state: state.seen == [])
    assert found.failure is not None
    assert replay_tasks(Counter, (first_of_many,), lambda state: state.seen == [], found.failure) == found.failure


def test_a_task_that_never_awaits_nor_ends_is_given_up() -> None:
    async def endless(state: Counter) -> None:
        while True:
            try:
                while True:
                    state.value += 1
            except BaseException:
                pass

    assert explore_tasks(Counter, (endless, no_await), seconds=100).verdict is Verdict.LIVELOCK


def test_threads_in_tasks_are_refused() -> None:
    async def uses_threads(state: Counter) -> None:
        await asyncio.to_thread(len, [])

    before = threading.enumerate()
    found = explore_tasks(Counter, (uses_threads,))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "threads" in found.reason
    assert threading.enumerate() == before
