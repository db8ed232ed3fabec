"""Make students' notebooks from the released one and from the sample answers beside this file."""

import copy
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

HERE = Path(__file__).resolve().parent
RELEASED = HERE.parent.parent / "release" / "exercises" / "practice.ipynb"
_CELL = re.compile(r"^# %% (?P<title>.+)$", re.MULTILINE)


def answers(exercise: str, kind: str) -> dict[str, str]:
    """Return the sample answers to an exercise, code by title.

    Args:
        exercise: The solution cell's `grade_id`.
        kind: "right", "wrong" or "cheats".
    """
    text = (HERE / "answers" / f"{exercise}-{kind}.py").read_text(encoding="utf-8")
    _, *parts = _CELL.split(text)
    return {title: code.strip() + "\n" for title, code in zip(parts[::2], parts[1::2], strict=True)}


def released() -> NotebookNode:
    """Return a fresh copy of the notebook that students are given."""
    return copy.deepcopy(nbformat.read(RELEASED, as_version=4))


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Return the managed cell of that name."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def answered(**solutions: str) -> NotebookNode:
    """Return the released notebook with some solution cells filled in.

    Args:
        solutions: Code by `grade_id`, written with underscores: `safe_counter="class SafeCounter: ..."`.
    """
    notebook = released()
    for name, code in solutions.items():
        cell(notebook, name.replace("_", "-")).source = code
    return notebook
