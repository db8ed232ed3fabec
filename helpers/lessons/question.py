"""A "predict, then run" question: choose first, then see which choice was right and why."""

from html import escape

from IPython.display import display
from ipywidgets import HTML, Button, RadioButtons, VBox


def predict(question: str, choices: list[str], answer: str, why: str) -> None:
    """Show a question with choices; the answer appears when the reader asks for it.

    Where no widgets run (an exported page, GitHub), the question and its choices stand as text, without the answer.

    Args:
        question: What to predict, one sentence.
        choices: What could happen, each worth considering.
        answer: The choice that is right.
        why: One or two sentences that explain it.

    Raises:
        ValueError: If `answer` is not one of the choices.
    """
    bundle = question_box(question, choices, answer, why)._repr_mimebundle_()
    bundle["text/plain"] = "\n".join([question, *(f"  ( ) {choice}" for choice in choices)])
    display(bundle, raw=True)


def question_box(question: str, choices: list[str], answer: str, why: str) -> VBox:
    """Return the widget behind `predict`: the question, its choices, a button and room for the verdict."""
    if answer not in choices:
        raise ValueError(f"the answer {answer!r} is not one of the choices")
    options = RadioButtons(options=choices, value=None, description="I predict", layout={"width": "max-content"})
    reveal = Button(description="Reveal", tooltip="Show which prediction is right, and why")
    verdict = HTML()

    def show(_: Button) -> None:
        said = {None: "You have not chosen.", answer: "✓ Right."}.get(options.value, "✗ Not this time.")
        verdict.value = f'<p role="status"><b>{said}</b> {escape(answer)}: {escape(why)}</p>'

    reveal.on_click(show)
    return VBox([HTML(f"<b>{escape(question)}</b>"), options, reveal, verdict])
