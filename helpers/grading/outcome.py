"""What became of a test cell, as a sentence that its student can act on."""

from dataclasses import dataclass, field
from enum import StrEnum

from helpers.grading.inside.cells import Output


class Kind(StrEnum):
    """How a test cell ended; only PASSED earns points."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out of memory"
    TOO_MUCH_OUTPUT = "too much output"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test cell ended.

    Attributes:
        kind: In a word.
        sentence: For the student; "" if it passed.
        picture: Its MIME bundle, if there is one.
        points: What a generic test's last expression said, if it said a number.
    """

    kind: Kind
    sentence: str = ""
    picture: dict[str, str] = field(default_factory=dict)
    points: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the test vouched for itself."""
        return self.kind is Kind.PASSED

    def outputs(self) -> list[Output]:
        """Return what the test cell shows, in a form from which nbgrader reads the same grade."""
        if self.passed:
            if self.points is None:
                return [{"output_type": "stream", "name": "stdout", "text": "✓ passed\n"}]
            return [
                {
                    "output_type": "execute_result",
                    "execution_count": None,
                    "data": {"text/plain": repr(self.points)},
                    "metadata": {},
                }
            ]
        shown: list[Output] = []
        if self.picture:
            shown.append({"output_type": "display_data", "data": dict(self.picture), "metadata": {}})
        text = f"✗ {self.kind}: {self.sentence}"
        return [*shown, {"output_type": "error", "ename": str(self.kind), "evalue": self.sentence, "traceback": [text]}]
