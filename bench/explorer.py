"""The interleaving explorer against frontrun and against a stress test, on the hand-written classes, in one run.

For every class: the verdict of each, right or wrong, and the time it took; then whether the explorer gives the same
answers in 20 fresh processes; then the course's own speed targets. Run it as `python -m bench.explorer`; frontrun
takes part if it is installed.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import threading
import time
import timeit
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from helpers.interleave import Exploration, Verdict, explore
from tests.interleave.classes import counters, others
from tests.interleave.classes.case import Case

CASES = [*counters.CASES, *others.CASES]
FRESH = 20
ROUNDS = 30  # of the stress test
PATIENCE = 1.0  # seconds after which the stress test calls a thread stuck
FRONTRUN_LIMIT = 30.0  # seconds
AT_ONCE = 2  # processes: each explores on one core


@dataclass(frozen=True)
class Opinion:
    """A verdict and the seconds that it took."""

    verdict: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.verdict:12} {self.seconds * 1000:8.1f} ms"


def explored(case: Case) -> Opinion:
    """Ask the explorer; the time is the median of five, or of as many as fit into a second."""
    times: list[float] = []
    while len(times) < 5 and sum(times) < 1:
        began = time.perf_counter()
        found: Exploration = explore(case.setup, case.bodies, case.invariant)
        times.append(time.perf_counter() - began)
    return Opinion(found.verdict, statistics.median(times))


def stressed(case: Case) -> Opinion:
    """Run real threads, 30 times, with the smallest switch interval."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    began = time.perf_counter()
    try:
        verdict = next((bad for bad in (stress_once(case) for _ in range(ROUNDS)) if bad), "holds")
    finally:
        sys.setswitchinterval(interval)
    return Opinion(verdict, time.perf_counter() - began)


def stress_once(case: Case) -> str:
    """Return "" if nothing went wrong in one run of real threads."""
    raised: list[BaseException] = []

    def run(body: object, state: object) -> None:
        try:
            body(state)  # type: ignore[operator]
        except BaseException as error:
            raised.append(error)

    state = case.setup()
    threads = [threading.Thread(target=run, args=(body, state), daemon=True) for body in case.bodies]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        return "deadlock"
    try:
        kept = case.invariant is None or case.invariant(state) is not False
    except Exception:
        kept = False
    return "" if kept and not raised else "fails"


def second_opinion(case: Case) -> Opinion:
    """Ask frontrun, in a process of its own; its own start is not counted."""
    frontrun = shutil.which("frontrun", path=str(Path(sys.executable).parent))
    if frontrun is None:
        return Opinion("not there", 0.0)
    command = [frontrun, sys.executable, "-m", "bench.second_opinion"]
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [*command, case.name], capture_output=True, text=True, timeout=FRONTRUN_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return Opinion("no answer", time.perf_counter() - began)
    said = done.stdout.splitlines()
    return Opinion(said[-1], float(said[-2])) if len(said) > 1 else Opinion("crashed", time.perf_counter() - began)


def mark(opinion: Opinion, case: Case) -> str:
    """Return how an opinion compares with the truth; livelocks count as deadlocks, as others do not know them."""
    if opinion.verdict == case.verdict or (opinion.verdict == "deadlock" and case.verdict is Verdict.LIVELOCK):
        return "right"
    undecided = opinion.verdict not in ("holds", "fails", "deadlock")
    return "-" if undecided else "right" if _both_bad(opinion, case) else "WRONG"


def _both_bad(opinion: Opinion, case: Case) -> bool:
    return opinion.verdict != "holds" and case.verdict is not Verdict.HOLDS


def targets() -> None:
    """Print the course's own speed targets and what was measured.

    The targets are for a core that runs an empty loop in about 30 ns a round; how fast this one is stands beside them.
    """
    core = min(timeit.repeat("for _ in range(10**6): pass", number=1)) * 1000
    print(f"this core: {core:.0f} ns for a round of an empty loop")
    right = next(case for case in CASES if case.name == "with-lock-right")
    wrong = next(case for case in CASES if case.name == "no-lock-wrong")
    three = Case("three", right.setup, (lambda s: s.increment(),) * 3, lambda s: s.value == 3)
    queue = next(case for case in CASES if case.name == "bounded-queue-right")
    lock_order = next(case for case in CASES if case.name == "lock-order-wrong")
    for name, case, limit in (
        ("right counter, 2 threads x 2", right, 20),
        ("wrong counter, 2 threads x 2", wrong, 5),
        ("right counter, 3 threads x 1", three, 100),
        ("bounded queue, 1 producer, 2 consumers", queue, 1000),
        ("deadlock named", lock_order, 5),
    ):
        median = statistics.median(_timed(case) for _ in range(21)) * 1000
        print(f"{name:40} median {median:7.1f} ms   target {limit:5} ms   {'met' if median <= limit else 'MISSED'}")


def _timed(case: Case) -> float:
    began = time.perf_counter()
    explore(case.setup, case.bodies, case.invariant)
    return time.perf_counter() - began


def answers() -> str:
    """Return every answer of the explorer, schedules counted, as one line."""
    found = (explore(case.setup, case.bodies, case.invariant, seconds=120) for case in CASES)
    return json.dumps([(each.verdict, each.schedules, each.sentence()) for each in found])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", action="store_true", help="print only the explorer's answers")
    parser.add_argument("--targets", action="store_true", help="print only the speed targets")
    chosen = parser.parse_args()
    if chosen.answers:
        print(answers())
        return
    targets()
    if chosen.targets:
        return
    print(f"\n{'class':34}{'truth':10} {'explorer':31}{'frontrun':31}{'stress test':31}")
    score = {"explorer": [0, 0, 0], "frontrun": [0, 0, 0], "stress test": [0, 0, 0]}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        second_opinions = dict(zip(CASES, pool.map(second_opinion, CASES), strict=True))
    for case in CASES:
        line = f"{case.name:34}{case.verdict:10} "
        for name, ask in (("explorer", explored), ("frontrun", second_opinions.__getitem__), ("stress test", stressed)):
            opinion = ask(case)
            right = mark(opinion, case)
            score[name][("right", "WRONG", "-").index(right)] += 1
            line += f"{opinion} {right:6}"
        print(line, flush=True)
    for name, (right_, wrong_, none) in score.items():
        print(f"{name:12} right {right_:3}   wrong {wrong_:3}   no verdict {none:3}")
    command = [sys.executable, "-m", "bench.explorer", "--answers"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fresh = set(pool.map(lambda _: subprocess.run(command, capture_output=True, check=True).stdout, range(FRESH)))
    print(f"{FRESH} fresh processes gave {len(fresh)} different set(s) of answers")


if __name__ == "__main__":
    main()
