"""Bars say their times, on the picture and in words."""

from helpers.lessons.bar_chart import bar_chart

TIMES = {"fork": 0.02, "spawn": 0.31}


def test_every_bar_is_as_long_as_its_time_and_says_it() -> None:
    axes = bar_chart("Starting a process", TIMES).figure.axes[0]
    assert [bar.get_width() for bar in axes.patches] == list(TIMES.values())
    assert [text.get_text() for text in axes.texts] == ["20 ms", "0.31 s"]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(TIMES)


def test_the_alt_text_says_what_the_picture_shows() -> None:
    assert bar_chart("Starting a process", TIMES).alt == "Bar chart. Starting a process. fork 20 ms; spawn 0.31 s."
