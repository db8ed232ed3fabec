"""Write a report as one HTML page that needs nothing but itself."""

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from helpers.grading.report.results import Results
from helpers.grading.report.summary import summarize


def render(results: Results, written: datetime) -> str:
    """Return the page.

    Args:
        results: What the class earned.
        written: When, for its heading.
    """
    environment = Environment(
        loader=PackageLoader("helpers.grading.report", ""),
        autoescape=True,  # students choose what stands in their submissions
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": points_text, "several": several}
    return environment.get_template("page.html").render(report=summarize(results), written=written)


def points_text(points: float) -> str:
    """Return points with one decimal place where they need it: "18", "7.5"."""
    return f"{points:.1f}".removesuffix(".0")


def several(count: int, noun: str) -> str:
    """Return a count with its noun: "1 student", "3 students"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
