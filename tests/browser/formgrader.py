"""What an instructor does in nbgrader's Formgrader and Create Assignment panel, in JupyterLab."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, Response, expect

from tests.browser.lab import Lab

_MINUTES = 300_000  # a notebook is graded in this time, even on a busy machine

_LOADED = re.compile(".")  # until its old content is there, a field has no placeholder, and loses what is written


class Formgrader:
    """The Formgrader tab.

    Attributes:
        frame: The page in it.
    """

    def __init__(self, page: Page) -> None:
        """Open it from the menu."""
        Lab.choose(page, "Nbgrader", "Formgrader")
        self.frame: FrameLocator = page.frame_locator("iframe[src*='formgrader']")

    def row(self, text: str) -> Locator:
        """Return the row of a table that shows a text."""
        return self.frame.get_by_role("row").filter(has=self.frame.get_by_text(text, exact=True))

    def press(self, row: str, column: str) -> str:
        """Press the icon in a column of a row, wait for the dialog that says it worked, and return what it says.

        Args:
            row: A text in the row: an assignment's or a student's name.
            column: The class of the cell: "assign", "release", "collect", "autograde", "generate-feedback", ...
        """
        self.row(row).locator(f"td.{column} a").first.click()
        dialog = self.frame.locator("#success-modal")
        expect(dialog).to_be_visible(timeout=_MINUTES)
        said = dialog.inner_text()
        dialog.locator("button").last.click()
        expect(dialog).to_have_count(0)
        return said

    def go(self, *links: str) -> None:
        """Click on links, one after another."""
        for link in links:
            self.frame.get_by_role("link", name=link, exact=True).click()

    def expect_title(self, title: str) -> None:
        """Wait until a page of the Formgrader is shown."""
        expect(self.frame.get_by_role("heading", name=title)).to_be_visible()


class Submission:
    """One student's notebook, as the Formgrader shows it for manual grading."""

    def __init__(self, formgrader: Formgrader) -> None:
        self.frame = formgrader.frame
        expect(self.frame.get_by_text(re.compile(r"Submission \d+ / \d+")).first).to_be_visible()

    def give(self, cell: str, points: str) -> None:
        """Write a score beside a test cell and wait until it is saved."""
        field = self.frame.locator(f"input.score[id='{cell}']")
        expect(field).to_have_attribute("placeholder", _LOADED)
        field.fill(points)
        with field.page.expect_response(lambda response: _saves(response, "/api/grade/")):
            field.press("Enter")
            field.blur()

    def comment(self, cell: str, text: str) -> None:
        """Write a comment under an answer and wait until it is saved."""
        field = self.frame.locator(f"textarea.comment[id='{cell}-comment']")
        expect(field).to_have_attribute("placeholder", _LOADED)
        field.fill(text)
        with field.page.expect_response(lambda response: _saves(response, "/api/comment/")):
            field.blur()


def _saves(response: Response, address: str) -> bool:
    return response.request.method == "PUT" and address in response.url and response.ok
