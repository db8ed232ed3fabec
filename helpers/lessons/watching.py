"""Run coroutines side by side, each recorded in a lane of its own, for the pictures of the asyncio lesson."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from helpers.timeline.record import Recorder, span, stepped
from helpers.timeline.spans import Recording


async def watch(title: str, **coroutines: Coroutine[Any, Any, Any]) -> Recording:
    """Run coroutines as tasks of the running event loop and record where each runs and where it is suspended.

    Args:
        title: What the picture calls the run, such as "with a blocking call".
        coroutines: What to run, under the names that label the lanes.

    Returns:
        The recording, a lane a coroutine in the order given, and one for each thread that they used and marked.

    Raises:
        ExceptionGroup: A coroutine raised; the others were cancelled.
    """
    recorder = Recorder(title)

    async def follow(lane: str, coroutine: Coroutine[Any, Any, Any]) -> None:
        recorder.open_lane(lane)
        with span(""):  # the lane says whose work it is
            await stepped(coroutine)

    with recorder.active():
        async with asyncio.TaskGroup() as group:
            for lane, coroutine in coroutines.items():
                group.create_task(follow(lane, coroutine))
    recorder.end()
    return recorder.recording


def longest_pause(recording: Recording, lane_name: str) -> float:
    """Return the longest stretch, in seconds, for which a lane did the same thing without a change."""
    lane = next(lane for lane in recording.lanes if lane.name == lane_name)
    return max(span.seconds for span in lane.spans)
