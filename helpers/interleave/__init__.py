"""Runs threads in every order that matters; finds, replays and explains the order that breaks the code."""

from helpers.interleave.monitoring import MonitoringTaken, unwatched
from helpers.interleave.schedule import Action, Exploration, Schedule, Step, Verdict, Wait
from helpers.interleave.search import explore, replay

__all__ = [
    "Action",
    "Exploration",
    "MonitoringTaken",
    "Schedule",
    "Step",
    "Verdict",
    "Wait",
    "explore",
    "replay",
    "unwatched",
]
