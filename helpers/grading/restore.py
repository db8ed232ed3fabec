"""Bring a submitted notebook back to the shape that was released, whatever happened to its cells.

Replaces nbgrader's DeduplicateIds, OverwriteKernelspec and OverwriteCells, which stop a whole class at a copied cell
and trust the points, tags and ids that stand in the student's file.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.grading.definition import Definition, Original, definition_of, grade_id


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Restore managed cells from the gradebook; log one line for each thing that had to be mended."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Mend the notebook in memory; the submitted file is never written."""
        about = resources["nbgrader"]
        self._where = f"student {about['student']}, {about['notebook']}.ipynb"
        definition = self._definition(about)
        if definition.kernelspec:  # one without a kernel of its own keeps what it came with
            nb.metadata["kernelspec"] = definition.kernelspec
        originals = {cell.name: cell for cell in definition.cells}
        self._forget_strangers(nb, originals)
        for cell in nb.cells:
            if name := grade_id(cell):
                self._restore(cell, originals[name])
        self._put_back(nb, originals)
        return nb, resources

    def _definition(self, about: dict[str, Any]) -> Definition:
        """Return what was released; who grades many submissions brings it along."""
        if "definition" in about:
            return about["definition"]  # type: ignore[no-any-return]
        course = CourseDirectory(parent=self)
        folder = course.format_path(course.source_directory, ".", about["assignment"])
        with Gradebook(about["db_url"], course.course_id) as gradebook:
            source = Path(folder, f"{about['notebook']}.ipynb")
            return definition_of(gradebook, about["assignment"], about["notebook"], source)

    def _forget_strangers(self, nb: NotebookNode, originals: dict[str, Original]) -> None:
        """Make plain cells of unknown ones and of all copies but the last, which is the one that counts when run."""
        seen: set[str] = set()
        for cell in reversed(nb.cells):
            name = grade_id(cell)
            if name in originals and name not in seen:
                seen.add(name)
                continue
            if name in seen:
                self._report(f"cell {name!r} is there twice; only the last copy is graded")
            elif name:
                self._report(f"cell {name!r} is not part of the assignment; it is run but not graded")
            cell.metadata.pop("nbgrader", None)

    def _restore(self, cell: NotebookNode, original: Original) -> None:
        """Give the cell its released type and metadata, and its released text if it is locked."""
        if cell.cell_type != original.cell_type:
            self._report(f"cell {original.name!r} is no longer a {original.cell_type} cell; it is made one again")
            for key in ("outputs", "execution_count", "attachments"):
                cell.pop(key, None)
            if original.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
            cell.cell_type = original.cell_type
        theirs = cell.metadata.get("nbgrader", {})
        if any(theirs.get(key) != original.metadata.get(key) for key in ("grade", "locked", "points", "solution")):
            self._report(f"the settings of cell {original.name!r} were changed; the released ones are used")
        # Everything else goes too: a tag such as skip-execution would let a test cell pass unrun.
        cell.metadata = NotebookNode(nbgrader=NotebookNode(original.metadata))
        if original.locked and cell.source != original.source:
            self._report(f"cell {original.name!r} is locked but was changed; the released text is used")
            cell.source = original.source

    def _put_back(self, nb: NotebookNode, originals: dict[str, Original]) -> None:
        """Insert missing cells as late as their order allows, so that an answer typed elsewhere still comes first."""
        places = {grade_id(cell): place for place, cell in enumerate(nb.cells)}
        first = len(nb.cells)  # of the cells that come later in the released notebook
        for original in reversed(originals.values()):
            if original.name in places:
                first = min(first, places[original.name])
            elif original.graded_alone:
                nb.cells.insert(first, _new_cell(original))
                self._report(f"cell {original.name!r} was missing; it is put back")

    def _report(self, what: str) -> None:
        self.log.warning("%s: %s.", self._where, what)


def _new_cell(original: Original) -> NotebookNode:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[original.cell_type]
    cell: NotebookNode = make(original.source, metadata={"nbgrader": original.metadata})  # type: ignore[no-untyped-call]
    return cell
