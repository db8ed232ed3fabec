"""All examinations in the order in which a trouble should be mended."""

from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.doctor import environment, grading, jupyter
from helpers.doctor.finding import Finding

_SETTINGS = (
    "Mend nbgrader_config.py, here or in ~/.jupyter; the course's own is had with: git checkout nbgrader_config.py"
)


def examine(course: Path) -> Iterator[Finding]:
    """Examine the environment of a course.

    Args:
        course: Its folder, which must be the current one too: nbgrader looks for its configuration there.

    Yields:
        What was found. What cannot even be examined, because something else is broken, counts as bad.
    """
    yield environment.python()
    yield from _careful("packages", lambda: iter([environment.packages(course / "requirements.txt")]))
    yield from _careful("kernel", lambda: iter([jupyter.kernel()]))
    yield from _careful("extensions", jupyter.extensions)
    yield from _careful("sandbox", lambda: iter([grading.sandbox()]))
    yield from _careful("nbgrader's configuration", _handing_in, _SETTINGS)
    yield from _careful("cores", lambda: iter([environment.cores()]))


def _handing_in() -> Iterator[Finding]:
    from helpers.grading.settings import exchange_and_gradebook

    root, url = exchange_and_gradebook()
    yield grading.exchange(root)
    yield grading.database(url)


def _careful(
    subject: str, examination: Callable[[], Iterator[Finding]], remedy: str = environment.REBUILD
) -> Iterator[Finding]:
    try:
        yield from examination()
    except Exception as error:  # whatever is broken, the doctor goes on
        yield Finding(subject, f"cannot be examined ({type(error).__name__}: {error})", remedy)
