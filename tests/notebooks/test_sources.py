"""The promises about notebooks: solvable, unsolved when released, tidy, and never edited by hand in release/."""

import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from helpers.checks import EXERCISES, CheckFailed, verify
from helpers.checks.predict_output import PROGRAM, printed_lines
from tests.conftest import ROOT, Person
from tests.submissions.notebooks import cell

SOURCE = ROOT / "source"
NOTEBOOKS = sorted(path.relative_to(SOURCE) for path in SOURCE.glob("*/*.ipynb"))
BEHAVIOURS = [behaviour for exercise in EXERCISES for behaviour in exercise.behaviours]


@pytest.fixture(scope="module")
def practice() -> NotebookNode:
    return nbformat.read(SOURCE / "exercises" / "practice.ipynb", as_version=4)


@pytest.fixture(scope="module")
def released() -> NotebookNode:
    return nbformat.read(ROOT / "release" / "exercises" / "practice.ipynb", as_version=4)


def run_solution(notebook: NotebookNode, exercise: str) -> dict[str, object]:
    """Run one solution cell as a kernel would and return its namespace; stop quietly where a stub raises."""
    source = cell(notebook, exercise).source
    namespace: dict[str, object] = {"__name__": "__main__", "In": ["", source]}
    exec(compile(source, f"<{exercise}>", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_solution_has_every_behaviour(practice: NotebookNode, exercise, capsys) -> None:
    namespace = run_solution(practice, exercise.name)
    for behaviour in exercise.behaviours:
        verify(behaviour.name, namespace)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_released_cell_has_no_behaviour_yet(released: NotebookNode, exercise) -> None:
    namespace = run_solution(released, exercise.name)
    for behaviour in exercise.behaviours:
        with pytest.raises(CheckFailed):
            verify(behaviour.name, namespace)


def test_the_points_in_the_notebook_are_those_of_the_checks(practice: NotebookNode) -> None:
    in_notebook = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points
        for c in practice.cells
        if c.metadata.get("nbgrader", {}).get("grade")
    }
    assert in_notebook == {behaviour.name: behaviour.points for behaviour in BEHAVIOURS}
    assert [exercise.points for exercise in EXERCISES] == [20] * 5


def test_each_test_cell_checks_its_own_behaviour_and_ends_in_a_statement(practice: NotebookNode) -> None:
    for behaviour in BEHAVIOURS:
        *_, last = cell(practice, behaviour.name).source.splitlines()
        assert last == f'check("{behaviour.name}", globals())'


def test_the_program_to_predict_is_the_one_that_is_run(practice: NotebookNode) -> None:
    text = next(c.source for c in practice.cells if c.id == "predict-output-text")
    assert f"```python\n{PROGRAM}```" in text


def test_the_release_gives_no_answer_away(released: NotebookNode) -> None:
    whole = nbformat.writes(released)
    assert not re.search(r"BEGIN|END SOLUTION|HIDDEN", whole)
    for line in printed_lines():
        assert line not in [text.strip() for c in released.cells for text in c.source.splitlines()]
    assert printed_lines()[0].strip("[]") not in whole


def test_every_exercise_has_a_hint_and_none_is_empty(practice: NotebookNode) -> None:
    for exercise in EXERCISES:
        answer = practice.cells.index(cell(practice, exercise.name))
        text = next(c.source for c in reversed(practice.cells[:answer]) if c.cell_type == "markdown")
        hints = re.findall(r"<details>\s*<summary>(.+?)</summary>(.*?)</details>", text, re.DOTALL)
        assert hints and all(title.strip() and len(body.strip()) > 40 for title, body in hints), exercise.name


@pytest.mark.parametrize("folder", ["source", "release"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=str)
def test_the_notebook_is_valid_and_holds_no_trace_of_a_run(folder: str, path: Path) -> None:
    notebook = nbformat.read(ROOT / folder / path, as_version=4)
    nbformat.validate(notebook)
    assert len({c.id for c in notebook.cells}) == len(notebook.cells)
    for c in notebook.cells:
        assert re.fullmatch(r"[a-z0-9-]+", c.id), "cell ids are names, so that they never change by themselves"
        assert not c.get("outputs") and c.get("execution_count") is None
    assert notebook.metadata.language_info == {"name": "python"}


def test_git_holds_no_notebook_elsewhere() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.ipynb"], cwd=ROOT, capture_output=True, text=True, check=True)
    expected = {f"{folder}/{path}" for folder in ("source", "release") for path in NOTEBOOKS}
    assert set(tracked.stdout.split()) <= expected


@pytest.mark.timeout(180)
def test_release_is_a_fresh_generation_of_source(instructor: Person) -> None:
    for assignment in sorted({path.parts[0] for path in NOTEBOOKS}):
        instructor.nbgrader("generate_assignment", assignment)
    fresh = instructor.folder / "release"
    committed = {path.relative_to(ROOT / "release"): path.read_bytes() for path in (ROOT / "release").rglob("*.*")}
    assert {path.relative_to(fresh): path.read_bytes() for path in fresh.rglob("*.*")} == committed, "run make release"


def test_a_stub_that_is_not_a_comment_is_refused(instructor: Person) -> None:
    shutil.copytree(instructor.folder / "source" / "exercises", instructor.folder / "source" / "broken")
    path = instructor.folder / "source" / "broken" / "practice.ipynb"
    notebook = nbformat.read(path, as_version=4)
    stubbed = cell(notebook, "shared-list")
    stubbed.source = stubbed.source.replace("# class SharedList:", "class SharedList:")
    nbformat.write(notebook, path)
    run = instructor.nbgrader("generate_assignment", "broken", check=False)
    assert run.returncode != 0
    assert "cell 'shared-list': every line between BEGIN STUB and END SOLUTION must begin with '# '" in run.stderr
