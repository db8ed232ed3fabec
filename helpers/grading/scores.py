"""Save the scores and comments of a notebook in the gradebook, all at once."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook
from nbgrader.preprocessors import SaveAutoGrades


class SaveScores(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's SaveAutoGrades with one query and one commit for a notebook, where it takes two for each cell."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write down what each test cell earned and which answers were left as they were released."""
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = about["notebook"], about["assignment"], about["student"]
        with Gradebook(about["db_url"]) as gradebook:
            self.gradebook = _Entries(gradebook, self.notebook_id, self.assignment_id, self.student_id)
            for place, cell in enumerate(nb.cells):
                self.preprocess_cell(cell, resources, place)
            gradebook.db.flush()  # the database adds up what a late penalty depends on
            gradebook.db.commit()
        return nb, resources


class _Entries:
    """The part of a gradebook that a submitted notebook's cells ask for, fetched together."""

    def __init__(self, gradebook: Gradebook, notebook: str, assignment: str, student: str) -> None:
        submitted = gradebook.find_submission_notebook(notebook, assignment, student)
        released = submitted.notebook
        names = {cell.id: cell.name for cell in (*released.grade_cells, *released.solution_cells, *released.task_cells)}
        self._grades = {names[grade.cell_id]: grade for grade in submitted.grades}
        self._comments = {names[comment.cell_id]: comment for comment in submitted.comments}
        self.db = self

    def find_grade(self, name: str, *about: str) -> Grade:
        return self._grades[name]

    def find_comment(self, name: str, *about: str) -> Comment:
        return self._comments[name]

    def commit(self) -> None:
        """Nothing yet: the notebook is committed as a whole."""
