"""Call student code from a check: its prints and warnings stay out of the test cell, its errors become sentences."""

import io
import sys
from types import TracebackType
from typing import Any

from helpers.checks.comparison import shown
from helpers.checks.exercise import CheckFailed


class student_code:  # noqa: N801 - reads as what the block is
    """Run the `with` block as the student's code; yields what it prints, to be read after it.

    nbgrader gives no point to a test cell with any text on stderr, so a right answer that warns would fail.

    Args:
        call: What is being run, as the student would write it: "run_all()".

    Raises:
        CheckFailed: If the block raises, with one sentence that names the call and the error.
    """

    def __init__(self, call: str) -> None:
        self._call = call

    def __enter__(self) -> io.StringIO:
        self._streams = sys.stdout, sys.stderr
        printed = io.StringIO()
        sys.stdout, sys.stderr = printed, io.StringIO()
        return printed

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        sys.stdout, sys.stderr = self._streams
        if isinstance(error, NotImplementedError):
            raise CheckFailed(f"{self._call} is not written yet: replace the line with NotImplementedError.") from None
        if isinstance(error, Exception | SystemExit) and not isinstance(error, CheckFailed):
            raise CheckFailed(f"{self._call} raised {described(error)}.") from error


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
