"""A real web server on this machine only, in a process of its own, as slow and as flaky as you like.

    with local_server(latency=0.3) as server:
        requests.get(server.url("page-1"))

It ends with the block. It ends too when the process that started it is killed, because it watches a pipe that
the system closes then; on Linux the kernel also ends it with its parent.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from urllib.request import urlopen

from helpers.timeline.sizes import require

START_SECONDS = 30


class ServerError(RuntimeError):
    """The server could not be started or is no longer there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server behaves.

    Attributes:
        latency: Seconds from a request to its answer.
        size: Length of each page in bytes.
        failure_rate: Share of requests answered with 503, from 0 to 1, spread evenly and not at random.
        max_connections: How many requests it serves at once; the others wait. None for no limit.
    """

    latency: float = 0.2
    size: int = 10_000
    failure_rate: float = 0.0
    max_connections: int | None = None

    def __post_init__(self) -> None:
        require(0, latency=self.latency)
        require(0, whole=True, size=self.size)
        require(0, 1, failure_rate=self.failure_rate)
        if self.max_connections is not None:
            require(1, whole=True, max_connections=self.max_connections)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the server saw.

    Attributes:
        requests: Pages asked for so far.
        failures: Those answered with 503.
        most_at_once: The largest number of pages being served at one moment.
    """

    requests: int
    failures: int
    most_at_once: int


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        address: Its address without a final slash, such as "http://127.0.0.1:40321".
        pid: Its process.
        settings: How it behaves.
    """

    address: str
    pid: int
    settings: Settings

    def url(self, page: str | int) -> str:
        """Return the address of a page; every name is a page."""
        return f"{self.address}/{page}"

    def urls(self, count: int) -> list[str]:
        """Return the addresses of `count` different pages."""
        return [self.url(f"page-{number}") for number in range(1, count + 1)]

    def traffic(self) -> Traffic:
        """Ask the server what it saw so far.

        Raises:
            ServerError: It is gone.
        """
        try:
            with urlopen(f"{self.address}/-/traffic", timeout=START_SECONDS) as answer:
                return Traffic(**json.load(answer))
        except OSError as error:
            raise ServerError(f"The server at {self.address} does not answer: {error}") from error


@contextmanager
def local_server(
    latency: float = 0.2, size: int = 10_000, failure_rate: float = 0.0, max_connections: int | None = None
) -> Iterator[Server]:
    """Run a server for the length of the block; see `Settings` for the arguments.

    Yields:
        The server, already accepting connections on a free port of 127.0.0.1.

    Raises:
        ValueError: A setting makes no sense.
        ServerError: It did not start; the message carries what it said.
    """
    settings = Settings(latency, size, failure_rate, max_connections)
    # The kernel's parent-death signal follows the thread that started the child: only the main one will do.
    follow_thread = threading.current_thread() is threading.main_thread()
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.server.serve", json.dumps(asdict(settings)), str(int(follow_thread))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Server(_address(process), process.pid, settings)
        finally:
            process.kill()


def _address(process: "subprocess.Popen[str]") -> str:
    """Read the address that the server prints once it listens."""
    assert process.stdout is not None
    assert process.stderr is not None
    late = threading.Timer(START_SECONDS, process.kill)
    late.start()
    try:
        address = process.stdout.readline().strip()
    finally:
        late.cancel()
        late.join()
    if not address:
        raise ServerError(f"The local server did not start:\n{process.stderr.read().strip()}")
    return address
