"""The command `course grade`: a whole class at once."""

import gc
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from helpers.grading.executors import cores, dask_cluster, processes_here, sandboxes_launched
from helpers.grading.sandbox import SandboxError

if TYPE_CHECKING:
    from helpers.grading.many import Course, Graded

_AHEAD = 64  # submissions that are with the workers at a time
_MOST = 500  # workers: each has a sandbox, whose user is a number of 32 bits
_SHOWN = 40  # students in the summary; of a larger class only those that need somebody


@click.command()
@click.argument("assignment")
@click.option(
    "--workers",
    type=click.IntRange(1, _MOST),
    default=lambda: min(2 * len(cores()), _MOST),
    help="Processes at most, two a core if not given: one a core begins, the others when a submission is slow.",
)
@click.option(
    "--scheduler", default="", metavar="ADDRESS", help="Grade on the Dask cluster of this scheduler: tcp://host:8786."
)
@click.option("--force", is_flag=True, help="Grade all submissions again, not only what changed.")
@click.option("--unsafe", is_flag=True, help="Run students' code without isolation: it can do all that you can.")
def grade(assignment: str, workers: int, scheduler: str, force: bool, unsafe: bool) -> None:
    """Grade the submissions to ASSIGNMENT that are new or changed.

    The exit status is 0 if nothing is left to do, 1 if somebody has to look at a submission.
    """
    try:
        with sandboxes_launched(0 if scheduler or unsafe else workers) as sandboxes:
            here = _course(assignment, unsafe=unsafe)
            students = here.pending(force=force)
            with dask_cluster(scheduler) if scheduler else processes_here(workers, sandboxes) as pool:
                graded = _grade_all(here, students, pool)
    except SandboxError as error:
        raise click.ClickException(str(error)) from None
    _summarise(graded)
    sys.exit(any(each.problem or each.by_hand for each in graded))


def _course(assignment: str, *, unsafe: bool) -> "Course":
    """Open the course; what that imports takes longer than a sandbox needs to start."""
    gc.disable()  # all that is imported stays: the collector would only look through it again and again
    from helpers.grading.exporter import compile_schema
    from helpers.grading.many import Course, UnknownAssignment

    compile_schema()  # once, before there are workers
    gc.freeze()
    gc.enable()
    try:
        return Course(assignment, unsafe=unsafe)
    except UnknownAssignment as error:
        raise click.ClickException(str(error)) from None


def _grade_all(here: "Course", students: list[str], pool: Executor) -> "list[Graded]":
    graded: list[Graded] = []
    results = here.grade(students, pool, _AHEAD)
    try:
        graded.extend(tqdm(results, total=len(students), unit="submission", disable=None))
    except KeyboardInterrupt:
        click.echo(f"\n{len(graded)} of {len(students)} submissions are graded. Run it again to go on.", err=True)
        os._exit(130)  # workers here end with this process, at once; a cluster gives up what nobody waits for
    return graded


def _summarise(graded: "list[Graded]") -> None:
    """Print a line a student, then the sum of it."""
    todo = [each for each in graded if each.problem or each.by_hand]
    for each in sorted(graded if len(graded) <= _SHOWN else todo, key=lambda each: each.student):
        score = "not graded" if each.problem else f"{each.score:g}/{each.points:g}"
        click.echo(f"{each.student:<24} {score:>10}  {'; '.join(_notes(each))}".rstrip())
    done = [each for each in graded if not each.problem]
    click.echo(f"{len(done)} of {len(graded)} submissions graded, {len(todo)} to look at.")


def _notes(graded: "Graded") -> Iterator[str]:
    if graded.problem:
        yield f"{graded.problem}; mend it and run the command again"
    if graded.by_hand:
        yield "has parts to grade by hand"
    if graded.warnings:
        yield graded.warnings[0].rstrip(".")
    if len(graded.warnings) > 1:
        yield f"and {len(graded.warnings) - 1} more of the kind"
