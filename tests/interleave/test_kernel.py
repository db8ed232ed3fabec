"""Classes defined in notebook cells are explored inside a real Jupyter kernel, which goes on working."""

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

WRONG = """
import threading

class Counter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        current = self.value
        with self.lock:
            self.value = current + 1
"""
RIGHT = WRONG.replace("        current = self.value\n", "").replace("= current + 1", "+= 1")
EXPLORE = """
from helpers.interleave import explore
print("before")
found = explore(Counter, [Counter.increment] * 2, lambda counter: counter.value == 2)
print(found.sentence())
if found.failure:
    print(found.failure.steps[1].source)
"""


@pytest.fixture
def kernel() -> Iterator[Any]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def printed(client: Any, code: str) -> str:
    text = []

    def keep(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            text.append(message["content"]["text"])

    reply = client.execute_interactive(code, output_hook=keep, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(text)


@pytest.mark.filterwarnings("default")  # jupyter_client's own
def test_cells_are_explored_and_the_kernel_goes_on(kernel: Any) -> None:
    printed(kernel, WRONG)
    said = printed(kernel, EXPLORE)
    assert "one increment was lost" in said
    assert "current = self.value" in said

    printed(kernel, RIGHT)
    for _ in range(3):
        assert "No failing schedule with at most 2 preemptions" in printed(kernel, EXPLORE)

    again = printed(kernel, "import threading, time; lock = threading.Lock(); print(type(lock)); time.sleep(0.01)")
    assert "_thread.lock" in again
