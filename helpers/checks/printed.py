"""What the student's own cell prints, found by running it once more with its output caught."""

import ast

from helpers.checks.exercise import Answer
from helpers.checks.student_code import student_code


def printed_by(answer: Answer, name: str) -> str | None:
    """Run the cell that defines `name` again, in a copy of its namespace, and return what it prints.

    Returns:
        The printed text; None if the cell prints nothing or its source is not known.

    Raises:
        CheckFailed: If the cell raises.
    """
    for source in reversed(answer.namespace.get("In", ())):
        code = _plain(source)
        if _defines(code, name):
            with student_code("Your cell") as printed:
                exec(compile(code, "<your cell>", "exec"), dict(answer.namespace))
            return printed.getvalue() if printed.getvalue().strip() else None
    return None


def _plain(source: str) -> str:
    """Return a cell without IPython's syntax; most have none, and IPython takes long to import."""
    try:
        ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        return TransformerManager().transform_cell(source)
    return source


def _defines(code: str, name: str) -> bool:
    """Return whether running the code binds the name at its top level."""
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return False
    for statement in statements:
        match statement:
            case ast.ClassDef(name=defined) | ast.FunctionDef(name=defined) if defined == name:
                return True
            case ast.Assign(targets=[ast.Name(id=defined), *_]) if defined == name:
                return True
            case ast.AnnAssign(target=ast.Name(id=defined)) if defined == name:
                return True
    return False
