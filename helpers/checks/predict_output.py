"""Exercise 3: predict what a small program prints.

The expected text stands nowhere: the program itself is run when the prediction is checked.
"""

import contextlib
import functools
import io

from helpers.checks.comparison import shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise

exercise = Exercise("predict-output", answer="prediction")

PROGRAM = """\
from concurrent.futures import ThreadPoolExecutor

def double(x):
    return x * 2

with ThreadPoolExecutor(max_workers=2) as executor:
    results = list(executor.map(double, [5, 10, 15, 20]))

print(results)
print(sum(results))
"""


@functools.cache
def printed_lines() -> tuple[str, ...]:
    """Run the program of the task and return the lines that it prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(PROGRAM, {"__name__": "__main__"})
    return tuple(output.getvalue().splitlines())


def _line(answer: Answer, index: int) -> str:
    """Return one line of the prediction, blanks around it removed."""
    prediction = answer.value
    if not issubclass(type(prediction), str):
        raise CheckFailed(
            f"prediction should be the printed text in quotes, two lines long, but it is {shown(prediction)}."
        )
    lines = [line.strip() for line in str.splitlines(str.strip(prediction))]
    if len(lines) != len(printed_lines()):
        raise CheckFailed(f"The program calls print twice, so prediction needs two lines, but it has {len(lines)}.")
    return lines[index]


@exercise.behaviour("printed-list", points=10)
def printed_list(answer: Answer) -> None:
    """The first line: what map returned, in which order, as print shows it."""
    if _line(answer, 0) != printed_lines()[0]:
        raise CheckFailed(
            "The first line is not what print(results) shows: think about what double does to each number,"
            " in which order map returns the results, and how Python prints that."
        )


@exercise.behaviour("printed-sum", points=10)
def printed_sum(answer: Answer) -> None:
    """The second line: the sum of the results."""
    if _line(answer, 1) != printed_lines()[1]:
        raise CheckFailed("The second line is not what print(sum(results)) shows: add the doubled numbers.")
