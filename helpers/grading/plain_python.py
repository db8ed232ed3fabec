"""A cell's code in plain Python: what IPython adds to the language is translated before the sandbox runs the cell."""

import ast

_LONGEST = 200_000  # characters of a cell that is parsed here, where nothing limits what that takes
_LONGEST_FOR_IPYTHON, _WORK_FOR_IPYTHON = 20_000, 500_000  # characters; times what it may find, anew after each find


def plain_python(source: str) -> str:
    """Return a cell's code without IPython's syntax; code that is beyond repair, or very long, is returned as it is."""
    if len(source) > _LONGEST:
        return source
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        finds = sum(map(source.count, "%!?"))
        if len(source) > _LONGEST_FOR_IPYTHON or len(source) * finds > _WORK_FOR_IPYTHON:
            return source
        from IPython.core.inputtransformer2 import TransformerManager  # slow to import, and seldom needed

        try:
            return TransformerManager().transform_cell(source)
        except Exception:  # whatever strangers' text does to the transformer
            return source
    return source
