"""The command `course report`."""

from datetime import datetime
from pathlib import Path

import click
from nbgrader.apps.baseapp import NbGrader

from helpers.grading.report.page import render
from helpers.grading.report.results import NoSuchAssignmentError, read_results


@click.command()
@click.argument("assignment")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="The page to write.",
)
def report(assignment: str, output: Path) -> None:
    """Write how the class did in ASSIGNMENT: pass rates, scores, and what the tests said most often."""
    nbgrader = NbGrader()
    nbgrader.initialize([])
    try:
        results = read_results(nbgrader.coursedir, assignment)
    except NoSuchAssignmentError as error:
        raise click.ClickException(str(error)) from None
    try:
        output.write_text(render(results, datetime.now().astimezone()), encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.ClickException(f"The page cannot be written to {output}: {error.strerror}.") from None
    click.echo(f"{len(results.submissions)} graded submissions to {assignment}: see {output}")
