"""The decision tree: every answer leads somewhere, nothing is cut off, and the GIL decides what computing gets."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.lessons.decision import decision_tree


@pytest.mark.parametrize(("gil", "tool"), [(True, "Processes"), (False, "Threads, or processes")])
def test_what_computes_goes_where_the_interpreter_can_compute(gil: bool, tool: str) -> None:
    alt = decision_tree(gil).alt
    assert f"If it computes: {tool}." in alt
    assert f"computing for {tool.lower()}" in alt


def test_every_question_has_two_answers_and_all_four_tools_are_reached() -> None:
    sentences = decision_tree(gil=True).alt.split(". ")
    steps = [sentence.partition(" If ") for sentence in sentences if " If " in sentence]
    asked = [question.rpartition(". ")[2] for question, _, _ in steps]
    assert {asked.count(question) for question in asked} == {2}
    reached = {answer.partition(": ")[2].rstrip(".") for _, _, answer in steps}
    assert reached >= {"Sequential", "Threads", "asyncio", "Processes"}


@pytest.mark.parametrize("gil", [True, False])
def test_every_text_stays_inside_the_picture_and_clear_of_the_others(gil: bool) -> None:
    figure = decision_tree(gil).figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in texts]
    for number, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, texts[number]
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, texts[number]
        for other, place in enumerate(boxes[:number]):
            assert not box.overlaps(place), (texts[number], texts[other])
