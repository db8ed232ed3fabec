"""A "predict, then run" question: choose first, then see which choice was right and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from ipywidgets import HTML, Button, RadioButtons, VBox

from helpers.showing import show


@dataclass(frozen=True, slots=True)
class Question:
    """What could happen, and what does.

    Attributes:
        text: What to predict.
        choices: What could happen, each with one or two sentences on why it does, or why one might think so.
        answer: The choice that is right.
    """

    text: str
    choices: Mapping[str, str]
    answer: str

    def __post_init__(self) -> None:
        if self.answer not in self.choices:
            raise ValueError(f"the answer {self.answer!r} is not one of the choices")

    def verdict(self, choice: str | None) -> str:
        """Return what to tell a reader who chose this, or nothing, as HTML."""
        truth = f"<b>{escape(self.answer)}</b>. {escape(self.choices[self.answer])}"
        if choice is None:
            return f"You have not chosen. It is: {truth}"
        if choice == self.answer:
            return f"✓ Right: {truth}"
        return f"✗ Not this time. {escape(self.choices[choice])}<br>It is: {truth}"

    def html(self) -> str:
        """Return the question for a page without a kernel: the answer is folded away."""
        choices = "".join(f"<li>{escape(choice)}</li>" for choice in self.choices)
        truth = f"<b>{escape(self.answer)}</b>. {escape(self.choices[self.answer])}"
        return (
            f"<p><b>{escape(self.text)}</b></p><ul>{choices}</ul>"
            f"<details><summary>Show the answer</summary><p>{truth}</p></details>"
        )


def ask(question: Question) -> None:
    """Show a question with its choices; the answer appears when the reader asks for it, with or without a kernel."""
    text = "\n".join([question.text, *(f"  ( ) {choice}" for choice in question.choices)])
    show(question_box(question), question.html(), text)


def question_box(question: Question) -> VBox:
    """Return the widgets: the question, its choices, a button and room for the verdict."""
    options = RadioButtons(options=list(question.choices), value=None, layout={"width": "auto"})
    reveal = Button(description="Reveal", tooltip="Show which prediction is right, and why")
    verdict = HTML()

    def show_verdict(_: Button) -> None:
        verdict.value = f'<p role="status">{question.verdict(options.value)}</p>'

    reveal.on_click(show_verdict)
    return VBox([HTML(f"<b>{escape(question.text)}</b>"), options, reveal, verdict])
