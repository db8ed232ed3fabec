"""Grade a few cells as a submission, without nbgrader around it."""

from helpers.checks import EXERCISES
from helpers.grading.execute import cells_of
from helpers.grading.isolated import Patience, grade
from helpers.grading.outcome import Outcome
from helpers.grading.sandbox import Limits
from tests.submissions.notebooks import answered

PATIENCE = Patience(cell=3, check=20)
LIMITS = Limits(memory=500_000_000, all_memory=800_000_000)  # reached within the patience on a slow machine, too


def outcomes(**solutions: str) -> dict[str, Outcome]:
    """Return what becomes of every check of a notebook with these solutions, by `grade_id`."""
    cells = cells_of(answered(**solutions))
    grade(cells, limits=LIMITS, patience=PATIENCE)
    return {cell.name: cell.outcome for cell in cells if cell.outcome is not None}


def points(found: dict[str, Outcome]) -> dict[str, int]:
    """Return the points that the outcomes earn, by exercise."""
    return {
        exercise.name: sum(
            behaviour.points for behaviour in exercise.behaviours if found[behaviour.name].kind == "passed"
        )
        for exercise in EXERCISES
    }
