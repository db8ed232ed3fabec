"""What is recorded agrees with what happened, in threads, tasks and between them."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

import pytest

from helpers.timeline.core_wait import CoreWait
from helpers.timeline.record import (
    RecordedLock,
    Recorder,
    Stopped,
    active_recorder,
    check_stop,
    record,
    span,
    ticker,
    waiting,
)
from helpers.timeline.spans import NOT_RUNNING, Lane, State


def in_threads(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work, name=f"worker {number}") for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def worker_lanes(recorder: Recorder) -> list[Lane]:
    return [lane for lane in recorder.recording.lanes if lane.name.startswith("worker")]


def compute(seconds: float) -> None:
    """Compute for some seconds by the wall clock, in chunks."""
    tick = ticker()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(1000))
        tick()


def test_sleeps_are_drawn_as_long_as_they_were() -> None:
    def work() -> None:
        with span("nap"):
            for _ in range(3):
                with waiting(State.IO):
                    time.sleep(0.1)

    with record("in threads") as recorder:
        in_threads(work, 4)
    recording = recorder.recording
    lanes = worker_lanes(recorder)
    assert len(lanes) == 4
    assert recording.title == "in threads"
    for lane in lanes:
        naps = [one for one in lane.spans if one.state is State.IO]
        assert len(naps) == 3
        assert all(0.1 <= nap.seconds < 0.2 for nap in naps)
    assert 0.3 <= recording.wall_seconds < 0.6


def test_what_is_not_marked_is_not_claimed() -> None:
    with record("mine") as recorder:
        time.sleep(0.01)
    (lane,) = recorder.recording.lanes
    assert [one.state for one in lane.spans] == [State.UNMARKED]


def test_decorated_functions_are_recorded_call_by_call() -> None:
    @span("page")
    def fetch(number: int) -> int:
        return number

    @span()
    def parse() -> None:
        pass

    with record() as recorder:
        assert [fetch(1), fetch(2)] == [1, 2]
        parse()
    names = [one.name for one in recorder.recording.spans if one.state is State.RUNNING]
    assert names == ["page", "page", "parse"]
    assert fetch(3) == 3  # outside a recording too


def test_a_generator_is_marked_while_it_works_not_while_its_caller_does() -> None:
    @span("pages")
    def pages() -> Iterator[int]:
        for number in range(3):
            time.sleep(0.02)
            yield number

    with record() as recorder:
        for _ in pages():
            time.sleep(0.05)
    assert 0.06 <= recorder.recording.seconds(State.RUNNING) < 0.15
    assert recorder.recording.seconds(State.UNMARKED) >= 0.15


def test_an_async_generator_is_marked_while_it_works_or_awaits() -> None:
    @span("pages")
    async def pages() -> AsyncIterator[int]:
        for number in range(3):
            await asyncio.sleep(0.05)
            yield number

    async def main() -> None:
        async for _ in pages():
            compute(0.1)

    with record() as recorder:
        asyncio.run(main())
    assert 0.149 <= recorder.recording.seconds(State.AWAIT) < 0.3
    assert recorder.recording.seconds(State.RUNNING) < 0.05


def test_what_a_thread_does_after_the_block_is_not_recorded() -> None:
    ended = threading.Event()

    def late() -> None:
        with span("late"):
            ended.wait()
            with span("too late"):
                time.sleep(0.02)

    with record() as recorder:
        thread = threading.Thread(target=late, name="worker")
        thread.start()
        while not worker_lanes(recorder):
            pass
    before = recorder.recording
    ended.set()
    thread.join()
    assert recorder.recording == before
    assert max(one.end_ns for one in before.spans) <= before.end_ns


def test_a_function_can_be_recorded_call_by_call() -> None:
    @record("my work")
    def work(fails: bool) -> str:
        with span("fails" if fails else "works"):
            if fails:
                raise ValueError("broken")
        return "done"

    assert work(False) == "done"
    assert [one.name for one in work.recording.spans if one.state is State.RUNNING] == ["works"]
    assert work.recording.title == "my work"
    with pytest.raises(ValueError, match="broken"):
        work(True)
    assert [one.name for one in work.recording.spans if one.state is State.RUNNING] == ["fails"]
    assert active_recorder() is None


def test_a_coroutine_function_can_be_recorded_too_and_a_generator_is_refused() -> None:
    @record()
    async def work() -> str:
        await page()
        return "done"

    @span("page")
    async def page() -> None:
        await asyncio.sleep(0.05)

    assert asyncio.run(work()) == "done"
    assert work.recording.seconds(State.AWAIT) >= 0.049
    with pytest.raises(TypeError, match="numbers is a generator: record the function that loops over it"):

        @record()
        def numbers() -> Iterator[int]:
            yield 1


def test_one_mark_around_two_blocks_at_once_is_refused() -> None:
    mark = span("page")
    with record() as recorder:
        with mark, pytest.raises(RuntimeError, match="anew for each block"), mark:
            pass
        with mark:  # one after another is fine
            pass
    assert len([one for one in recorder.recording.spans if one.state is State.RUNNING]) == 2


def test_tasks_that_would_run_at_the_same_time_are_explained() -> None:
    async def page() -> None:
        with span("page"):
            await asyncio.sleep(0.05)

    async def main(fetch: Callable[[], Coroutine[None, None, None]]) -> None:
        await asyncio.gather(fetch(), fetch())

    with record() as claimed:
        asyncio.run(main(page))
    with record() as seen:
        asyncio.run(main(span("page")(page)))
    assert any("put @span above the coroutine function" in note for note in claimed.recording.notes)
    assert seen.recording.notes == ()


def test_each_asyncio_task_has_a_lane_and_its_suspensions_are_exact() -> None:
    @span("fetch")
    async def fetch(seconds: float) -> float:
        sum(range(1000))
        await asyncio.sleep(seconds)
        return seconds

    async def main() -> list[float]:
        return await asyncio.gather(*(asyncio.create_task(fetch(s), name=f"task {s}") for s in (0.1, 0.2)))

    with record() as recorder:
        assert asyncio.run(main()) == [0.1, 0.2]
    lanes = {lane.name: lane for lane in recorder.recording.lanes}
    assert 0.1 <= lanes["task 0.1"].seconds(State.AWAIT) < 0.15
    assert 0.2 <= lanes["task 0.2"].seconds(State.AWAIT) < 0.25
    assert lanes["task 0.2"].seconds(State.RUNNING) < 0.05


def test_errors_pass_through_stepped_coroutines_both_ways() -> None:
    @span("late")
    async def late() -> str:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            return "tidied up"
        return "slept"

    @span("broken")
    async def broken() -> None:
        await asyncio.sleep(0)
        raise ValueError("broken")

    async def main() -> str:
        task = asyncio.create_task(late())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(ValueError, match="broken"):
            await broken()
        return await task

    with record():
        assert asyncio.run(main()) == "tidied up"


def test_lanes_have_names_that_a_reader_understands() -> None:
    @span("page")
    async def fetch() -> None:
        await asyncio.sleep(0)

    async def cell() -> Recorder:
        with record("mine") as recorder:
            await asyncio.gather(fetch(), fetch(), asyncio.create_task(fetch(), name="last page"))
        return recorder

    recorder = asyncio.run(cell(), debug=False)
    assert [lane.name for lane in recorder.recording.lanes] == ["main thread", "last page", "task 1", "task 2"]
    with record() as alone:
        pass
    assert [lane.name for lane in alone.recording.lanes] == ["main thread"]


def test_to_thread_does_not_write_into_the_lane_of_its_task() -> None:
    def blocking() -> None:
        with span("blocking"):
            time.sleep(0.05)

    async def main() -> None:
        with span("main"):
            await asyncio.to_thread(blocking)

    with record() as recorder:
        asyncio.run(main())
    assert len({one.name: lane.name for lane in recorder.recording.lanes for one in lane.spans}) == 3
    lane_of = {one.name: lane for lane in recorder.recording.lanes for one in lane.spans}
    assert lane_of["blocking"] is not lane_of["main"]


def test_lock_waits_add_up_to_the_measured_ones() -> None:
    lock = RecordedLock()
    measured: list[float] = []

    def work() -> None:
        with span("work"):
            for _ in range(5):
                begin = time.perf_counter()
                lock.acquire()
                measured.append(time.perf_counter() - begin)
                time.sleep(0.01)
                lock.release()

    with record() as recorder:
        in_threads(work, 3)
    recorded = recorder.recording.seconds(State.LOCK)
    assert recorded > 0.1
    assert recorded == pytest.approx(sum(measured), rel=0.1)


def test_a_recorded_lock_behaves_like_a_lock() -> None:
    lock = RecordedLock()
    with lock:
        assert lock.locked()
        assert not lock.acquire(blocking=False)
        assert not lock.acquire(timeout=0.01)
        with pytest.raises(ValueError, match="timeout"):
            lock.acquire(blocking=False, timeout=1)
    assert not lock.locked()
    with pytest.raises(RuntimeError, match="release"):
        lock.release()


def test_two_computing_threads_are_drawn_taking_turns() -> None:
    spent: list[float] = []

    def work() -> None:
        begin, cpu = time.perf_counter(), time.thread_time()
        with span("compute"):
            compute(0.4)
        spent.append((time.perf_counter() - begin) - (time.thread_time() - cpu))

    with record() as recorder:
        in_threads(work, 2)
    lanes = worker_lanes(recorder)
    not_running = sum(lane.seconds(*NOT_RUNNING) for lane in lanes)
    assert not_running == pytest.approx(sum(spent), rel=0.25)
    if getattr(sys, "_is_gil_enabled", lambda: True)():
        running = sum(lane.seconds(State.RUNNING) for lane in lanes)
        assert recorder.recording.overlap_seconds(State.RUNNING) < 0.2 * running
        assert all(lane.seconds(State.GIL, State.GIL_OR_CORE) > 0.02 for lane in lanes)


def test_a_thread_alone_is_not_drawn_waiting_for_the_gil() -> None:
    with record() as recorder, span("alone"):
        compute(0.3)
    (lane,) = recorder.recording.lanes
    assert lane.seconds(State.GIL, State.GIL_OR_CORE) < 0.03


def test_a_slow_chunk_is_not_taken_for_a_wait() -> None:
    with record() as recorder, span("slow"):
        tick = ticker()
        for _ in range(5):
            end = time.thread_time() + 0.02
            while time.thread_time() < end:
                pass
            tick()
    (lane,) = recorder.recording.lanes
    assert 0.1 <= lane.seconds(State.RUNNING) < 0.11


def test_a_recorded_wait_between_two_ticks_is_not_counted_twice() -> None:
    with record() as recorder, span("mixed"):
        tick = ticker()
        with waiting(State.IO):
            time.sleep(0.05)
        tick()
    (lane,) = recorder.recording.lanes
    assert lane.seconds(State.IO) >= 0.05
    assert lane.seconds(*NOT_RUNNING) == 0


def test_stopping_ends_what_ticks_and_what_asks() -> None:
    with record() as recorder:
        tick = ticker()
        tick()
        check_stop()
        recorder.stop()
        with pytest.raises(Stopped):
            tick()
        with pytest.raises(Stopped):
            check_stop()


def test_outside_a_recording_marks_do_nothing() -> None:
    assert active_recorder() is None
    with span("nobody looks"), waiting(State.IO):
        ticker()()
        check_stop()


def test_two_recordings_at_once_do_not_mix() -> None:
    def record_alone(name: str, seen: list[str]) -> None:
        recorder = Recorder(name)
        with recorder.active(), span(name):
            time.sleep(0.02)
        seen.extend(one.name for one in recorder.recording.spans)

    first: list[str] = []
    second: list[str] = []
    with record("outer") as outer:
        threads = [
            threading.Thread(target=record_alone, args=("first", first)),
            threading.Thread(target=record_alone, args=("second", second)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert first == ["first"]
    assert second == ["second"]
    assert {one.name for one in outer.recording.spans} == {"outer"}


def test_a_recording_can_be_read_while_it_grows() -> None:
    recorder = Recorder()
    with recorder.active(), span("open"):
        early = recorder.recording
        late = recorder.recording
    assert late.end_ns > early.end_ns
    assert [one.name for one in late.spans] == ["open"]
    recorder.end()
    final = recorder.recording
    recorder.end()
    assert recorder.recording == final


def test_recording_works_where_python_has_no_ctypes() -> None:
    script = (
        "import sys; sys.modules['ctypes'] = None\n"
        "from helpers.timeline.gil import measure_gil; from helpers.strategies import run\n"
        "print({span.state.name for span in measure_gil(2, 0.2).computing.spans})"
    )
    said = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert "GIL_OR_CORE" in said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_who_never_lay_down_waited_for_a_core() -> None:
    wait = CoreWait()

    def awake() -> int | None:
        wait.part_of(0)
        end = time.perf_counter() + 0.002
        while time.perf_counter() < end:
            pass
        return wait.part_of(123_456_789)  # more than the scheduler can have counted

    # Another thread of the test runner may take the GIL in between, so that this one lies down; not every time.
    stayed_awake = any(awake() == 123_456_789 for _ in range(50))
    time.sleep(0.01)
    asleep = wait.part_of(123_456_789)
    assert stayed_awake
    assert asleep is not None
    assert asleep < 123_456_789


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_the_wait_for_a_core_never_shrinks() -> None:
    wait = CoreWait()
    first = wait.nanoseconds()
    compute(0.01)
    second = wait.nanoseconds()
    assert first is not None
    assert second is not None
    assert second >= first >= 0
