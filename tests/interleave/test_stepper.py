"""The stepper: real widgets, driven the way the front end drives them."""

import statistics
import time
from xml.etree import ElementTree as ET

import ipywidgets as widgets
import pytest

from helpers.interleave.stepper import OVERLAP, PAGE, ScheduleStepper, page_start

from . import schedules

NAMESPACE = "{http://www.w3.org/2000/svg}"


def button(stepper: ScheduleStepper, label: str) -> widgets.Button:
    (found,) = (child for child in stepper.children[0].children if getattr(child, "description", "") == label)
    return found


def faint(stepper: ScheduleStepper) -> list[str]:
    """Texts that are drawn faintly, as still to come."""
    root = ET.fromstring(stepper.picture.value)
    groups = (g for g in root.iter(f"{NAMESPACE}g") if float(g.get("opacity", "1")) < 1)
    return [node.text or "" for g in groups for node in g.iter(f"{NAMESPACE}text")]


def test_starts_at_the_first_step_with_the_rest_faint() -> None:
    stepper = ScheduleStepper(schedules.LOST_UPDATE)
    assert "Thread A reads value = 5." in stepper.said.value
    assert "reads value = 5" in faint(stepper)
    assert faint(stepper).count("writes value = 6") == 2


def test_next_and_previous_move_the_slider_and_the_picture() -> None:
    stepper = ScheduleStepper(schedules.LOST_UPDATE)
    button(stepper, "Next").click()
    button(stepper, "Next").click()
    assert stepper.slider.value == 3
    assert "Thread B writes value = 6." in stepper.said.value
    assert faint(stepper).count("writes value = 6") == 1
    button(stepper, "Previous").click()
    assert stepper.slider.value == 2
    assert "Thread B reads value = 5." in stepper.said.value


def test_the_ends_hold() -> None:
    stepper = ScheduleStepper(schedules.LOST_UPDATE)
    button(stepper, "Previous").click()
    assert stepper.slider.value == 1
    for _ in range(9):
        button(stepper, "Next").click()
    assert stepper.slider.value == stepper.slider.max == 4
    assert not faint(stepper)


def test_the_last_step_says_what_went_wrong() -> None:
    stepper = ScheduleStepper(schedules.LOST_UPDATE)
    assert schedules.LOST_UPDATE.outcome not in stepper.said.value
    stepper.slider.value = stepper.slider.max
    assert schedules.LOST_UPDATE.outcome in stepper.said.value


def test_the_circle_of_a_deadlock_appears_when_it_has_closed() -> None:
    stepper = ScheduleStepper(schedules.DEADLOCK)
    assert "is held by" not in stepper.picture.value
    stepper.slider.value = stepper.slider.max
    assert stepper.picture.value.count(">is held by<") == 2


@pytest.mark.parametrize("name", schedules.ALL)
def test_every_step_of_every_schedule_can_be_shown(name: str) -> None:
    stepper = ScheduleStepper(schedules.ALL[name])
    for value in range(stepper.slider.min, stepper.slider.max + 1):
        stepper.slider.value = value
        ET.fromstring(stepper.picture.value)
        ET.fromstring(stepper.said.value)


def test_hostile_text_stays_text() -> None:
    stepper = ScheduleStepper(schedules.HOSTILE)
    for value in range(1, stepper.slider.max + 1):
        stepper.slider.value = value
        for shown in (stepper.said.value, stepper.picture.value):
            assert "<script" not in shown
            assert "<img" not in shown


def test_tasks_step_like_threads() -> None:
    stepper = ScheduleStepper(schedules.ASYNCIO_RACE)
    stepper.slider.value = 2
    assert "Task A awaits asyncio.sleep(0)." in stepper.said.value


@pytest.mark.parametrize("count", [1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 4])
def test_pages_cover_every_row_and_overlap(count: int) -> None:
    for current in range(count):
        start = page_start(current, count)
        assert 0 <= start <= current < start + PAGE
    turns = [i for i in range(1, count) if page_start(i, count) != page_start(i - 1, count)]
    for turn in turns:
        assert page_start(turn, count) <= turn - min(OVERLAP, turn)


def test_only_one_page_is_drawn_and_the_current_step_is_on_it() -> None:
    stepper = ScheduleStepper(schedules.LONG)
    for value in range(1, stepper.slider.max + 1):
        stepper.slider.value = value
        root = ET.fromstring(stepper.picture.value)
        numbers = [n.text for n in root.iter(f"{NAMESPACE}text") if n.get("text-anchor") == "end"]
        assert len(numbers) == PAGE
        assert str(value) in numbers


def test_a_redraw_costs_no_more_than_a_few_pictures() -> None:
    """A page is drawn, not the whole schedule: the last step of a long one costs what the first one does."""
    stepper = ScheduleStepper(schedules.LONG)

    def seconds(value: int, other: int) -> float:
        times = []
        for _ in range(9):
            stepper.slider.value = other
            start = time.perf_counter()
            stepper.slider.value = value
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    assert seconds(stepper.slider.max, 2) < 5 * seconds(1, 2)
