"""The question widget: it keeps its answer to itself until it is asked."""

import pytest

from helpers.lessons import predict, question


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Collect what is displayed."""
    bundles: list[dict[str, object]] = []
    monkeypatch.setattr(question, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.mark.parametrize(
    ("choice", "said"), [("one", "✓ Right."), ("four", "✗ Not this time."), (None, "You have not chosen.")]
)
def test_the_answer_comes_when_it_is_asked_for(choice: str | None, said: str) -> None:
    box = question.question_box("How long?", ["one", "four"], answer="one", why="They <wait> together.")
    _, options, reveal, verdict = box.children
    assert verdict.value == ""
    options.value = choice
    reveal.click()
    assert said in verdict.value and "one: They &lt;wait&gt; together." in verdict.value


def test_without_widgets_the_question_stands_as_text_and_the_answer_does_not(
    displayed: list[dict[str, object]],
) -> None:
    predict("How long?", ["one", "four"], answer="one", why="They wait together.")
    assert displayed[0]["text/plain"] == "How long?\n  ( ) one\n  ( ) four"


def test_an_answer_that_cannot_be_chosen_is_an_authors_mistake() -> None:
    with pytest.raises(ValueError, match="'two' is not one of the choices"):
        predict("How long?", ["one", "four"], answer="two", why="")
