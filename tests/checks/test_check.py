"""The one call of a test cell: what it prints, shows and raises, and how the progress line moves."""

import sys
import warnings
from collections.abc import Iterator

import pytest

from helpers import checks
from helpers.checks import EXERCISES, CheckFailed, check, verify
from helpers.checks.progress import Progress
from tests.submissions.notebooks import answers

RIGHT = {exercise.name: next(iter(answers(exercise.name, "right").values())) for exercise in EXERCISES}


def ran(name: str, code: str) -> dict[str, object]:
    namespace: dict[str, object] = {"__name__": "__main__", "In": ["", code]}
    exec(code, namespace)
    return namespace


@pytest.fixture(autouse=True)
def progress(monkeypatch: pytest.MonkeyPatch) -> Progress:
    """A progress line of the test's own, as text."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    fresh = Progress(EXERCISES)
    monkeypatch.setattr(checks, "_progress", fresh)
    return fresh


def test_passing_checks_move_the_progress_line(capsys: pytest.CaptureFixture[str]) -> None:
    done = 0
    for number, exercise in enumerate(EXERCISES, start=1):
        namespace = ran(exercise.name, RIGHT[exercise.name])
        for behaviour in exercise.behaviours:
            check(behaviour.name, namespace)
            done += behaviour.points
            assert f"{done}/100 XP" in capsys.readouterr().out
        assert str(checks._progress) == f"{number}/5 exercises, {done}/100 XP"
    assert done == 100


def test_an_answer_that_is_spoilt_again_takes_its_points_with_it(progress: Progress) -> None:
    check("predict-output-printed-sum", ran("predict-output", RIGHT["predict-output"]))
    assert progress.xp == 10
    with pytest.raises(CheckFailed):
        check("predict-output-printed-sum", {"prediction": "0\n0"})
    assert progress.xp == 0


def test_an_answer_that_is_not_there_yet_is_asked_for() -> None:
    with pytest.raises(CheckFailed, match=r"^There is no SafeCounter yet: write it in the cell above"):
        verify("safe-counter-counts", {})


class Closed(list[object]):
    """A variable of the notebook's that nobody may look into."""

    def __iter__(self) -> Iterator[object]:
        raise AssertionError("somebody looked")


def test_other_variables_of_the_notebook_are_left_alone() -> None:
    namespace = ran("safe-counter", RIGHT["safe-counter"]) | {"large": Closed()}
    verify("safe-counter-two-threads", namespace)


def test_an_unknown_test_cell_is_an_error_of_the_course_not_of_the_student() -> None:
    with pytest.raises(LookupError, match="no exercise has a test cell named 'safe-counter-wings'"):
        verify("safe-counter-wings", {})


def test_the_student_sees_the_sentence_and_not_our_traceback() -> None:
    with pytest.raises(CheckFailed) as caught:
        verify("classify-task-examples", {"classify_task": lambda description: "asyncio"})
    assert caught.value._render_traceback_() == [f"✗ {caught.value}"]


def test_what_an_answer_prints_and_warns_stays_out_of_the_test_cell(capsys: pytest.CaptureFixture[str]) -> None:
    namespace = ran("classify-task", RIGHT["classify-task"])
    capsys.readouterr()
    honest = namespace["classify_task"]

    def noisy(description: str) -> object:
        print("thinking")
        warnings.warn("this is not how it is done", DeprecationWarning, stacklevel=1)
        return honest(description)  # type: ignore[operator]

    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = lambda message, *_, **__: print(message, file=sys.stderr)  # not pytest's own list
        verify("classify-task-examples", {"classify_task": noisy})
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_an_error_in_the_answer_becomes_one_sentence() -> None:
    with pytest.raises(CheckFailed, match=r"^classify_task\('Download 100 files from S3'\) raised KeyError: 'x'\.$"):
        verify("classify-task-examples", {"classify_task": lambda description: {}["x"]})


def test_a_schedule_picture_comes_with_a_race() -> None:
    namespace = ran("safe-counter", RIGHT["safe-counter"])
    exec("class SafeCounter(SafeCounter):\n    def increment(self):\n        self.value += 1", namespace)
    with pytest.raises(CheckFailed, match="2 increments were lost") as caught:
        verify("safe-counter-two-threads", namespace)
    assert caught.value.picture is not None
    data, _ = caught.value.picture._repr_mimebundle_()
    assert "image/svg+xml" in data


@pytest.mark.parametrize("unwritten", ["__init__", "increment", "get"])
def test_a_method_that_is_not_written_yet_is_asked_for_by_every_check_that_needs_it(unwritten: str) -> None:
    namespace = ran("safe-counter", RIGHT["safe-counter"])
    exec(f"class SafeCounter(SafeCounter):\n    def {unwritten}(self):\n        raise NotImplementedError", namespace)
    for behaviour in EXERCISES[1].behaviours:
        with pytest.raises(CheckFailed, match=r" is not written yet: replace the line with NotImplementedError\.$"):
            verify(behaviour.name, namespace)


def test_what_is_required_is_found_in_each_answer_anew() -> None:
    right = ran("shared-list", RIGHT["shared-list"])
    verify("shared-list-keeps-items", right)
    unlocked = RIGHT["shared-list"].replace("with self.lock:", "if True:")
    with pytest.raises(CheckFailed, match="without one common lock"):
        verify("shared-list-prints-items", ran("shared-list", unlocked))
    verify("shared-list-prints-items", right)


def test_what_is_required_is_lost_with_the_check_that_fails() -> None:
    namespace = ran("shared-list", RIGHT["shared-list"])
    verify("shared-list-keeps-items", namespace)
    namespace["SharedList"].get_all = lambda self: []  # type: ignore[attr-defined]
    for name in ("keeps", "prints"):
        with pytest.raises(CheckFailed, match="get_all"):
            verify(f"shared-list-{name}-items", namespace)
