"""What the lessons say that their own output shows, so that no sentence has to be taken on faith.

Each claim is a pattern over what a lesson printed, and over its pictures in words, from top to bottom. Where it is
about times, the numbers that the pattern finds are compared as a ratio, with a margin for busy machines.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.strategies import gil_enabled


@dataclass(frozen=True)
class Claim:
    """A sentence of a lesson and what its output must show.

    Attributes:
        says: The claim.
        shown: Matches the output that shows it; its groups are the numbers that `holds` looks at.
        holds: Whether these numbers bear the claim out.
    """

    says: str
    shown: str
    holds: Callable[..., bool] = lambda *_: True

    def borne_out(self, printed: str) -> bool:
        """Return whether a lesson's output shows what the lesson says."""
        match = re.search(self.shown, printed, re.DOTALL)
        return match is not None and self.holds(*(float(number.replace(",", "")) for number in match.groups()))


def printed(notebook: NotebookNode) -> str:
    """Return everything that a lesson showed as text, its pictures in words."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") + "\n" for output in outputs)


N = r"([\d.,]+)"
CLAIMS = {
    "01-concurrency-and-parallelism": [
        Claim(
            "waiting uses next to no CPU time, counting does",
            rf"wait 0.3 s: {N} s on the wall clock, {N} s on .*?: {N} s on the wall clock, {N} s on",
            lambda wait, idle, _, busy: idle < wait / 4 and busy > 2 * idle,
        ),
        Claim(
            "waits overlap in threads",
            rf"one after another: {N} s.*in three threads: {N} s",
            lambda one_by_one, threads: one_by_one > 1.2 * threads,
        ),
        Claim(
            "the picture shows it too",
            rf"3 waits: {N} s in sequence, {N} s in threads",
            lambda one_by_one, threads: one_by_one > 1.2 * threads,
        ),
    ],
    "02-threads": [
        Claim("tea started first and was ready last", "tea: on the stove.*coffee: ready\ntea: ready\nboth served"),
        Claim("before join() is too early", "cocoa: on the stove\nserved\ncocoa: ready"),
        Claim("200 threads wait 20 s at once", rf"200 threads: {N} s", lambda seconds: seconds < 20 / 2),
        Claim("messages tell who speaks", "I am MainThread\nI am Anna\nAnna still at work\\? False"),
        Claim("a daemon is not waited for", r"'thread is done'\]\ndaemon=True: \['main thread is done'\]"),
        Claim("threads share a list", "Ben takes soup.*Cleo takes salad"),
        Claim("guests get lost", rf"counted {N} of 1,000 guests", lambda guests: guests < 900),
        Claim(
            "nobody gets the GIL before a long call into C has ended",
            rf"woke {N} ms late",
            lambda late: late > 10 or not gil_enabled(),
        ),
        Claim("an exception stays in its thread", "parser died of ValueError: .*join\\(\\) came back as if nothing"),
        Claim("the mended version carries it out", r"the main thread knows: \[ValueError"),
        Claim("joining at once is one after another", rf"coffee: ready\n{N} s\n", lambda both: both > 1.5 * 0.2),
        Claim("run() brings no second cook", "I am MainThread\nI am Dora"),
        Claim("a thread works once", "RuntimeError: threads can only be started once"),
    ],
    "03-locks": [
        Claim("the line reads, adds and writes", r"LOAD_ATTR +value.*BINARY_OP +\+=.*STORE_ATTR +value"),
        Claim("the explorer finds the lost update", "read value = 5 before thread B had written 6: one increment"),
        Claim(
            "with a gap updates get lost, with a lock none",
            rf"GIL o.*\n{N} of 4,000 increments lost\n{N} of 4,000 increments lost",
            lambda slow, locked: slow > 400 and locked == 0,
        ),
        Claim("no order breaks the locked counter", r"No failing schedule[^\n]*\ninvalid literal"),
        Claim("by hand a lock stays taken, `with` frees it", "still locked: True.*still locked: False"),
        Claim(
            "tellers take turns", rf"account: {N} s in sequence, {N} s in threads", lambda one, three: one < 1.5 * three
        ),
        Claim(
            "waiting belongs outside the lock",
            rf"waiting inside the lock: {N} s\nwaiting outside the lock: {N} s",
            lambda inside, outside: inside > 1.5 * outside,
        ),
        Claim("an RLock can be taken twice, a Lock cannot", "second time: False\ntook it a second time: True"),
        Claim("the explorer finds the circle", "A waits for board, which thread B holds\nthread B waits for knife"),
        Claim("so does a live run", "Anna: the second tool never came\nBen: the second tool never came"),
        Claim("one order for all closes no circle", r"never came\nNo failing schedule[^\n]*\n"),
        Claim(
            "a lock for each call protects nothing",
            r"never came\n[^\n]*schedules? explored\)\.\nThread A read value = 0 before",
        ),
        Claim("nor do two sections", "between the two sections.*read value = 0 before"),
        Claim("what was not taken cannot be given back", "RuntimeError: release unlocked lock"),
    ],
    "04-processes": [
        Claim("two numbers, two processes", rf"this process: {N}\nanother process: {N}", lambda one, two: one != two),
        Claim("processes share no memory", r"after the thread:  \['egg'\]\nafter the process: \['egg'\]"),
        Claim("a process takes longer to start", rf"\(spawn\) takes {N} times as long", lambda ratio: ratio > 5),
        Claim("trips cost more than small work", rf"2,000 calls: {N} times as fast in chunks", lambda ratio: ratio > 3),
        Claim("shared memory is one shelf", r"\['milk', 'egg'\]\npacked for the trip: \d\d\d bytes"),
        Claim("a thousand workers are not a thousand times faster", rf"n = 1000 +\S+ +{N}", lambda ratio: ratio < 10),
        Claim("functions travel by name", "__main__.*double.*(?:get|no) attribute 'double'.*import it.*\\[42\\]"),
        Claim("a script needs a guard", "if True: → An attempt has been made.*if __name__.* → hello from a process"),
        Claim("locks and lambdas fit in no box", "TypeError: cannot pickle '_thread.lock' object\n.*Error: .*lambda"),
        Claim("an exception travels home, a dead worker breaks the pool", "ValueError: invalid.*\nBrokenProcessPool: "),
    ],
}
"""The claims of each lesson, in the order in which they are shown."""
