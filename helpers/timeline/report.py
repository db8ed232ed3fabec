"""What the explorer says beside its lanes, as HTML: who runs at a moment, the speed-ups, the errors."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Protocol

from helpers.timeline.draw import verdict
from helpers.timeline.spans import Recording
from helpers.timeline.style import seconds_text

MOST_LANES = 16
MOST_ERRORS = 5


class Failure(Protocol):
    """A task that raised or did not finish."""

    @property
    def task(self) -> str:
        """Its name."""

    @property
    def error(self) -> BaseException | None:
        """Why."""


class Finished(Protocol):
    """A run that has come to its end."""

    @property
    def recording(self) -> Recording:
        """What its workers did."""

    @property
    def failures(self) -> Sequence[Failure]:
        """The tasks that raised or did not finish."""

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all workers."""

    @property
    def workers(self) -> int:
        """How many there were."""


def who_runs(recordings: Sequence[Recording], seconds: float) -> str:
    """Return what every lane does at a moment, in seconds since its run began."""
    items = [f"<li><b>{escape(run.title)}</b>: {'; '.join(_lanes_at(run, seconds))}</li>" for run in recordings]
    return f"At {seconds_text(seconds)}:<ul style='margin:0'>{''.join(items)}</ul>"


def _lanes_at(run: Recording, seconds: float) -> Iterator[str]:
    moment = run.start_ns + round(seconds * 1e9)
    if moment >= run.end_ns:
        yield "over"
        return
    if not run.lanes:
        yield "nothing was recorded"
    for lane in run.lanes[:MOST_LANES]:
        span = lane.at(moment)
        doing = f"{escape(span.name)}, {span.state.value}" if span else "nothing to do"
        yield f"{escape(lane.name)}: {doing}"
    if len(run.lanes) > MOST_LANES:
        yield f"and {len(run.lanes) - MOST_LANES:,} more"


def speed_table(results: Sequence[Finished]) -> str:
    """Return a table of wall times, speed-ups against the first run, CPU times, workers and failures."""
    if not results:
        return ""
    heads = ("run", "wall time", "speed", "CPU time", "workers", "tasks that failed")
    rows = []
    for number, result in enumerate(results):
        run = result.recording
        speed = verdict(results[0].recording, run) if number else "the measure"
        cells = (
            escape(run.title), seconds_text(run.wall_seconds), speed, seconds_text(result.cpu_seconds),
            str(result.workers), str(len(result.failures)),
        )  # fmt: skip
        rows.append("<tr>" + "".join(f"<td style='padding:2px 14px 2px 0'>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th scope='col' style='padding:2px 14px 2px 0;text-align:left'>{cell}</th>" for cell in heads)
    return f"<table style='border-collapse:collapse'><tr>{head}</tr>{''.join(rows)}</table>"


def errors_list(results: Sequence[Finished]) -> str:
    """Return the runs' notes and the first few errors of their tasks as a list; "" when there are none."""
    notes = [f"{result.recording.title}: {note}." for result in results for note in result.recording.notes]
    failures = [
        f"{result.recording.title}: {failure.task}: {type(failure.error).__name__}: {failure.error}"
        for result in results
        for failure in result.failures
    ]
    more = [f"and {len(failures) - MOST_ERRORS:,} more"] if len(failures) > MOST_ERRORS else []
    lines = [*notes, *failures[:MOST_ERRORS], *more]
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""
