"""Honest work earns the same points in the sandbox as under nbgrader's own `Execute`, cell by cell."""

# ruff: noqa: E501 - a cell is easier to read in one piece

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.tests import (
    create_grade_and_solution_cell,
    create_grade_cell,
    create_locked_cell,
    create_solution_cell,
    create_task_cell,
)

from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

EXAMPLES = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
PLAIN = """
c.Autograde.sanitize_preprocessors = Autograde.sanitize_preprocessors.default()
c.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default()
"""

# What a student wrote, and the tests that follow it: (name, points, source). Every kind of thing that notebooks do.
CELLS: list[tuple[str, list[tuple[str, float, str]]]] = [
    ("def double(x):\n    return 2 * x", [("double", 1, "assert double(2) == 4")]),
    (
        "def triple(x):\n    return 2 * x",
        [
            ("triple-wrong", 1, "assert triple(2) == 6, 'triple(2) should be 6'"),
            ("triple-hidden", 1, "assert True\n### BEGIN HIDDEN TESTS\nassert triple(3) == 9, 'secret'\n### END HIDDEN TESTS"),
        ],
    ),
    ("answers = [1, 2, 0]", [("partial", 3, "sum(given == right for given, right in zip(answers, [1, 2, 3]))")]),
    ("", [("half", 2, "print('a half')\n0.5 * 2"), ("words", 1, "'well done'"), ("truth", 1, "True"), ("nothing", 1, "")]),
    ("", [("figure", 3, "3 if 'double' in globals() else 0")]),
    ("raise ValueError('before the others')\nnever = 1", [("never", 1, "assert never == 1"), ("others", 1, "assert double(1) == 2")]),
    ("rows = open('data.csv').read().split()", [("file", 1, "assert rows == ['1,2', '3,4']")]),
    ("with open('made.txt', 'w') as made:\n    made.write('here')", [("made", 1, "assert open('made.txt').read() == 'here'")]),
    ("%%time\ntimed = 5", [("magic-time", 1, "assert timed == 5")]),
    ("%timeit -n1 -r1 sum(range(10))\nafter = 1", [("magic-timeit", 1, "assert after == 1")]),
    ("!echo shell\nlisted = !echo one; echo two", [("shell", 1, "assert list(listed) == ['one', 'two']")]),
    ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('Mine')\naxes = plt.gca()", [
        ("plot", 1, "assert axes.get_title() == 'Mine' and len(axes.lines) == 1"),
    ]),
    ("%load_ext no_such_extension", [("after-bad-extension", 1, "assert double(3) == 6")]),
    ("%no_such_magic\nunset = 1", [("after-bad-magic", 1, "assert unset == 1")]),
    ("%%capture caught\nprint('kept')", [("capture", 1, "assert caught.stdout == 'kept\\n'")]),
    ("%%writefile written.py\nvalue = 3", [("writefile", 1, "from written import value\nassert value == 3")]),
    ("import asyncio\nasync def later():\n    await asyncio.sleep(0)\n    return 6\nawaited = await later()", [
        ("await", 1, "assert awaited == 6"),
        ("await-in-test", 1, "assert await later() == 6"),
    ]),
    ("name = input('name? ')", [("input", 1, "assert name")]),
    ("display(double(2))\nfrom IPython.display import HTML, Markdown\ndisplay(Markdown('*hello*'))\nHTML('<b>x</b>')", [
        ("display", 1, "assert double(4) == 8"),
    ]),
    ("import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\ndisplay(slider)", [("widget", 1, "assert slider.value == 3")]),
    ("from ipywidgets import interact\n@interact(x=2)\ndef show(x):\n    print(x)\ninteracted = 1", [("interact", 1, "assert interacted == 1")]),
    ("import numpy as np\nmatrix = np.eye(2) @ np.ones((2, 2))", [
        ("numpy", 1, "np.testing.assert_allclose(matrix, 1)"),
        ("numpy-credit", 2, "np.float64(1.0)"),
    ]),
    ("import threading\nfound = []\nthread = threading.Thread(target=found.append, args=(1,))\nthread.start()\nthread.join()", [
        ("thread", 1, "assert found == [1]"),
    ]),
    ("import multiprocessing\ndef square(x):\n    return x * x\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n    squares = pool.map(square, [1, 2])", [
        ("fork", 1, "assert squares == [1, 4]"),
    ]),
    ("with multiprocessing.get_context('spawn').Pool(1) as pool:\n    sizes = pool.map(abs, [-1, -2])", [("spawn", 1, "assert sizes == [1, 2]")]),
    ("import pickle\nclass Kept:\n    pass\ncopied = pickle.loads(pickle.dumps(Kept()))", [("pickle", 1, "assert type(copied) is Kept")]),
    ("import subprocess, sys\nran = subprocess.run([sys.executable, '-c', 'print(1 + 1)'], capture_output=True, text=True).stdout", [
        ("subprocess", 1, "assert ran == '2\\n'"),
    ]),
    ("print('to be read', end='')\n_hidden = 1\n3 + 4", [("last-value", 1, "assert _hidden == 1")]),
    ("from dataclasses import dataclass\nfrom enum import Enum\n@dataclass(slots=True)\nclass Point:\n    x: int = 0\nclass Colour(Enum):\n    RED = 1", [
        ("dataclass", 1, "assert Point(2).x == 2 and Colour(1) is Colour.RED"),
    ]),
    ("class Broken:\n    def __eq__(self, other):\n        raise RuntimeError('no')", [("raises", 1, "assert Broken() == 1")]),
    ("import logging, traceback, inspect\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.exception('logged')\n    text = traceback.format_exc()", [
        ("logging", 1, "assert 'ZeroDivisionError' in text"),
        ("inspect", 1, "assert list(inspect.signature(double).parameters) == ['x']"),
    ]),
    ("def :(", [("after-syntax-error", 1, "assert double(6) == 12")]),
]  # fmt: skip


def mixed() -> NotebookNode:
    """Return a source notebook with all cells, a manually graded cell, a task and a locked one."""
    notebook = new_notebook()
    for place, (code, tests) in enumerate(CELLS):
        if code:
            notebook.cells.append(create_solution_cell(code, "code", f"cell-{place}"))
        notebook.cells += [create_grade_cell(source, "code", name, points) for name, points, source in tests]
    notebook.cells += [
        new_code_cell("double(21)"),
        create_locked_cell("locked = 1", "code", "locked"),
        create_grade_and_solution_cell("because = 'I say so'", "code", "explained", 3),
        create_grade_and_solution_cell("In **words**.", "markdown", "in-words", 3),
        create_task_cell("Draw something.", "markdown", "drawn", 2),
    ]
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with nbgrader's example assignment, its two students, and an assignment of all kinds of cells."""
    folder = tmp_path_factory.mktemp("same") / "course"
    source = folder / "source"
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text(encoding="utf-8"))
    shutil.copytree(EXAMPLES / "source" / "ps1", source / "ps1")
    shutil.copytree(EXAMPLES / "submitted", folder / "submitted")
    shutil.copytree(source / "ps1", folder / "submitted" / "solved" / "ps1")
    (source / "mixed").mkdir()
    (source / "mixed" / "data.csv").write_text("1,2\n3,4\n")
    nbformat.write(mixed(), source / "mixed" / "first.ipynb")
    nbformat.write(
        new_notebook(
            cells=[
                create_solution_cell("second = 2", "code", "s"),
                create_grade_cell("assert second == 2", "code", "second", 1),
            ]
        ),
        source / "mixed" / "second.ipynb",
    )
    for assignment in ("ps1", "mixed"):
        run(folder, "generate_assignment", assignment)
    shutil.copytree(source / "mixed", folder / "submitted" / "solved" / "mixed")
    shutil.copytree(folder / "release" / "mixed", folder / "submitted" / "hacker" / "mixed")
    curious = nbformat.read(folder / "submitted" / "hacker" / "mixed" / "first.ipynb", as_version=4)
    curious.cells.append(new_code_cell("import os\nprint('I see', sorted(os.listdir()), os.path.exists('link'))"))
    nbformat.write(curious, folder / "submitted" / "hacker" / "mixed" / "first.ipynb")
    (folder / "submitted" / "hacker" / "mixed" / "link").symlink_to(folder / "nbgrader_config.py")
    return folder


def run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def graded(course: Path, name: str, settings: str) -> Path:
    """Autograde a copy of the course; return its folder."""
    folder = course.parent / name
    shutil.copytree(course, folder, symlinks=True)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(settings)
    for assignment in ("ps1", "mixed"):
        run(folder, "autograde", assignment)
    return folder


@pytest.fixture(scope="module")
def isolated(course: Path) -> Path:
    """The course as the sandbox has graded it."""
    return graded(course, "isolated", "")


def scores(folder: Path) -> dict[tuple[str, str, str], tuple[float | None, float, bool]]:
    """Return score, maximum and whether a person has to look, cell by cell."""
    found = {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "concurrency") as gradebook:
        for assignment in gradebook.assignments:
            for submission in gradebook.assignment_submissions(assignment.name):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        key = (submission.student_id, notebook.name, grade.name)
                        found[key] = (grade.auto_score, grade.max_score, grade.needs_manual_grade)
    return found


def test_every_cell_earns_what_it_earns_without_the_sandbox(course: Path, isolated: Path) -> None:
    plain, ours = scores(graded(course, "plain", PLAIN)), scores(isolated)
    assert len(plain) > 100
    assert {key: (plain[key], ours.get(key)) for key in plain if plain[key] != ours.get(key)} == {}
    assert plain.keys() == ours.keys()
    earned = {name: score for (student, _, name), (score, _, _) in plain.items() if student == "solved"}
    failed = {name for name, score in earned.items() if score == 0}
    assert failed == {"triple-wrong", "triple-hidden", "never", "after-bad-magic", "input", "raises"}
    assert (earned["partial"], earned["half"], earned["explained"]) == (2.0, 1.0, None)


def test_feedback_tells_what_failed_and_nothing_of_hidden_tests(isolated: Path) -> None:
    run(isolated, "generate_feedback", "mixed", "--student", "solved")
    page = (isolated / "feedback" / "solved" / "mixed" / "first.html").read_text(encoding="utf-8")
    assert "triple(2) should be 6" in page
    assert "A hidden test did not pass." in page
    assert "secret" not in page and "triple(3)" not in page and "HIDDEN" not in page


def test_a_link_in_a_submission_leads_nowhere(isolated: Path) -> None:
    first = nbformat.read(isolated / "autograded" / "hacker" / "mixed" / "first.ipynb", as_version=4)
    said = [output.text for cell in first.cells for output in cell.get("outputs", []) if output.get("name") == "stdout"]
    assert "I see ['data.csv'] False\n" in said
