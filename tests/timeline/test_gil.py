"""The GIL view agrees with the threads' own clocks, and leaves the interpreter as it was."""

import sys

import pytest

from helpers.timeline.gil import draw_gil, measure_gil, switch_interval
from helpers.timeline.gil_view import GilView
from helpers.timeline.spans import NOT_RUNNING, State


def test_gaps_and_cpu_clocks_tell_the_same() -> None:
    run = measure_gil(threads=2, seconds=0.2)
    for lane, clock in zip(run.computing.lanes, run.clocks, strict=True):
        assert clock.cpu >= 0.2
        assert lane.seconds(*NOT_RUNNING) == pytest.approx(clock.wall - clock.cpu, rel=0.25, abs=0.05)
    assert run.waiting.seconds(State.IO) >= 0.4


@pytest.mark.skipif(not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="no GIL, no turns")
def test_a_longer_switch_interval_means_fewer_turns() -> None:
    short = measure_gil(seconds=0.2, interval=0.002)
    long = measure_gil(seconds=0.2, interval=0.05)
    assert (short.switch_interval, long.switch_interval) == pytest.approx((0.002, 0.05))
    assert short.turns > 2 * long.turns


def test_the_switch_interval_is_put_back_whatever_happens() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(RuntimeError), switch_interval(0.1):
        assert sys.getswitchinterval() == pytest.approx(0.1)
        raise RuntimeError
    assert sys.getswitchinterval() == before
    with pytest.raises(ValueError, match="interval must lie between"):
        measure_gil(interval=-1)
    assert sys.getswitchinterval() == before


@pytest.mark.parametrize(("threads", "seconds"), [(0, 0.1), (1000, 0.1), (1, -1), (1, 1e9)])
def test_senseless_numbers_are_refused(threads: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        measure_gil(threads, seconds)
    for interval in (0, float("nan")):
        with pytest.raises(ValueError, match="interval must lie between 1e-06 and 10"):
            measure_gil(interval=interval)


def test_the_picture_says_both_measures() -> None:
    picture = draw_gil(measure_gil(seconds=0.02))
    assert "2 computing threads ran" in picture.alt
    small_print = picture.figure.texts[-1].get_text()
    assert "by the gaps drawn" in small_print
    assert "by its CPU clock" in small_print


def test_the_slider_measures_again() -> None:
    before = sys.getswitchinterval()
    view = GilView(seconds=0.01)
    first = view.run
    view._interval.value = 0.02
    assert view.run is not first
    assert view.run.switch_interval == pytest.approx(0.02)
    view._threads.value = 3
    assert len(view.run.clocks) == 3
    assert sys.getswitchinterval() == before
    assert GilView(threads=16, seconds=0.001)._threads.value == 16
    with pytest.raises(ValueError, match="interval must be one of"):
        GilView(interval=0.3)
