"""Functions that are no part of the code under test may still lead to it, and to the locks that it made before."""

import queue
import threading
from dataclasses import dataclass
from pathlib import Path

from helpers.interleave import Verdict, explore, look_at, unwatched, unwatched_package


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


def test_unwatched_code_may_say_what_it_looks_at() -> None:
    """Where nobody is seen to look, nobody is interrupted before a write."""

    @unwatched
    def read(items: list[int]) -> list[int]:
        look_at(items)
        return items.copy()

    def body(items: list[int]) -> None:
        def work() -> None:
            todo.get()
            todo.task_done()
            items.append(1)
            todo.get()

        todo: queue.Queue[int] = queue.Queue()
        threading.Thread(target=work, daemon=True).start()
        todo.put(1)
        todo.join()
        assert read(items) == [1]

    assert explore(list, [body]).verdict is Verdict.FAILS
