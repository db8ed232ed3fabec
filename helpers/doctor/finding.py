"""What an examination finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was examined.

    Attributes:
        subject: What was looked at: "Python", "exchange".
        state: What was found, in a few words.
        remedy: What to do about it; empty if all is well.
    """

    subject: str
    state: str
    remedy: str = ""

    @property
    def healthy(self) -> bool:
        """Whether there is nothing to do."""
        return not self.remedy

    def __str__(self) -> str:
        line = f"{'ok ' if self.healthy else 'BAD'}  {self.subject}: {self.state}"
        return line if self.healthy else f"{line}\n     → {self.remedy}"
