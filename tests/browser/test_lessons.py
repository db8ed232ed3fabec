"""Every lesson in JupyterLab: it runs from top to bottom, and its timeline obeys slider, Run and Stop."""

import re
import shutil

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.lab import Lab
from tests.browser.server import lab_of
from tests.browser.visit import visiting
from tests.conftest import ROOT, Person

LESSONS = ROOT / "release" / "lessons"
TIMELINES = {
    "01-concurrency-and-parallelism": "explore-waits",
    "02-threads": "explore-mixed",
    "03-locks": "turns",
    "04-processes": "explore-blur",
    "05-asyncio": "explorer",
    "06-thread-pools": "lanes",
    "07-choosing": "explorer",
}
WITHOUT_KERNEL = {
    "predict-lost": "Show the answer",
    "stepper": "Step through the run here, in a running notebook.",
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]  # 2 minutes on a quiet machine


def test_every_lesson_runs_and_its_timeline_obeys(browser: Browser, student: Person) -> None:
    assert sorted(TIMELINES) == sorted(path.stem for path in LESSONS.glob("0*.ipynb"))
    shutil.copytree(LESSONS, student.folder / "lessons")
    with lab_of(student) as server, visiting(browser, server, "lessons") as page:
        lab = Lab(page, server)
        for lesson, timeline in TIMELINES.items():
            notebook = lab.open(f"lessons/{lesson}.ipynb", LESSONS / f"{lesson}.ipynb")
            notebook.run_all()
            drive(notebook.cell(timeline))
            if lesson == "03-locks":
                step_through(notebook.cell("stepper"))
            if lesson == "02-threads":
                measure_again(notebook.cell("gil-view"))
            notebook.save()
            notebook.shut_down()

        # What ipywidgets says of a widget whose kernel has ended; readers see what stands in its place.
        with visiting(browser, server, "lessons-again", expected=["widget model not found"]) as page:
            again = Lab(page, server).open("lessons/03-locks.ipynb", LESSONS / "03-locks.ipynb")
            for name, instead in WITHOUT_KERNEL.items():
                expect(again.cell(name).get_by_text(instead)).to_be_visible()
            expect(again.panel.get_by_text("Loading widget")).to_have_count(0)
            expect(again.panel.get_by_text("Error displaying widget").locator("visible=true")).to_have_count(0)


def drive(cell: Locator) -> None:
    """Ask for another task with the keyboard, run, and stop a run that would last too long."""
    run, stop = cell.get_by_role("button", name="Run"), cell.get_by_role("button", name="Stop")
    lanes, status = cell.locator("svg[role=img]"), cell.get_by_role("status")
    expect(run).to_be_enabled()
    before = lanes.get_attribute("aria-label") or ""
    tasks = cell.get_by_role("slider", name="Tasks")
    tasks.focus()
    tasks.press("ArrowRight")
    run.press("Enter")
    expect(lanes).not_to_have_attribute("aria-label", before)
    expect(run).to_be_enabled()
    expect(status).to_contain_text(re.compile(r"\d s"))

    tasks.press("End")
    run.press("Enter")
    stop.click()
    expect(status).to_have_text("Stopped.")
    expect(run).to_be_enabled()


def step_through(cell: Locator) -> None:
    """Walk through a schedule with the button and with the slider."""
    said = cell.get_by_role("status")
    first = said.inner_text()
    cell.get_by_role("button", name="Next").press("Enter")
    expect(said).not_to_have_text(first)
    cell.get_by_role("slider", name="Step").press("End")
    expect(said).to_contain_text("lost")


def measure_again(cell: Locator) -> None:
    """Let threads change more often, with the keyboard, and see another picture."""
    picture = cell.locator(".jp-RenderedHTML img")
    before = picture.get_attribute("src") or ""
    cell.get_by_role("slider", name="Switch interval").press("ArrowLeft")
    expect(picture).not_to_have_attribute("src", before)
