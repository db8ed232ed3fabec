"""Call student code from a check: its prints and warnings stay out of the test cell, its errors become sentences."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from helpers.checks.comparison import shown
from helpers.checks.exercise import CheckFailed


@contextlib.contextmanager
def student_code(call: str) -> Iterator[io.StringIO]:
    """Run the `with` block as the student's code.

    nbgrader gives no point to a test cell with any text on stderr, so a right answer that warns would fail.

    Args:
        call: What is being run, as the student would write it: "run_all()".

    Yields:
        What the block prints, to be read after it.

    Raises:
        CheckFailed: If the block raises, with one sentence that names the call and the error.
    """
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            yield printed
    except CheckFailed:
        raise
    except NotImplementedError:
        raise CheckFailed(f"{call} is not written yet: replace the line with NotImplementedError.") from None
    except (Exception, SystemExit) as error:
        raise CheckFailed(f"{call} raised {described(error)}.") from error


def attribute(owner: object, name: str) -> Any:
    """Return an attribute of a student's object.

    Raises:
        CheckFailed: If there is none, or a property of that name raises.
    """
    with student_code(f"Reading self.{name}"):
        try:
            return getattr(owner, name)
        except AttributeError:
            raise CheckFailed(
                f"There is no self.{name}: set it in __init__, written with two underscores on each side."
            ) from None


def described(error: BaseException) -> str:
    """Return "Type: message" for a sentence, without a full stop at its end."""
    try:
        message = str(error)
    except Exception:
        message = ""
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return shown_text(text).rstrip(".")


def shown_text(text: str, limit: int = 160) -> str:
    """Return text on one line, cut to `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def call(function: object, *arguments: object, name: str) -> object:
    """Call a student's function.

    Args:
        function: What the student defined.
        arguments: What to pass.
        name: Its name, for the message.

    Returns:
        What it returned.

    Raises:
        CheckFailed: If it cannot be called or raises.
    """
    if not callable(function):
        raise CheckFailed(f"{name} should be a function, but it is {shown(function)}.")
    with student_code(f"{name}({', '.join(map(shown, arguments))})"):
        return function(*arguments)
    raise AssertionError("unreachable: student_code never swallows an exception")
