"""Grade many submissions at once: workers run students' code, this process alone writes to the gradebook.

Each submission takes nbgrader's own path to the gradebook; only the running of its cells was done ahead. What has
been graded is noted when all of it is saved, so whatever interrupts a run, the next one goes on where it ended.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute

from helpers.grading.ahead import Found, Submission, key_of, run_ahead
from helpers.grading.execute import IsolatedExecute
from helpers.grading.isolated import Cell


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one submission.

    Attributes:
        student: Whose it is.
        problem: Why it could not be graded; "" if it was.
    """

    student: str
    problem: str = ""


class Course:
    """The course in the current folder, as nbgrader's configuration describes it.

    Args:
        unsafe: Run students' code without isolation.
    """

    def __init__(self, *, unsafe: bool = False) -> None:
        self._app = NbGrader()
        self._app.initialize([])
        self._app.log_level = "WARN"  # the progress bar says the rest
        self._directory = self._app.coursedir
        self._config = self._app.config
        self._config.IsolatedExecute.unsafe = unsafe
        self.root = Path(self._directory.root)

    def pending(self, assignment: str, *, force: bool = False) -> list[Submission]:
        """Return the submissions that are new or changed since they were graded, or all of them."""
        os.chdir(self.root)
        pattern = self._directory.format_path(self._directory.submitted_directory, "*", assignment)
        extra = _has_files(self.root / self._directory.source_directory / assignment)
        found = []
        for folder in sorted(Path().glob(os.path.relpath(pattern, self.root))):
            submission = Submission(folder.parent.name, assignment, folder, extra or _has_files(folder))
            if force or self._note(submission).read_text() != self._state(submission):
                found.append(submission)
        return found

    def grade(self, submissions: list[Submission], executor: Executor) -> Iterator[Graded]:
        """Grade submissions; yield each as it is saved, in whatever order they are ready."""
        arguments = (str(self.root), self._config, self._directory.db_url)
        running = {executor.submit(run_ahead, each, *arguments): each for each in submissions}
        for done in as_completed(running):
            submission = running.pop(done)
            try:
                self._save(submission, done.result())
            except (NbGraderException, Exception) as error:  # one student's trouble is nobody else's
                yield Graded(submission.student, f"{type(error).__name__}: {error}")
            else:
                yield Graded(submission.student)

    def _save(self, submission: Submission, found: Found) -> None:
        """Take nbgrader's path to the gradebook, with the cells that were run ahead."""
        state = self._state(submission)
        note = self._note(submission)
        note.unlink()
        self._directory.student_id, self._directory.assignment_id = submission.student, submission.assignment
        autograde = Autograde(coursedir=self._directory, parent=self._app)
        autograde.force = True
        autograde.autograde_preprocessors = [
            _collected(found) if step in (Execute, IsolatedExecute) else step
            for step in autograde.autograde_preprocessors
        ]
        autograde.start()
        note.with_suffix(".new").write_text(state)
        note.with_suffix(".new").replace(note)

    def _note(self, submission: Submission) -> Path:
        """Return where it is noted what was graded; nbgrader overlooks the folder, whose name begins with a dot."""
        note: Path = (
            self.root / self._directory.autograded_directory / ".graded" / submission.assignment / submission.student
        )
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
        return note

    def _state(self, submission: Submission) -> str:
        """Return a digest of all that the grade depends on."""
        digest = hashlib.sha256()
        for folder in (submission.folder, self.root / self._directory.source_directory / submission.assignment):
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()


def _collected(found: Found) -> Callable[..., Any]:
    """Make a preprocessor that looks up what a worker found, and runs what none has."""

    class Collected(IsolatedExecute):
        def run(self, cells: list[Cell], files: Path | None) -> None:
            graded = found.get(key_of(cells)) if files is None else None
            if graded is None:
                super().run(cells, files)
                return
            for cell, done in zip(cells, graded, strict=True):
                cell.outputs, cell.outcome = done.outputs, done.outcome

    Collected.__name__ = IsolatedExecute.__name__  # the section of the configuration that it reads
    return Collected


def _has_files(folder: Path) -> bool:
    return any(path.is_file() and path.suffix not in (".ipynb", ".txt") for path in folder.rglob("*"))
