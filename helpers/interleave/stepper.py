"""A schedule to step through in a notebook: a slider, two buttons, and the picture up to the chosen step."""

from html import escape

import ipywidgets as widgets

from helpers.interleave.draw import schedule_svg
from helpers.interleave.escaping import printable
from helpers.interleave.schedule import Schedule
from helpers.interleave.story import Row, lane, rows, words
from helpers.showing import name_sliders, show

PAGE = 10  # rows drawn at once, so that the slider and the step are on the screen together
OVERLAP = 2  # rows of the page before that are shown again


class ScheduleStepper(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Steps through a schedule; shows itself as the last expression of a cell or through `display`.

    Everything can be reached with the keyboard: the slider takes the arrow keys, the buttons Tab and Enter.
    What the current step does is also written as a sentence, which screen readers announce.

    Attributes:
        slider: Its `value` is the current row, from 1 to the number of rows.
        said: The sentence about the current step.
        picture: The drawing.
    """

    def __init__(self, schedule: Schedule) -> None:
        """Make the widgets and show the first step.

        Args:
            schedule: What to step through; a very long one is folded as in its static picture.
        """
        self._schedule = schedule
        self._rows = rows(schedule, limit=80)
        last = max(len(self._rows), 1)
        self.slider = widgets.IntSlider(
            min=1, max=last, value=1, description=f"Step (of {last})", style={"description_width": "initial"}
        )
        self.slider.layout = widgets.Layout(width="480px")
        back = widgets.Button(description="Previous", icon="arrow-left", tooltip="One step back")
        on = widgets.Button(description="Next", icon="arrow-right", tooltip="One step on")
        self.said = widgets.HTML()
        self.picture = widgets.HTML()
        super().__init__([widgets.HBox([back, self.slider, on]), self.said, self.picture])
        # The buttons stay enabled at both ends: disabling one takes the keyboard focus away from it.
        back.on_click(lambda _: self._go(-1))
        on.on_click(lambda _: self._go(+1))
        self.slider.observe(lambda _: self._show(), "value")
        self._show()

    def __repr__(self) -> str:
        return "Step through the run here, in a running notebook."

    def _ipython_display_(self) -> None:
        show(name_sliders(self), f"<p>{self!r}</p>", repr(self))

    def _go(self, steps: int) -> None:
        self.slider.value += steps  # the slider keeps itself within its ends

    def _show(self) -> None:
        current = self.slider.value - 1
        start = page_start(current, len(self._rows))
        page = self._rows[start : start + PAGE]
        sentence = self._sentence(page[current - start]) if page else "No steps were recorded."
        self.said.value = f'<p role="status" style="margin:4px 0;max-width:800px">{sentence}</p>'
        self.picture.value = schedule_svg(self._schedule, page, current - start)

    def _sentence(self, row: Row) -> str:
        step = self._schedule.steps[row.last]
        if row.folded:
            return f"{len(row.steps)} steps that are left out here."
        said = f"{lane(self._schedule, step.thread)} {words(step)}."
        if row.last == self._schedule.fatal and self._schedule.outcome:
            said += f" {self._schedule.outcome}"
        return escape(printable(said))


def page_start(current: int, count: int) -> int:
    """First row of the page that shows row `current` of `count`; pages overlap, so none begins abruptly."""
    stride = PAGE - OVERLAP
    return max(min(current // stride * stride - OVERLAP, count - PAGE), 0)
