"""nbgrader's settings for this course; every path is relative to this file, so a clone works wherever it lies."""

import os
import sys
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearSolutions,
    DeduplicateIds,
    Execute,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from helpers.grading.execute import IsolatedExecute
from helpers.grading.exporter import SubmissionExporter, expect_every_notebook
from helpers.grading.restore import RestoreCells
from helpers.grading.scores import SaveScores
from helpers.grading.stubs import ClearSolutionsToStubs
from helpers.grading.text_cells import markdown2html

HERE = Path(__file__).resolve().parent

c = get_config()

# nbgrader runs `alembic` by name, which fails where the environment is used without being activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

# The course, its gradebook and its exchange. A school sets the two variables; a single machine needs neither.
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.course_id = "concurrency"
c.CourseDirectory.db_url = os.environ.get("NBGRADER_DB_URL", f"sqlite:///{HERE / 'gradebook.db'}")
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", str(HERE / "exchange"))

# Release: the bug exercise needs a stub of its own, which nbgrader's one stub for all cannot be.
c.GenerateAssignment.preprocessors = [
    ClearSolutionsToStubs if step is ClearSolutions else step for step in GenerateAssignment.preprocessors.default()
]

# Grading: a broken, foreign or rearranged notebook costs its owner points, never the class its grades.
c.Autograde.exporter_class = SubmissionExporter
c.Autograde.pre_convert_hook = expect_every_notebook
# RestoreCells leaves nothing to find for three of nbgrader's steps, and students' code runs in a sandbox, never in a
# kernel with the instructor's rights.
INSTEAD = {OverwriteCells: RestoreCells, Execute: IsolatedExecute, SaveAutoGrades: SaveScores}
NEEDLESS = (DeduplicateIds, OverwriteKernelspec, CheckCellMetadata)
for steps in ("sanitize_preprocessors", "autograde_preprocessors"):
    defaults = getattr(Autograde, steps).default()
    c.Autograde[steps] = [INSTEAD.get(step, step) for step in defaults if step not in NEEDLESS]

# Feedback shows a test that failed, but not its hidden part.
c.GenerateFeedback.preprocessors = [ClearHiddenTests, *GenerateFeedback.preprocessors.default()]

# Students' text cells are shown to instructors, too: nothing in them acts.
c.HTMLExporter.filters = {"markdown2html": markdown2html}
