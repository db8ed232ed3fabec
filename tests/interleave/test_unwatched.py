"""Functions that are no part of the code under test may still lead to it, and to the locks that it made before."""

import threading

from helpers.interleave import Verdict, explore, unwatched


class Counter:
    lock = threading.Lock()  # made before any exploration

    def __init__(self) -> None:
        self.value = 0

    def increment(self) -> None:
        with self.lock:
            self.value += 1


def test_a_lock_is_found_through_the_closure_of_an_unwatched_function() -> None:
    kind = Counter

    @unwatched
    def setup() -> Counter:
        return kind()

    @unwatched
    def body(counter: Counter) -> None:
        counter.increment()

    result = explore(setup, [body, body], lambda counter: counter.value == 2)
    assert result.verdict is Verdict.HOLDS, result.sentence()
