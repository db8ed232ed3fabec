"""The virtual clock of one run: computing takes no time, sleeping takes no waiting."""

import time

# A thread that the scheduler keeps waiting may lose this much virtual time, so a shorter wait for a notification
# may run out although others could go on; a longer one runs out only when nobody else can.
PATIENCE = 1.0


class Clock:
    """Seconds that have passed in a run.

    Attributes:
        now: Virtual seconds since the run began.
    """

    _WALL = 1_700_000_000.0  # what time.time() shows when a run begins: the same in every run

    def __init__(self) -> None:
        self.now = 0.0

    def advance(self, moment: float) -> None:
        """Let time pass until `moment`; it never runs backwards."""
        self.now = max(self.now, moment)

    def monotonic(self) -> float:
        """Stand in for time.monotonic and time.perf_counter."""
        return self.now

    def wall(self) -> float:
        """Stand in for time.time."""
        return self._WALL + self.now


real_monotonic = time.monotonic
