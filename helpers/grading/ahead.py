"""Run a submission's cells ahead of nbgrader, in a worker process: pure work that touches no gradebook but to read it.

Grading is a function of the cells alone, so what a worker found is recognised by their contents.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.converters import Autograde
from traitlets.config import Config

from helpers.grading.execute import IsolatedExecute, cells_of
from helpers.grading.exporter import UnreadableNotebookError, read_submission
from helpers.grading.isolated import Cell

Found = dict[str, list[Cell]]


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one assignment.

    Attributes:
        student: Student id.
        assignment: Its name.
        folder: Where it was submitted.
        extra: Whether files that are no notebooks belong to it, so that it has to be graded where they are.
    """

    student: str
    assignment: str
    folder: Path
    extra: bool = False


def key_of(cells: list[Cell]) -> str:
    """Return what identifies cells to be graded."""
    return hashlib.sha256(json.dumps([(cell.source, cell.name) for cell in cells]).encode()).hexdigest()


def run_ahead(submission: Submission, root: str, config: Config, db_url: str) -> Found:
    """Grade the notebooks of a submission, as nbgrader would find them after its sanitizing step.

    Args:
        submission: Whose.
        root: The course folder.
        config: The course's nbgrader configuration.
        db_url: The gradebook, which is only read.

    Returns:
        The graded cells of each notebook, by `key_of`; none for files that cannot be read.
    """
    os.chdir(root)
    found: Found = {}
    if submission.extra:
        return found
    for path in sorted(submission.folder.glob("*.ipynb")):
        try:
            nb = read_submission(path)
            cells = cells_of(_sanitized(nb, submission, path.stem, config, db_url))
        except (UnreadableNotebookError, LookupError):
            continue  # nbgrader's own pass reports it
        key = key_of(cells)
        IsolatedExecute(config=config).run(cells, None)
        found[key] = cells
    return found


def _sanitized(nb: NotebookNode, submission: Submission, notebook: str, config: Config, db_url: str) -> NotebookNode:
    about = {
        "student": submission.student,
        "assignment": submission.assignment,
        "notebook": notebook,
        "db_url": db_url,
    }
    resources: dict[str, Any] = {"nbgrader": about, "metadata": {}}
    steps = config.Autograde.get("sanitize_preprocessors", Autograde.sanitize_preprocessors.default())
    for step in steps:
        quiet = step(config=config)
        quiet.log.disabled = True
        nb, resources = quiet.preprocess(nb, resources)
        quiet.log.disabled = False
    return nb
