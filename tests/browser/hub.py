"""A school's server as the guides say: JupyterHub with passwords, one system user a person, one exchange for all."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.lab import Lab
from tests.browser.machine import Machine
from tests.browser.server import START_SECONDS, Server, serving
from tests.conftest import ROOT

PROXY = ROOT / "tools" / "node" / "node_modules" / ".bin" / "configurable-http-proxy"
GUIDES = ROOT / "docs"
_CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = ["{command}"]
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.open_sessions = False
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "localprocess"
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
"""


def from_guide(name: str, about: str) -> str:
    """Return the settings in a guide's code block that begins with a word."""
    (found,) = re.findall(rf"```python\n({about}.*?)```", (GUIDES / name).read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


@contextmanager
def hub_on(machine: Machine, folder: Path) -> Iterator[Server]:
    """Run a JupyterHub whose users are the machine's, with the settings from the instructor guide.

    Args:
        machine: Where it runs.
        folder: For its own files.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    public, hub, proxy = _free_ports(3)
    config = folder / "jupyterhub_config.py"
    config.write_text(
        _CONFIG.format(public=public, hub=hub, proxy=proxy, command=PROXY, folder=folder, patience=START_SECONDS)
        + from_guide("instructors.md", "c.Spawner"),
        encoding="utf-8",
    )
    command = machine.command(sys.executable, "-m", "jupyterhub", "--config", str(config), folder=str(folder))
    with serving(command, folder, {"PATH": path, "LANG": "C.UTF-8"}, r"JupyterHub is now running at (\S+)") as server:
        yield server


def log_in(page: Page, server: Server, name: str, password: str) -> None:
    """Log in and wait for JupyterLab."""
    page.goto(server.url("hub/login"))
    page.get_by_label("Username:").fill(name)
    page.get_by_label("Password:", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    Lab.wait_for_menus(page)


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody uses; all are held until all are known, so that none comes twice."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
