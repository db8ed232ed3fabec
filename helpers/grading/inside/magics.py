"""The little of IPython that notebooks call by name, without IPython: common magics, `!command` and `display`."""

import builtins
import subprocess
import time
from pathlib import Path
from typing import Any

from helpers.grading.inside.cells import Notebook


class Shell:
    """Stands in for IPython's shell: the names that its input transformer writes into cells."""

    __slots__ = ("_notebook",)

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    @property
    def user_ns(self) -> dict[str, Any]:
        """The names of the notebook."""
        return self._notebook.namespace

    def install(self) -> None:
        """Give the notebook `get_ipython` and `display`."""
        self.user_ns["get_ipython"] = lambda: self
        self.user_ns["display"] = self.display
        vars(builtins).update(get_ipython=self.user_ns["get_ipython"], display=self.display)

    def display(self, *values: object, **options: object) -> None:
        """Show objects under the cell."""
        for value in values:
            self._notebook.page.shown(value, "display_data")

    def run_line_magic(self, name: str, line: str, *rest: object) -> Any:
        """Run `%name line`; one that only changes how a notebook looks does nothing here."""
        if name in ("time", "timeit", "prun"):
            return self._timed(line)
        if name in ("cd", "pwd"):
            return str(Path.cwd())
        return None

    def run_cell_magic(self, name: str, line: str, body: str) -> Any:
        """Run a cell that begins with `%%name`."""
        if name in ("time", "timeit", "capture", "prun"):
            return self._timed(body)
        if name in ("bash", "sh", "script"):
            return self.system(body)
        if name in ("writefile", "file"):
            Path(line.split()[-1]).write_text(body, encoding="utf-8")
            return None
        raise NameError(f"the magic %%{name} is not available while your work is graded")

    def system(self, command: str) -> None:
        """Run a shell command and print what it says."""
        print(self._output(command), end="")

    def getoutput(self, command: str, *rest: object, **options: object) -> list[str]:
        """Run a shell command and return the lines it prints."""
        return self._output(command).splitlines()

    def run_line(self, source: str) -> Any:
        """Run code that may itself use IPython's syntax."""
        from IPython.core.inputtransformer2 import TransformerManager

        code = TransformerManager().transform_cell(source)
        exec(compile(code, "<cell>", "exec"), self.user_ns)

    def _timed(self, source: str) -> None:
        start = time.perf_counter()
        self.run_line(source)
        print(f"Wall time: {time.perf_counter() - start:.3g} s")

    def _output(self, command: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.stdout
