"""Debian's Chromium, and the people who walk through the course with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.visit import PATIENCE_MILLISECONDS
from tests.conftest import Person

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser without anybody's history."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def student(tmp_path: Path, exchange: Path) -> Person:
    """A student with the two settings from the student guide."""
    home = tmp_path / "ada"
    (home / ".jupyter").mkdir(parents=True)
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        f"c.CourseDirectory.course_id = 'concurrency'\nc.Exchange.root = '{exchange}'\n", encoding="utf-8"
    )
    return Person(home, home, exchange)
