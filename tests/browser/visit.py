"""A visit to a server: a browser page that leaves a screenshot if it fails, and no complaint if it does not."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize

from tests.browser.console import Complaints, complaints_in
from tests.browser.server import Server
from tests.conftest import ROOT

FAILURES = ROOT / "build" / "browser"
PATIENCE_MILLISECONDS = 180_000  # a busy machine is slow; nothing waits longer than it has to
VIEWPORT = ViewportSize(width=1280, height=900)


@contextmanager
def visiting(browser: Browser, server: Server, who: str, expected: Iterable[str] = ()) -> Iterator[Page]:
    """Open an empty page with which somebody visits a server.

    Args:
        browser: A running browser.
        server: Whose log must stay clean.
        who: Names the screenshot of a failure.
        expected: Patterns of complaints of the browser that belong to this visit.

    Raises:
        AssertionError: Something complained: the browser, a request, the server or one of its kernels.
    """
    context = browser.new_context(viewport=VIEWPORT)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    complaints = Complaints(context, expected)
    page = context.new_page()
    try:
        yield page
    except BaseException as error:
        FAILURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FAILURES / f"{who}.png")
        error.add_note(f"The page at that moment: {FAILURES / who}.png")
        error.add_note("\n".join(["Complaints until then:", *complaints.found, *complaints_in(server.log)]))
        error.add_note("\n".join(["The server's last lines:", *server.log[-15:]]))
        raise
    finally:
        context.close()
    found = [*complaints.found, *complaints_in(server.log)]
    assert not found, "\n".join(["somebody complained:", *found])


def keep_picture(page: Page, name: str, height: int = VIEWPORT["height"]) -> None:
    """Take a screenshot of the upper part of a page for the guides, if this run is meant to (`make screenshots`)."""
    if folder := os.environ.get("SCREENSHOTS"):
        clip = FloatRect(x=0, y=0, width=VIEWPORT["width"], height=height)
        page.screenshot(path=Path(folder) / f"{name}.png", clip=clip)
