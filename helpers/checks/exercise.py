"""The vocabulary of a check: an exercise, its behaviours, and the sentence with which one fails."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Picture(Protocol):
    """Something that a notebook can display, with a text form for everyone who cannot see it."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any: ...


class CheckFailed(AssertionError):
    """The answer does not do what the exercise asks; the message is one sentence that says what to try.

    Attributes:
        picture: What to show beside the sentence, such as the schedule that broke the code; or None.
        endless: Whether that is because the code went on and on.
    """

    endless = False

    def __init__(self, sentence: str, picture: Picture | None = None) -> None:
        super().__init__(sentence)
        self.picture = picture

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone: IPython calls this instead of printing our own code's traceback."""
        return [f"✗ {self}"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student wrote for one exercise.

    Attributes:
        value: The object under the name that the exercise asks for: a function, a class or a text.
        namespace: Where the student's cells were run; IPython keeps their sources there, under "In".
    """

    value: Any
    namespace: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing an answer must do.

    Attributes:
        name: The test cell's `grade_id`.
        points: What it is worth, in XP.
        verify: Returns if the answer does it, raises CheckFailed if not.
        requires: The name of a behaviour without which this one does not count; "" if it stands alone.
        slow: Whether right answers may take a while: many orders of threads are tried, or one with many steps.
    """

    name: str
    points: int
    verify: Callable[[Answer], None]
    requires: str = ""
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise and, filled by its `behaviour` decorator, what an answer to it must do.

    Attributes:
        name: The solution cell's `grade_id`.
        answer: The name that the student's cell must define.
    """

    name: str
    answer: str
    behaviours: list[Behaviour] = field(default_factory=list)

    def behaviour(
        self, name: str, *, points: int, requires: str = "", slow: bool = False
    ) -> Callable[[Callable[[Answer], None]], Callable[[Answer], None]]:
        """Register the decorated function as the check behind the test cell `<exercise>-<name>`.

        Args:
            name: Of the behaviour.
            points: What it is worth, in XP.
            requires: The name of another behaviour of this exercise, if it counts only together with that.
            slow: Whether right answers may take a while.
        """

        def register(verify: Callable[[Answer], None]) -> Callable[[Answer], None]:
            required = f"{self.name}-{requires}" if requires else ""
            self.behaviours.append(Behaviour(f"{self.name}-{name}", points, verify, required, slow))
            return verify

        return register

    @property
    def points(self) -> int:
        """What the whole exercise is worth, in XP."""
        return sum(behaviour.points for behaviour in self.behaviours)


def find_behaviour(exercises: Iterable[Exercise], grade_id: str) -> tuple[Exercise, Behaviour]:
    """Return the behaviour behind a test cell, with its exercise.

    Raises:
        LookupError: If no exercise has a test cell of that name.
    """
    for exercise in exercises:
        for behaviour in exercise.behaviours:
            if behaviour.name == grade_id:
                return exercise, behaviour
    raise LookupError(f"no exercise has a test cell named {grade_id!r}")
