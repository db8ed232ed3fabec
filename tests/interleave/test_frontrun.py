"""A second opinion: frontrun, an explorer by other people, agrees wherever it reaches a verdict."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.interleave import Verdict
from tests.interleave.classes import counters, others
from tests.interleave.classes.case import Case

# Classes on which frontrun 0.7 says something else, and why.
DISAGREEMENTS = {
    "class-attribute-wrong": "frontrun does not put class attributes back, so the first schedule's count stays",
    "singleton-wrong": "frontrun does not put class attributes back, so only the first schedule makes an instance",
    "gives-up-waiting-wrong": "frontrun lets a timed acquire wait for as long as it takes",
    "sleeps-while-holding-wrong": "frontrun lets a timed acquire wait for as long as it takes",
    "forgets-to-join-wrong": "frontrun does not schedule the threads that the code under test starts",
    "empty-queue-wrong": "frontrun's queues report no access, so it takes put and get for independent: one order",
    "own-threads-wrong": "frontrun does not schedule the threads that the code under test starts",
    "through-dict-wrong": "frontrun does not follow accesses through __dict__ unless asked to",
}
BAD = {Verdict.FAILS, Verdict.DEADLOCK, Verdict.LIVELOCK}  # which frontrun does not keep apart
ROOT = Path(__file__).parents[2]


def opinion(case: Case) -> str:
    frontrun = shutil.which("frontrun", path=str(Path(sys.executable).parent))
    assert frontrun is not None, "install frontrun to get its opinion"
    try:
        done = subprocess.run(
            [frontrun, sys.executable, "-m", "bench.second_opinion", case.name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "no answer"
    return (done.stdout.splitlines() or ["crashed"])[-1]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("case", [*counters.CASES, *others.CASES], ids=lambda case: case.name)
def test_frontrun_agrees_or_its_disagreement_is_explained(case: Case) -> None:
    said = opinion(case)
    if said not in ("holds", "fails", "deadlock"):
        assert case.name not in DISAGREEMENTS, f"frontrun says {said}: there is nothing to explain any more"
        return
    agrees = (said != "holds") == (case.verdict in BAD)
    assert agrees is (case.name not in DISAGREEMENTS), f"frontrun says {said}, the truth is {case.verdict}"
