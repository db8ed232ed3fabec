"""Exercise 5: a queue that runs its tasks and keeps their results in order."""

import random
import re
import time
from collections.abc import Callable
from typing import Any

from helpers.checks.comparison import counted, difference, same, shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise
from helpers.checks.printed import printed_otherwise
from helpers.checks.student_code import attribute, student_code
from helpers.checks.threads import Endless, Undecided, alone, in_every_order
from helpers.interleave import look_at

exercise = Exercise("task-queue", answer="TaskQueue")

_SHOWN = re.compile(r"\bsquare: +25(?!\.?\d).*\bdouble: +14(?!\.?\d).*\bnegate: +-3(?!\.?\d)", re.DOTALL)

_ORDERS = 150  # of the threads that run_all may start

Task = tuple[str, Callable[[Any], Any], Any]


def _tasks() -> list[Task]:
    """Return tasks that a shortcut stumbles over.

    A name twice, a function twice, a whole task twice, all but its function twice; falsy results and arguments; an
    argument that is a tuple.
    """
    rng = random.Random("task-queue")
    factor, shift = rng.randint(3, 9), rng.randint(100, 200)

    def scale(x: int) -> int:
        return x * factor

    def zero(x: int) -> int:
        return x - x

    def nothing(x: object) -> None:
        return None

    def is_none(x: object) -> bool:
        return x is None

    for function in (scale, zero, nothing, is_none):
        function.__qualname__ = function.__name__  # for messages
    return [
        ("scale", scale, rng.randint(10, 99)),
        ("zero", zero, rng.randint(10, 99)),
        ("again", scale, rng.randint(10, 99)),
        ("again", scale, -shift),
        ("nothing", nothing, 1),
        ("pair", len, ("a", "b", "c")),
        ("pair", len, ("a", "b", "c")),
        ("pair", max, ("a", "b", "c")),
        ("argument", is_none, None),
        ("slow", _wait, 0.2),  # in threads of their own, the second of the two is done first
        ("quick", _wait, 0.1),
    ]


def _wait(seconds: float) -> None:
    time.sleep(seconds)  # looked up when it is called: on the explorer's clock, that takes no time


def _in_virtual_time(use: Callable[[], None]) -> bool:
    """Run student code in one order that is always the same: whoever starts threads and does not wait has no luck.

    Returns:
        Whether it started threads that can be followed. Those of `asyncio.to_thread`, for one, wait where only
        the operating system can see it; they run freely.
    """
    try:
        return alone(lambda: None, lambda _: use())
    except Endless:
        raise
    except Undecided:
        use()
        return False


def _new(answer: Answer) -> Any:
    with student_code("TaskQueue()"):
        return answer.value()


def _add(queue: Any, task: Task) -> None:
    name, func, arg = task
    with student_code(f"add_task({name!r}, ..., {shown(arg)})"):
        queue.add_task(name, func, arg)


def _filled(answer: Answer, tasks: list[Task]) -> Any:
    queue = _new(answer)
    for task in tasks:
        _add(queue, task)
    return queue


def _run_all(queue: Any) -> None:
    with student_code("run_all()"):
        queue.run_all()


def _results(queue: Any) -> Any:
    with student_code("get_results()"):
        return queue.get_results()


def _expected(tasks: list[Task]) -> list[tuple[str, Any]]:
    return [(name, func(arg)) for name, func, arg in tasks]


def _verify_list(when: str, what: str, actual: object, expected: list[Any]) -> None:
    wrong = difference(what, actual, expected)
    if wrong:
        raise CheckFailed(f"{when}, {wrong}.")


@exercise.behaviour("starts-empty", points=2)
def starts_empty(answer: Answer) -> None:
    """Two empty lists, and every queue has its own."""

    def use() -> None:
        for when in ("In a new TaskQueue", "In a new TaskQueue, after another one was used"):
            queue = _new(answer)
            for name in ("tasks", "results"):
                _verify_list(when, f"self.{name}", attribute(queue, name), [])
            _add(queue, ("one", abs, -1))
            _run_all(queue)

    _in_virtual_time(use)


@exercise.behaviour("add-task", points=6)
def add_task(answer: Answer) -> None:
    """Each call appends the tuple (name, func, arg), and runs nothing yet."""
    calls: list[int] = []
    tasks: list[Task] = [*_tasks(), ("later", calls.append, 1)]

    def use() -> None:
        queue = _filled(answer, tasks)
        if calls:
            raise CheckFailed("add_task should only store the task, but it called func already.")
        _verify_list(f"After {len(tasks)} calls of add_task", "self.tasks", attribute(queue, "tasks"), tasks)

    _in_virtual_time(use)


@exercise.behaviour("run-all", points=6, slow=True)
def run_all(answer: Answer) -> None:
    """Each func is called once with its arg, and (name, result) is stored in order."""
    calls: list[int] = []
    tasks: list[Task] = [*_tasks(), ("call", calls.append, 1), ("call", calls.append, 1)]

    def use() -> None:
        calls.clear()
        queue = _filled(answer, tasks)
        _run_all(queue)
        if calls != [1, 1]:
            raise CheckFailed(
                "run_all should call func(arg) once for each task,"
                f" but when it returned the func of two tasks had been called {counted(len(calls), 'time')}."
            )
        _verify_list("After run_all", "self.results", attribute(queue, "results"), _expected(tasks))

    if _in_virtual_time(use):
        _verify_threads(answer, tasks[:2])


def _verify_threads(answer: Answer, tasks: list[Task]) -> None:
    """Run the tasks in every order of the threads that the answer may start.

    A pool has more orders than anybody waits for, and one that keeps its threads in a set does not do the same in each
    run; then it is what was seen that counts.
    """
    expected = _expected(tasks)

    def run(queue: Any) -> None:
        queue.run_all()
        look_at(queue, "results")  # a thread that still writes there may be interrupted before it
        results = attribute(queue, "results")
        look_at(results)
        if not same(results, expected):
            raise CheckFailed(
                "run_all returned before every result was in its place: wait for the threads that it starts,"
                " and keep the order of the tasks."
            )

    try:
        in_every_order(lambda: _filled(answer, tasks), [run], lambda queue: None, max_schedules=_ORDERS)
    except Endless:
        raise
    except Undecided:
        pass


@exercise.behaviour("get-results", points=4, slow=True)
def get_results(answer: Answer) -> None:
    """Nothing before run_all, everything after it."""
    tasks = _tasks()

    def use() -> None:
        queue = _filled(answer, tasks)
        _verify_list("Before run_all", "what get_results() returns", _results(queue), [])
        _run_all(queue)
        for again in ("", " for the second time"):
            _verify_list("After run_all", f"what get_results() returns{again}", _results(queue), _expected(tasks))

    _in_virtual_time(use)


@exercise.behaviour("prints-results", points=2, requires="get-results", slow=True)
def prints_results(answer: Answer) -> None:
    """What the student's own cell prints, if it prints anything: each of the three tasks as name: result."""
    printed = printed_otherwise(answer, exercise.answer, lambda text, names: _SHOWN.search(text))
    if printed is not None:
        raise CheckFailed(
            "Your cell should print each result as name: result, so square: 25, double: 14 and negate: -3,"
            f" but it printed {shown(printed)}."
        )
