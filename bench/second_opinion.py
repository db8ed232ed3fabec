"""What frontrun says of one of the hand-written classes; run it as `frontrun python -m bench.second_opinion NAME`.

frontrun (PyPI, alpha) explores with DPOR and needs its own launcher, which replaces locks before anything is imported.
Prints the seconds that it took, then one word: holds, fails, deadlock or inconclusive.
"""

import faulthandler
import sys
import time
from typing import Any

import frontrun

from tests.interleave.classes import counters, others
from tests.interleave.classes.case import Case

SECONDS = 10.0


def main(name: str) -> None:
    """Print frontrun's verdict on the class called `name`."""
    faulthandler.dump_traceback_later(2.5 * SECONDS, exit=True)  # threads that wait for ever would outlive whoever asks
    case = next(case for case in [*counters.CASES, *others.CASES] if case.name == name)
    began = time.perf_counter()
    said = opinion(case)
    print(time.perf_counter() - began)
    print(said)


def opinion(case: Case) -> str:
    """Return frontrun's verdict in this course's words."""

    def kept(state: Any) -> bool:
        try:
            return case.invariant is None or case.invariant(state) is not False
        except AssertionError:
            return False

    try:
        result = frontrun.explore(
            setup=case.setup, workers=list(case.bodies), invariant=kept, total_timeout=SECONDS, deadlock_timeout=1.0
        )
    except Exception as error:
        return f"error ({type(error).__name__})"
    if result.property_holds is None:
        return "inconclusive"
    if result.property_holds:
        return "holds"
    return "deadlock" if "deadlock" in str(result.failure_kind) else "fails"


if __name__ == "__main__":
    main(sys.argv[1])
