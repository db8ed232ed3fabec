"""A real JupyterLab server for one person, with all that it and its kernels log."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.conftest import Person

START_SECONDS = 300  # 3 on a quiet machine
LAB = (sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=")
_LAB_ADDRESS = r"(http://127\.0\.0\.1:\d+)"


@dataclass(slots=True)
class Server:
    """A process that serves web pages.

    Attributes:
        address: Where it said it can be reached, once it did.
        log: Its lines so far, and those of the kernels that it started.
    """

    address: Future[str] = field(default_factory=Future)
    log: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Return the address of a page, such as "lab/tree/index.ipynb"."""
        return f"{self.address.result(START_SECONDS).rstrip('/')}/{path}"

    def _listen(self, stream: IO[str], announcement: str) -> None:
        for line in stream:
            self.log.append(line.rstrip())
            if not self.address.done() and (found := re.search(announcement, line)):
                self.address.set_result(found[1])


@contextmanager
def serving(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], announcement: str = _LAB_ADDRESS
) -> Iterator[Server]:
    """Run a server until the block ends.

    Args:
        command: What starts it.
        folder: Where it is started.
        environment: Its whole environment.
        announcement: A pattern of the log line that says where it can be reached; its first group is the address.

    Raises:
        TimeoutError: It did not say where it can be reached; its log is in the message.
    """
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    server = Server()
    listener = threading.Thread(target=server._listen, args=(process.stdout, announcement), daemon=True)
    listener.start()
    try:
        try:
            server.address.result(START_SECONDS)
        except TimeoutError:
            raise TimeoutError("the server did not start:\n" + "\n".join(server.log)) from None
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        listener.join(20)
        process.stdout.close()


@contextmanager
def lab_of(person: Person, theme: str = "JupyterLab Light") -> Iterator[Server]:
    """Run JupyterLab as a person starts it in their own folder.

    Args:
        person: Whose it is.
        theme: Its colours.
    """
    settings = person.home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}), encoding="utf-8")
    # JupyterLab would ask about news and look for updates, which needs the internet.
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8"
    )
    with serving([*LAB, "--allow-root"], person.folder, person.environment) as server:
        yield server
