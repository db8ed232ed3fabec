"""A class that was graded once, for all tests of the report."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tests.conftest import ROOT, Person
from tests.grading.report.quiz import ANSWERS, NOTEBOOK, handed_in, source, write


@pytest.fixture(scope="session")
def generated_quiz(tmp_path_factory: pytest.TempPathFactory) -> Person:
    """A course with the quiz generated, which nobody has handed in."""
    home = tmp_path_factory.mktemp("quiz")
    folder = home / "course"
    folder.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    write(source(), folder / "source" / "quiz" / f"{NOTEBOOK}.ipynb")
    person = Person(home, folder, home)
    person.nbgrader("generate_assignment", "quiz")
    return person


@pytest.fixture(scope="session")
def graded_quiz(generated_quiz: Person, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course after the class has handed in and was graded."""
    folder = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(generated_quiz.folder, folder)
    for student, answers in ANSWERS.items():
        write(handed_in(answers), folder / "submitted" / student / "quiz" / f"{NOTEBOOK}.ipynb")
    Person(generated_quiz.home, folder, generated_quiz.home).nbgrader("autograde", "quiz")
    return folder


@pytest.fixture
def quiz(graded_quiz: Path, tmp_path: Path) -> Path:
    """A copy of the graded course that a test may change."""
    return Path(shutil.copytree(graded_quiz, tmp_path / "course"))


@pytest.fixture
def change(quiz: Path) -> Callable[[], Gradebook]:
    """Open the copy's gradebook."""
    return lambda: Gradebook(f"sqlite:///{quiz / 'gradebook.db'}", "concurrency")


def course_in(folder: Path) -> CourseDirectory:
    """Describe the course in a folder to the report, as the course's configuration does."""
    settings = {"root": str(folder), "course_id": "concurrency", "db_url": f"sqlite:///{folder / 'gradebook.db'}"}
    return CourseDirectory(config=Config({"CourseDirectory": settings}))
