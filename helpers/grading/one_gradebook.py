"""Keep one gradebook open: each of nbgrader's steps opens its own, which takes longer than the step itself.

Their commits, four a submission, become one: a submission is in the gradebook as a whole or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import nbgrader.converters.autograde
import nbgrader.preprocessors.latesubmissions
from nbgrader.api import Gradebook

import helpers.grading.scores

_USERS: tuple[Any, ...] = (
    nbgrader.converters.autograde,
    nbgrader.preprocessors.latesubmissions,
    helpers.grading.scores,
)
_KEPT_FOR = 5  # submissions


class KeptGradebook(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open behind the steps that use it, and commits when it is told to.

    What was released stays in memory, and so do the entries of one submission: each step looks both up again.
    """

    def __init__(self, db_url: str, course_id: str) -> None:
        super().__init__(db_url, course_id)
        self.db().expire_on_commit = False  # only this process writes; what it wrote need not be read again
        self.db.commit = self.db.flush
        self._forgotten = 0
        self.find_assignment = cache(super().find_assignment)
        self.find_notebook = cache(super().find_notebook)
        self.find_submission = cache(super().find_submission)
        self.find_submission_notebook = cache(super().find_submission_notebook)

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is not None:
            self.db.rollback()

    def save(self) -> None:
        """Commit what the steps have written."""
        self.db().commit()

    def forget(self) -> None:
        """Let go of the submission that was saved; now and then of what was released too, which remembers them all."""
        self.find_submission.cache_clear()
        self.find_submission_notebook.cache_clear()
        self._forgotten += 1
        if self._forgotten % _KEPT_FOR == 0:
            self.find_assignment.cache_clear()
            self.find_notebook.cache_clear()
            self.db.expunge_all()


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[KeptGradebook]:
    """Open a gradebook that nbgrader's autograding steps use in this process until the block ends.

    Args:
        db_url: As in nbgrader's configuration.
        course_id: Likewise.
    """
    kept = KeptGradebook(db_url, course_id)

    def open_again(*arguments: Any, **options: Any) -> Gradebook:
        return kept

    before = [user.Gradebook for user in _USERS]
    try:
        for user in _USERS:
            user.Gradebook = open_again
        yield kept
    finally:
        for user, real in zip(_USERS, before, strict=True):
            user.Gradebook = real
        kept.close()
