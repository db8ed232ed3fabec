"""A visitor on Binder: the repository's own files and start address, nothing of the course writable, no exchange."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.lab import Lab, Notebook, cell_places
from tests.browser.machine import Machine
from tests.browser.server import serving
from tests.browser.visit import visiting
from tests.conftest import ROOT
from tests.submissions.notebooks import RELEASED, answers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can run programs as another user: run it with sudo"),
]
LESSONS = ROOT / "release" / "lessons"
COMPLAINT = ".jp-Dialog, .Toastify__toast--error, .Toastify__toast--warning"


def start_address() -> str:
    """Return where the README's badge leads on a Binder server."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^\[binder\]: .+\?urlpath=(.+)$", readme, re.MULTILINE)
    assert found
    return found[1]


def check_out(folder: Path) -> None:
    """Copy what git has of the repository, and let nobody write to it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for path in folder.iterdir():
        subprocess.run(["chmod", "-R", "a-w,a+rX", str(path)], check=True)


def test_a_visitor_reads_and_practises(browser: Browser, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    visitor = machine.add_user("jovyan")
    check_out(visitor.home)
    # What repo2docker's images run; their home is the repository.
    command = machine.command(
        sys.executable, "-m", "jupyter", "notebook", "--ip=127.0.0.1", "--port=0", "--no-browser",
        "--IdentityProvider.token=", user=visitor, folder="/home/jovyan",
    )  # fmt: skip
    environment = {
        "HOME": "/home/jovyan",
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    built = machine.run("./postBuild", user=visitor, folder="/home/jovyan", environment=environment)
    assert built.returncode == 0, built.stderr
    with serving(command, tmp_path, environment) as server, visiting(browser, server, "binder") as page:
        lab = Lab(page, server, start_address())
        index = Notebook(page, cell_places(LESSONS / "index.ipynb"))
        index.run("live")
        expect(index.outputs("live").get_by_role("img")).to_be_visible()
        expect(page.get_by_role("menuitem", name="Nbgrader")).to_have_count(0)  # it needs an exchange

        index.panel.get_by_role("link", name="Locks").first.click()
        expect(page.get_by_role("tab", name="03-locks.ipynb")).to_be_visible()
        locks = Notebook(page, cell_places(LESSONS / "03-locks.ipynb"))
        locks.run_all()
        expect(locks.cell("stepper").get_by_role("slider")).to_be_visible()
        for lesson in sorted(LESSONS.glob("0[!3]*.ipynb")):
            notebook = lab.open(f"release/lessons/{lesson.name}", lesson)
            notebook.run_all()
            expect(page.locator(COMPLAINT)).to_have_count(0)

        practice = lab.open("release/exercises/practice.ipynb", RELEASED)
        practice.write("shared-list", next(iter(answers("shared-list", "right").values())))
        practice.run("shared-list")
        for check in ("keeps-items", "waits-for-lock", "prints-items", "add-holds-lock", "get-all-holds-lock"):
            practice.run(f"shared-list-{check}")
        expect(practice.outputs("shared-list-get-all-holds-lock").get_by_role("status")).to_have_text(
            "1/5 exercises, 20/100 XP"
        )
        expect(page.locator(COMPLAINT)).to_have_count(0)
