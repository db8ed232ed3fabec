"""What the student's own cells print, found by running them once more with their output caught."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from helpers.checks.exercise import Answer, CheckFailed
from helpers.checks.student_code import student_code

Fits = Callable[[str, Mapping[str, Any]], object]


def printed_otherwise(answer: Answer, name: str, fits: Fits) -> str | None:
    """Run the cell that defines `name` again, in a copy of its namespace, and look at what it prints.

    Where that does not fit, the cells after it that use the name count as well: an answer may be spread over several.

    Args:
        answer: What the student wrote.
        name: What the exercise asks for.
        fits: Given the printed text and the names that are defined then, says whether that is what was asked for.

    Returns:
        What the cell prints, if it does not fit; None if it does, if the cell prints nothing, or if nobody can
        know: its source is not there, or it takes IPython to run it.

    Raises:
        CheckFailed: If the cell raises.
    """
    cells = _cells_from(answer.namespace.get("In", ()), name)
    names = dict(answer.namespace)
    text = _run(cells[0], names) if cells else ""
    if not text.strip() or fits(text, names):
        return None
    printed = text
    for cell in cells[1:]:
        try:
            printed += _run(cell, names)
        except CheckFailed:
            continue  # an experiment, and no part of the answer
        if fits(printed, names):
            return None
    return text.strip()


def _cells_from(sources: list[str], name: str) -> list[ast.Module]:
    """Return the last cell that defines `name`, and those after it that use it; [] if it takes IPython."""
    found: list[ast.Module] = []
    for source in reversed(sources):
        if name not in source:
            continue
        try:
            tree = ast.parse(source)
        except SyntaxError:
            return []
        found.insert(0, tree)
        if _defines(tree, name):
            return found
    return []


def _run(cell: ast.Module, names: dict[str, Any]) -> str:
    """Run a cell and return what it prints; nothing if it awaits at its top level, where a loop is running already."""
    try:
        code = compile(cell, "<your cell>", "exec")
    except SyntaxError:
        return ""
    with student_code("Your cell") as printed:
        exec(code, names)
    return printed.getvalue()


def _defines(cell: ast.Module, name: str) -> bool:
    """Return whether running the cell binds the name at its top level."""
    for statement in cell.body:
        match statement:
            case ast.ClassDef(name=defined) | ast.FunctionDef(name=defined) if defined == name:
                return True
            case ast.Assign(targets=[ast.Name(id=defined), *_]) if defined == name:
                return True
            case ast.AnnAssign(target=ast.Name(id=defined)) if defined == name:
                return True
    return False
