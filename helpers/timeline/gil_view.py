"""The GIL view: computing and waiting threads side by side, with the switch interval as a slider."""

import ipywidgets as widgets
from IPython.display import DisplayHandle, display

from helpers.showing import name_sliders, show
from helpers.timeline.draw import Picture
from helpers.timeline.gil import MOST_THREADS, GilRun, draw_gil, measure_gil
from helpers.timeline.style import seconds_text

_INTERVALS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


class GilView:
    """A panel for one notebook cell: as its last line it measures once and leaves the picture in the output.

    A measurement takes about half a second and the kernel waits for it. The interpreter's own switch interval
    is put back after each.

    Attributes:
        run: What was measured last.
        picture: The picture of it.
        panel: The widgets.
    """

    def __init__(self, threads: int = 2, seconds: float = 0.15, interval: float = 0.005) -> None:
        """Measure once and build the panel; the arguments are those of `measure_gil`.

        Raises:
            ValueError: A number makes no sense, or the interval is not one of those on offer.
        """
        if interval not in _INTERVALS:
            raise ValueError(f"interval must be one of {', '.join(map(str, _INTERVALS))} s, not {interval}")
        self._seconds = seconds
        self._handle: DisplayHandle | None = None
        self.run: GilRun = measure_gil(threads, seconds, interval)
        self.picture: Picture = draw_gil(self.run)
        style = {"description_width": "110px"}
        wide = widgets.Layout(width="370px")
        self._interval = widgets.SelectionSlider(
            description="Switch interval", tooltip="When a thread is asked to give up the GIL",
            options=[(seconds_text(one), one) for one in _INTERVALS], value=interval,
            continuous_update=False, layout=wide, style=style,
        )  # fmt: skip
        self._threads = widgets.IntSlider(
            description="Threads",
            tooltip="How many threads of each kind",
            min=1,
            max=MOST_THREADS,
            value=threads,
            continuous_update=False,
            layout=wide,
            style=style,
        )
        self._again = widgets.Button(description="Measure again", tooltip="Measure once more")
        self._interval.observe(lambda _: self.measure(), "value")
        self._threads.observe(lambda _: self.measure(), "value")
        self._again.on_click(lambda _: self.measure())
        flow = widgets.Layout(flex_flow="row wrap", grid_gap="2px 12px", align_items="center")
        self.panel = widgets.HBox([self._interval, self._threads, self._again], layout=flow)

    def measure(self) -> None:
        """Measure with what the controls say and show the new picture in place of the old one."""
        self.run = measure_gil(self._threads.value, self._seconds, self._interval.value)
        self.picture = draw_gil(self.run)
        if self._handle is not None:
            self._handle.update(self.picture)

    def _ipython_display_(self) -> None:
        show(name_sliders(self.panel))
        self._handle = display(self.picture, display_id=True)
