"""Watched coroutines: a lane each, their suspensions, and the errors that they raise."""

import asyncio
import time

import pytest

from helpers.lessons.watching import longest_pause, watch
from helpers.timeline.record import State, waiting


async def naps(count: int, seconds: float) -> None:
    for _ in range(count):
        await asyncio.sleep(seconds)


def test_each_coroutine_has_the_lane_it_was_given_and_waits_overlap() -> None:
    recording = asyncio.run(watch("two pots", soup=naps(1, 0.2), rice=naps(2, 0.1)))
    assert recording.title == "two pots"
    assert [lane.name for lane in recording.lanes] == ["soup", "rice"]
    suspended = [lane.seconds(State.AWAIT) for lane in recording.lanes]
    assert all(seconds >= 0.2 for seconds in suspended)
    assert recording.wall_seconds < sum(suspended)


def test_a_thread_that_a_coroutine_uses_has_a_lane_of_its_own() -> None:
    def blocking() -> None:
        with waiting(State.IO, "page"):
            time.sleep(0.05)

    recording = asyncio.run(watch("with to_thread", page=asyncio.to_thread(blocking)))
    page, thread = recording.lanes
    assert page.name == "page"
    assert page.seconds(State.IO) == 0
    assert thread.seconds(State.IO) >= 0.05


def test_the_longest_pause_is_that_of_one_lane() -> None:
    async def blocked() -> None:
        await asyncio.sleep(0.01)
        time.sleep(0.3)  # noqa: ASYNC251  # on purpose

    recording = asyncio.run(watch("a blocking call", heart=naps(5, 0.02), page=blocked()))
    assert longest_pause(recording, "heart") > 0.25
    calm = asyncio.run(watch("alone", heart=naps(5, 0.02)))
    assert longest_pause(calm, "heart") < longest_pause(recording, "heart")


def test_an_error_ends_the_others_and_comes_out() -> None:
    async def burn() -> None:
        raise ValueError("burnt")

    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(watch("a fire", stove=naps(1, 60), toast=burn()))
    assert caught.group_contains(ValueError, match="burnt")
