"""Run one cell as a notebook would, without a kernel: its prints, its last value and its error become outputs."""

import ast
import builtins
import io
import linecache
import sys
import traceback
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any

from helpers.grading.inside.reserve import Reserve

Output = dict[str, Any]
# What may appear in a feedback page: nothing that a browser would run.
_SHOWN = ("text/plain", "image/png", "image/jpeg")
MOST_OUTPUTS = 1000  # that a cell can have; each becomes a part of the feedback page
_SHOWN_ROOM = 3_000_000  # characters that all displayed objects of a cell may have
_ASYNC = 0x80  # inspect.CO_COROUTINE


class Stream(io.TextIOBase):
    """Collects what is printed, in order with all other outputs of the cell."""

    __slots__ = ("_page",)

    def __init__(self, name: str, page: "Page") -> None:
        self.name = name
        self._page = page

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._page.printed(self.name, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"


class Page:
    """The outputs of one cell.

    Attributes:
        outputs: As in a notebook file.
        room: How many characters may still be printed.
    """

    def __init__(self, room: int, flooded: Callable[[], object]) -> None:
        self.outputs: list[Output] = []
        self.room = room
        self._flooded = flooded
        self._shown_room = _SHOWN_ROOM
        self.stdout, self.stderr = Stream("stdout", self), Stream("stderr", self)

    def printed(self, name: str, text: str) -> None:
        """Append printed text, or give up if there is no room left: an exception could be swallowed."""
        self.room -= len(text)
        if self.room < 0:
            self._flooded()
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)
        else:
            self._append({"output_type": "stream", "name": name, "text": [text]})

    def shown(self, value: object, kind: str) -> None:
        """Append a displayed object."""
        data = bundle(value)
        self._shown_room -= sum(map(len, data.values()))
        if self._shown_room < 0:
            self._flooded()
        self._append({"output_type": kind, "data": data, "metadata": {}})

    def _append(self, output: Output) -> None:
        if len(self.outputs) < MOST_OUTPUTS:
            self.outputs.append(output)

    def failed(self, error: BaseException, cell: str) -> None:
        """Append an error, with the lines of the student's own cells only."""
        name, message = type(error).__name__, _message(error)
        entries = [entry for entry in traceback.extract_tb(error.__traceback__) if entry.filename.startswith("<cell")]
        lines = [f"{entry.filename}, line {entry.lineno}: {entry.line}" for entry in entries[-8:]]
        if isinstance(error, SyntaxError):
            lines.append(f"{cell}, line {error.lineno}: {(error.text or '').rstrip()}")
        self.outputs.append(
            {
                "output_type": "error",
                "ename": name,
                "evalue": message,
                "traceback": [*lines, f"{name}: {message}"],
            }
        )

    def finished(self) -> list[Output]:
        """Return the outputs, printed text joined."""
        return [
            {**output, "text": "".join(output["text"])} if output["output_type"] == "stream" else output
            for output in self.outputs
        ]


def _message(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:
        return ""


def bundle(value: object) -> dict[str, str]:
    """Return an object's picture and text, as far as they are safe in anybody's browser."""
    data: dict[str, Any] = {}
    method = getattr(type(value), "_repr_mimebundle_", None)
    if method is not None:
        made = method(value)
        data.update(made[0] if isinstance(made, tuple) else made or {})
    png = getattr(type(value), "_repr_png_", None)
    if png is not None and "image/png" not in data:
        from base64 import b64encode

        made = png(value)
        if isinstance(made, bytes):
            data["image/png"] = b64encode(made).decode()
    data.setdefault("text/plain", repr(value))
    return {kind: str(data[kind])[:2_000_000] for kind in _SHOWN if data.get(kind)}


class Notebook:
    """The names that cells share, and how a cell is run among them.

    Attributes:
        namespace: What the cells call `globals()`.
    """

    def __init__(self, flooded: Callable[[], object], reserve: Reserve) -> None:
        module = ModuleType("__main__")  # cells are that module, as in a kernel: pickle looks classes up there
        sys.modules["__main__"] = module
        # Named here, because eval would hand on the builtins of this module, which are sealed.
        vars(module).update({"__builtins__": builtins, "In": [""], "Out": {}})
        self.namespace: dict[str, Any] = vars(module)
        self.page = Page(0, flooded)
        self._flooded = flooded
        self._reserve = reserve
        self._loop: Any = None

    def run(self, source: str, original: str, number: int, room: int) -> tuple[list[Output], Any, bool]:
        """Run a cell.

        Args:
            source: Its code, as plain Python.
            original: Its code as the student wrote it.
            number: For messages, from 1.
            room: How many characters it may print.

        Returns:
            Its outputs, the value of its last expression, and whether it came to its end.
        """
        page = self.page = Page(room, self._flooded)
        cell = f"<cell {number}>"
        if isinstance(self.namespace.get("In"), list):
            self.namespace["In"].append(original)
        linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
        sys.stdout, sys.stderr = page.stdout, page.stderr
        value, ended = None, False
        try:
            with self._reserve:
                value = self._execute(source, cell)
                if value is not None:
                    page.shown(value, "execute_result")
            ended = True
        except BaseException as error:
            page.failed(error, cell)
        return page.finished(), value, ended

    def _execute(self, source: str, cell: str) -> Any:
        tree = ast.parse(source, cell)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        quiet = source.rstrip().endswith(";")
        self._evaluate(_compiled(tree, cell, "exec"))
        if not isinstance(last, ast.Expr):
            return None
        value = self._evaluate(_compiled(ast.Expression(last.value), cell, "eval"))
        return None if quiet else value

    def _evaluate(self, code: CodeType) -> Any:
        value = eval(code, self.namespace)
        if not code.co_flags & _ASYNC:
            return value
        if self._loop is None:
            import asyncio

            self._loop = asyncio.Runner()
        return self._loop.run(value)


def _compiled(tree: Any, cell: str, mode: str) -> CodeType:
    code: CodeType = compile(tree, cell, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return code
