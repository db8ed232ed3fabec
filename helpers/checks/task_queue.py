"""Exercise 5: a queue that runs its tasks and keeps their results in order."""

import random
from collections.abc import Callable
from typing import Any

from helpers.checks.comparison import same, shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise
from helpers.checks.printed import printed_by
from helpers.checks.student_code import student_code
from helpers.checks.threads import in_every_order

exercise = Exercise("task-queue", answer="TaskQueue")

Task = tuple[str, Callable[[Any], Any], Any]


def _tasks() -> list[Task]:
    """Return tasks that a shortcut stumbles over: a name twice, results that are falsy, an argument that is a tuple."""
    rng = random.Random("task-queue")
    factor, shift = rng.randint(3, 9), rng.randint(100, 200)
    return [
        ("scale", lambda x: x * factor, rng.randint(10, 99)),
        ("zero", lambda x: x - x, rng.randint(10, 99)),
        ("again", lambda x: x + shift, rng.randint(10, 99)),
        ("again", lambda x: x - shift, rng.randint(10, 99)),
        ("nothing", lambda x: None, 1),
        ("pair", len, ("a", "b", "c")),
        ("argument", lambda x: x is None, None),
    ]


def _new(answer: Answer) -> Any:
    with student_code("TaskQueue()"):
        return answer.value()


def _filled(answer: Answer, tasks: list[Task]) -> Any:
    queue = _new(answer)
    for name, func, arg in tasks:
        with student_code(f"add_task({name!r}, ..., {shown(arg)})"):
            queue.add_task(name, func, arg)
    return queue


def _finished(answer: Answer, tasks: list[Task]) -> Any:
    queue = _filled(answer, tasks)
    with student_code("run_all()"):
        queue.run_all()
    return queue


def _attribute(queue: Any, name: str) -> Any:
    with student_code(f"reading self.{name}"):
        return getattr(queue, name)


def _results(queue: Any) -> Any:
    with student_code("get_results()"):
        return queue.get_results()


def _expected(tasks: list[Task]) -> list[tuple[str, Any]]:
    return [(name, func(arg)) for name, func, arg in tasks]


@exercise.behaviour("starts-empty", points=2)
def starts_empty(answer: Answer) -> None:
    """Two empty lists, and every queue has its own."""
    for queue in (_new(answer), _new(answer)):
        for name in ("tasks", "results"):
            if not same(_attribute(queue, name), []):
                raise CheckFailed(
                    f"self.{name} should be an empty list in every new TaskQueue,"
                    f" but it is {shown(_attribute(queue, name))}."
                )
        with student_code("add_task('one', abs, -1)"):
            queue.add_task("one", abs, -1)
        with student_code("run_all()"):
            queue.run_all()


@exercise.behaviour("add-task", points=6)
def add_task(answer: Answer) -> None:
    """Each call appends the tuple (name, func, arg), and runs nothing yet."""
    calls: list[int] = []
    tasks: list[Task] = [*_tasks(), ("later", calls.append, 1)]
    queue = _filled(answer, tasks)
    if calls:
        raise CheckFailed("add_task should only store the task, but it called func already.")
    stored = _attribute(queue, "tasks")
    if not same(stored, tasks):
        raise CheckFailed(
            "add_task should append the tuple (name, func, arg) to self.tasks, in the order of the calls,"
            f" but after {len(tasks)} calls self.tasks is {shown(stored)}."
        )


@exercise.behaviour("run-all", points=6)
def run_all(answer: Answer) -> None:
    """Each func is called once with its arg, and (name, result) is stored in order."""
    calls: list[int] = []
    tasks: list[Task] = [*_tasks(), ("once", calls.append, 1)]
    queue = _finished(answer, tasks)
    if calls != [1]:
        raise CheckFailed(
            f"run_all should call func(arg) once for each task, but one func was called {len(calls)} times."
        )
    stored = _attribute(queue, "results")
    expected = _expected(tasks)
    if not same(stored, expected):
        raise CheckFailed(
            f"After run_all, self.results should be {shown(expected)}, in the order of the tasks,"
            f" but it is {shown(stored)}."
        )
    _verify_threads(answer, tasks[:2])


def _verify_threads(answer: Answer, tasks: list[Task]) -> None:
    """Verify that an answer with threads of its own has every result in its place when run_all returns."""

    def run(queue: Any) -> None:
        queue.run_all()
        stored = _attribute(queue, "results")
        if not same(stored, _expected(tasks)):
            raise CheckFailed(
                "run_all returned before every result was in its place: wait for the threads that it starts,"
                " and keep the order of the tasks."
            )

    in_every_order(lambda: _filled(answer, tasks), [run], lambda queue: None)


@exercise.behaviour("get-results", points=4)
def get_results(answer: Answer) -> None:
    """Nothing before run_all, everything after it."""
    tasks = _tasks()
    queue = _filled(answer, tasks)
    before = _results(queue)
    if not same(before, []):
        raise CheckFailed(f"Before run_all, get_results() should return an empty list, not {shown(before)}.")
    with student_code("run_all()"):
        queue.run_all()
    expected = _expected(tasks)
    for time in ("first", "second"):
        after = _results(queue)
        if not same(after, expected):
            raise CheckFailed(
                f"After run_all, the {time} call of get_results() should return {shown(expected)}, not {shown(after)}."
            )


@exercise.behaviour("prints-results", points=2)
def prints_results(answer: Answer) -> None:
    """What the student's own cell prints, if it prints anything: each of the three tasks as name: result."""
    get_results(answer)
    printed = printed_by(answer, exercise.answer)
    if printed is None:
        return
    lines = [line.strip() for line in printed.splitlines()]
    expected = ["square: 25", "double: 14", "negate: -3"]
    if [line for line in lines if line in expected] != expected:
        raise CheckFailed(
            f"Your cell should print each result as name: result, {', then '.join(expected)},"
            f" but it printed {shown(printed.strip())}."
        )
