"""The explorer runs what its controls say, grows while it runs, stops when told, and says what went wrong."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from helpers.strategies import explore, start
from helpers.strategies.explorer import CHOICES
from helpers.timeline.choice import Choice
from helpers.timeline.explore import Explorer, Plan
from helpers.timeline.record import span
from helpers.timeline.spans import State

gate = threading.Event()


def pass_gate() -> None:
    with span("at the gate", State.IO):
        gate.wait()


def fail() -> None:
    raise LookupError("no such <page>")


@contextmanager
def gated(count: int, size: float) -> Iterator[Sequence[Any]]:
    yield [pass_gate] * count


@contextmanager
def failing(count: int, size: float) -> Iterator[Sequence[Any]]:
    yield [fail] * count


@contextmanager
def unprepared(count: int, size: float) -> Iterator[Sequence[Any]]:
    raise OSError("no server to be had")
    yield []


def choice(name: str, prepare: Any) -> Choice:
    return Choice(name, name, "Size", 0, 10, 1, 1, prepare)


GATED, FAILING, UNPREPARED = choice("gates", gated), choice("failures", failing), choice("troubles", unprepared)


def explorer(
    chosen: Choice, tasks: int = 2, strategies: tuple[str, ...] = ("threads",), time_limit: float = 60
) -> Explorer:
    plan = Plan(chosen, tasks, 1, 2, strategies)
    return Explorer([GATED, FAILING, UNPREPARED], ["sequential", "threads"], start, plan, "facts", time_limit)


@pytest.fixture(autouse=True)
def fresh_gate() -> Iterator[None]:
    gate.clear()
    yield
    gate.set()


def test_lanes_grow_while_the_kernel_is_free_and_a_second_run_is_refused() -> None:
    panel = explorer(GATED)
    panel.start()
    assert panel._run.disabled
    assert not panel._stop.disabled
    seen: set[str] = set()
    while len(seen) < 3:  # the test's time limit ends this if the lanes do not grow
        if "thread 2" in panel._lanes.value:
            seen.add(panel._lanes.value)
    panel.start()
    assert "A run is going on already" in panel._status.value
    other = explorer(FAILING)
    other.start()
    assert "A run is going on already" in other._status.value
    assert other.wait()
    gate.set()
    assert panel.wait(10)
    assert not panel._run.disabled
    assert panel._stop.disabled
    assert panel._progress.value == panel._progress.max == 2
    assert panel.results[0].failures == []
    assert "2 gates: " in panel.picture.alt
    panel.close()


def test_stop_stops_and_what_was_recorded_stays() -> None:
    panel = explore(tasks=3, size=2, strategies=["sequential", "threads"])
    panel.start()
    while "thread 1" not in panel._lanes.value:
        pass
    panel.stop()
    assert panel.wait(10)
    assert "Stopped" in panel._status.value
    assert [failure.task for failure in panel.results[0].failures][-1] == "wait 2 s #3"
    assert len(panel.results) == 1  # the second strategy did not begin
    assert "it was stopped" in panel._errors.value
    panel.close()


def test_an_interrupt_of_the_cell_stops_its_run_and_leaves_the_figure(capsys: pytest.CaptureFixture[str]) -> None:
    panel = explore(tasks=3, size=2, strategies=["sequential"])
    said: list[str] = []

    def interrupt() -> None:
        while "thread 1" not in panel._lanes.value:
            pass
        said.append(panel._status.value)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    panel.show()
    assert "To stop it, interrupt the kernel" in said[0]
    assert "Stopped" in panel._status.value
    assert "Timeline. 3 waits: " in capsys.readouterr().out
    panel.start()
    assert "interrupt" not in panel._status.value
    assert not panel._stop.disabled
    panel.close()


def test_errors_of_tasks_appear_in_the_panel() -> None:
    panel = explorer(FAILING, 1, ("sequential", "threads"))
    panel.start()
    assert panel.wait(10)
    assert "Some tasks failed" in panel._status.value
    assert "in sequence: fail: LookupError: no such &lt;page&gt;" in panel._errors.value
    assert "1 of 1 tasks failed" in panel.picture.figure.texts[-1].get_text()


def test_an_error_of_the_run_itself_appears_in_the_panel() -> None:
    panel = explorer(UNPREPARED)
    panel.start()
    assert panel.wait(10)
    assert "OSError: no server to be had" in panel._status.value
    assert "Nothing was run" not in panel._status.value
    assert not panel._run.disabled


def test_no_tasks_and_no_strategies_are_said_not_raised() -> None:
    panel = explorer(GATED, 0)
    panel.start()
    assert panel.wait(10)
    assert panel.results[0].failures == []
    for box in panel._boxes.values():
        box.value = False
    panel.start()
    assert "Choose at least one strategy" in panel._status.value


def test_a_run_that_takes_too_long_is_stopped() -> None:
    waits = CHOICES["wait on a socket"]
    panel = Explorer([waits], ["threads"], start, Plan(waits, 1, 2, 1, ("threads",)), time_limit=0.2)
    panel.start()
    assert panel.wait(10)
    assert "time limit of 0.2 s" in panel._errors.value


def test_the_cursor_says_who_runs() -> None:
    panel = explorer(GATED)
    panel.start()
    while "thread 2" not in panel._lanes.value:
        pass
    gate.set()
    assert panel.wait(10)
    before = panel._lanes.value
    panel._cursor.value = panel._cursor.max * 0.9
    assert panel._lanes.value != before
    assert "thread 1: at the gate, waiting for I/O" in panel._who.value


def test_choosing_a_workload_offers_its_sizes() -> None:
    panel = explore()
    for workload in CHOICES.values():
        panel._workload.value = workload.name
        plan = panel.plan()
        assert plan.choice is workload
        assert plan.size == workload.usual
        assert panel._size.description == workload.size
        assert (panel._size.min, panel._size.max) == (workload.smallest, workload.largest)


@pytest.mark.parametrize("workload", CHOICES.values(), ids=lambda one: one.name)
def test_every_workload_on_offer_runs_at_its_smallest_size(workload: Choice) -> None:
    panel = explore(workload.name, tasks=2, size=workload.smallest, strategies=["threads", "asyncio"])
    panel.start()
    assert panel.wait(30)
    assert [result.failures for result in panel.results] == [[], []]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="no workload 'tea'; choose one of wait on a socket"):
        explore("tea")
    with pytest.raises(ValueError, match="no strategy 'fibers'; choose one of"):
        explore(strategies=["fibers"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tasks": 1000}, "tasks must lie between 0 and 64, not 1000"),
        ({"tasks": -1}, "tasks must lie between 0 and 64, not -1"),
        ({"workers": 10_000}, "workers must lie between 1 and 32, not 10000"),
        ({"size": -1}, "size must lie between 0 and 2, not -1"),
        ({"size": float("nan")}, "size must lie between 0 and 2, not nan"),
    ],
)
def test_numbers_that_the_controls_do_not_offer_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explore(**given)
