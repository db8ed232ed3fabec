"""Bars of measured times, with the message in the title and the same in words for readers without the picture."""

from collections.abc import Mapping

from helpers.timeline.draw import Picture
from helpers.timeline.spans import State
from helpers.timeline.style import STYLES, seconds_text

_ROW_INCHES = 0.42
_FRAME_INCHES = 1.1


def bar_chart(title: str, seconds: Mapping[str, float]) -> Picture:
    """Draw one bar a name, in the order given.

    Args:
        title: What the bars show, one sentence.
        seconds: How long each took, by name, in seconds.

    Returns:
        The picture, with every bar's time written at its end.
    """
    from matplotlib.figure import Figure  # takes longer to import than everything else

    labels = [seconds_text(time) for time in seconds.values()]
    figure = Figure(figsize=(8, _FRAME_INCHES + _ROW_INCHES * len(seconds)), layout="constrained", facecolor="white")
    axes = figure.subplots()
    boxes = axes.barh(list(seconds), list(seconds.values()), color=STYLES[State.RUNNING].colour, height=0.62)
    axes.bar_label(boxes, labels, padding=5, fontsize=10)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("seconds", fontsize=10.5)
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title, x=0.015, ha="left", fontsize=12.5, weight="bold")
    facts = "; ".join(f"{name} {label}" for name, label in zip(seconds, labels, strict=True))
    return Picture(figure, f"Bar chart. {title}. {facts}.")
