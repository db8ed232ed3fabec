"""Functions that are no part of the code under test may still lead to it, and to the locks that it made before."""

import threading
from dataclasses import dataclass
from pathlib import Path

from helpers.interleave import Verdict, explore, unwatched, unwatched_package


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


def test_a_lock_is_found_through_plain_data_of_a_package_that_is_not_under_test() -> None:
    @dataclass
    class Answer:
        kind: type

    Answer.__module__ = __package__ + ".driver"
    unwatched_package(Answer.__module__, Path(__file__).with_name("driver"))
    answer = Answer(Counter)

    result = explore(lambda: answer.kind(), [Counter.increment] * 2, lambda counter: counter.value == 2)
    assert result.verdict is Verdict.HOLDS, result.sentence()


def test_the_world_is_put_back_after_one_thread_alone_too() -> None:
    class Counted:
        value = 0

        @classmethod
        def add(cls, _: object) -> None:
            with Counter.lock:
                cls.value += 1

        @classmethod
        def add_in_threads(cls, _: object) -> None:
            threads = [threading.Thread(target=cls.add, args=(None,)) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    assert explore(object, [Counted.add], lambda _: Counted.value == 1).verdict is Verdict.HOLDS
    assert explore(object, [Counted.add_in_threads], lambda _: Counted.value == 2).verdict is Verdict.HOLDS
    assert Counted.value == 0
