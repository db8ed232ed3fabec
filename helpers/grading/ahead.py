"""Run a submission's cells ahead of nbgrader, in a worker: pure work on bytes that touches no course and no gradebook.

So it can be done anywhere: in a process pool, or on another machine.
"""

import logging
import pickle
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbconvert.exporters import Exporter
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import setenv
from traitlets.config import Config

from helpers.grading.definition import Definition

TO_GRADEBOOK = (SaveAutoGrades, AssignLatePenalties)  # the steps that are left to whoever has the gradebook


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an assignment is graded: the same for the whole class, and sent to workers as bytes.

    Attributes:
        assignment: Its name.
        notebooks: What was released, by the notebook's name.
        exporter: Reads and writes the notebooks.
        steps: nbgrader's preprocessors in their order, without those that need the gradebook.
        config: The course's nbgrader configuration.
    """

    assignment: str
    notebooks: dict[str, Definition]
    exporter: type[Exporter]
    steps: tuple[type, ...]
    config: Config


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one assignment.

    Attributes:
        student: Student id.
        files: The contents of all that is graded, by path, with the instructor's own files in place of theirs.
    """

    student: str
    files: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Ran:
    """A submission whose cells have run.

    Attributes:
        notebooks: Each notebook with its outputs, as the text of its file, by name.
        warnings: What an instructor should read about it.
    """

    notebooks: dict[str, str]
    warnings: list[str]


def run_ahead(recipe: bytes, submission: Submission) -> Ran:
    """Take a submission through all steps that need no gradebook.

    Args:
        recipe: A pickled `Recipe`.
        submission: Whose.

    Raises:
        SandboxError: If no sandbox can be had here.
    """
    made, exporter = _prepared(recipe)
    warnings = _Warnings()
    exporter.log.addHandler(warnings)
    try:
        with tempfile.TemporaryDirectory() as name:
            _write(Path(name), submission.files)
            notebooks = {
                notebook: _converted(exporter, Path(name, f"{notebook}.ipynb"), made, submission.student)
                for notebook in made.notebooks
            }
    finally:
        exporter.log.removeHandler(warnings)
    return Ran(notebooks, warnings.said)


@lru_cache(maxsize=4)
def _prepared(recipe: bytes) -> tuple[Recipe, Exporter]:
    made: Recipe = pickle.loads(recipe)
    exporter = made.exporter(config=made.config)
    exporter._preprocessors = []
    for step in made.steps:
        exporter.register_preprocessor(step)
    return made, exporter


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for path, contents in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)


def _converted(exporter: Exporter, path: Path, recipe: Recipe, student: str) -> str:
    notebook = path.stem
    about = {
        "student": student,
        "assignment": recipe.assignment,
        "notebook": notebook,
        "definition": recipe.notebooks[notebook],
    }
    resources = {"unique_key": notebook, "output_files_dir": f"{notebook}_files", "nbgrader": about}
    with setenv(NBGRADER_EXECUTION="autograde"):
        text, _ = exporter.from_filename(str(path), resources)
    return str(text)


class _Warnings(logging.Handler):
    """Collects what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.said.append(record.getMessage())
