"""What the report counts: a class graded by nbgrader itself, and what people did to its gradebook afterwards."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.api import Gradebook

from helpers.grading.report.failures import commonest_failures
from helpers.grading.report.results import Exercise, Grade, GradedTest, NoSuchAssignmentError, read_results
from helpers.grading.report.summary import Bin, ExerciseSummary, Rate, Summary, summarize
from tests.conftest import Person
from tests.grading.report.conftest import course_in
from tests.grading.report.quiz import ANSWERS, NOTEBOOK, ODD_NAME, handed_in, write

Change = Callable[[], Gradebook]


def summary_of(folder: Path) -> Summary:
    return summarize(read_results(course_in(folder), "quiz"))


def exercise(summary: Summary, name: str) -> ExerciseSummary:
    return next(each for each in summary.exercises if each.name == name)


def test_exercises_stand_in_the_notebooks_order_with_the_tests_below_them(graded_quiz: Path) -> None:
    found = {each.name: [test.name for test in each.tests] for each in summary_of(graded_quiz).exercises}
    assert list(found.items()) == [
        ("zebra", ["zebra-small", "zebra-large"]),
        ("apple", ["apple-part", "apple-free"]),
        ("essay", ["essay"]),
    ]


def test_without_the_source_every_test_stands_alone(quiz: Path) -> None:
    shutil.rmtree(quiz / "source")
    names = [each.name for each in summary_of(quiz).exercises]
    assert names == ["apple-free", "apple-part", "essay", "zebra-large", "zebra-small"]


def test_pass_rates_count_full_points(graded_quiz: Path) -> None:
    summary = summary_of(graded_quiz)
    zebra, apple = exercise(summary, "zebra"), exercise(summary, "apple")
    assert zebra.rate == Rate(passed=1, graded=5, waiting=0, points=5, mean=1)
    assert [test.rate.percent for test in zebra.tests] == [20, 20]
    assert apple.rate == Rate(passed=3, graded=5, waiting=0, points=4, mean=pytest.approx(13 / 5))
    assert [test.rate.passed for test in apple.tests] == [3, 3], "the test without points passes without an objection"


def test_a_person_is_called_where_one_is_needed(quiz: Path, change: Change) -> None:
    summary = summary_of(quiz)
    assert [(each.student, each.tests) for each in summary.waiting] == [("ada", ("essay",))]
    assert exercise(summary, "essay").rate == Rate(passed=0, graded=4, waiting=1, points=5, mean=0)
    with change() as gradebook:
        grade = gradebook.find_grade("essay", NOTEBOOK, "quiz", "ada")
        grade.manual_score, grade.needs_manual_grade = 5.0, False
        gradebook.db.commit()
    summary = summary_of(quiz)
    assert summary.waiting == ()
    assert exercise(summary, "essay").rate == Rate(passed=1, graded=5, waiting=0, points=5, mean=1)


def test_scores_changed_by_hand_count(quiz: Path, change: Change) -> None:
    assert exercise(summary_of(quiz), "zebra").tests[0].rate.passed == 1
    with change() as gradebook:
        gradebook.find_grade("zebra-small", NOTEBOOK, "quiz", "ben").manual_score = 2.0
        gradebook.find_grade("zebra-small", NOTEBOOK, "quiz", "ada").manual_score = 0.0
        gradebook.find_grade("zebra-large", NOTEBOOK, "quiz", "ada").extra_credit = 80.0
        gradebook.db.commit()
    summary = summary_of(quiz)
    small, large = exercise(summary, "zebra").tests
    assert (small.rate.passed, large.rate.passed) == (1, 1)
    said = {failure.sentence: failure for failure in exercise(summary, "zebra").failures}
    assert "AssertionError: double(2) should be 4, but it is 3." not in said, "ben passes by now"
    assert said["AssertionError: double(2) should be 4, but it is 6."].wordings == 2
    assert said["The test gave no message."].tests == ("zebra-small",), "ada's failure is a person's decision"
    assert summary.histogram[-1] == Bin(pytest.approx(12.6), 14, 1), "more than full points is in the last bar"


def test_the_histogram_holds_every_score_once(graded_quiz: Path) -> None:
    summary = summary_of(graded_quiz)
    # Of 14 points: ada 9, ben 4, cleo 1, dan 0, the odd name 4.
    assert [each.count for each in summary.histogram] == [2, 0, 2, 0, 0, 0, 1, 0, 0, 0]
    assert (summary.mean, summary.median) == (pytest.approx(18 / 5), 4)


def test_failures_are_counted_by_student_and_grouped_by_wording(graded_quiz: Path) -> None:
    failures = exercise(summary_of(graded_quiz), "zebra").failures
    first, *others = failures
    assert first.sentence == "AssertionError: double(2) should be 4, but it is 3."
    assert (first.students, first.wordings, first.tests) == (2, 3, ("zebra-small", "zebra-large"))
    assert {each.sentence.split(":")[0] for each in others} == {"TypeError", "ValueError"}
    apple = {each.sentence: each.students for each in exercise(summary_of(graded_quiz), "apple").failures}
    assert apple["The test gave part of the points."] == 1


def test_a_sentence_has_its_commonest_wording() -> None:
    said = ["It is 1.", "It is 5.", "It is 5.", "It is 7."]
    grades = tuple(Grade(f"student-{place}", 0, failure=sentence) for place, sentence in enumerate(said))
    (failure,) = commonest_failures(Exercise("zebra", NOTEBOOK, (GradedTest("zebra-small", 2, grades),)))
    assert (failure.sentence, failure.students, failure.wordings) == ("It is 5.", 4, 2)


def test_what_waits_for_a_person_has_not_failed(graded_quiz: Path) -> None:
    assert [failure.students for failure in exercise(summary_of(graded_quiz), "essay").failures] == [4]


def test_errors_of_a_kernel_keep_their_names(quiz: Path) -> None:
    path = quiz / "autograded" / "dan" / "quiz" / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "zebra-small":
            cell.outputs = [new_output("error", ename="KeyError", evalue="'x'"), new_output("error", ename="Oh")]
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "zebra-large":
            cell.outputs = [new_output("error", ename="NameError", evalue="name 'double' is not defined")]
    write(notebook, path)
    said = {failure.sentence for failure in exercise(summary_of(quiz), "zebra").failures}
    assert {"Oh", "NameError: name 'double' is not defined"} < said


def test_lost_autograded_notebooks_cost_the_sentences_only(quiz: Path) -> None:
    shutil.rmtree(quiz / "autograded")
    zebra = exercise(summary_of(quiz), "zebra")
    assert zebra.rate.passed == 1
    assert [(each.sentence, each.students) for each in zebra.failures] == [("The test gave no message.", 4)]


def test_late_means_after_the_due_date_and_any_extension(quiz: Path, change: Change) -> None:
    with change() as gradebook:
        for student in ("ben", "cleo"):
            gradebook.find_submission("quiz", student).timestamp = datetime(2027, 1, 1, 12)
        gradebook.grant_extension("quiz", "cleo", days=1)
        gradebook.db.commit()
    assert summary_of(quiz).late == 0, "an extension of what is never due is no trouble"
    with change() as gradebook:
        gradebook.update_or_create_assignment("quiz", duedate="2027-01-01 11:00:00 UTC")
    assert summary_of(quiz).late == 1
    with change() as gradebook:
        gradebook.find_submission_notebook(NOTEBOOK, "quiz", "ben").late_submission_penalty = 100.0
        gradebook.db.commit()
    assert summary_of(quiz).mean == pytest.approx(14 / 5), "what is taken off for being late counts, down to nothing"


def test_who_handed_in_nothing_and_who_was_not_graded(quiz: Path, change: Change) -> None:
    with change() as gradebook:
        gradebook.add_student("hal")
    write(handed_in({}), quiz / "submitted" / "ida" / "quiz" / f"{NOTEBOOK}.ipynb")
    summary = summary_of(quiz)
    assert (summary.missing, summary.ungraded) == (("hal",), ("ida",))
    assert (summary.students, summary.submissions) == (len(ANSWERS) + 1, len(ANSWERS))


def test_an_empty_class(generated_quiz: Person) -> None:
    summary = summary_of(generated_quiz.folder)
    assert (summary.submissions, summary.mean, summary.median, summary.waiting) == (0, None, None, ())
    assert [each.rate.percent for each in summary.exercises] == [None, None, None]
    assert sum(each.count for each in summary.histogram) == 0


def test_an_unknown_assignment_is_answered_with_those_that_exist(graded_quiz: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSuchAssignmentError, match="no assignment 'quizz', but there is 'quiz'"):
        read_results(course_in(graded_quiz), "quizz")
    with pytest.raises(NoSuchAssignmentError, match="generate one first"):
        read_results(course_in(tmp_path), "quiz")
    assert not (tmp_path / "gradebook.db").exists(), "reading makes no gradebook"


def test_names_in_any_script(graded_quiz: Path) -> None:
    results = read_results(course_in(graded_quiz), "quiz")
    assert ODD_NAME in {each.student for each in results.submissions}
