"""The `course` command: what an instructor does with a whole class, and what to run when something fails."""

import sys
from importlib import import_module

import click

# Grammars of addresses and durations that jsonschema can do without, and no notebook's schema needs; the first alone
# would be compiled for a second or two.
_UNNEEDED = ("rfc3987_syntax", "rfc3986_validator", "isoduration")


class _Lazy(click.Group):
    """Imports a command when it is called, so that `course doctor` works where the others cannot."""

    _where = {"grade": "helpers.grading.grade", "report": "helpers.grading.report.command"}  # noqa: RUF012

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(context), *self._where})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command by its name, None if there is none."""
        if name not in self._where:
            return super().get_command(context, name)
        for module in _UNNEEDED:
            sys.modules.setdefault(module, None)  # type: ignore[arg-type]  # as if it were not installed
        command: click.Command = getattr(import_module(self._where[name]), name)
        return command


@click.group(cls=_Lazy)
def course() -> None:
    """Grade the course in this folder, see how the class did, and find out what is wrong."""


@course.command()
def doctor() -> None:
    """Say what is wrong with this environment and how to mend it."""
    from helpers.doctor.__main__ import main

    sys.exit(min(main(), 1))


if __name__ == "__main__":
    course()
