"""A small assignment as another teacher writes it: asserts, partial credit, a cell for a person, one without points."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NOTEBOOK = "quiz"

RIGHT = {"zebra": "def double(x):\n    return 2 * x", "apple": "def halve(x):\n    return x / 2"}
UNANSWERED = "YOUR ANSWER HERE"  # nbgrader's
ODD_NAME = "名前 <b>"
ANSWERS = {
    "ada": RIGHT | {"essay": "Threads share memory."},
    "ben": RIGHT | {"zebra": "def double(x):\n    return x + 1"},
    "cleo": RIGHT | {"zebra": "def double(x):\n    return x * 3", "apple": "def halve(x):\n    return x"},
    "dan": {"zebra": "double = None", "apple": "pass"},
    ODD_NAME: RIGHT | {"zebra": "def double(x):\n    raise ValueError('\\x1b[31m<script>alert(1)</script> & 名前')"},
}


def source() -> NotebookNode:
    """Return the instructor's notebook; its exercises are not in the order of the alphabet."""
    return new_notebook(
        cells=[
            new_markdown_cell("# A quiz"),
            _solution("zebra"),
            _test("zebra-small", 2, "assert double(2) == 4, f'double(2) should be 4, but it is {double(2)}.'"),
            _test("zebra-large", 3, "assert double(50) == 100, f'double(50) should be 100, but it is {double(50)}.'"),
            _solution("apple"),
            _test("apple-part", 4, "4 if halve(4) == 2 else 1"),
            _test("apple-free", 0, "assert halve(0) == 0\nassert halve(4) == 2"),
            new_markdown_cell(
                "What do threads share?", metadata=_managed("essay", "markdown", grade=True, solution=True, points=5)
            ),
        ]
    )


def handed_in(answers: dict[str, str]) -> NotebookNode:
    """Return a student's notebook with these answers, by `grade_id`."""
    notebook = source()
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        if about and about["solution"]:
            cell.source = answers.get(about["grade_id"], UNANSWERED)
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook into a folder that may have to be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _solution(name: str) -> NotebookNode:
    source = f"### BEGIN SOLUTION\n{RIGHT[name]}\n### END SOLUTION"
    return new_code_cell(source, metadata=_managed(name, "code", grade=False, solution=True))


def _test(name: str, points: int, code: str) -> NotebookNode:
    return new_code_cell(code, metadata=_managed(name, "code", grade=True, solution=False, points=points))


def _managed(name: str, cell_type: str, *, grade: bool, solution: bool, points: int | None = None) -> dict[str, object]:
    about = {
        "cell_type": cell_type,
        "grade": grade,
        "grade_id": name,
        "locked": grade and not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": about | ({"points": points} if points is not None else {})}
