"""The checks against sample answers: every right one earns all points, however it is written; no wrong one does."""

import contextlib
import io
import multiprocessing
from typing import Any

import pytest

from helpers.checks import EXERCISES, CheckFailed, verify
from helpers.checks.exercise import Exercise
from tests.submissions.notebooks import answers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

# Each answer gets a process of its own, since some of them never end or change the interpreter.
FRESH = multiprocessing.get_context("fork")


def samples(kind: str) -> list[Any]:
    return [
        pytest.param(exercise, code, id=f"{exercise.name}: {title}")
        for exercise in EXERCISES
        for title, code in answers(exercise.name, kind).items()
    ]


def grade(exercise: Exercise, code: str) -> dict[str, str]:
    """Return what each failing behaviour said, by behaviour; an answer that takes over 60 s fails them all."""
    receiving, sending = FRESH.Pipe(duplex=False)
    process = FRESH.Process(target=_grade, args=(exercise.name, code, sending), daemon=True)
    process.start()
    sending.close()
    try:
        if receiving.poll(60):
            return receiving.recv()  # type: ignore[no-any-return]
    except EOFError:
        pass
    finally:
        process.kill()
        process.join()
    return {behaviour.name: "no result" for behaviour in exercise.behaviours}


def _grade(name: str, code: str, sending: Any) -> None:
    exercise = next(exercise for exercise in EXERCISES if exercise.name == name)
    namespace: dict[str, Any] = {"__name__": "__main__", "In": ["", code]}
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<answer>", "exec"), namespace)
    failures = {}
    for behaviour in exercise.behaviours:
        try:
            verify(behaviour.name, namespace)
        except CheckFailed as failure:
            failures[behaviour.name] = str(failure)
    sending.send(failures)


@pytest.mark.parametrize(("exercise", "code"), samples("right"))
def test_a_right_answer_earns_every_point(exercise: Exercise, code: str) -> None:
    assert grade(exercise, code) == {}


@pytest.mark.parametrize(("exercise", "code"), samples("wrong"))
def test_a_wrong_answer_is_refused_in_one_sentence(exercise: Exercise, code: str) -> None:
    failures = grade(exercise, code)
    assert failures
    for sentence in failures.values():
        assert sentence.endswith((".", ".”")) and "\n" not in sentence and 20 < len(sentence) < 600, sentence
        assert "Traceback" not in sentence and "helpers" not in sentence, sentence
