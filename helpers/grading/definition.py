"""What was released: the managed cells of each notebook, read from the gradebook once and for all."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, Notebook


@dataclass(frozen=True, slots=True)
class Original:
    """A managed cell as it was released.

    Attributes:
        name: Its `grade_id`.
        cell_type: "code" or "markdown".
        source: Its released text.
        locked: Whether students may not change it.
        metadata: Its nbgrader metadata.
    """

    name: str
    cell_type: str
    source: str
    locked: bool
    metadata: dict[str, Any]

    @property
    def graded_alone(self) -> bool:
        """Whether the cell has to be there for the grade, even if the student deleted it.

        A student's own cell is not put back: its stub would overwrite an answer written elsewhere.
        """
        return self.locked or self.metadata["grade"] or self.metadata["task"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A notebook as it was released.

    Attributes:
        kernelspec: What it runs in, as in a notebook's metadata; None if it does not say.
        cells: Its managed cells, in the order of the source notebook.
    """

    kernelspec: dict[str, Any] | None
    cells: tuple[Original, ...]


def definition_of(gradebook: Gradebook, assignment: str, notebook: str, source: Path) -> Definition:
    """Look up what was released.

    Args:
        gradebook: The course's.
        assignment: The assignment's name.
        notebook: The notebook's name.
        source: The instructor's file, for the order of the cells: the gradebook keeps none.

    Raises:
        MissingEntry: If nothing of that name was released.
    """
    released = gradebook.find_notebook(notebook, assignment)
    order = {name: place for place, name in enumerate(_names_in(source))}
    cells = sorted(_cells_of(released), key=lambda cell: order.get(cell.name, len(order)))
    return Definition(json.loads(released.kernelspec) if released.kernelspec else None, tuple(cells))


def _cells_of(notebook: Notebook) -> Iterable[Original]:
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    grades = {cell.name for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    for cell in notebook.source_cells:
        metadata = {
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "grade": cell.name in grades,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": 3,
            "solution": cell.name in solutions,
            "task": cell.name in tasks,
            **({"points": points[cell.name]} if cell.name in points else {}),
        }
        yield Original(cell.name, cell.cell_type, cell.source, cell.locked, metadata)


def _names_in(source: Path) -> Iterable[str]:
    if source.exists():
        for cell in nbformat.read(source, as_version=4).cells:
            yield grade_id(cell)


def grade_id(cell: NotebookNode) -> str:
    """Return the cell's name, "" if it has none or is no managed cell at all."""
    about = cell.metadata.get("nbgrader")
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else ""
