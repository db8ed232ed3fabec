"""Three system users on a school's JupyterHub: what one student hands in, the other cannot find."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hub import from_guide, hub_on, log_in
from tests.browser.lab import AssignmentList
from tests.browser.machine import Machine, User
from tests.browser.visit import visiting
from tests.conftest import ROOT
from tests.submissions.notebooks import RELEASED, answers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can run programs as several users: run it with sudo"),
]
SPY = """
from pathlib import Path

for look in {attempts}:
    try:
        look()
        print("that worked")
    except PermissionError:
        print("refused")
"""


EXCHANGE = "/srv/nbgrader/exchange"  # in the guides


@pytest.fixture
def machine(tmp_path: Path, exchange: Path) -> Machine:
    """A machine with the course's environment and its exchange where the guides have them."""
    return Machine(tmp_path / "machine", {"/srv/course/.venv": Path(sys.prefix), EXCHANGE: exchange})


def set_up_course(instructor: User) -> None:
    course = instructor.home / "course"
    course.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "source", course / "source")
    Machine.give(instructor, instructor.home)


def set_up_student(student: User) -> None:
    """Write the two settings from the student guide."""
    (student.home / ".jupyter").mkdir()
    settings = from_guide("students.md", "c.CourseDirectory")
    (student.home / ".jupyter" / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    Machine.give(student, student.home)


def test_students_on_one_hub_cannot_find_each_others_work(
    browser: Browser, machine: Machine, exchange: Path, tmp_path: Path
) -> None:
    ines = machine.add_user("ines")
    ada, ben = machine.add_user("ada", "ada's secret"), machine.add_user("ben", "ben's secret")
    set_up_course(ines)
    for student in (ada, ben):
        set_up_student(student)

    def as_instructor(*arguments: str) -> str:
        done = machine.run(
            sys.executable, "-m", "nbgrader", *arguments, user=ines, folder="/home/ines/course",
            environment={"NBGRADER_EXCHANGE": EXCHANGE, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    as_instructor("generate_assignment", "exercises")
    as_instructor("release_assignment", "exercises")

    with hub_on(machine, tmp_path) as hub:
        with visiting(browser, hub, "hub-ada") as page:
            log_in(page, hub, "ada", "ada's secret")
            assignments = AssignmentList(page)
            assignments.fetch("exercises")
            practice = assignments.open("practice", RELEASED)
            practice.write("predict-output", next(iter(answers("predict-output", "right").values())))
            practice.save()
            AssignmentList(page).submit("exercises")
        (submission,) = (exchange / "concurrency" / "inbound").iterdir()
        assert submission.name.startswith("ada+exercises+")

        with visiting(browser, hub, "hub-ben") as page:
            log_in(page, hub, "ben", "ben's secret")
            assignments = AssignmentList(page)
            assignments.fetch("exercises")
            practice = assignments.open("practice", RELEASED)
            inbound = f"{EXCHANGE}/concurrency/inbound"
            practice.write(
                "safe-counter",
                SPY.format(
                    # What was handed in, Ada's home, and a submission whose name Ben somehow has.
                    attempts=f"lambda: list(Path('{inbound}').iterdir()), "
                    "Path('/home/ada/exercises/practice.ipynb').read_bytes, "
                    f"Path('{inbound}/{submission.name}/practice.ipynb').touch"
                ),
            )
            practice.run("safe-counter")
            expect(practice.outputs("safe-counter")).to_have_text(re.compile("^refused\nrefused\nrefused\n?$"))
            AssignmentList(page).submit("exercises")

    as_instructor("collect", "exercises")  # checks that each submission belongs to the student whose name it bears
    collected = ines.home / "course" / "submitted"
    assert sorted(path.name for path in collected.iterdir()) == ["ada", "ben"]
    assert "[10, 20, 30, 40]" in (collected / "ada" / "exercises" / "practice.ipynb").read_text(encoding="utf-8")
