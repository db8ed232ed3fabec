"""Read a submitted notebook, or put an empty one in its place if it cannot be read, so that the class goes on."""

import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbformat.v4.rwbase import split_lines, strip_transient


class SubmissionExporter(NotebookExporter):
    """nbconvert's notebook exporter for files that strangers wrote."""

    def from_filename(  # type: ignore[override]  # the annotation there is wrong
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a file; an unreadable one counts as a notebook without answers, and says so in one log line."""
        path = Path(filename)
        try:
            nb = read_submission(path)
        except UnreadableNotebookError as error:
            student = (resources or {}).get("nbgrader", {}).get("student", "unknown")
            self.log.error(
                "student %s, %s: %s; it earns no points. Ask for a new submission, collect it and autograde again.",
                student,
                path.name,
                error,
            )
            note = f"**{path.name} could not be graded:** {error}. Please submit it again."
            nb = new_notebook(cells=[new_markdown_cell(note)])
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        resources["metadata"].update(name=path.stem, path=str(path.parent))  # code finds its files there
        # Without nbconvert's and nbformat's copies, and validated once: nobody else has this notebook.
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        nbformat.validate(nb, relax_add_props=True)
        return _written(nb), resources


def _written(nb: NotebookNode) -> str:
    """Return what nbformat writes."""
    stripped = strip_transient(split_lines(nb))
    return json.dumps(stripped, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def compile_schema() -> None:
    """Compile what notebooks are validated with, before the first of them comes."""
    nbformat.validate(new_notebook(), relax_add_props=True)


class UnreadableNotebookError(ValueError):
    """The file holds no notebook; the message says what is wrong with it, as half a sentence."""


def read_submission(path: Path) -> NotebookNode:
    """Read a notebook file.

    Raises:
        UnreadableNotebookError: If it is missing, is not JSON, or is JSON of something else.
    """
    if not path.exists():
        others = ", ".join(sorted(other.name for other in path.parent.glob("*.ipynb")))
        raise UnreadableNotebookError(f"the file is missing{others and f' (there is only {others})'}")
    try:
        written = path.read_text(encoding="utf-8")
        nb: NotebookNode = nbformat.convert(nbformat.reader.reads(written), 4)  # validated when its cells have run
        if "\\ud" in written.lower():  # half a character, which JSON can escape and no file can hold
            nb = nbformat.v4.reads(nbformat.v4.writes(nb).encode(errors="replace").decode())
        cells = [(str(cell.cell_type), str(cell.source), dict(cell.metadata)) for cell in nb.cells]
    except Exception as error:  # nbformat lets many kinds through for files that are not notebooks
        raise UnreadableNotebookError("the file is cut off or is no notebook at all") from error
    if not cells:
        raise UnreadableNotebookError("the notebook has no cells")
    return nb


def expect_every_notebook(assignment: str, student: str, notebooks: list[str]) -> None:
    """Add the notebooks that a submission lacks, or holds under another name, to the list of those to be graded.

    A hook for `Autograde.pre_convert_hook`: nbgrader would give up on the student if no name is right.
    `SubmissionExporter` then reports each one that is missing.

    Args:
        assignment: Not used: nbgrader passes its own pattern here, which may be "*".
        student: Not used, for the same reason.
        notebooks: Paths of the submitted notebooks, `submitted/<student>/<assignment>/<name>.ipynb`; changed in place.
    """
    folder = Path(notebooks[0]).parent
    submitted = {Path(notebook).name for notebook in notebooks}
    released = sorted(path.name for path in Path("source", folder.name).glob("*.ipynb"))
    notebooks += [str(folder / name) for name in released if name not in submitted]
