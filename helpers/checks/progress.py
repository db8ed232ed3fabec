"""The progress line under every test cell: "2/5 exercises, 40/100 XP", kept for as long as the kernel lives."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from helpers.checks.exercise import Exercise


@dataclass(slots=True)
class Progress:
    """Which behaviours pass at the moment.

    Attributes:
        exercises: All exercises of the course.
        passed: Names of the test cells that passed when they last ran.
    """

    exercises: tuple[Exercise, ...]
    passed: set[str] = field(default_factory=set)
    _line: Any = None

    def record(self, grade_id: str, passes: bool) -> None:
        """Note the outcome of a test cell; every progress line on the page follows."""
        (self.passed.add if passes else self.passed.discard)(grade_id)
        if self._line is not None:
            self._line.value = self._html()

    @property
    def xp(self) -> int:
        """Points of all behaviours that pass."""
        return sum(
            behaviour.points
            for exercise in self.exercises
            for behaviour in exercise.behaviours
            if behaviour.name in self.passed
        )

    @property
    def total(self) -> int:
        """Points that can be had."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def solved(self) -> int:
        """How many exercises pass in all their behaviours."""
        return sum(_names(exercise.behaviours) <= self.passed for exercise in self.exercises)

    def __str__(self) -> str:
        return f"{self.solved}/{len(self.exercises)} exercises, {self.xp}/{self.total} XP"

    def show(self) -> None:
        """Display the line: a widget that goes on moving in JupyterLab, plain text where a notebook is graded."""
        if os.environ.get("NBGRADER_EXECUTION"):
            print(self)
            return
        from ipywidgets import HTML

        from helpers.showing import show

        if self._line is None:
            self._line = HTML(self._html())
        show(self._line, self._html(), str(self))

    def _html(self) -> str:
        return (
            f'<progress value="{self.xp}" max="{self.total}" aria-label="Points so far"></progress>'
            f' <span role="status">{self}</span>'
        )


def _names(behaviours: Iterable[Any]) -> set[str]:
    return {behaviour.name for behaviour in behaviours}
