"""Pictures agree with reality: sleeps are as long as they were, processes overlap, threads take turns."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.strategies import Strategy, cores_available, gil_enabled, run
from helpers.strategies.span_stream import clock_offset_ns
from helpers.timeline.draw import draw
from helpers.timeline.spans import State
from helpers.timeline.trace import load, save
from helpers.workloads import CountPrimes, WaitOnSocket
from tests.strategies import tasks
from tests.strategies.overlap import running_together

_KERNEL = """
from helpers.strategies import start
from helpers.workloads import WaitOnSocket
from tests.strategies.tasks import keep_the_gil
running = start([{task}] * 2, "{strategy}", workers=2)
while len(running.recording.lanes) < 2:
    running.wait(0.05)
print(*(lane.pid for lane in running.recording.lanes), flush=True)
running.wait()
"""


@pytest.mark.parametrize(
    ("strategy", "lanes", "rounds"),
    [("sequential", 1, 4), ("bare threads", 4, 1), ("threads", 2, 2), ("processes", 2, 2), ("asyncio", 4, 1)],
)
def test_n_sleeps_of_t_have_their_length_their_lanes_and_their_wall_time(
    strategy: str, lanes: int, rounds: int
) -> None:
    seconds = 0.2
    result = run([tasks.TimedWait(seconds)] * 4, strategy, workers=2)
    recording = result.recording
    assert len(recording.lanes) == lanes
    spans = sorted((span for span in recording.spans if span.state is State.IO), key=lambda span: span.name)
    assert len(spans) == 4
    for span, by_its_own_clock in zip(spans, result.results, strict=True):
        assert by_its_own_clock >= span.seconds >= seconds - 0.001
        assert span.seconds == pytest.approx(by_its_own_clock, abs=0.1)
    working = recording.wall_seconds - result.startup_seconds
    assert rounds * seconds - 0.001 <= working < rounds * max(result.results) + 0.3
    boxes = [patch.get_path().get_extents() for patch in draw(recording).figure.axes[0].patches]
    drawn = max(box.x1 for box in boxes) - min(box.x0 for box in boxes)
    begin, end = min(s.start_ns for s in recording.spans), max(s.end_ns for s in recording.spans)
    assert drawn == pytest.approx((end - begin) / 1e9, abs=0.01)


@pytest.mark.skipif(cores_available() < 2, reason="nothing can overlap on one core")
def test_processes_overlap() -> None:
    assert any(running_together("processes (fork)") > 0.25 for _ in range(8))


@pytest.mark.skipif(not gil_enabled(), reason="without the GIL threads overlap too")
def test_threads_take_turns() -> None:
    assert min(running_together("threads") for _ in range(5)) < 0.2  # busy cores blur where turns end


def test_cpu_time_is_the_workers_own() -> None:
    alone = min((run([CountPrimes(100_000)], "sequential") for _ in range(3)), key=lambda done: done.cpu_seconds)
    assert alone.cpu_seconds == pytest.approx(alone.recording.seconds(State.RUNNING), rel=0.3, abs=0.01)
    for strategy in ("threads", "processes", "asyncio"):
        both = run([CountPrimes(100_000)] * 2, strategy, workers=2)
        assert 1.2 * alone.cpu_seconds < both.cpu_seconds < 4 * alone.cpu_seconds
    assert run([WaitOnSocket(0.2)], "sequential").cpu_seconds < 0.1


def test_a_run_survives_its_trace_file(tmp_path: Path) -> None:
    recording = run([CountPrimes(1000), WaitOnSocket(0.01)], "processes", workers=1).recording
    assert load(save([recording], tmp_path / "trace.json")) == [recording]


@pytest.mark.parametrize(
    ("there", "back", "offset"),
    [(5, 5, 0), (0, 0, 0), (10**9, 50, 0), (10**9 + 50, 50 - 10**9, 10**9), (50 - 10**9, 10**9 + 50, -(10**9))],
)
def test_clocks_are_moved_only_when_messages_prove_them_apart(there: int, back: int, offset: int) -> None:
    assert clock_offset_ns(there, back) == offset


@pytest.mark.parametrize("task", ["WaitOnSocket(600)", "keep_the_gil"])
@pytest.mark.parametrize("strategy", [Strategy.FORK, Strategy.FORKSERVER, Strategy.SPAWN])
def test_workers_end_when_the_kernel_is_killed(strategy: Strategy, task: str) -> None:
    script = _KERNEL.format(strategy=strategy.value, task=task)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as kernel:
        assert kernel.stdout is not None
        pids = [int(pid) for pid in kernel.stdout.readline().split()]
        assert len(pids) == 2
        while task == "keep_the_gil" and min(map(_cpu_seconds, pids)) < 1.5:  # more than the imports need
            time.sleep(0.01)
        os.kill(kernel.pid, signal.SIGKILL)
    while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in pids):
        time.sleep(0.01)  # the test's time limit ends this if they stay


def _cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
