"""The decision guide as a picture: three questions about the work, four tools."""

from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from helpers.timeline.draw import WIDTH_PIXELS, Picture

_INK, _PAPER, _LINE, _QUESTION = "#1F1F1F", "#FFFFFF", "#5A5A5A", "#F0F0F0"
_HEIGHT_PIXELS = 540
_BOX_HEIGHT = 80.0


@dataclass(frozen=True, slots=True)
class _Box:
    """A question or a tool; centre and width in pixels from the picture's lower left corner."""

    heading: str
    text: str
    x: float
    y: float
    width: float
    colour: str = _QUESTION

    def draw(self, axes: Axes) -> None:
        corner = (self.x - self.width / 2, self.y - _BOX_HEIGHT / 2)
        shape = "round,pad=0,rounding_size=8"
        axes.add_patch(
            FancyBboxPatch(corner, self.width, _BOX_HEIGHT, shape, facecolor=self.colour, edgecolor=_LINE, lw=1.2)
        )
        axes.text(self.x, self.y + 22, self.heading, ha="center", va="center", size=11, weight="bold", color=_INK)
        lines = fill(self.text, round(self.width / 7.6))
        axes.text(self.x, self.y - 12, lines, ha="center", va="center", size=9.5, color=_INK, linespacing=1.3)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An arrow from a question to what follows from an answer."""

    start: _Box
    end: _Box
    says: str

    def draw(self, axes: Axes) -> None:
        begin = (self.start.x, self.start.y - _BOX_HEIGHT / 2)
        end = (self.end.x, self.end.y + _BOX_HEIGHT / 2)
        axes.annotate("", end, begin, arrowprops={"arrowstyle": "-|>", "color": _LINE, "lw": 1.4, "shrinkB": 0})
        middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
        axes.text(
            *middle, self.says, ha="center", va="center", size=9.5, color=_INK, style="italic",
            bbox={"boxstyle": "round,pad=0.15", "fc": _PAPER, "ec": "none"},
        )  # fmt: skip


def decision_tree(gil: bool) -> Picture:
    """Return the guide for an interpreter.

    Args:
        gil: Whether threads take turns in it; where they do not, threads serve CPU work too.

    Returns:
        The picture, 800 pixels wide.
    """
    other = "Processes" if gil else "Threads, or processes"
    advice = "each has a GIL of its own" if gil else "this Python has no GIL: both compute in parallel"
    slow = _Box("Is it too slow as it is?", "Run it once and look at the clock.", 230, 450, 300)
    plain = _Box("Sequential", "plain code", 97, 320, 170, "#E4E4E4")
    busy = _Box("What does it do meanwhile?", "Compare processor time and clock.", 430, 320, 310)
    many = _Box("How many waits at once?", "Dozens are few, thousands are many.", 270, 190, 290)
    cores = _Box(other, advice, 650, 190, 230, "#F7DDB0")
    threads = _Box("Threads", "a few workers in a pool", 120, 60, 216, "#BFE0F5")
    tasks = _Box("asyncio", "a light task for each", 420, 60, 216, "#F0D3E3")
    boxes = (slow, busy, many, plain, threads, tasks, cores)
    answers = (
        _Answer(slow, plain, "no"),
        _Answer(slow, busy, "yes"),
        _Answer(busy, many, "it waits"),
        _Answer(busy, cores, "it computes"),
        _Answer(many, threads, "few"),
        _Answer(many, tasks, "many"),
    )

    figure = Figure(figsize=(WIDTH_PIXELS / 100, _HEIGHT_PIXELS / 100), dpi=100, facecolor=_PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH_PIXELS), ylim=(0, _HEIGHT_PIXELS))
    axes.axis("off")
    title = f"Waiting calls for threads or asyncio, computing for {other.lower()}"
    axes.text(12, _HEIGHT_PIXELS - 22, title, size=12.5, weight="bold", color=_INK, va="center")
    for answer in answers:
        answer.draw(axes)
    for box in boxes:
        box.draw(axes)
    return Picture(figure, _in_words(title, answers))


def _in_words(title: str, answers: tuple[_Answer, ...]) -> str:
    """Return the tree as sentences, an arrow a sentence."""
    steps = " ".join(f"{a.start.heading} If {a.says}: {a.end.heading.rstrip('?')}." for a in answers)
    return f"Decision tree. {title}. {steps}"
