"""Count: who passed what, how the scores spread, and what a person has to look at."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import mean, median

from helpers.grading.report.failures import Failure, commonest_failures
from helpers.grading.report.results import Exercise, Grade, Results

BINS = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """How many passed.

    Attributes:
        passed: With full points.
        graded: Of so many; those who wait for a person do not count.
        waiting: How many wait for a person.
        points: Points to be had.
        mean: Points that the graded ones have on average; None if there is none.
    """

    passed: int
    graded: int
    waiting: int
    points: float
    mean: float | None

    @property
    def percent(self) -> int | None:
        """The pass rate in percent; None if nothing was graded."""
        return round(100 * self.passed / self.graded) if self.graded else None


@dataclass(frozen=True, slots=True)
class TestSummary:
    """One test: its name and its pass rate."""

    name: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class ExerciseSummary:
    """One exercise: its pass rate, that of each of its tests, and what they said most often."""

    name: str
    notebook: str
    rate: Rate
    tests: tuple[TestSummary, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of the histogram.

    Attributes:
        low: The lowest score in it, in points.
        high: Where it ends; the last bin holds this score too, and any above.
        count: How many scores.
    """

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A student whose work a person has to grade, and the tests in question."""

    student: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in numbers.

    Attributes:
        course: Course id.
        assignment: Its name.
        points: What it is worth.
        students: How many are on the class list.
        submissions: How many were graded.
        late: How many of them came late.
        missing: Who is on the class list and did not hand in.
        ungraded: Whose submission was not graded yet.
        waiting: What a person has to grade.
        mean: Of the scores; None without submissions.
        median: The same.
        histogram: `BINS` bars; none if no points are to be had.
        exercises: In the notebooks' order.
    """

    course: str
    assignment: str
    points: float
    students: int
    submissions: int
    late: int
    missing: tuple[str, ...]
    ungraded: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    mean: float | None
    median: float | None
    histogram: tuple[Bin, ...]
    exercises: tuple[ExerciseSummary, ...]


def summarize(results: Results) -> Summary:
    """Count what is in the results of an assignment."""
    scores = [submission.score for submission in results.submissions]
    handed_in = {submission.student for submission in results.submissions} | set(results.ungraded)
    return Summary(
        course=results.course,
        assignment=results.assignment,
        points=results.points,
        students=len(results.students),
        submissions=len(results.submissions),
        late=sum(submission.late for submission in results.submissions),
        missing=tuple(sorted(results.students - handed_in)),
        ungraded=results.ungraded,
        waiting=_waiting(results.exercises),
        mean=mean(scores) if scores else None,
        median=median(scores) if scores else None,
        histogram=_histogram(scores, results.points) if results.points else (),
        exercises=tuple(_exercise(exercise) for exercise in results.exercises),
    )


def _exercise(exercise: Exercise) -> ExerciseSummary:
    return ExerciseSummary(
        exercise.name,
        exercise.notebook,
        _together(exercise),
        tuple(TestSummary(test.name, _rate(test.grades, test.points, test.passed)) for test in exercise.tests),
        tuple(commonest_failures(exercise)),
    )


def _together(exercise: Exercise) -> Rate:
    """Count the students who passed every test of an exercise."""
    scores: defaultdict[str, float] = defaultdict(float)
    waits: set[str] = set()
    failed: set[str] = set()
    for test in exercise.tests:
        for grade in test.grades:
            scores[grade.student] += grade.score
            waits |= {grade.student} if grade.waits else set()
            failed |= set() if test.passed(grade) else {grade.student}
    grades = [Grade(student, score, student in waits) for student, score in scores.items()]
    return _rate(grades, exercise.points, lambda grade: grade.student not in failed)


def _rate(grades: Iterable[Grade], points: float, passed: Callable[[Grade], bool]) -> Rate:
    grades = list(grades)
    graded = [grade for grade in grades if not grade.waits]
    return Rate(
        sum(map(passed, graded)),
        len(graded),
        len(grades) - len(graded),
        points,
        mean(grade.score for grade in graded) if graded else None,
    )


def _waiting(exercises: Iterable[Exercise]) -> tuple[Waiting, ...]:
    tests: defaultdict[str, list[str]] = defaultdict(list)
    for exercise in exercises:
        for test in exercise.tests:
            for grade in test.grades:
                if grade.waits:
                    tests[grade.student].append(test.name)
    return tuple(Waiting(student, tuple(names)) for student, names in sorted(tests.items()))


def _histogram(scores: Iterable[float], points: float) -> tuple[Bin, ...]:
    counts = [0] * BINS
    for score in scores:
        counts[min(max(int(score * BINS / points), 0), BINS - 1)] += 1
    return tuple(Bin(points * i / BINS, points * (i + 1) / BINS, count) for i, count in enumerate(counts))
