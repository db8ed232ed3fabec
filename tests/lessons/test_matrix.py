"""The matrix: it says what was measured, prefers the simplest of equals, and passes over what failed."""

from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.lessons.matrix import best, matrix
from helpers.strategies import Comparison, Outcome, Run, Strategy, this_interpreter
from helpers.timeline.spans import Lane, Recording, Span, State

MACHINE = replace(this_interpreter(), cores=2)
STRATEGIES = (Strategy.SEQUENTIAL, Strategy.THREADS, Strategy.PROCESSES, Strategy.ASYNCIO)


def run_of(strategy: Strategy, seconds: float, start: float = 0.0, failed: bool = False, cores: float = 2) -> Run:
    end = round(seconds * 1e9)
    lane = Lane("thread 1", 1, 1, (Span("task", State.RUNNING, round(start * 1e9), end),))
    outcome = Outcome("task", error=ValueError() if failed else None)
    machine = replace(MACHINE, cores=cores)
    return Run(strategy, (outcome,), Recording(strategy.phrase, 0, end, (lane,)), 0.0, 1, machine)


def row(subject: str, *seconds: float) -> Comparison:
    return Comparison(subject, tuple(run_of(one, time) for one, time in zip(STRATEGIES, seconds, strict=False)))


@pytest.mark.parametrize(
    ("seconds", "winner"),
    [
        ((1.0, 0.5, 0.1), Strategy.PROCESSES),
        ((1.0, 0.59, 0.5), Strategy.THREADS),  # within a fifth
        ((1.0, 0.61, 0.5), Strategy.PROCESSES),  # not quite
        ((0.0055, 0.001, 0.002), Strategy.SEQUENTIAL),  # 4.5 ms later: nobody notices
        ((0.0065, 0.001, 0.002), Strategy.THREADS),
    ],
)
def test_the_simplest_of_those_about_as_fast_is_the_best(seconds: tuple[float, ...], winner: Strategy) -> None:
    assert best(row("work", *seconds)).strategy is winner


def test_what_failed_cannot_win() -> None:
    quick = Comparison("work", (run_of(Strategy.SEQUENTIAL, 1), run_of(Strategy.THREADS, 0.1, failed=True)))
    assert best(quick).strategy is Strategy.SEQUENTIAL
    assert "threads 1 of 1 tasks failed" in matrix([quick]).alt
    with pytest.raises(ValueError, match="no strategy finished work"):
        best(Comparison("work", (run_of(Strategy.THREADS, 0.1, failed=True),)))


def test_title_and_words_say_what_was_measured() -> None:
    picture = matrix([row("downloads", 0.5, 0.1, 1.0, 0.1), row("primes", 1.0, 1.0, 0.5, 1.0)])
    title = " ".join(picture.figure.axes[0].texts[0].get_text().split())
    assert title == "Measured here: threads for downloads, processes for primes"
    assert "downloads: sequential 0.50 s; threads 0.10 s, 5.0x faster; processes 1.0 s, 2.0x slower" in picture.alt


def test_bars_are_as_long_as_the_times_and_the_start_is_hatched() -> None:
    work = Comparison("work", (run_of(Strategy.SEQUENTIAL, 1.0), run_of(Strategy.PROCESSES, 0.5, start=0.2)))
    bars = matrix([work]).figure.axes[0].patches
    sequential, _, processes, start = (bar.get_width() for bar in bars)
    assert sequential == pytest.approx(2 * processes)
    assert start == pytest.approx(0.4 * processes)
    assert bars[3].get_hatch()


def test_a_name_with_dollars_is_no_formula() -> None:
    subject = "tea at $1, at $2"
    texts = matrix([row(subject, 2, 1, 3, 4)]).figure.axes[0].texts
    assert all(not text.get_parse_math() for text in texts if "$" in text.get_text())
    assert sum("$" in text.get_text() for text in texts) == 2


def test_one_core_is_said() -> None:
    alone = Comparison("work", (run_of(Strategy.SEQUENTIAL, 1, cores=1), run_of(Strategy.PROCESSES, 1, cores=1)))
    assert "with one core, processes cannot share out computing" in matrix([alone]).figure.axes[0].texts[-1].get_text()


def test_no_text_runs_into_another_or_over_the_edge() -> None:
    figure = matrix([row(name, 0.123, 0.0456, 12.3, 1.2) for name in ("100 connections", "4 counts of primes")]).figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = figure.axes[0].texts
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in texts]
    for number, box in enumerate(boxes):
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, texts[number]
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, texts[number]
        assert not any(box.overlaps(other) for other in boxes[:number]), texts[number]
