"""nbgrader's adapter: takes the place of `Execute` among the autograde preprocessors."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution
from traitlets import Bool, Float, Integer

from helpers.grading.cell import Cell
from helpers.grading.isolated import Patience, grade
from helpers.grading.sandbox import Limits

_TIMESTAMP = "timestamp.txt"  # nbgrader's own: when the work was handed in


class IsolatedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Run a submission's cells in a sandbox, and write what became of each into its outputs."""

    unsafe = Bool(
        False, help="Run without bubblewrap: students' code can then read, change and delete all that you can."
    ).tag(config=True)
    timeout = Float(30, help="Seconds that one cell may take.").tag(config=True)
    exercise_timeout = Float(
        4,
        help="The same with the course's checks; 3/8 of it is for computing, and slow checks get five times as much.",
    ).tag(config=True)
    memory = Integer(1500, help="Megabytes of address space for each process.").tag(config=True)
    processes = Integer(100, help="Processes and threads that a submission may have at a time.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Fill in the outputs of all code cells.

        Raises:
            SandboxError: If bubblewrap is missing and `unsafe` is not set.
        """
        cells = cells_of(nb)
        with tempfile.TemporaryDirectory() as folder:
            self.run(cells, self._files_beside(resources, Path(folder)))
        write_outputs(nb, cells)
        return nb, resources

    def _files_beside(self, resources: dict[str, Any], folder: Path) -> Path | None:
        """Copy what lies beside the notebook, but no notebooks: those hold the tests."""
        path = resources.get("metadata", {}).get("path")
        if not path or all(entry.suffix == ".ipynb" or entry.name == _TIMESTAMP for entry in Path(path).iterdir()):
            return None
        links = self._links(resources)
        target = folder / "files"
        shutil.copytree(path, target, symlinks=True, ignore=shutil.ignore_patterns("*.ipynb", _TIMESTAMP))
        folder.chmod(0o755)
        for entry in sorted(target.rglob("*"), reverse=True):  # what is in a folder before the folder
            if entry.is_symlink() or str(entry.relative_to(target)) in links:
                entry.unlink() if entry.is_symlink() or entry.is_file() else shutil.rmtree(entry)
            else:
                entry.chmod(0o755 if entry.is_dir() else 0o644)
        target.chmod(0o755)
        return target

    def _links(self, resources: dict[str, Any]) -> set[str]:
        """Return what is a link in the folder that was handed in: nbgrader copies whatever it leads to."""
        about = resources.get("nbgrader", {})
        if "student" not in about:
            return set()
        course = CourseDirectory(parent=self)
        folder = Path(course.format_path(course.submitted_directory, about["student"], about["assignment"]))
        return {str(entry.relative_to(folder)) for entry in folder.rglob("*") if entry.is_symlink()}

    def run(self, cells: list[Cell], files: Path | None) -> None:
        """Grade the cells as configured."""
        course = any(cell.check for cell in cells)
        # Who waits keeps nobody else from the processor.
        short = self.exercise_timeout
        patience = Patience(short, check=5 * short, computing=0.375) if course else Patience(self.timeout)
        limits = Limits(memory=self.memory * 1_000_000, processes=self.processes)
        grade(cells, limits=limits, patience=patience, files=files, isolated=not self.unsafe)


def cells_of(nb: NotebookNode) -> list[Cell]:
    """Return the code cells of a notebook, to be graded."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    return [
        Cell(number, cell.source, _test_name(cell), _is_untouched(cell)) for number, cell in enumerate(code, start=1)
    ]


def write_outputs(nb: NotebookNode, cells: list[Cell]) -> None:
    """Write what became of the cells into their notebook."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    for notebook_cell, cell in zip(code, cells, strict=True):
        outputs = cell.outcome.outputs() if cell.outcome is not None else cell.outputs
        notebook_cell.outputs = [NotebookNode(output) for output in outputs]
        notebook_cell.execution_count = cell.number
        for output in notebook_cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.number


def _is_untouched(cell: NotebookNode) -> bool:
    return bool(is_solution(cell)) and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)


def _test_name(cell: NotebookNode) -> str:
    return str(cell.metadata.nbgrader.grade_id) if is_grade(cell) and not is_solution(cell) else ""
