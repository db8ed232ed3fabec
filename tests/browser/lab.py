"""What a person does in JupyterLab: choose from menus, open notebooks, write in cells, run them, read what appears."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server

_LESSON_MILLISECONDS = 300_000  # 15 s on a quiet machine


def _ended(number: str = r"\d+") -> re.Pattern[str]:
    """Match the prompt of a cell that has ended; a cell whose code is folded away shows none."""
    return re.compile(rf"^(\[{number}\]:)?$")


def cell_places(notebook: Path) -> dict[str, int]:
    """Return the place of each cell of a notebook file, by its `grade_id` or else its id."""
    cells = nbformat.read(notebook, as_version=4).cells
    return {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): place for place, cell in enumerate(cells)}


class Notebook:
    """The notebook in front.

    Attributes:
        panel: Everything of it that is on the page.
    """

    def __init__(self, page: Page, places: Mapping[str, int]) -> None:
        """Wait until the notebook can be worked with.

        Args:
            page: The page with JupyterLab.
            places: Where the cells stand in it, by name.
        """
        self.page = page
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self._places = places
        expect(self.panel.locator(".jp-Cell")).to_have_count(len(places))
        expect(self.panel.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")).to_be_visible()
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()  # before that, keys run nothing

    def cell(self, name: str) -> Locator:
        """Return a cell."""
        return self.panel.locator(f'.jp-Cell[data-windowed-list-index="{self._places[name]}"]')

    def outputs(self, name: str) -> Locator:
        """Return what stands under a code cell."""
        return self.cell(name).locator(".jp-OutputArea-output")

    def write(self, name: str, code: str) -> None:
        """Replace what is in a code cell."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)

    def run(self, name: str) -> None:
        """Run a code cell and wait until it has ended."""
        prompt = self.cell(name).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(_ended())

    def run_all(self) -> None:
        """Run every cell with the menu and wait until the last one has ended."""
        Lab.choose(self.page, "Run", "Run All Cells")
        self._wait_for_prompts([_ended()] * self._prompts.count())

    def restart_and_run_all(self) -> None:
        """Do what the practice notebook asks for before it is handed in."""
        Lab.choose(self.page, "Kernel", "Restart Kernel and Run All Cells…")
        self.page.get_by_role("dialog").locator("button.jp-mod-accept").click()
        # A new kernel counts from 1, so these numbers cannot be those of an earlier run.
        self._wait_for_prompts([_ended(str(number)) for number in range(1, self._prompts.count() + 1)])

    @property
    def _prompts(self) -> Locator:
        return self.panel.locator(".jp-CodeCell .jp-InputPrompt")

    def _wait_for_prompts(self, expected: Sequence[re.Pattern[str]]) -> None:
        expect(self._prompts).to_have_text(expected, timeout=_LESSON_MILLISECONDS)
        expect(self.panel.get_by_text(re.compile("model not found|Error displaying widget"))).to_have_count(0)

    def save(self) -> None:
        """Save with the keyboard and wait until JupyterLab says so."""
        self.page.keyboard.press("Control+S")
        expect(self.page.locator(".lm-TabBar-tab.lm-mod-current.jp-mod-dirty")).to_have_count(0)

    def shut_down(self) -> None:
        """End the kernel and close the notebook."""
        Lab.choose(self.page, "File", "Close and Shut Down Notebook…")
        self.page.get_by_role("dialog").locator("button.jp-mod-accept").click()
        expect(self.panel).to_have_count(0)


class Lab:
    """JupyterLab in a browser page."""

    def __init__(self, page: Page, server: Server, start: str = "lab") -> None:
        """Go to an address of the server and wait for the menus.

        Args:
            page: An empty page.
            server: Where JupyterLab runs.
            start: Which of its addresses is opened.
        """
        self.page = page
        self.server = server
        page.goto(server.url(start))
        self.wait_for_menus(page)

    @staticmethod
    def wait_for_menus(page: Page) -> None:
        """Wait until JupyterLab is there, with the parts that bring menus of their own."""
        expect(page.get_by_role("menuitem", name="Help")).to_be_visible()

    @staticmethod
    def choose(page: Page, menu: str, entry: str) -> None:
        """Choose an entry from a menu."""
        page.get_by_role("menuitem", name=menu, exact=True).click()
        page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()

    def open(self, path: str, file: Path) -> Notebook:
        """Open a notebook by its address.

        Args:
            path: Where the server has it.
            file: The same notebook, to find its cells by name.
        """
        self.page.goto(self.server.url(f"lab/tree/{path}?reset"))  # without the tabs of another visit
        return Notebook(self.page, cell_places(file))

    def bring_to_front(self, tab: str) -> None:
        """Click on a tab."""
        self.page.get_by_role("tab", name=tab).click()


class AssignmentList:
    """nbgrader's list of assignments, in a tab of JupyterLab."""

    def __init__(self, page: Page) -> None:
        """Open it from the menu."""
        self.page = page
        Lab.choose(self.page, "Nbgrader", "Assignment List")
        self.released = self.page.locator("#released_assignments_list")
        self.fetched = self.page.locator("#fetched_assignments_list")
        self.submitted = self.page.locator("#submitted_assignments_list")

    def fetch(self, assignment: str) -> None:
        """Fetch a released assignment and unfold its notebooks."""
        self._row(self.released, assignment).get_by_role("button", name="Fetch").click()
        self.fetched.get_by_role("button", name=assignment).click()

    def open(self, notebook: str, file: Path) -> Notebook:
        """Open a fetched notebook; `file` is where it is on disk."""
        self.fetched.get_by_role("link", name=notebook).click()
        return Notebook(self.page, cell_places(file))

    def validate(self, notebook: str) -> str:
        """Validate a fetched notebook and return what the dialog says."""
        self._row(self.fetched, notebook).last.get_by_role("button", name="Validate").click()
        return read_dialog(self.page)

    def submit(self, assignment: str) -> None:
        """Submit and wait until the submission is listed."""
        self._row(self.fetched, assignment).get_by_role("button", name="Submit").click()
        expect(self._row(self.submitted, assignment).first).to_be_visible()

    def fetch_feedback(self, assignment: str) -> None:
        """Look again, and fetch the feedback that is out."""
        self.page.locator("#refresh_assignments_list").click()
        self._row(self.submitted, assignment).get_by_role("button", name="Fetch Feedback").first.click()

    @staticmethod
    def _row(rows: Locator, name: str) -> Locator:
        return rows.locator(".list_item").filter(has_text=name)


def read_dialog(page: Page) -> str:
    """Wait for a dialog, return its text and close it."""
    dialog = page.get_by_role("dialog")
    text = dialog.inner_text()
    dialog.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    return text
