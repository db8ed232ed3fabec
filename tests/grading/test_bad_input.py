"""Files that are no notebooks, or no longer the released one: their owner hears why, the class is graded."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from tests.conftest import Person
from tests.submissions.notebooks import cell
from tests.submissions.students import CLASS

PERFECT = CLASS[0]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _truncated(path: Path) -> None:
    whole = nbformat.writes(PERFECT.hand_in())
    path.write_text(whole[: len(whole) // 2])


def _not_json(path: Path) -> None:
    path.write_bytes(b"\x00\xff I meant to hand in a PDF")


def _other_json(path: Path) -> None:
    path.write_text(json.dumps({"cells": "none", "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))


def _foreign(path: Path) -> None:
    nbformat.write(new_notebook(cells=[new_code_cell("print('my holiday pictures')")]), path)


def _half_a_character(path: Path) -> None:
    """JSON can escape half a character, which no file can hold, in a cell and in what it prints."""
    notebook = PERFECT.hand_in()
    notebook.cells.insert(0, new_code_cell("x = 'HALF'\nprint(chr(0xD800))\nraise ValueError(chr(0xDFFF))"))
    path.write_text(nbformat.writes(notebook).replace("HALF", "\\ud800"))


def _wrong_name(path: Path) -> None:
    nbformat.write(PERFECT.hand_in(), path.with_name("practice (1).ipynb"))


def _richer(path: Path) -> None:
    """Points raised, a test cell unlocked and rewritten, an id changed, cells tagged to be skipped."""
    notebook = PERFECT.hand_in()
    raised = cell(notebook, "safe-counter-counts")
    raised.metadata.nbgrader.points = "many"
    raised.metadata["tags"] = ["skip-execution"]
    rewritten = cell(notebook, "task-queue-run-all")
    rewritten.metadata.nbgrader.locked = False
    rewritten.source = "pass"
    cell(notebook, "shared-list-keeps-items").metadata.nbgrader.grade_id = "mine"
    cell(notebook, "shared-list").metadata.nbgrader = "broken"
    nbformat.write(notebook, path)


BROKEN: dict[str, tuple[Callable[[Path], None], float, str]] = {
    "bea-truncated": (_truncated, 0.0, "cut off or is no notebook"),
    "cid-not-json": (_not_json, 0.0, "cut off or is no notebook"),
    "dov-other-json": (_other_json, 0.0, "cut off or is no notebook"),
    "eli-foreign": (_foreign, 0.0, "was missing; it is put back"),
    "fay-wrong-name": (_wrong_name, 0.0, "the file is missing (there is only practice (1).ipynb)"),
    "hal-half-a-character": (_half_a_character, 100.0, ""),
    "gil-richer": (_richer, 100.0, "is locked but was changed"),
}


def test_the_class_is_graded_around_broken_files(instructor: Person) -> None:
    hand_ins = dict(BROKEN)
    hand_ins["zoe-perfect"] = (lambda path: nbformat.write(PERFECT.hand_in(), path), 100.0, "")
    paths = {}
    for name, (write, _, _) in hand_ins.items():
        paths[name] = instructor.folder / "submitted" / name / "exercises" / "practice.ipynb"
        paths[name].parent.mkdir(parents=True)
        write(paths[name])
    before = {path: path.read_bytes() for path in instructor.folder.glob("submitted/*/*/*.ipynb")}

    instructor.nbgrader("generate_assignment", "exercises")
    run = instructor.nbgrader("autograde", "exercises")

    lines = run.stderr.splitlines()
    with Gradebook(f"sqlite:///{instructor.folder / 'gradebook.db'}", "concurrency") as gradebook:
        for name, (_, points, said) in hand_ins.items():
            assert gradebook.find_submission("exercises", name).score == points, (name, run.stderr)
            about = [line for line in lines if f"student {name}, practice.ipynb" in line]
            assert any(said in line for line in about) or not said, (name, run.stderr)
    assert "Traceback" not in run.stderr
    assert before == {path: path.read_bytes() for path in instructor.folder.glob("submitted/*/*/*.ipynb")}

    instructor.nbgrader("generate_feedback", "exercises")
    page = instructor.folder / "feedback" / "bea-truncated" / "exercises" / "practice.html"
    assert "could not be graded" in page.read_text(encoding="utf-8")
