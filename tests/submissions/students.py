"""The sample class: what each student hands in, and what it is worth."""

from collections.abc import Callable
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tests.submissions.notebooks import answered, answers, cell, released

EXERCISES = ("classify-task", "safe-counter", "predict-output", "shared-list", "task-queue")
UNLOCKED = """
class SafeCounter:
    def __init__(self):
        self.value = 0

    def increment(self):
        self.value += 1

    def get(self):
        return self.value
"""


@dataclass(frozen=True, slots=True)
class Student:
    """A member of the sample class.

    Attributes:
        name: Student id.
        hand_in: Makes the notebook that is submitted.
        points: What it earns in each exercise.
    """

    name: str
    hand_in: Callable[[], NotebookNode]
    points: dict[str, float]

    @property
    def total(self) -> float:
        """Points in all."""
        return sum(self.points.values())


def _right(exercise: str) -> str:
    """Return a right answer: the first one of the samples."""
    return next(iter(answers(exercise, "right").values()))


def _perfect() -> NotebookNode:
    return answered(**{name.replace("-", "_"): _right(name) for name in EXERCISES})


def _half_done() -> NotebookNode:
    """Two exercises right, a counter without its lock, the rest untouched."""
    return answered(
        classify_task=_right("classify-task"),
        safe_counter=UNLOCKED,
        predict_output=_right("predict-output"),
    )


def _wrong() -> NotebookNode:
    return answered(
        classify_task="def classify_task(description):\n    return 'threading'",
        safe_counter="class SafeCounter: pass",
        predict_output="prediction = '[5, 10, 15, 20]\\n50'",
        shared_list="import threading\nthis is not Python",
        task_queue="TaskQueue = list",
    )


def _deleted_cells() -> NotebookNode:
    """Everything is answered, but in cells of the student's own; given cells and checks are thrown away."""
    notebook = released()
    for name in EXERCISES:
        place = notebook.cells.index(cell(notebook, name))
        notebook.cells[place] = new_code_cell(_right(name))
    checks = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    for check in checks[::2] + [c for c in checks if c.source.count("task-queue")]:
        if check in notebook.cells:
            notebook.cells.remove(check)
    return notebook


def _copied_cells() -> NotebookNode:
    """Every given cell is there twice, as JupyterLab's copy and paste leaves it."""
    notebook = _perfect()
    for name in (*EXERCISES, "safe-counter-counts"):
        original = cell(notebook, name)
        copied = new_code_cell(original.source, metadata=original.metadata)
        notebook.cells.insert(notebook.cells.index(original), copied)
    return notebook


_ALL = dict.fromkeys(EXERCISES, 20.0)
_NONE = dict.fromkeys(EXERCISES, 0.0)

CLASS = (
    Student("ada-perfect", _perfect, _ALL),
    Student("ben-empty", released, _NONE),
    Student("cleo-half", _half_done, _NONE | {"classify-task": 20.0, "safe-counter": 8.0, "predict-output": 20.0}),
    Student("dan-wrong", _wrong, _NONE),
    Student("eve-deleted", _deleted_cells, _ALL),
    Student("finn-copied", _copied_cells, _ALL),
)
LATE = Student("gus-late", _perfect, _ALL)
