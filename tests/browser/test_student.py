"""A student's way through the practice notebook, by hand: fetch, err, solve, validate, submit, read the feedback."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.lab import AssignmentList, Lab, Notebook, cell_places, read_dialog
from tests.browser.server import lab_of
from tests.browser.visit import keep_picture, visiting
from tests.conftest import Person
from tests.submissions.notebooks import RELEASED, answers
from tests.submissions.students import EXERCISES, UNLOCKED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_a_student_solves_the_exercises(browser: Browser, instructor: Person, student: Person) -> None:
    instructor.nbgrader("generate_assignment", "exercises")
    instructor.nbgrader("release_assignment", "exercises")
    with lab_of(student) as server, visiting(browser, server, "student") as page:
        lab = Lab(page, server)
        assignments = AssignmentList(page)
        assignments.fetch("exercises")
        keep_picture(page, "assignment-list", height=380)
        practice = assignments.open("practice", RELEASED)
        make_a_mistake(practice)
        solve(practice)

        page.get_by_role("button", name="Validate").click()  # of the notebook's toolbar
        assert "Your notebook passes all the tests" in read_dialog(page)
        lab.bring_to_front("Assignments")
        assert "Your notebook passes all the tests" in assignments.validate("practice")
        assignments.submit("exercises")

        instructor.nbgrader("collect", "exercises")
        instructor.nbgrader("autograde", "exercises")
        instructor.nbgrader("generate_feedback", "exercises")
        instructor.nbgrader("release_feedback", "exercises")

        assignments.fetch_feedback("exercises")
        assignments.submitted.get_by_text("view feedback").click()
        page.get_by_role("listitem", name=re.compile("practice.html")).dblclick()
        feedback = page.locator("iframe.jp-HTMLViewer, .jp-HTMLViewer iframe").content_frame
        expect(feedback.get_by_text("Score: 100.0 / 100.0").first).to_be_visible()
        keep_picture(page, "feedback")


def make_a_mistake(practice: Notebook) -> None:
    """Forget the lock; the check shows the order of threads in which an increment is lost."""
    practice.write("safe-counter", UNLOCKED)
    practice.run("safe-counter")
    practice.run("safe-counter-two-threads")
    outputs = practice.outputs("safe-counter-two-threads")
    expect(outputs.filter(has_text="✗ Thread A read value = 0 before thread B had written")).to_be_visible()
    expect(outputs.get_by_role("img", name=re.compile("increments? .*lost"))).to_be_visible()
    expect(outputs.get_by_role("status")).to_have_text("0/5 exercises, 0/100 XP")
    outputs.last.evaluate("output => output.scrollIntoView({block: 'end'})")
    keep_picture(practice.page, "failing-schedule")


def solve(practice: Notebook) -> None:
    """Write the five answers one after another and watch the progress line under an early check move."""
    progress = practice.outputs("safe-counter-two-threads").get_by_role("status")
    places = cell_places(RELEASED)
    for solved, exercise in enumerate(EXERCISES, start=1):
        practice.write(exercise, next(iter(answers(exercise, "right").values())))
        practice.run(exercise)
        for check in (name for name in places if name.startswith(f"{exercise}-") and not name.endswith("-text")):
            practice.run(check)
            expect(practice.outputs(check).filter(has_text=f"✓ {check}")).to_be_visible()
        expect(progress).to_have_text(f"{solved}/5 exercises, {20 * solved}/100 XP")
    practice.restart_and_run_all()
    expect(progress).to_have_text("5/5 exercises, 100/100 XP")
    practice.save()
