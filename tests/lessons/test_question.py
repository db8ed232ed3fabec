"""The questions: each keeps its answer to itself until it is asked, with widgets and without a kernel."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from helpers import showing
from helpers.lessons import predict
from helpers.lessons.question import Question, question_box
from helpers.lessons.questions import questions
from helpers.strategies import this_interpreter
from tests.conftest import ROOT
from tests.notebooks.spelling import misspelt

MACHINE = replace(this_interpreter(), gil=True, cores=2)
MACHINES = [replace(MACHINE, gil=gil, cores=cores) for gil in (True, False) for cores in (1, 2)]
WAITS = Question("How long?", {"one": "They <wait> together.", "four": "That is the sum."}, "one")


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Collect what is displayed."""
    bundles: list[dict[str, str]] = []
    monkeypatch.setattr(showing, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("one", "✓ Right: <b>one</b>. They &lt;wait&gt; together."),
        ("four", "✗ Not this time. That is the sum.<br>It is: <b>one</b>."),
        (None, "You have not chosen. It is: <b>one</b>."),
    ],
)
def test_the_answer_comes_when_it_is_asked_for(choice: str | None, said: str) -> None:
    _, options, reveal, verdict = question_box(WAITS).children
    assert verdict.value == ""
    options.value = choice
    reveal.click()
    assert said in verdict.value


def test_without_a_kernel_the_question_stands_and_its_answer_is_folded_away(displayed: list[dict[str, str]]) -> None:
    predict("three-waits")
    static, widgets = displayed
    assert static["text/plain"].endswith("together?\n  ( ) about 0.9 s\n  ( ) about 0.3 s\n  ( ) about 0.1 s")
    page = BeautifulSoup(static["text/html"], "html.parser")
    details = page.details.extract()
    assert "about 0.3 s. The three waits are under way at once" in details.text
    assert [item.text for item in page.find_all("li")] == ["about 0.9 s", "about 0.3 s", "about 0.1 s"]
    assert "under way" not in page.text
    assert "application/vnd.jupyter.widget-view+json" in widgets


def test_an_answer_that_cannot_be_chosen_is_an_authors_mistake() -> None:
    with pytest.raises(ValueError, match="'two' is not one of the choices"):
        Question("How long?", {"one": ""}, "two")


@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_every_question_has_distractors_and_explains_each_choice(machine) -> None:
    for name, question in questions(machine).items():
        assert question.text.endswith("?"), name
        assert len(question.choices) >= 3, name
        assert all(len(why) > 30 and why.endswith(".") for why in question.choices.values()), name
        assert misspelt(" ".join([question.text, *question.choices, *question.choices.values()])) == [], name


def test_the_answers_follow_the_machine() -> None:
    answers = [{name: question.answer for name, question in questions(machine).items()} for machine in MACHINES]
    one_core, usual, one_core_no_gil, no_gil = answers
    assert usual["three-counts"] == "about as long as one after another"
    assert no_gil["three-counts"] == "clearly shorter than one after another"
    assert usual["two-pairs"] == one_core_no_gil["two-pairs"] == "computing 0.30 s, waiting 0.15 s"
    assert no_gil["two-pairs"] == "computing 0.15 s, waiting 0.15 s"
    assert one_core["two-counts"].startswith("in neither") and usual["two-counts"].startswith("in processes")
    assert no_gil["two-counts"] == "in threads and in processes"
    assert usual["two-hashes"].startswith("close to 2x") and one_core["two-hashes"] == "nothing: there is one core"


def test_no_answer_stands_in_a_notebook() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "source" / "lessons").glob("*.ipynb"))
    for name, question in questions(MACHINE).items():
        assert sources.count(f'predict(\\"{name}\\")') == 1, name
        assert question.choices[question.answer] not in sources, name
