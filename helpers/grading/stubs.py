"""What students find in place of a solution: nbgrader's one stub for all, or one written beside the solution.

Between `### BEGIN STUB` and `### END SOLUTION` an author writes the released code as comments, so that the source
notebook still runs as the solution:

    ### BEGIN SOLUTION
    answer = 42
    ### BEGIN STUB
    # answer = None  # your answer here
    ### END SOLUTION
"""

import re
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

_REGION = re.compile(
    r"^[ \t]*### BEGIN SOLUTION[ \t]*\n"
    r"(?:(?![ \t]*### END SOLUTION).*\n)*?"
    r"[ \t]*### BEGIN STUB[ \t]*\n"
    r"(?P<stub>(?:(?![ \t]*### END SOLUTION).*\n)*)"
    r"[ \t]*### END SOLUTION[ \t]*$",
    re.MULTILINE,
)
_COMMENTED = re.compile(r"([ \t]*)#(?: (.*)|)")


class StubError(ValueError):
    """A stub is not written as comments."""


class ClearSolutionsToStubs(ClearSolutions):  # type: ignore[misc]
    """Replace solution regions by their own stub where they have one, by `code_stub` where they have none."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Replace the solution regions of one cell.

        Raises:
            StubError: If a line of a stub is not a comment.
        """
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source, replaced = _REGION.subn(lambda match: _uncommented(match["stub"], grade_id), cell.source)
        if replaced and "### BEGIN SOLUTION" not in cell.source:
            return cell, resources
        return super().preprocess_cell(cell, resources, index)  # type: ignore[no-any-return]


def _uncommented(stub: str, grade_id: str) -> str:
    lines = []
    for line in stub.splitlines():
        match = _COMMENTED.fullmatch(line)
        if match is None:
            raise StubError(
                f"cell {grade_id!r}: every line between BEGIN STUB and END SOLUTION must begin with '# ', not {line!r}"
            )
        lines.append(f"{match[1]}{match[2]}" if match[2] else "")
    return "\n".join(lines)
