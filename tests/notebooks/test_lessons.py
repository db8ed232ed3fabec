"""The promises about lessons: each runs by itself, shows what it claims, and has every part a reader relies on."""

import asyncio
import base64
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from queue import Empty
from time import perf_counter
from timeit import repeat
from typing import Any

import nbformat
import psutil
import pytest
from bs4 import BeautifulSoup
from jupyter_client.asynchronous import AsyncKernelClient
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from helpers.interleave import Verdict, explore
from helpers.strategies import compare, cores_available, gil_enabled, run
from helpers.strategies.result import Task
from helpers.timeline.spans import State
from helpers.workloads import Account, CountPrimes, Deposit, FetchAndCount, WaitOnSocket
from tests.conftest import ROOT
from tests.notebooks.claims import CLAIMS, printed
from tests.notebooks.spelling import misspelt
from tests.strategies.overlap import running_together

FOLDER = ROOT / "source" / "lessons"
LESSONS = sorted(FOLDER.glob("[0-9]*.ipynb"))
PAGES = [*LESSONS, *FOLDER.glob("index.ipynb")]
SECONDS = 15
ORDINARY = 0.04  # seconds for a million rounds of an empty loop on a machine on which they may take that long
MOST_LINES = 12
MOST_COLUMNS = 95  # what an exported page shows in a window of 900 pixels
WIDGET = "application/vnd.jupyter.widget-view+json"
KEPT_THREADS = r"^asyncio_|_run_safe_shutdown_loop"  # idle ones of asyncio, and of aiohttp's resolver where it has one
KEPT_HELPERS = ("resource_tracker", "forkserver")  # multiprocessing keeps these until the kernel itself ends


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def prose(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


LIST_THREADS = """
import threading as _threading
for _thread in _threading.enumerate():
    if not type(_thread).__module__.startswith(("ipykernel.", "zmq.")):  # the kernel's own come when they are needed
        print(_thread.name)
"""


class Eavesdropper:
    """Hears every message of a kernel, also those that come after their cell and that nbclient passes over."""

    def __init__(self, ears: AsyncKernelClient) -> None:
        self.messages: list[dict[str, Any]] = []
        self._ears = ears
        self._over = False

    async def listen(self) -> None:
        while True:
            try:
                self.messages.append(await self._ears.get_iopub_msg(timeout=0.3))
            except Empty:  # everything that was on its way has arrived
                if self._over:
                    break

    def stop_when_quiet(self) -> None:
        self._over = True

    def late(self) -> list[str]:
        """Return what was shown on behalf of cells that had already ended."""
        ended: set[str] = set()
        late = []
        for message in self.messages:
            parent = message["parent_header"].get("msg_id", "")
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                ended.add(parent)
            elif message["msg_type"] in ("stream", "error", "display_data", "execute_result") and parent in ended:
                late.append(str(message["content"]))
        return late


@dataclass(frozen=True)
class Ran:
    """A lesson that was run from top to bottom.

    Attributes:
        name: The lesson's file without its ending.
        notebook: The lesson with its outputs.
        seconds: How long the cells took.
        late: Outputs that came after their cell.
        busy: Processes that the lesson left at work.
        left: Processes that outlived the kernel.
        threads: Names of the threads that the lesson left behind.
    """

    name: str
    notebook: NotebookNode
    seconds: float
    late: list[str]
    busy: list[str]
    left: list[psutil.Process]
    threads: set[str]

    def outputs(self, *kinds: str) -> Iterator[tuple[NotebookNode, NotebookNode]]:
        """Yield every cell and output of these kinds."""
        for cell in self.notebook.cells:
            for output in cell.get("outputs", []):
                if output.output_type in kinds:
                    yield cell, output


async def _run_lesson(path: Path) -> Ran:
    notebook = read(path)
    client = NotebookClient(notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(FOLDER)}})
    async with client.async_setup_kernel():
        ears = client.km.client()
        ears.start_channels(shell=False, stdin=False, hb=False, control=False)  # two clients cannot share a shell
        eavesdropper = Eavesdropper(ears)
        listening = asyncio.create_task(eavesdropper.listen())
        before: set[str] = set()
        async with asyncio.timeout(60):
            while not eavesdropper.messages:  # what is said before it is all ears would be missed
                before = await _threads(client)
        begin = perf_counter()
        for index, cell in enumerate(notebook.cells):
            await client.async_execute_cell(cell, index)
        seconds = perf_counter() - begin
        kernel = psutil.Process(client.km.provisioner.pid)
        children = kernel.children(recursive=True)
        busy = [" ".join(child.cmdline()) for child in children if child.status() != psutil.STATUS_ZOMBIE]
        eavesdropper.stop_when_quiet()
        await listening
        threads = await _threads(client) - before
        ears.stop_channels()
    _, left = psutil.wait_procs([kernel, *children], timeout=10)
    busy = [command for command in busy if not any(name in command for name in KEPT_HELPERS)]
    return Ran(path.stem, notebook, seconds, eavesdropper.late(), busy, left, threads)


async def _threads(client: NotebookClient) -> set[str]:
    """Return the names of the kernel's threads, asked in a cell that the notebook does not keep."""
    cell = new_code_cell(LIST_THREADS)
    client.nb.cells.append(cell)
    await client.async_execute_cell(cell, len(client.nb.cells) - 1)
    client.nb.cells.pop()
    return set(cell.outputs[0].text.splitlines())


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def ran(request: pytest.FixtureRequest) -> Ran:
    return asyncio.run(_run_lesson(request.param))


@pytest.mark.slow
class TestRunFromTopToBottom:
    def test_takes_little_time(self, ran: Ran) -> None:
        crowd = max(1.0, os.getloadavg()[0] / cores_available())  # how many processes want each core
        slowness = max(1.0, min(repeat("for _ in range(1_000_000): pass", number=1)) / ORDINARY)
        assert ran.seconds < SECONDS * crowd * slowness

    def test_raises_only_where_it_says_so(self, ran: Ran) -> None:
        errors = [
            (cell.id, output.evalue)
            for cell, output in ran.outputs("error")
            if "raises-exception" not in cell.metadata.get("tags", [])
        ]
        assert not errors

    def test_writes_nothing_to_stderr(self, ran: Ran) -> None:
        assert not [(cell.id, out.text) for cell, out in ran.outputs("stream") if out.name == "stderr"]

    def test_shows_nothing_after_its_cell(self, ran: Ran) -> None:
        assert not ran.late

    def test_leaves_no_process_and_no_thread_behind(self, ran: Ran) -> None:
        assert not ran.busy
        assert not ran.left
        assert not [name for name in ran.threads if not re.search(KEPT_THREADS, name)]

    def test_shows_what_it_claims(self, ran: Ran) -> None:
        shown = printed(ran.notebook)
        assert not [claim.says for claim in CLAIMS.get(ran.name, []) if not claim.borne_out(shown)], shown

    def test_has_a_question_a_widget_and_a_figure(self, ran: Ran) -> None:
        shown = [(cell, output.data) for cell, output in ran.outputs("display_data", "execute_result")]
        widgets = [cell for cell, data in shown if WIDGET in data]
        assert any("predict(" in cell.source for cell in widgets)
        assert any("predict(" not in cell.source for cell in widgets)
        assert any("image/png" in data for _, data in shown)

    def test_says_in_words_what_each_picture_shows(self, ran: Ran) -> None:
        for cell, output in ran.outputs("display_data", "execute_result"):
            for kind in output.data:
                if kind.startswith("image/"):
                    alt = output.metadata.get("image/png", {}).get("alt", "")
                    assert len(alt) > 40, f"{cell.id}: {kind} without a description"

    def test_keeps_its_pictures_when_exported(self, ran: Ran) -> None:
        page = BeautifulSoup(HTMLExporter().from_notebook_node(ran.notebook)[0], "html.parser")
        pictures = [output for _, output in ran.outputs("display_data", "execute_result") if _is_picture(output)]
        embedded = [image["src"].partition(";base64,")[2] for image in page.find_all("img")]
        assert len(embedded) == len(pictures) > 0
        assert all(len(base64.b64decode(data)) > 1000 for data in embedded)

    def test_keeps_its_questions_and_no_dead_controls_when_exported(self, ran: Ran) -> None:
        asked = [cell for cell in ran.notebook.cells if "predict(" in cell.source and cell.cell_type == "code"]
        for metadata in ({}, ran.notebook.metadata):  # whoever saved it may have kept the state of the widgets, or not
            notebook = NotebookNode(ran.notebook, metadata=metadata)
            page = BeautifulSoup(HTMLExporter().from_notebook_node(notebook)[0], "html.parser")
            assert (
                len(page.select(".without-kernel > ul")) == len(page.select(".without-kernel > details")) == len(asked)
            )
            assert "children=(" not in page.text

    def test_describes_its_pictures_when_exported(self, ran: Ran) -> None:
        page = BeautifulSoup(HTMLExporter().from_notebook_node(ran.notebook)[0], "html.parser")
        alts = [image["alt"] for image in page.find_all("img")]
        assert alts and not [alt for alt in alts if alt.startswith("No description")]


UNTIDY = """
import subprocess, sys, threading, time
def speak():
    for _ in range(20):
        time.sleep(0.1)
        print("late", flush=True)
    time.sleep(60)
threading.Thread(target=speak, name="chatterbox", daemon=True).start()
sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("a warning", file=sys.stderr)
"""


@pytest.mark.slow
def test_an_untidy_lesson_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "untidy.ipynb"
    cells = [new_code_cell("1 / 0"), new_code_cell(UNTIDY)]
    nbformat.write(new_notebook(cells=cells), path)
    ran = asyncio.run(_run_lesson(path))
    assert "late" in str(ran.late)
    assert len(ran.busy) == 1 and ran.threads == {"chatterbox"}
    assert [out.text for _, out in ran.outputs("stream") if out.name == "stderr"] == ["a warning\n"]
    assert [out.ename for _, out in ran.outputs("error")] == ["ZeroDivisionError"]


def _is_picture(output: NotebookNode) -> bool:
    return any(kind.startswith("image/") for kind in output.data)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
class TestParts:
    def test_opens_with_the_outcome_and_the_time(self, path: Path) -> None:
        opening = read(path).cells[0].source
        assert re.match(rf"# {int(path.stem[:2])} · \S", opening)
        assert "You will be able to" in opening and re.search(r"\d+ minutes", opening)

    def test_asks_tells_the_rule_and_what_can_go_wrong(self, path: Path) -> None:
        notebook = read(path)
        text = prose(notebook)
        assert any("predict(" in cell.source for cell in notebook.cells if cell.cell_type == "code")
        assert "**Rule" in text
        assert "what can go wrong" in text.lower()

    def test_ends_with_a_summary_an_exercise_and_the_way_on(self, path: Path) -> None:
        text = prose(read(path))
        summary = re.search(r"^## Summary\n+(.+?)\n\n", text, re.MULTILINE | re.DOTALL)
        assert summary and len(summary[1].split()) > 30
        targets = {target.partition("#")[0] for target in links(text)}
        place = LESSONS.index(path)
        neighbours = {lesson.name for lesson in (LESSONS[max(place - 1, 0)], *LESSONS[place + 1 : place + 2])}
        assert neighbours - {path.name} <= targets
        assert {"index.ipynb", "../exercises/practice.ipynb"} <= targets

    def test_explains_every_code_cell_first_and_keeps_it_short(self, path: Path) -> None:
        cells = read(path).cells
        for before, cell in pairwise(cells):
            if cell.cell_type == "code":
                assert before.cell_type == "markdown", f"no text before {cell.id}"
                lines = cell.source.splitlines()
                assert sum(bool(line.strip()) for line in lines) <= MOST_LINES, cell.id
                assert max(map(len, lines)) <= MOST_COLUMNS, cell.id
        assert cells[0].cell_type == "markdown"


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(path: Path) -> set[str]:
    """Return the anchors that JupyterLab and nbconvert give to a notebook's headings."""
    headings = re.findall(r"^#+ +(.+)$", prose(read(path)), re.MULTILINE)
    return {re.sub(r"[`*]", "", heading).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in links(prose(read(path))):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        assert page.is_file(), target
        assert not anchor or anchor in anchors(page), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_spelling_is_right_and_british(path: Path) -> None:
    assert misspelt(prose(read(path))) == []


def test_misspellings_are_noticed() -> None:
    assert misspelt("The lenght of a `lenght`; thier colour.") == ["lenght", "thier"]
    assert misspelt("Recognise a color by its behavior.") == ["behavior", "color"]


@pytest.fixture(scope="module")
def locks() -> dict[str, Any]:
    """Return what lesson 3's cells define, without running its demonstrations."""
    classes = ["counter", "slow-counter", "safe-counter", "kitchen", "two-sections"]
    return defined_in("03", "imports", "many-increments", "lost-updates", *classes)


def defined_in(lesson: str, *cells: str, **names: Any) -> dict[str, Any]:
    """Return what some of a lesson's cells define, given what other cells would have."""
    sources = {cell.id: cell.source for cell in read(next(FOLDER.glob(f"{lesson}-*.ipynb"))).cells}
    namespace = dict(names)
    for cell in cells:
        exec(compile(sources[cell], f"<{cell}>", "exec"), namespace)
    return namespace


def spread(tasks: Sequence[Task], strategy: str, workers: int) -> float:
    """Run tasks that wait and return how long all waits took together, as a share of their sum: 1 or more in a row."""
    waits = [span for span in run(tasks, strategy, workers).recording.spans if span.state is State.IO]
    together = max(span.end_ns for span in waits) - min(span.start_ns for span in waits)
    return together / sum(span.end_ns - span.start_ns for span in waits)


class TestClaims:
    """What the lessons say happens, as ratios that hold on a busy machine too; `claims` has what one run must show."""

    def test_threads_overlap_waiting(self) -> None:
        assert compare([WaitOnSocket(0.2)] * 4, ["sequential", "threads"]).speedup("threads") > 2

    @pytest.mark.skipif(not gil_enabled(), reason="without the GIL threads do overlap CPU work")
    def test_threads_do_not_overlap_cpu_work_with_the_gil(self) -> None:
        assert min(running_together("threads") for _ in range(5)) < 0.2  # busy cores blur where turns end

    @pytest.mark.skipif(cores_available() < 2, reason="one core: nothing can overlap")
    def test_processes_overlap_cpu_work(self) -> None:
        assert any(running_together("processes") > 0.25 for _ in range(8))

    def test_a_gather_takes_about_as_long_as_the_slowest(self) -> None:
        waits = [WaitOnSocket(seconds) for seconds in (0.1, 0.2, 0.3, 0.4)]

        async def gather() -> None:
            await asyncio.gather(*(wait.run_async() for wait in waits))

        begin = perf_counter()
        asyncio.run(gather())
        at_once = perf_counter() - begin
        assert at_once < 1.7 * 0.4
        assert run(waits, "sequential").wall_seconds > 1.4 * at_once

    def test_a_pool_works_in_rounds(self) -> None:
        one, four = (run([WaitOnSocket(0.1)] * 8, "threads", workers).wall_seconds for workers in (1, 4))
        assert 2 < one / four < 6

    @pytest.mark.skipif(not gil_enabled(), reason="without the GIL nobody waits for it")
    def test_a_computing_thread_makes_others_late(self) -> None:
        lateness = defined_in("02", "lateness", time=time)["lateness"]

        def beside_a_computing_thread() -> float:
            busy = threading.Thread(target=CountPrimes(150_000))
            busy.start()
            late: float = lateness()
            busy.join()
            return late

        assert any(beside_a_computing_thread() > 2 * lateness() for _ in range(5))

    def test_waits_overlap_in_processes_too(self) -> None:
        assert any(spread([WaitOnSocket(0.5)] * 3, "processes", workers=3) < 0.7 for _ in range(5))

    def test_a_mixture_waits_only_once_in_threads(self) -> None:
        assert any(spread([FetchAndCount(0.2)] * 4, "threads", workers=4) < 0.6 for _ in range(5))

    def test_tiny_counts_are_slower_in_processes(self) -> None:
        tiny = [CountPrimes(2000)] * 3
        assert any(compare(tiny, ["sequential", "processes"]).speedup("processes") < 0.5 for _ in range(5))

    def test_joining_at_once_gains_nothing(self) -> None:
        lesson = defined_in("02", "say", "brew", "at-once-code")

        def seconds(work: Callable[[], None]) -> float:
            begin = perf_counter()
            work()
            return perf_counter() - begin

        def at_once() -> None:
            threads = [threading.Thread(target=lesson["brew"], args=(drink, 0.2)) for drink in ("tea", "coffee")]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        assert any(seconds(lesson["brew_both"]) > 1.5 * seconds(at_once) for _ in range(5))

    def test_threads_take_turns_at_a_lock(self) -> None:
        assert compare([Deposit(Account())] * 3, ["sequential", "threads"]).speedup("threads") < 1.3

    def test_the_race_loses_updates_and_the_lock_none(self, locks: dict[str, Any]) -> None:
        assert locks["lost_updates"](locks["SlowCounter"]()) > 400  # of 4,000
        assert locks["lost_updates"](locks["LockedCounter"]()) == 0

    def test_the_explorer_finds_the_lost_update_and_clears_the_lock(self, locks: dict[str, Any]) -> None:
        plain, locked = locks["Counter"], locks["LockedCounter"]
        found = explore(lambda: plain(5), [plain.increment] * 2, lambda counter: counter.value == 7)
        assert found.verdict is Verdict.FAILS and found.failure is not None
        assert [step.value for step in found.failure.steps if step.value] == ["5", "5", "6", "6"]
        sections = locks["TwoSections"]
        halves = explore(lambda: sections(5), [sections.increment] * 2, lambda counter: counter.value == 7)
        assert halves.verdict is Verdict.FAILS
        cleared = explore(lambda: locked(5), [locked.increment] * 2, lambda counter: counter.value == 7)
        assert cleared.verdict is Verdict.HOLDS

    def test_the_explorer_finds_the_circle_of_waiting(self, locks: dict[str, Any]) -> None:
        kitchen = locks["Kitchen"]
        found = explore(kitchen, [kitchen.knife_first, kitchen.board_first])
        assert found.verdict is Verdict.DEADLOCK and found.failure is not None
        assert {(wait.thread, wait.owner) for wait in found.failure.waits} == {("A", "B"), ("B", "A")}
