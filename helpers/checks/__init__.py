"""What each exercise must do: one module an exercise, and the one call that every test cell makes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from helpers.checks import classify_task, predict_output, safe_counter, shared_list, task_queue
from helpers.checks.exercise import Answer, Behaviour, CheckFailed, find_behaviour
from helpers.checks.progress import Progress

__all__ = ["EXERCISES", "CheckFailed", "check", "verify"]

EXERCISES = (
    classify_task.exercise,
    safe_counter.exercise,
    predict_output.exercise,
    shared_list.exercise,
    task_queue.exercise,
)

_progress = Progress(EXERCISES)
_found: dict[str, Any] = {}  # the answer that had a behaviour when that was last verified, by the behaviour's name


def verify(grade_id: str, namespace: Mapping[str, Any]) -> None:
    """Decide whether the answer in a notebook's namespace has the behaviour that a test cell stands for.

    Args:
        grade_id: The test cell's name: "safe-counter-two-threads".
        namespace: Where the student's cells were run.

    Raises:
        CheckFailed: If it has not, with one sentence that says what happened and what to try.
        LookupError: If there is no such test cell.
    """
    exercise, behaviour = find_behaviour(EXERCISES, grade_id)
    if exercise.answer not in namespace:
        raise CheckFailed(f"There is no {exercise.answer} yet: write it in the cell above and run that cell first.")
    # Not all names of a notebook are the answer's; the explorer looks into a dictionary, but not into a view of one.
    _verify(behaviour, Answer(namespace[exercise.answer], MappingProxyType(namespace)))


def _verify(behaviour: Behaviour, answer: Answer) -> None:
    """Verify a behaviour and the one that it requires, unless this very answer was found to have that."""
    if behaviour.requires and _found.get(behaviour.requires, _found) is not answer.value:
        _verify(find_behaviour(EXERCISES, behaviour.requires)[1], answer)
    _found.pop(behaviour.name, None)
    behaviour.verify(answer)
    _found[behaviour.name] = answer.value


def check(grade_id: str, namespace: Mapping[str, Any]) -> None:
    """Verify, then say so and show the progress line: all that a test cell does.

    Args:
        grade_id: The test cell's name.
        namespace: The notebook's `globals()`.

    Raises:
        CheckFailed: If the answer does not pass; the picture that explains it, if there is one, is shown first.
    """
    try:
        verify(grade_id, namespace)
    except CheckFailed as failure:
        _progress.record(grade_id, passes=False)
        if failure.picture is not None:
            from IPython.display import display

            display(failure.picture)
        _progress.show()
        raise
    _progress.record(grade_id, passes=True)
    _, behaviour = find_behaviour(EXERCISES, grade_id)
    print(f"✓ {behaviour.name}: {behaviour.points} XP")
    _progress.show()
