"""Runs threads in every order that matters; finds, replays and explains the order that breaks the code."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.interleave.lockset import LocksetMissing, Unprotected, unlocked
    from helpers.interleave.monitoring import MonitoringTaken, unwatched, unwatched_package
    from helpers.interleave.primitives import look_at
    from helpers.interleave.schedule import Action, Exploration, Schedule, Step, Verdict, Wait
    from helpers.interleave.search import explore, replay
    from helpers.interleave.tasks import explore_tasks, replay_tasks

_HOMES = {
    "Action": "schedule",
    "Exploration": "schedule",
    "LocksetMissing": "lockset",
    "MonitoringTaken": "monitoring",
    "Schedule": "schedule",
    "Step": "schedule",
    "Unprotected": "lockset",
    "Verdict": "schedule",
    "Wait": "schedule",
    "explore": "search",
    "explore_tasks": "tasks",
    "look_at": "primitives",
    "replay": "search",
    "replay_tasks": "tasks",
    "unlocked": "lockset",
    "unwatched": "monitoring",
    "unwatched_package": "monitoring",
}

__all__ = [
    "Action",
    "Exploration",
    "LocksetMissing",
    "MonitoringTaken",
    "Schedule",
    "Step",
    "Unprotected",
    "Verdict",
    "Wait",
    "explore",
    "explore_tasks",
    "look_at",
    "replay",
    "replay_tasks",
    "unlocked",
    "unwatched",
    "unwatched_package",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import helpers.interleave` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
