"""Explore runs with widgets: choose the work, run it, watch the lanes grow, ask who runs at a moment.

Third of three modules: record -> draw -> explore. What runs the tasks is handed in, so this module knows strategies
by name only. A run goes on in a thread of its own and the kernel stays free; only the first one, which leaves a
figure in the cell for exported pages, is waited for.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from time import monotonic, perf_counter
from typing import Any, ClassVar, Protocol

import ipywidgets as widgets
from IPython.display import DisplayHandle, display

from helpers.showing import name_sliders, show
from helpers.timeline.choice import Choice
from helpers.timeline.draw import Picture, draw, message
from helpers.timeline.report import Finished, errors_list, speed_table, who_runs
from helpers.timeline.sizes import require
from helpers.timeline.spans import Recording
from helpers.timeline.svg import lanes_svg

MOST_TASKS = 64
MOST_WORKERS = 32
TIME_LIMIT_SECONDS = 60.0
_REDRAW_SECONDS = 0.1
_REDRAW_SHARE = 10  # drawing may take a tenth of the time, so that it does not slow what it shows


class Running(Protocol):
    """A run under way."""

    @property
    def done(self) -> int:
        """How many tasks have ended."""

    @property
    def recording(self) -> Recording:
        """What was recorded so far."""

    def wait(self, seconds: float) -> bool:
        """Wait so long at most and return whether the run is over."""

    def stop(self, why: str) -> None:
        """End the run."""

    def result(self) -> Finished:
        """Return the finished run."""


type Launch = Callable[[Sequence[Callable[[], Any]], str, int], Running]
"""Begins to run tasks with a named strategy and so many workers, and returns at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: a workload, its number of tasks and size, and the strategies to run it with."""

    choice: Choice
    tasks: int
    size: float
    workers: int
    strategies: tuple[str, ...]

    @property
    def subject(self) -> str:
        """How the title begins."""
        return f"{self.tasks} {self.choice.noun}"


class Explorer:
    """A panel of controls with live lanes, for one notebook cell.

    Attributes:
        results: The finished runs of the last plan.
        picture: The figure of them that the cell keeps.
        panel: The widgets.
    """

    _one_at_a_time: ClassVar[threading.Lock] = threading.Lock()  # two runs at once would spoil each other's times
    _numbers: ClassVar[Iterator[int]] = count()

    def __init__(
        self,
        choices: Sequence[Choice],
        strategies: Sequence[str],
        launch: Launch,
        chosen: Plan,
        caption: str = "",
        time_limit: float = TIME_LIMIT_SECONDS,
    ) -> None:
        """Build the panel.

        Args:
            choices: Workloads on offer.
            strategies: Names of the strategies on offer.
            launch: What runs the tasks.
            chosen: The plan that the controls show at first.
            caption: Small print of the figure.
            time_limit: Seconds after which a strategy's run is stopped.

        Raises:
            ValueError: The plan has a number that the controls do not offer.
        """
        require(0, MOST_TASKS, whole=True, tasks=chosen.tasks)
        require(1, MOST_WORKERS, whole=True, workers=chosen.workers)
        require(chosen.choice.smallest, chosen.choice.largest, size=chosen.size)
        self.results: list[Finished] = []
        self.picture: Picture = draw(title="Nothing was run yet")
        self._choices = {choice.name: choice for choice in choices}
        self._launch = launch
        self._caption = caption
        self._time_limit = time_limit
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._handle: DisplayHandle | None = None
        self._subject = chosen.subject
        self._how_to_stop = ""
        self._prefix = f"explorer{next(self._numbers)}"
        self._build(chosen, strategies)

    def _build(self, chosen: Plan, strategies: Sequence[str]) -> None:
        wide = widgets.Layout(width="370px")
        style = {"description_width": "90px"}
        self._workload = widgets.Dropdown(
            description="Workload",
            tooltip="What each task does",
            options=list(self._choices),
            value=chosen.choice.name,
            layout=wide,
            style=style,
        )
        self._tasks = widgets.IntSlider(
            description="Tasks",
            tooltip="How many tasks to run",
            min=0,
            max=MOST_TASKS,
            value=chosen.tasks,
            layout=wide,
            style=style,
        )
        self._size = widgets.FloatSlider(
            description="Size", tooltip="How much each task has to do", layout=wide, style=style
        )
        self._workers = widgets.IntSlider(
            description="Workers",
            tooltip="How many threads or processes",
            min=1,
            max=MOST_WORKERS,
            value=chosen.workers,
            layout=wide,
            style=style,
        )
        self._boxes = {
            name: widgets.Checkbox(
                description=name,
                tooltip=f"Run with the strategy {name}",
                value=name in chosen.strategies,
                indent=False,
                layout=widgets.Layout(width="auto"),
            )
            for name in strategies
        }
        self._run = widgets.Button(description="Run", button_style="primary", tooltip="Run the tasks now")
        self._stop = widgets.Button(description="Stop", tooltip="Stop the run", disabled=True)
        self._progress = widgets.IntProgress(
            description="Tasks done", tooltip="Tasks that have ended", max=1, layout=wide, style=style
        )
        self._status = widgets.HTML()
        self._lanes = widgets.HTML(layout=widgets.Layout(width="100%"))
        self._cursor = widgets.FloatSlider(
            description="At second", tooltip="The moment at which to ask who runs",
            min=0, max=1, step=0.001, readout_format=".3f", disabled=True,
            layout=widgets.Layout(width="100%", max_width="760px"), style=style,
        )  # fmt: skip
        self._who = widgets.HTML()
        self._table = widgets.HTML()
        self._errors = widgets.HTML()
        flow = widgets.Layout(flex_flow="row wrap", grid_gap="2px 12px", align_items="center")
        self.panel = widgets.VBox(
            [
                widgets.HBox([self._workload, self._tasks, self._size, self._workers], layout=flow),
                widgets.HBox([widgets.Label("Strategies"), *self._boxes.values()], layout=flow),
                widgets.HBox([self._run, self._stop, self._progress], layout=flow),
                self._status, self._lanes, self._cursor, self._who, self._table, self._errors,
            ]
        )  # fmt: skip
        self._offer_size(chosen.choice, chosen.size)
        self._workload.observe(lambda change: self._offer_size(self._choices[change.new]), "value")
        self._cursor.observe(lambda _: self.redraw(), "value")
        self._run.on_click(lambda _: self.start())
        self._stop.on_click(lambda _: self.stop())

    def _offer_size(self, choice: Choice, size: float | None = None) -> None:
        self._size.min, self._size.max = min(self._size.min, choice.smallest), choice.largest
        self._size.value = choice.usual if size is None else size
        self._size.min = choice.smallest
        self._size.step = choice.step
        self._size.readout_format = ",.0f" if choice.step >= 1 else ".2f"
        self._size.description = choice.size

    def plan(self) -> Plan:
        """Return what the controls say."""
        chosen = tuple(name for name, box in self._boxes.items() if box.value)
        return Plan(
            self._choices[self._workload.value], self._tasks.value, self._size.value, self._workers.value, chosen
        )

    def show(self) -> None:
        """Show the panel, run its plan once and leave a figure of it in the cell's output.

        No button is heard while the cell runs, so an interrupt of the kernel does what Stop does later.
        """
        show(name_sliders(self.panel))
        self._how_to_stop = " To stop it, interrupt the kernel (■)."
        self.start()
        self._stop.disabled = True
        try:
            self.wait()
        except KeyboardInterrupt:
            self.stop()
            self.wait()
        self._how_to_stop = ""
        self._handle = display(self.picture, display_id=True)

    def _ipython_display_(self) -> None:
        self.show()

    def start(self, plan: Plan | None = None) -> None:
        """Begin to run a plan, by default what the controls say, and return at once.

        A second run is refused while one goes on, here or in another cell, and the panel says so.
        """
        plan = plan or self.plan()
        if not plan.strategies:
            self._say("Choose at least one strategy.", alarm=True)
        elif not self._one_at_a_time.acquire(blocking=False):
            self._say("A run is going on already. Wait for it or stop it: two at once would spoil both.", alarm=True)
        else:
            self._stopping.clear()
            self._run.disabled, self._stop.disabled, self._cursor.disabled = True, False, True
            self._thread = threading.Thread(target=self._work, args=(plan,), name=self._prefix, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ask the run under way, if any, to end; `wait` waits until it has."""
        self._stopping.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the run under way, at most so many seconds, and return whether it is over."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Stop what runs and take the panel away."""
        self.stop()
        self.wait()
        self.panel.close()

    def _work(self, plan: Plan) -> None:
        self.results = []
        self._subject = plan.subject
        self._who.value = self._table.value = self._errors.value = ""
        self._progress.value, self._progress.max = 0, max(1, plan.tasks * len(plan.strategies))
        try:
            with plan.choice.prepare(plan.tasks, plan.size) as tasks:
                for strategy in plan.strategies:
                    if self._stopping.is_set():
                        break
                    self._say(f"Running {plan.subject} with the strategy “{strategy}” …{self._how_to_stop}")
                    self.results.append(self._follow(self._launch(tasks, strategy, plan.workers)))
            failed = any(result.failures for result in self.results)
            if self._stopping.is_set():
                self._say("Stopped.")
            else:
                ending = message(self._recordings, plan.subject)
                self._say(f"{ending}. Some tasks failed." if failed else f"{ending}.", alarm=failed)
        except Exception as error:  # shown where the reader looks, not in a log
            self._say(f"{type(error).__name__}: {error}", alarm=True)
        finally:
            self._finish()

    def _follow(self, running: Running) -> Finished:
        done_before = self._progress.value
        deadline = monotonic() + self._time_limit
        pause = _REDRAW_SECONDS
        while not running.wait(pause):
            if self._stopping.is_set():
                running.stop("it was stopped")
                break
            if monotonic() > deadline:
                running.stop(f"it took longer than the time limit of {self._time_limit:g} s")
                break
            begin = perf_counter()
            self._progress.value = done_before + running.done
            self._draw_lanes([*self._recordings, running.recording])
            pause = max(_REDRAW_SECONDS, _REDRAW_SHARE * (perf_counter() - begin))
        self._progress.value = done_before + running.done
        return running.result()

    def _finish(self) -> None:
        try:
            self.picture = draw(*self._recordings, subject=self._subject, caption=self._caption)
            if self._handle is not None:
                self._handle.update(self.picture)
            self._cursor.max = max((run.wall_seconds for run in self._recordings), default=1.0)
            shown = (run.wall_seconds for run in self._recordings if run.lanes)
            self._cursor.value = min(shown, default=1.0) / 2  # a moment at which every run has something to show
            self._table.value = speed_table(self.results)
            self._errors.value = errors_list(self.results)
            self.redraw()
        finally:
            self._run.disabled, self._stop.disabled, self._cursor.disabled = False, True, not self.results
            self._one_at_a_time.release()

    @property
    def _recordings(self) -> list[Recording]:
        return [result.recording for result in self.results]

    def redraw(self) -> None:
        """Draw the lanes of the finished runs with the time cursor, and say who runs there."""
        if self.results:
            self._draw_lanes(self._recordings, self._cursor.value)
            self._who.value = who_runs(self._recordings, self._cursor.value)
        else:
            self._lanes.value = self._who.value = ""

    def _draw_lanes(self, recordings: Sequence[Recording], cursor: float | None = None) -> None:
        label = f"Timeline. {message(recordings, self._subject)}"
        self._lanes.value = lanes_svg(recordings, label, self._prefix, cursor)

    def _say(self, text: str, alarm: bool = False) -> None:
        look = "color:var(--jp-error-color1,#b00020)" if alarm else ""
        self._status.value = f'<div role="status" style="{look}">{escape(text)}</div>'
