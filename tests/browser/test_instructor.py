"""An instructor's way round an assignment, by hand: edit, generate, release, collect, grade, correct, give feedback."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.formgrader import Formgrader, Submission
from tests.browser.lab import Lab, cell_places
from tests.browser.server import lab_of
from tests.browser.visit import keep_picture, visiting
from tests.conftest import ROOT, Person
from tests.submissions.notebooks import cell
from tests.submissions.students import CLASS, Student

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
ADA, CLEO = (student for student in CLASS if student.name in ("ada-perfect", "cleo-half"))
SOURCE = ROOT / "source" / "exercises" / "practice.ipynb"
PEEP = """
try:
    print(open("{gradebook}", "rb").read(6))
except OSError as error:
    print(type(error).__name__)
"""


@pytest.fixture
def teacher(instructor: Person) -> Person:
    """An instructor whose students all share one account of this machine, which nbgrader would not collect from."""
    settings = instructor.home / ".jupyter"
    settings.mkdir(parents=True)
    (settings / "nbgrader_config.py").write_text("c.ExchangeCollect.check_owner = False\n", encoding="utf-8")
    return instructor


def test_an_instructor_runs_the_course(browser: Browser, teacher: Person, tmp_path: Path) -> None:
    class_list = tmp_path / "students.csv"
    class_list.write_text(
        f"id,first_name,last_name\n{ADA.name},Ada,Lovelace\n{CLEO.name},Cleo,Patra\n", encoding="utf-8"
    )
    teacher.nbgrader("db", "student", "import", str(class_list))
    with lab_of(teacher) as server, visiting(browser, server, "instructor") as page:
        lab = Lab(page, server)
        change_points(lab)
        formgrader = Formgrader(page)
        formgrader.expect_title("Manage Assignments")
        assert "Successfully created the student version of 'exercises'" in formgrader.press("exercises", "assign")
        formgrader.row("exercises").locator("td.preview a").click()
        expect(page.locator(".jp-FileBrowser-crumbs")).to_have_text(re.compile(r"/\s*release\s*/\s*exercises"))
        # Folded away, because the Formgrader needs the room.
        page.get_by_role("tab", name=re.compile("^File Browser")).click()
        for said in ("released", "unreleased", "released"):  # a new version is released as the guide says
            assert f"Successfully {said} 'exercises'" in formgrader.press("exercises", "release")

        for student in (ADA, CLEO):
            hand_in(student, teacher, tmp_path)
        assert "Successfully collected submissions of 'exercises'" in formgrader.press("exercises", "collect")
        formgrader.row("exercises").locator("td.num-submissions").get_by_role("link", name="2").click()
        formgrader.expect_title("Manage Submissions")
        for student in (ADA, CLEO):
            assert "Successfully autograded" in formgrader.press(student.name, "autograde")
            expect(formgrader.row(student.name)).to_contain_text(f"{student.total:g} / 100")
            # Of the gradebook: the button, too, takes the isolated path.
            assert printed(teacher, student).endswith("\nFileNotFoundError\n")

        correct(formgrader, page)
        formgrader.go("Manage Assignments")
        formgrader.press("exercises", "generate-feedback")
        formgrader.press("exercises", "release-feedback")
        keep_picture(page, "formgrader", height=600)

    report = subprocess.run(
        [sys.executable, "-m", "helpers.grading.command", "report", "exercises"],
        cwd=teacher.folder, env=teacher.environment, capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    assert report.stdout
    teacher.nbgrader("export")
    with (teacher.folder / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {ADA.name: ADA.total, CLEO.name: CLEO.total + 5}
    (feedback,) = (teacher.folder / "feedback" / CLEO.name / "exercises").glob("practice.html")
    assert "Half of the idea is there." in feedback.read_text(encoding="utf-8")


def change_points(lab: Lab) -> None:
    """Look at a source notebook with Create Assignment, and change what a behaviour is worth."""
    notebook = lab.open("source/exercises/practice.ipynb", SOURCE)
    page = lab.page
    page.get_by_role("tab", name="Create Assignment").click()
    total = page.locator(".nbgrader-TotalPointsInput")
    expect(total).to_have_value("100")
    notebook.cell("safe-counter-counts").locator(".cm-content").click()
    widget = page.locator(".nbgrader-CellWidget").nth(cell_places(SOURCE)["safe-counter-counts"])
    expect(widget.locator(".nbgrader-CellId input")).to_have_value("safe-counter-counts")
    expect(widget.locator("select")).to_have_value("tests")
    widget.scroll_into_view_if_needed()
    keep_picture(page, "create-assignment")
    points = widget.locator(".nbgrader-CellPoints input")
    points.fill("5")
    points.press("Enter")
    expect(total).to_have_value("101")
    points.fill("4")
    points.press("Enter")
    expect(total).to_have_value("100")
    notebook.cell("safe-counter-counts").locator(".cm-content").click()
    notebook.save()


def hand_in(student: Student, teacher: Person, folder: Path) -> None:
    """Let a student fetch and submit; nbgrader's commands do what the student's walk does by hand."""
    home = folder / student.name
    shutil.copytree(teacher.home / ".jupyter", home / ".jupyter", ignore=lambda *_: ["lab"])
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        f"c.CourseDirectory.course_id = 'concurrency'\nc.Exchange.root = '{teacher.exchange}'\n", encoding="utf-8"
    )
    person = Person(home, home, teacher.exchange)
    person.nbgrader("fetch_assignment", "exercises")
    notebook = student.hand_in()
    cell(notebook, "classify-task").source += PEEP.format(gradebook=teacher.folder / "gradebook.db")
    nbformat.write(notebook, home / "exercises" / "practice.ipynb")
    person.nbgrader("submit", "exercises", f"--student={student.name}")


def printed(teacher: Person, student: Student) -> str:
    """Return what a student's first answer printed while it was graded."""
    graded = nbformat.read(teacher.folder / "autograded" / student.name / "exercises" / "practice.ipynb", as_version=4)
    return "".join(output.text for output in cell(graded, "classify-task").outputs)


def correct(formgrader: Formgrader, page: Page) -> None:
    """Give Cleo five points by hand, with a word of encouragement."""
    formgrader.go("Manual Grading", "exercises", "practice")
    rows = formgrader.frame.get_by_role("row").filter(has_text=f"{CLEO.total:g} / 100")
    rows.get_by_role("link", name=re.compile("Submission #")).click()
    submission = Submission(formgrader)
    submission.comment("safe-counter", "Half of the idea is there.")
    submission.give("safe-counter-two-threads", "5")
    formgrader.frame.locator("textarea.comment[id='safe-counter-comment']").scroll_into_view_if_needed()
    keep_picture(page, "formgrader-submission")
    formgrader.frame.locator("a[href*='/gradebook/exercises/practice']").first.click()
    expect(formgrader.frame.get_by_role("row").filter(has_text=f"{CLEO.total + 5:g} / 100")).to_be_visible()
