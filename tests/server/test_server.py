"""The local server is as slow, large, flaky and narrow as it is told, and never outlives its parent."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from helpers.server import ServerError, Settings, local_server
from helpers.workloads import Download

_PARENT = """
import sys, threading
from helpers.server import local_server
def serve():
    with local_server() as server:
        print(server.pid, flush=True)
        sys.stdin.read()
if sys.argv[1] == "thread":
    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
else:
    serve()
"""


def ended(pid: int) -> bool:
    """Whether a process has ended; one that only waits to be collected has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_latency_and_size_are_as_set() -> None:
    with local_server(latency=0.2, size=321) as server:
        begin = time.monotonic()
        answer = requests.get(server.url(7), timeout=10)
        assert time.monotonic() - begin >= 0.2
    assert answer.content == bytes(321)


def test_answers_overlap_unless_connections_are_limited() -> None:
    for limit, most in ((None, 6), (2, 2)):
        with (
            local_server(latency=0.3, max_connections=limit) as server,
            ThreadPoolExecutor(6) as pool,
        ):
            list(pool.map(lambda url: requests.get(url, timeout=10), server.urls(6)))
            traffic = server.traffic()
        assert traffic.requests == 6
        assert traffic.most_at_once == most


def test_failures_come_at_the_rate_asked_for() -> None:
    with local_server(latency=0, failure_rate=0.25) as server:
        codes = [requests.get(url, timeout=10).status_code for url in server.urls(8)]
        assert sorted(codes) == [200] * 6 + [503] * 2
        assert server.traffic().failures == 2


def test_a_failed_page_and_a_closed_server_are_errors_of_the_task() -> None:
    with local_server(latency=0, failure_rate=1) as server:
        page = Download(server.url("page"))
        with pytest.raises(requests.HTTPError, match="503"):
            page()
    with pytest.raises(requests.ConnectionError):
        page()
    with pytest.raises(OSError, match="Cannot connect"):
        asyncio.run(page.run_async())
    with pytest.raises(ServerError, match="does not answer"):
        server.traffic()


def test_it_listens_on_this_machine_only_and_ends_with_the_block() -> None:
    with local_server() as server:
        assert server.address.startswith("http://127.0.0.1:")
        assert not ended(server.pid)
    assert ended(server.pid)


def test_it_outlives_the_thread_that_started_it() -> None:
    manager = local_server(latency=0)
    started = []
    thread = threading.Thread(target=lambda: started.append(manager.__enter__()))
    thread.start()
    thread.join()
    try:
        assert requests.get(started[0].url("page"), timeout=10).ok
    finally:
        manager.__exit__(None, None, None)


@pytest.mark.parametrize("starter", ["main", "thread"])
def test_it_ends_when_its_parent_is_killed(starter: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, starter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not ended(pid)
        os.kill(parent.pid, signal.SIGKILL)
    while not ended(pid):  # the test's time limit ends this if the server stays
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("latency", -1), ("size", -1), ("failure_rate", 1.5), ("max_connections", 0), ("latency", float("nan")),
     ("size", 1.5), ("max_connections", 1.5), ("latency", "slow")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match=setting):
        Settings(**{setting: value})  # type: ignore[arg-type]


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ServerError, match="did not start"), local_server():
        pass
