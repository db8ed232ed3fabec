"""A walk is only as good as its ears: every kind of complaint is heard, and a quiet page is left in peace."""

import pytest
from playwright.sync_api import Browser

from tests.browser.console import Complaints, complaints_in
from tests.browser.server import lab_of
from tests.browser.visit import visiting
from tests.conftest import Person

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        ("console.error('oh dear')", "console error: oh dear"),
        ("console.warn('widget model not found')", "console warning: widget model not found"),
        ("setTimeout(() => { throw new Error('uncaught') })", "uncaught error: uncaught"),
        ("fetch('http://127.0.0.1:9/').catch(() => {})", "request failed: GET http://127.0.0.1:9/"),
        ("console.log('all is well')", ""),
    ],
)
def test_the_browser_is_heard(browser: Browser, script: str, heard: str) -> None:
    context = browser.new_context()
    complaints = Complaints(context)
    page = context.new_page()
    page.goto("data:text/html,<p>here</p>")
    page.evaluate(f"() => {{ {script} }}")
    page.evaluate("() => new Promise(resolve => setTimeout(resolve))")
    page.goto("data:text/html,<p>after it</p>")
    assert any(heard in found for found in complaints.found) if heard else not complaints.found
    context.close()


def test_what_belongs_to_a_visit_is_not_heard(browser: Browser) -> None:
    context = browser.new_context()
    complaints = Complaints(context, expected=["model not found"])
    page = context.new_page()
    page.evaluate("() => { console.error('widget model not found'); console.error('oh dear') }")
    page.goto("data:text/html,<p>after it</p>")
    assert [complaint.partition(" (")[0] for complaint in complaints.found] == ["console error: oh dear"]
    context.close()


def test_refused_requests_are_heard_on_both_sides(browser: Browser, student: Person) -> None:
    with (
        lab_of(student) as server,
        pytest.raises(AssertionError, match=r"status 404: GET(?s:.+)log: \[W .+ 404 GET /api/contents/nowhere"),
        visiting(browser, server, "console") as page,
    ):
        page.goto(server.url("api/contents/nowhere"))


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        "[E 2026-11-22 20:53:42.315 ServerApp] Uncaught exception GET /lab",
        "[C 2026-11-22 20:53:42.315 ServerApp] cannot go on",
        "[W 2026-11-22 20:53:42.315 ServerApp] 404 GET /nowhere (127.0.0.1) 1.00ms",
    ],
)
def test_bad_lines_of_a_log_are_heard(line: str) -> None:
    assert complaints_in(["[I 2026-11-22 20:53:42.315 ServerApp] Kernel started", line]) == [f"log: {line}"]
