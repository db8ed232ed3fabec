"""Keep one gradebook open: each of nbgrader's steps opens its own, which takes longer than the step itself."""

from collections.abc import Iterator
from contextlib import contextmanager
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


class _Kept(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open behind the steps that use it."""

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is not None:
            self.db.rollback()


@contextmanager
def one_gradebook(db_url: str, course_id: str) -> Iterator[Gradebook]:
    """Open a gradebook that nbgrader's autograding steps use in this process until the block ends.

    Args:
        db_url: As in nbgrader's configuration.
        course_id: Likewise.
    """
    kept = _Kept(db_url, course_id)
    kept.db().expire_on_commit = False  # only this process writes; what it wrote need not be read again

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
