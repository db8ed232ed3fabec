"""The `course` command: grade a whole class at once, and see how it did."""

import compileall
import multiprocessing
import sys
from pathlib import Path

import click
from tqdm import tqdm

import helpers
from helpers.doctor import __main__ as examination
from helpers.grading.executors import dask_cluster, processes_here
from helpers.grading.many import Course
from helpers.grading.report.command import report
from helpers.grading.sandbox import Limits, Sandbox, SandboxError


@click.group()
def course() -> None:
    """Grade the course in this folder."""


@course.command()
@click.argument("assignment")
@click.option(
    "--workers", type=int, default=multiprocessing.cpu_count, show_default="one a core", help="Processes to grade in."
)
@click.option(
    "--scheduler", default="", metavar="ADDRESS", help="Grade on the Dask cluster of this scheduler: tcp://host:8786."
)
@click.option("--force", is_flag=True, help="Grade all submissions again, not only what changed.")
@click.option("--unsafe", is_flag=True, help="Run students' code without isolation: it can do all that you can.")
def grade(assignment: str, workers: int, force: bool, unsafe: bool, scheduler: str) -> None:
    """Grade the submissions to ASSIGNMENT that are new or changed."""
    if not scheduler:
        try:
            with Sandbox(Limits(), checks=False, isolated=not unsafe):
                pass
        except SandboxError as error:
            raise click.ClickException(str(error)) from None
    compileall.compile_dir(Path(helpers.__file__).parent, quiet=2)  # sandboxes cannot write
    here = Course(unsafe=unsafe)
    submissions = here.pending(assignment, force=force)
    with dask_cluster(scheduler) if scheduler else processes_here(workers) as pool:
        graded = list(tqdm(here.grade(submissions, pool), total=len(submissions), unit="submission", disable=None))
    problems = [each for each in graded if each.problem]
    click.echo(f"{len(graded) - len(problems)} of {len(submissions)} submissions graded.")
    for each in problems:
        click.echo(f"student {each.student}: {each.problem}. Run the command again after mending it.", err=True)
    sys.exit(1 if problems else 0)


@course.command()
def doctor() -> None:
    """Say what is wrong with this environment and how to mend it."""
    sys.exit(min(examination.main(), 1))


course.add_command(report)


if __name__ == "__main__":
    course()
