"""Grade the same submissions with `otter run`, which needs no container, and with this course's grader.

    python -m bench.otter [--submissions 12] [--workers 2]

otter-grader gets an environment of its own, made for the occasion: it asks for other versions of what the lock pins.
Its tests call the very checks that ours call, so both must give the same scores. It grades without isolation.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import nbformat

from bench.grading import ROOT, course_grade, make_class, scores
from helpers.checks import EXERCISES

_OTTER = "otter-grader==7.0.0"
_TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}


@test_case(points={points}, hidden=False)
def test_behaviour(env):
    from helpers.checks import verify

    verify({name!r}, env)
"""


def install(where: Path) -> Path:
    """Make an environment with otter-grader and what the course's checks import; return its folder of programs."""
    venv.create(where, with_pip=True)
    needed = [_OTTER, "ipykernel", "ipywidgets"]
    subprocess.run([where / "bin" / "pip", "install", "--quiet", *needed], check=True, stderr=subprocess.DEVNULL)
    return where / "bin"


def make_autograder(where: Path, programs: Path) -> Path:
    """Write one otter test for each behaviour, and pack them up."""
    tests = where / "tests"
    tests.mkdir(parents=True)
    for exercise in EXERCISES:
        for behaviour in exercise.behaviours:
            text = _TEST.format(name=behaviour.name, points=behaviour.points)
            (tests / f"{behaviour.name}.py").write_text(text, encoding="utf-8")
    packed = where / "autograder.zip"
    command = [programs / "otter", "generate", "--no-environment", "--no-config", "-t", tests, "-o", packed]
    subprocess.run(command, check=True, cwd=where, stdout=subprocess.DEVNULL)
    return packed


def without_tests(submitted: Path, stripped: Path) -> None:
    """Write a submission as otter expects it: the student's cells, and no nbgrader around them."""
    notebook = nbformat.read(submitted, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
    notebook.metadata = nbformat.NotebookNode(kernelspec={"name": "python3", "display_name": "Python 3"})
    nbformat.write(notebook, stripped)


def otter_run(notebook: Path, autograder: Path, programs: Path) -> float:
    """Grade one submission; return its score."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    command = [programs / "otter", "run", "--no-logo", "-a", autograder, "-o", notebook.parent, notebook]
    subprocess.run(
        command, check=True, cwd=notebook.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    results = json.loads((notebook.parent / "results.json").read_text(encoding="utf-8"))
    return float(sum(test.get("score", 0) for test in results["tests"]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        course = where / "course"
        make_class(course, options.submissions)
        ours = course_grade(course, options.workers).seconds / options.submissions
        expected = scores(course)
        programs = install(where / "otter")
        autograder = make_autograder(where / "autograder", programs)
        given = {}
        seconds = 0.0
        for student in expected:
            notebook = where / "stripped" / student / "practice.ipynb"
            notebook.parent.mkdir(parents=True)
            without_tests(course / "submitted" / student / "exercises" / "practice.ipynb", notebook)
            started = time.perf_counter()
            given[student] = otter_run(notebook, autograder, programs)
            seconds += time.perf_counter() - started
    theirs = seconds / options.submissions
    others = [student for student in expected if given[student] != expected[student]]
    print(f"otter run, not isolated, one after another: {theirs:.3f} s each")
    print(f"course grade, isolated, {options.workers} workers: {ours:.3f} s each, {theirs / ours:.1f} times as fast")
    print(f"other scores: {', '.join(others)}" if others else "the same scores")
    sys.exit(bool(others))


if __name__ == "__main__":
    main()
