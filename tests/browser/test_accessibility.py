"""Our own widgets and figures, examined by axe in light and dark, and worked with the keyboard alone."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, expect

from tests.browser.lab import Lab
from tests.browser.server import lab_of
from tests.browser.visit import visiting
from tests.conftest import ROOT, Person

AXE = ROOT / "tools" / "node" / "node_modules" / "axe-core" / "axe.min.js"
CELLS = {
    "explorer": "from helpers.strategies import explore\nexplore(tasks=3, size=0.1)",
    "stepper": """
from helpers import interleave
from helpers.interleave.draw import SchedulePicture
from helpers.interleave.stepper import ScheduleStepper

class Kitchen:
    def __init__(self):
        import threading
        self.knife, self.board = threading.Lock(), threading.Lock()
    def knife_first(self):
        with self.knife, self.board: pass
    def board_first(self):
        with self.board, self.knife: pass

stuck = interleave.explore(Kitchen, [Kitchen.knife_first, Kitchen.board_first])
ScheduleStepper(stuck.failure)""",
    "schedule": "SchedulePicture(stuck.failure)",
    "question": "from helpers.lessons import predict\npredict('three-waits')",
    "progress": "from helpers.checks import check\nprediction = '1'\ncheck('predict-output-printed-list', globals())",
    "gil": "from helpers.timeline.gil_view import GilView\nGilView(threads=2, seconds=0.1)",
    "tree": "from helpers.lessons.decision import decision_tree\ndecision_tree(gil=True)",
    "bars": "from helpers.lessons.bar_chart import bar_chart\nbar_chart('Bread: 2 s', {'bread': 2, 'tea': 1})",
}

CONTROLS = "button:enabled, select:enabled, input:enabled:not([type=radio]), [role=slider]:not([disabled] *)"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def write_notebook(path: Path) -> None:
    cells = [new_code_cell(source.strip(), id=name) for name, source in CELLS.items()]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def violations(output: Locator) -> list[str]:
    """Let axe examine a part of the page by the rules of WCAG 2.2, levels A and AA."""
    found = output.evaluate(
        "part => axe.run(part, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(result => result.violations)"
    )
    return [
        f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}\n    {node['failureSummary'][:300]}"
        for violation in found
        for node in violation["nodes"]
    ]


def unreached(output: Locator) -> list[str]:
    """Press Tab from the first control on; return the controls that are never reached."""
    controls = output.locator(CONTROLS)
    if not controls.count():
        return []
    controls.first.focus()
    for _ in range(3 * controls.count()):  # a slider has a second stop: the field with its number
        output.page.evaluate("document.activeElement.dataset.reached = true")
        output.page.keyboard.press("Tab")
    return [control.evaluate("it => it.outerHTML") for control in controls.all() if not reached(control)]


def reached(control: Locator) -> bool:
    return control.get_attribute("data-reached") is not None


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_our_widgets_are_accessible(browser: Browser, student: Person, theme: str) -> None:
    file = student.folder / "widgets.ipynb"
    write_notebook(file)
    dark = theme.endswith("Dark")
    with lab_of(student, theme) as server, visiting(browser, server, f"accessibility-{theme}") as page:
        notebook = Lab(page, server).open("widgets.ipynb", file)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false" if dark else "true")
        for name in CELLS:
            notebook.run(name)
        expect(notebook.panel.get_by_text("Traceback (most recent call last)")).to_have_count(0)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        areas = {name: notebook.cell(name).locator(".jp-Cell-outputArea") for name in CELLS}
        complaints = [f"{name}: {each}" for name, area in areas.items() for each in violations(area)]
        assert not complaints, "\n".join(complaints)
        for name, area in areas.items():
            assert not unreached(area), name
        workload = notebook.cell("explorer").get_by_label("Workload")
        workload.select_option("count primes")  # a slider that changes its label changes its name too
        expect(notebook.cell("explorer").get_by_role("slider", name="Limit")).to_be_visible()


def test_what_is_not_accessible_is_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<main><button>one</button> <button tabindex='-1'></button> <button>three</button></main>")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    (nameless,) = violations(page.locator("main"))
    assert nameless.startswith("button-name")
    (hidden,) = unreached(page.locator("main"))
    assert "-1" in hidden
