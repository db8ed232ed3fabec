"""A code cell of a notebook that is graded."""

import re
from dataclasses import dataclass, field

from helpers.grading.inside.cells import Output
from helpers.grading.outcome import Outcome

_CHECK = re.compile(r'(?:\s*#.*\n)*\s*from helpers\.checks import check\s*check\("(?P<name>[\w-]+)", globals\(\)\)\s*')


@dataclass(slots=True)
class Cell:
    """A code cell.

    Attributes:
        number: Its place among the code cells, from 1.
        source: As it stands in the notebook.
        name: The test's `grade_id`, "" for cells that are not autograded.
        untouched: Whether it was to be answered and still is as it was released.
        outputs: What it shows when all is done.
        outcome: What became of the test; None for other cells.
        check: The name of the course's check that the cell calls and does nothing else; "" if it is another cell.
    """

    number: int
    source: str
    name: str = ""
    untouched: bool = False
    outputs: list[Output] = field(default_factory=list)
    outcome: Outcome | None = None
    check: str = field(init=False)

    def __post_init__(self) -> None:
        match = _CHECK.fullmatch(self.source) if self.name else None
        self.check = match["name"] if match else ""

    @property
    def passed(self) -> bool:
        """Whether it is a test that has passed."""
        return self.outcome is not None and self.outcome.passed
