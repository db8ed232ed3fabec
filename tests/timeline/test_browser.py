"""The explorer and the GIL view in JupyterLab, driven by keyboard and mouse in a real browser."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parents[2]
CELLS = [
    "from helpers.strategies import explore\nexplore(strategies=['sequential', 'threads'])",
    "2 + 40",
    "from helpers.timeline.gil_view import GilView\nGilView()",
    "from helpers.lessons import predict\npredict('three-waits')",
    "from helpers.strategies import explore\nexplore(tasks=8, size=2, workers=1, strategies=['threads'])",
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's Chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", params=["Light", "Dark"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """An open notebook with the cells above, in one of the two themes."""
    tmp_path = tmp_path_factory.mktemp("lab")
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    settings = tmp_path / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": f"JupyterLab {request.param}"}))
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    homes = {name: str(tmp_path / name.lower()) for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR")}
    homes |= {"JUPYTER_DATA_DIR": str(tmp_path / "data"), "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings")}
    options = ["--no-browser", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=", "--allow-root"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={tmp_path}"],
        env={**os.environ, **homes, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        address = next(found[0] for line in server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        tab = browser.new_page(viewport={"width": 1000, "height": 1400})
        tab.set_default_timeout(60_000)
        expect.set_options(timeout=30_000)
        tab.goto(f"{address}/doc/tree/lesson.ipynb")
        yield tab
        tab.close()
    finally:
        server.terminate()
        with server:  # reads to the end and waits
            server.stderr.read()


def run_cell(page: Page, number: int) -> None:
    page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


@pytest.mark.timeout(120)
def test_the_explorer_lives_in_a_notebook(page: Page) -> None:
    expect(page.locator(".jp-CodeCell")).to_have_count(len(CELLS))
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    run_cell(page, 0)
    cell = page.locator(".jp-CodeCell").nth(0)
    run, stop = cell.get_by_role("button", name="Run"), cell.get_by_role("button", name="Stop")
    figure = cell.locator(".jp-RenderedHTML img")
    expect(figure).to_be_visible()
    first = figure.get_attribute("src")
    # The live lanes and the figure both say what they show.
    expect(cell.get_by_role("img", name=re.compile(r"Timeline\.\s4\swaits"))).to_have_count(2)

    run.focus()
    page.keyboard.press("Enter")  # the keyboard is enough
    expect(run).to_be_disabled()
    run_cell(page, 1)
    expect(page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")).to_have_text("42")
    expect(run).to_be_enabled()
    expect(figure).not_to_have_attribute("src", first or "")

    before = cell.get_by_text(re.compile(r"^At \d")).inner_text()
    handle = cell.get_by_role("slider").last
    handle.focus()
    page.keyboard.press("PageUp")
    expect(cell.get_by_text(re.compile(r"^At \d"))).not_to_have_text(before)

    box = page.locator(".jp-Notebook").bounding_box()
    inside = cell.locator("svg[role=img]").bounding_box()
    assert box is not None
    assert inside is not None
    assert inside["x"] + inside["width"] <= box["x"] + box["width"]
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"explorer-{theme_of(page)}.png")

    run.click()
    stop.click()
    expect(cell.get_by_role("status")).to_have_text("Stopped.")
    expect(run).to_be_enabled()

    run_cell(page, 2)
    view = page.locator(".jp-CodeCell").nth(2)
    picture = view.locator(".jp-RenderedHTML img")
    expect(picture).to_be_visible()
    second = picture.get_attribute("src")
    view.get_by_role("button", name="Measure again").click()
    expect(picture).not_to_have_attribute("src", second or "")


@pytest.mark.timeout(120)
def test_an_interrupt_stops_the_run_of_a_cell(page: Page) -> None:
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    run_cell(page, 4)
    cell = page.locator(".jp-CodeCell").nth(4)
    expect(cell.get_by_role("status")).to_contain_text("To stop it, interrupt the kernel")
    expect(cell.get_by_role("button", name="Stop")).to_be_disabled()
    page.locator(".jp-Toolbar").get_by_title("Interrupt").first.click()
    expect(cell.get_by_role("status")).to_have_text("Stopped.")
    expect(cell.locator(".jp-RenderedHTML img")).to_be_visible()
    expect(page.get_by_text("KeyboardInterrupt")).to_have_count(0)


@pytest.mark.timeout(120)
def test_a_question_shows_its_widgets_alone(page: Page) -> None:
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    run_cell(page, 3)
    cell = page.locator(".jp-CodeCell").nth(3)
    cell.get_by_label("about 0.9 s").check()
    expect(cell.locator("details")).to_be_hidden()
    cell.get_by_role("button", name="Reveal").click()
    expect(cell.get_by_role("status")).to_contain_text("Not this time. That is the sum")


@pytest.mark.parametrize("with_state", [True, False])
def test_an_exported_page_shows_the_question_and_no_dead_widgets(
    tmp_path: Path, browser: Browser, with_state: bool
) -> None:
    notebook = new_notebook(cells=[new_code_cell(source) for source in (CELLS[2], CELLS[3], "2 + 40")])
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    convert = [sys.executable, "-m", "nbconvert", "--to=html", "--execute", "--log-level=ERROR", "lesson.ipynb"]
    state = f"--ExecutePreprocessor.store_widget_state={with_state}"
    subprocess.run([*convert, state], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    page = browser.new_page(viewport={"width": 900, "height": 1000}, offline=True)
    page.goto((tmp_path / "lesson.html").as_uri(), wait_until="domcontentloaded")
    picture, question, number = (page.locator(".jp-CodeCell").nth(n) for n in range(3))
    expect(picture.get_by_role("img")).to_be_visible()
    expect(question.get_by_text("How long do they take together?").locator("visible=true")).to_have_count(1)
    answer = question.get_by_text("The three waits are under way at once")
    expect(answer).to_be_hidden()
    question.get_by_text("Show the answer").click()
    expect(answer).to_be_visible()
    expect(number.locator(".jp-OutputArea-output")).to_be_visible()
    expect(page.locator(".jp-OutputArea-child:visible")).to_have_count(3)
    page.close()


def theme_of(page: Page) -> str:
    return "dark" if page.locator("body[data-jp-theme-light='false']").count() else "light"
