"""What lessons 5 to 7 say happens, asked of their own cells: run as the notebook runs them, without its kernel."""

import ast
import asyncio
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from time import perf_counter
from typing import Any

import nbformat
import pytest

from helpers.interleave import Verdict
from helpers.lessons.matrix import matrix
from helpers.timeline.spans import Recording, State
from tests.conftest import ROOT

TRIES = 5  # a busy machine may spoil one measurement, not all


@dataclass(frozen=True, slots=True)
class Shown:
    """What running a cell showed.

    Attributes:
        text: What it printed.
        seconds: How long it took.
    """

    text: str
    seconds: float

    @property
    def numbers(self) -> list[float]:
        """Every number in the text."""
        return [float(number) for number in re.findall(r"\d+\.?\d*", self.text)]


class Cells:
    """The code cells of a lesson.

    Attributes:
        names: What those that were run have defined.
    """

    def __init__(self, lesson: str) -> None:
        notebook = nbformat.read(ROOT / "source" / "lessons" / f"{lesson}.ipynb", as_version=4)
        self._sources = {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}
        self.names: dict[str, Any] = {}

    def run(self, *ids: str) -> Shown:
        """Run cells, those with an `await` on an event loop, and return what the last one showed."""
        for cell in ids:
            code = compile(self._sources[cell], f"<{cell}>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            begin = perf_counter()
            with redirect_stdout(StringIO()) as printed:
                unfinished = eval(code, self.names)
                if inspect.iscoroutine(unfinished):
                    asyncio.run(unfinished)
            shown = Shown(printed.getvalue(), perf_counter() - begin)
        return shown


def once(holds: Callable[[], object]) -> bool:
    """Return whether a measured claim holds in one of a few tries."""
    return any(holds() for _ in range(TRIES))


@pytest.fixture
def lesson5() -> Cells:
    cells = Cells("05-asyncio")
    cells.run("coroutine")
    return cells


@pytest.fixture
def pages(lesson5: Cells) -> Iterator[Cells]:
    """Lesson 5 with its slow pages, and what fetches them."""
    cells = lesson5
    cells.run("in-a-row", "picture", "pages", "aiohttp", "downloads-figure")
    yield cells
    cells.run("close-pages")


class TestAsyncio:
    def test_awaits_in_a_row_take_the_sum_and_a_gather_the_slowest(self, lesson5: Cells) -> None:
        assert lesson5.run("in-a-row").seconds >= 0.3
        assert once(lambda: lesson5.run("gather").seconds < 0.75 * 0.6)
        started, done = lesson5.run("gather").text.splitlines()[:3], lesson5.run("gather").text.splitlines()[3:6]
        assert started == ["soup: on the stove", "rice: on the stove", "eggs: on the stove"]
        assert done == ["eggs: done", "rice: done", "soup: done"]
        assert lesson5.names["dishes"] == ["soup", "rice", "eggs"]

    def test_a_coroutine_stands_still_until_it_is_carried_on(self, lesson5: Cells) -> None:
        assert lesson5.run("pause").text.splitlines()[0] == "first half"
        assert lesson5.run("resume").text.splitlines() == ["second half", "that was its end"]

    def test_an_awaited_coroutine_runs_before_a_waiting_task(self, lesson5: Cells) -> None:
        assert lesson5.run("task-code", "task-run").text.split() == ["rice", "eggs", "soup"]

    def test_waits_overlap_and_work_does_not(self, lesson5: Cells) -> None:
        def suspended_together() -> float:
            lesson5.run("picture")
            pots = lesson5.names["pots"]
            assert pots.overlap_seconds() == 0
            return float(pots.overlap_seconds(State.AWAIT))

        assert once(lambda: suspended_together() > 0.05)

    def test_requests_takes_the_sum_and_aiohttp_the_slowest(self, pages: Cells) -> None:
        assert pages.run("requests").seconds >= 0.6
        assert once(lambda: pages.run("aiohttp-run").seconds < 0.75 * 0.6)

    def test_a_hundred_downloads_are_under_way_at_once(self, pages: Cells) -> None:
        assert pages.run("many").seconds < 100 * 0.3 / 3
        assert pages.names["slowest"].traffic().most_at_once > 10

    def test_a_task_is_lighter_than_a_thread(self, lesson5: Cells) -> None:
        lesson5.run("in-a-row", "weight", "weight-task")
        assert lesson5.names["thread_cost"] > 2 * lesson5.names["task_cost"]

    def test_a_blocking_call_stops_the_heart_and_a_thread_does_not(self, pages: Cells) -> None:
        def beats_during_the_download(recording: Recording) -> int:
            heart = next(lane for lane in recording.lanes if lane.name == "heart")
            [wait] = [span for span in recording.spans if span.state is State.IO]
            beats = [span for span in heart.spans if span.state is State.RUNNING]
            return sum(wait.start_ns < beat.start_ns < wait.end_ns for beat in beats)

        pages.run("heart", "blocked", "mended", "heart-figure")
        assert pages.names["before"] >= 0.3
        assert beats_during_the_download(pages.names["broken"]) == 0
        assert once(lambda: pages.run("mended") and beats_during_the_download(pages.names["fixed"]) > 1)

    def test_gather_leaves_tasks_behind_and_a_task_group_none(self, lesson5: Cells) -> None:
        left = lesson5.run("gather-fails").text.splitlines()
        assert left == ["soup: on the stove", "gather: rice is burnt", "soup: done"]
        assert lesson5.run("taskgroup").text.splitlines() == ["soup: on the stove", "task group: rice is burnt"]

    def test_what_takes_too_long_is_given_up_and_what_is_cancelled_cleans_up(self, lesson5: Cells) -> None:
        lesson5.run("in-a-row")
        assert lesson5.run("timeout").seconds < 30  # of 60
        assert lesson5.run("cancel").text.startswith("stove switched off\n[CancelledError(")

    def test_a_semaphore_lets_three_in(self, pages: Cells) -> None:
        places, at_once, without = pages.run("semaphore", "semaphore-run").numbers
        assert at_once <= places == 3 < without

    def test_an_update_is_lost_across_an_await_and_the_cures_lose_none(self, lesson5: Cells) -> None:
        sold = []
        lesson5.run("in-a-row", "race-code")
        for cells in (["race"], ["race-explore", "race-fix"], ["lock", "lock-run"]):
            text = lesson5.run(*cells).text
            sold.append(lesson5.names["office"].sold)
            assert ("No failing schedule" in text) == ("race-fix" in cells)
        assert sold == [1, 20, 20]
        assert lesson5.names["race"].verdict is Verdict.FAILS

    def test_the_errors_are_real(self, lesson5: Cells) -> None:
        shown = lesson5.run("wrong-run").text.splitlines()
        assert shown[0] == "RuntimeError: asyncio.run() cannot be called from a running event loop"
        assert shown[1:] == ["tea: on the stove", "tea: done"]
        assert lesson5.run("wrong-await").text == "coroutine 'boil' was never awaited\n"


@pytest.fixture
def lesson6() -> Cells:
    cells = Cells("06-thread-pools")
    cells.run("imports", "orders")
    return cells


class TestPools:
    def test_by_hand_the_list_is_empty_until_the_threads_are_joined(self, lesson6: Cells) -> None:
        before, after = lesson6.run("by-hand", "by-hand-run").text.splitlines()
        assert before == "before join: []"
        assert after.count(" by Thread-") == 3

    def test_map_keeps_the_order_and_the_pool_uses_threads_again(self, lesson6: Cells) -> None:
        dishes = [line.split(" by ") for line in lesson6.run("map").text.splitlines()]
        assert [dish for dish, _ in dishes] == ["soup", "salad", "bread"]
        assert {cook for _, cook in dishes} == {"cook_0", "cook_1"}

    def test_the_block_ends_the_threads_whatever_happens_in_it(self, lesson6: Cells) -> None:
        shown = lesson6.run("crew-now", "with").text.splitlines()
        assert shown == ["inside: ['cook_0', 'cook_1']", "after:  [] because the oven is cold"]

    def test_a_future_is_done_when_its_result_is_there(self, lesson6: Cells) -> None:
        assert lesson6.run("submit").text.splitlines()[::2] == ["done? False", "done? True"]

    def test_completion_order_is_not_result_order(self, lesson6: Cells) -> None:
        def as_the_figure_says() -> bool:
            lesson6.run("as-completed")
            assert lesson6.names["ordered"] == ["soup", "salad", "bread"]
            return bool(lesson6.names["finished"] == ["salad", "bread", "soup"])

        assert once(as_the_figure_says)

    def test_an_error_stays_in_its_future_until_it_is_asked_for(self, lesson6: Cells) -> None:
        assert lesson6.run("price", "silent").text == "still going, no complaint\n"
        assert lesson6.run("result-raises").text.count("KeyError('salad')") == 2
        assert lesson6.run("map-raises").text == "4\nno price for 'salad'\n"

    def test_each_thread_has_one_knife_and_the_main_thread_none(self, lesson6: Cells) -> None:
        *dishes, last = lesson6.run("own", "own-run").text.splitlines()
        assert [dish.split()[0] for dish in dishes] == ["soup", "salad", "bread"] * 2
        assert {dish.partition(" with ")[2] for dish in dishes} == {"knife 1", "knife 2"}
        assert last == "in the main thread: False"

    def test_waiting_gets_shorter_with_every_worker(self, lesson6: Cells) -> None:
        def shorter() -> bool:
            _, one, _, four, _, sixteen = lesson6.run("workers-waiting").numbers
            return one > 2 * four > 3 * sixteen

        assert once(shorter)

    def test_a_pool_that_waits_for_itself_never_finishes_and_two_pools_do(self, lesson6: Cells) -> None:
        assert "gave up" in lesson6.run("order-dessert", "one-worker").text
        assert lesson6.run("two-workers").text.count("gave up") >= 2  # of the two orders at once
        assert once(lambda: lesson6.run("two-workers").text.startswith("one order: salad by"))
        assert once(lambda: lesson6.run("two-pools").text.startswith("salad by pastry cook"))

    def test_the_errors_are_real(self, lesson6: Cells) -> None:
        assert lesson6.run("called-too-early").text == "TypeError: 'str' object is not callable\n"
        assert lesson6.run("after-closing").text.startswith("RuntimeError: cannot schedule new futures")


@pytest.fixture(scope="module")
def choosing() -> Cells:
    cells = Cells("07-choosing")
    cells.run("clocks", "clocks-run", "tree", "workloads", "measure")
    return cells


@pytest.mark.slow
class TestChoosing:
    def test_the_clocks_tell_waiting_from_computing(self, choosing: Cells) -> None:
        shares = [int(share) for share in re.findall(r"(\d+)%", choosing.run("clocks-run").text)]
        waits, computes, _ = shares
        assert 3 * waits < computes

    def test_waits_overlap_in_threads_and_tasks(self, choosing: Cells) -> None:
        downloads, connections, _, _ = choosing.names["rows"]
        for strategy in ("threads", "asyncio"):
            assert downloads.speedup(strategy) > 1
            assert downloads.run(strategy).recording.overlap_seconds(State.IO) > 0.05  # of 0.1
            assert connections.speedup(strategy) > 3
        assert downloads.run("sequential").recording.overlap_seconds(State.IO) == 0

    def test_tasks_of_one_loop_do_not_compute_at_the_same_moment(self, choosing: Cells) -> None:
        primes = choosing.names["rows"][2].run("asyncio").recording
        assert primes.overlap_seconds() == 0

    def test_tiny_tasks_are_not_worth_a_process(self, choosing: Cells) -> None:
        assert choosing.names["rows"][3].speedup("processes") < 0.5

    def test_the_matrix_and_the_verdict_name_what_was_measured(self, choosing: Cells) -> None:
        verdict = choosing.run("verdict").text
        title = matrix(choosing.names["rows"]).alt
        for line in verdict.splitlines():
            assert f"{line.split()[-1]} for {line.partition('  ')[0]}" in title

    def test_threads_that_hash_do_not_wait_for_the_gil(self, choosing: Cells) -> None:
        def wait_for_the_gil() -> float:  # against the time they run; about 1 for threads that count primes
            choosing.run("hash")
            hashes = choosing.names["hashes"].run("threads").recording
            return float(hashes.seconds(State.GIL) / hashes.seconds(State.RUNNING))

        assert once(lambda: wait_for_the_gil() < 0.3)

    def test_the_error_is_real(self, choosing: Cells) -> None:
        assert choosing.run("wrong").text.startswith("NotSendableError: <lambda> cannot be sent to another process")
