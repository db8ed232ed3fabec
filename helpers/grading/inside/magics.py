"""The little of IPython that notebooks call by name, without IPython: common magics, `!command` and `display`."""

import builtins
import contextlib
import importlib
import io
import os
import runpy
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from helpers.grading.inside.cells import Notebook

# Line magics that change how a notebook looks or is worked with, never what its code computes.
_LOOKS = (
    "aimport alias autoawait autocall autoindent automagic autoreload colors config debug dhist env gui history"
    " ls lsmagic matplotlib notebook page pdb pdoc pinfo pip pprint precision psearch psource pylab reload_ext"
    " store tb unload_ext who who_ls whos xmode"
)
_SHOWN = frozenset({"HTML", "html", "javascript", "js", "latex", "markdown", "svg"})


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
        """Give the notebook what IPython adds to the names of cells and to the builtins."""
        self.user_ns.update(exit=_stay, quit=_stay, help=_help, display=self.display)
        vars(builtins).update(get_ipython=lambda: self, display=self.display)

    def display(self, *values: object, **options: object) -> None:
        """Show objects under the cell."""
        for value in values:
            self._notebook.page.shown(value, "display_data")

    def run_line_magic(self, name: str, line: str, *rest: object) -> Any:
        """Run `%name line`; one that only changes how a notebook looks does nothing here.

        Raises:
            NameError: If it is not known.
            ModuleNotFoundError: If an extension is not there.
        """
        match name:
            case "time" | "timeit" | "prun":
                return self._timed(_without_options(line))
            case "cd":
                os.chdir(Path(line.strip() or "~").expanduser())
            case "pwd":
                return str(Path.cwd())
            case "load_ext":
                importlib.import_module(line.strip() if "." in line else f"IPython.extensions.{line.strip()}")
            case "run":
                self.user_ns.update(runpy.run_path(line.split()[0], run_name="__main__"))
            case _ if name not in _LOOKS.split():
                raise NameError(f"the magic %{name} is not available while your work is graded")
        return None

    def run_cell_magic(self, name: str, line: str, body: str) -> Any:
        """Run a cell that begins with `%%name`.

        Raises:
            NameError: If it is not known.
        """
        match name:
            case "time" | "timeit" | "prun":
                return self._timed(body)
            case "capture":
                return self._captured(line.split(), body)
            case "bash" | "sh" | "script":
                return self.system(body)
            case "writefile" | "file":
                Path(line.split()[-1]).write_text(body, encoding="utf-8")
            case _ if name not in _SHOWN:
                raise NameError(f"the magic %%{name} is not available while your work is graded")
        return None

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

    def _captured(self, names: list[str], body: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                self.run_line(body)
        finally:
            for name in names[:1]:
                self.user_ns[name] = SimpleNamespace(stdout=out.getvalue(), stderr=err.getvalue(), outputs=[])

    def _timed(self, source: str) -> None:
        start = time.perf_counter()
        self.run_line(source)
        print(f"Wall time: {time.perf_counter() - start:.3g} s")

    def _output(self, command: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.stdout


def _stay(*ignored: object) -> None:
    """Stand in for `exit` and `quit`, after which a notebook goes on."""


def _help(*subjects: object) -> None:
    """Stand in for `help`."""
    import pydoc

    pydoc.help(*subjects)


def _without_options(line: str) -> str:
    """Return a line without the options of %timeit, such as `-n 10 -r3 -q`."""
    words = line.split(" ")
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in ("-n", "-r", "-p", "-s", "-l", "-T", "-D") and words:
            words.pop(0)
    return " ".join(words)
