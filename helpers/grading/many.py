"""Grade many submissions at once: workers run students' code, this process alone writes to the gradebook.

Each submission takes nbgrader's own path to the gradebook; only the running of its cells was done ahead. What has
been graded is noted when all of it is saved, so whatever interrupts a run, the next one goes on where it ended.
"""

import hashlib
import json
import os
import pickle
import re
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import find_all_files

from helpers.grading.ahead import TO_GRADEBOOK, Ran, Recipe, Submission, run_ahead
from helpers.grading.definition import definition_of
from helpers.grading.one_gradebook import KeptGradebook, one_gradebook


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one submission.

    Attributes:
        student: Whose it is.
        score: The points it has now, those given by hand included.
        points: How many it could have.
        by_hand: Whether somebody has to look at it, because a part of it is graded by hand.
        warnings: What an instructor should read about it.
        problem: Why it could not be graded; "" if it was.
    """

    student: str
    score: float = 0
    points: float = 0
    by_hand: bool = False
    warnings: tuple[str, ...] = ()
    problem: str = ""


class UnknownAssignment(LookupError):
    """Nothing was released under that name; the message names what was."""


class Course:
    """The course in the current folder, as nbgrader's configuration describes it.

    Args:
        assignment: Which assignment to grade.
        unsafe: Run students' code without isolation.

    Raises:
        UnknownAssignment: If it was never released.
    """

    def __init__(self, assignment: str, *, unsafe: bool = False) -> None:
        self._app = NbGrader()
        self._app.initialize([])
        self._app.log_level = "ERROR"  # the summary says the rest
        self._directory = self._app.coursedir
        self._directory.assignment_id = assignment
        self._app.config.IsolatedExecute.unsafe = unsafe
        os.chdir(self._directory.root)
        self.assignment = assignment
        self._source = Path(self._directory.format_path(self._directory.source_directory, ".", assignment))
        with Gradebook(self._directory.db_url, self._directory.course_id) as gradebook:
            names = [each.name for each in gradebook.assignments]
            if assignment not in names:
                raise UnknownAssignment(
                    f"There is no assignment {assignment!r} in the gradebook, only: {', '.join(names) or 'none'}."
                    f" Run: nbgrader generate_assignment {assignment}"
                )
            self._in_gradebook = {each.student_id for each in gradebook.assignment_submissions(assignment)}
            self._recipe = self._make_recipe(gradebook)
        self._fixed = self._fixed_files()

    def pending(self, *, force: bool = False) -> list[str]:
        """Return the students whose submissions are new or changed since they were graded, or all who handed in."""
        where = self._directory.submitted_directory
        name = re.compile(self._directory.format_path(where, "(?P<student>.*)", self.assignment, escape=True))
        folders = Path().glob(os.path.relpath(self._directory.format_path(where, "*", self.assignment)))
        students = sorted(
            match["student"] for match in map(name.fullmatch, map(str, map(Path.absolute, folders))) if match
        )
        return [student for student in students if force or not self._is_graded(student)]

    def grade(self, students: list[str], executor: Executor, ahead: int) -> Iterator[Graded]:
        """Grade submissions; yield each as it is saved, in whatever order they are ready.

        Args:
            students: Whose.
            executor: Runs their cells.
            ahead: How many submissions to have there at a time; the others stay on disk.
        """
        waiting = list(reversed(students))
        running: dict[Future[Ran], tuple[str, str]] = {}

        def fill() -> None:
            while waiting and len(running) < ahead:
                student = waiting.pop()
                submission = Submission(student, self._files(student))
                running[executor.submit(run_ahead, self._recipe, submission)] = student, self._digest(submission)

        fill()  # before the gradebook is opened: a process pool may fork now
        with one_gradebook(self._directory.db_url, self._directory.course_id) as gradebook:
            recorder = _Recorder(coursedir=self._directory, parent=self._app)
            recorder.force = True
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    student, digest = running.pop(future)
                    yield self._save(student, digest, future, recorder, gradebook)
                fill()

    def _save(
        self, student: str, digest: str, future: Future[Ran], recorder: "_Recorder", gradebook: KeptGradebook
    ) -> Graded:
        """Take nbgrader's path to the gradebook, with the notebooks that were run ahead."""
        note = self._note(student)
        try:
            ran = future.result()
            note.unlink(missing_ok=True)
            self._directory.student_id = student
            recorder.ran = ran
            recorder.start()
            gradebook.save()
            found = gradebook.find_submission(self.assignment, student)
            gradebook.db.refresh(found, ["score", "max_score", "needs_manual_grade"])
            graded = Graded(student, found.score, found.max_score, bool(found.needs_manual_grade), tuple(ran.warnings))
        except (NbGraderException, Exception) as error:  # one student's trouble is nobody else's
            gradebook.db.rollback()
            return Graded(student, problem=f"{type(error).__name__}: {error}")
        finally:
            gradebook.forget()
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(digest)  # half a digest, if this is interrupted, is that of no submission
        return graded

    def _make_recipe(self, gradebook: Gradebook) -> bytes:
        defaults = Autograde(coursedir=self._directory, parent=self._app)
        steps = (*defaults.sanitize_preprocessors, *defaults.autograde_preprocessors)
        notebooks = {
            each.name: definition_of(gradebook, self.assignment, each.name, self._source / f"{each.name}.ipynb")
            for each in gradebook.find_assignment(self.assignment).notebooks
        }
        here = tuple(step for step in steps if not issubclass(step, TO_GRADEBOOK))
        recipe = Recipe(self.assignment, notebooks, defaults.exporter_class, here, self._app.config)
        return pickle.dumps(recipe)

    def _fixed_files(self) -> dict[str, bytes]:
        """Return the instructor's own files, which take the place of what students hand in under their names."""
        kept = set(Autograde(coursedir=self._directory, parent=self._app).exclude_overwriting.get(self.assignment, []))
        found = find_all_files(str(self._source), [*self._directory.ignore, "*.ipynb"])
        files = {os.path.relpath(path, self._source): Path(path).read_bytes() for path in found}
        return {path: contents for path, contents in files.items() if path not in kept}

    def _files(self, student: str) -> dict[str, bytes]:
        folder = self._folder(student)
        found = find_all_files(str(folder), self._directory.ignore)
        return {os.path.relpath(path, folder): Path(path).read_bytes() for path in found} | self._fixed

    def _folder(self, student: str) -> Path:
        return Path(self._directory.format_path(self._directory.submitted_directory, student, self.assignment))

    def _is_graded(self, student: str) -> bool:
        note = self._note(student)
        autograded = Path(self._directory.format_path(self._directory.autograded_directory, student, self.assignment))
        return (
            student in self._in_gradebook
            and autograded.is_dir()
            and note.exists()
            and note.read_text() == self._digest(Submission(student, self._files(student)))
        )

    def _note(self, student: str) -> Path:
        """Return where it is noted what was graded; nbgrader overlooks the folder, whose name begins with a dot."""
        return Path(self._directory.root, self._directory.autograded_directory, ".graded", self.assignment, student)

    def _digest(self, submission: Submission) -> str:
        """Return a digest of all that the grade depends on."""
        digest = hashlib.sha256(self._recipe)
        for path, contents in sorted(submission.files.items()):
            digest.update(json.dumps([path, len(contents)]).encode() + contents)
        return digest.hexdigest()


class _Recorder(Autograde):  # type: ignore[misc]
    """nbgrader's converter for notebooks whose cells have run: only the steps that need the gradebook are left.

    Attributes:
        ran: The submission to record.
    """

    ran: Ran

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Record a notebook."""
        text = self.ran.notebooks[Path(notebook_filename).stem]
        resources = self.init_single_notebook_resources(notebook_filename)
        notebook = nbformat.v4.reads(text)  # it was validated when it was written
        for step in self.autograde_preprocessors:
            if issubclass(step, TO_GRADEBOOK):
                notebook, resources = step(parent=self).preprocess(notebook, resources)
        self.write_single_notebook(text, resources | {"output_extension": ".ipynb"})  # an exporter would have said it
