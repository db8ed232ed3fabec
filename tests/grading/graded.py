"""Grade a few cells as a submission, without nbgrader around it."""

from nbgrader.utils import is_grade, is_solution

from helpers.checks import EXERCISES
from helpers.grading.isolated import Cell, Patience, grade
from helpers.grading.outcome import Outcome
from tests.submissions.notebooks import answered

PATIENCE = Patience(cell=3, check=20)


def outcomes(**solutions: str) -> dict[str, Outcome]:
    """Return what becomes of every check of a notebook with these solutions, by `grade_id`."""
    code = [cell for cell in answered(**solutions).cells if cell.cell_type == "code"]
    cells = [
        Cell(number, cell.source, cell.metadata.nbgrader.grade_id if is_grade(cell) and not is_solution(cell) else "")
        for number, cell in enumerate(code, start=1)
    ]
    grade(cells, patience=PATIENCE)
    return {cell.name: cell.outcome for cell in cells if cell.outcome is not None}


def points(found: dict[str, Outcome]) -> dict[str, int]:
    """Return the points that the outcomes earn, by exercise."""
    return {
        exercise.name: sum(
            behaviour.points for behaviour in exercise.behaviours if found[behaviour.name].kind == "passed"
        )
        for exercise in EXERCISES
    }
