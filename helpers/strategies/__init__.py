"""Run the same tasks one after another, in threads, in processes, as asyncio tasks or in interpreters."""

from helpers.strategies.explorer import explore
from helpers.strategies.interpreter import Interpreter, cores_available, gil_enabled, this_interpreter
from helpers.strategies.result import NotSendableError, Outcome, Run, Strategy, Task, UnfinishedError
from helpers.strategies.run import Comparison, Running, available_strategies, compare, run, start

__all__ = [
    "Comparison",
    "Interpreter",
    "NotSendableError",
    "Outcome",
    "Run",
    "Running",
    "Strategy",
    "Task",
    "UnfinishedError",
    "available_strategies",
    "compare",
    "cores_available",
    "explore",
    "gil_enabled",
    "run",
    "start",
    "this_interpreter",
]
