"""How each state looks, on paper and on screen: a colour that colour-blind readers tell apart, and a hatching.

Work is solid and every wait is hatched, so a picture printed in grey still reads.

Source of the colours: M. Okabe and K. Ito, "Color Universal Design" (2008).
"""

from dataclasses import dataclass

from helpers.timeline.spans import State


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a state.

    Attributes:
        colour: Fill, as "#rrggbb".
        hatch: Matplotlib's hatching; "" for solid.
        stripes: Path data of the same hatching in an SVG tile of 8 x 8.
    """

    colour: str
    hatch: str = ""
    stripes: str = ""


STYLES = {
    State.RUNNING: Style("#0072B2"),
    State.IO: Style("#56B4E9", "///", "M-2 2l4-4M0 8l8-8M6 10l4-4"),
    State.LOCK: Style("#D55E00", "xxx", "M0 0l8 8M8 0l-8 8"),
    State.GIL: Style("#E69F00", r"\\\\", "M-2 6l4 4M0 0l8 8M6-2l4 4"),
    State.CORE: Style("#F0E442", "...", "M2 2h1.5M6 6h1.5"),
    State.GIL_OR_CORE: Style("#E69F00", r"\\\\", "M-2 6l4 4M0 0l8 8M6-2l4 4"),
    State.AWAIT: Style("#CC79A7", "---", "M0 2h8M0 6h8"),
    State.UNMARKED: Style("#C8C8C8"),
}
HATCH_COLOUR = "#3A3A3A"


def seconds_text(seconds: float) -> str:
    """Return a duration as a reader says it: "34 ms", "0.52 s", "2.0 s", "12 s"."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.2g} ms" if seconds < 0.00995 else f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 0.995 else f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"


def speed_text(factor: float) -> str:
    """Return how a speed compares with another: "3.9x faster", "1.3x slower", "about as fast"."""
    if 0.95 <= factor <= 1.05:
        return "about as fast"
    word, times = ("faster", factor) if factor > 1 else ("slower", 1 / factor)
    return f"{times:.0f}x {word}" if times >= 9.95 else f"{times:.1f}x {word}"


def short_name(name: str, length: int = 13) -> str:
    """Return a lane's name, cut where there is no room for more."""
    return name if len(name) <= length else name[: length - 1] + "…"
