"""Draw recordings: runs stacked on one time axis, a lane a worker, the message in the title.

Second of three modules: record -> draw -> explore. Everything drawn was measured.
"""

import base64
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.timeline.spans import Recording, State
from helpers.timeline.style import seconds_text, speed_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH_PIXELS = 800
_DOTS_PER_PIXEL = 1.5  # sharp on dense screens
# For Chinese, Japanese and Korean names, which matplotlib's own font lacks: on Linux, macOS and Windows.
_EAST_ASIAN = ("Noto Sans CJK JP", "Hiragino Sans", "PingFang SC", "Microsoft YaHei", "Malgun Gothic")


@dataclass(frozen=True)
class Picture:
    """A figure that carries its alt text wherever it is shown.

    Notebooks and exported pages show it as HTML, since nbconvert gives a bare PNG no alt text; other readers find the
    PNG, and those without images the text.

    Attributes:
        figure: The matplotlib figure, to be changed at will before it is shown.
        alt: What the picture says, in words.
    """

    figure: "Figure"
    alt: str

    @cached_property
    def png(self) -> bytes:
        """The picture as a PNG file."""
        from matplotlib.font_manager import fontManager
        from matplotlib.text import Text

        east_asian = [text for text in self.figure.findobj(Text) if max(text.get_text(), default="") >= "\u2e80"]
        if east_asian:
            others = sorted(set(_EAST_ASIAN).intersection(fontManager.get_font_names()))
            for text in east_asian:
                text.set_family([*text.get_family(), *others])  # type: ignore[attr-defined]
        file = BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font")  # no font has it; the alt text does
            self.figure.savefig(file, format="png", dpi=100 * _DOTS_PER_PIXEL)
        return file.getvalue()

    def save(self, path: Path | str) -> Path:
        """Write the PNG file and return its path."""
        path = Path(path)
        path.write_bytes(self.png)
        return path

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        encoded = base64.b64encode(self.png).decode()
        data = {
            "text/html": f'<img alt="{escape(self.alt)}" width="{WIDTH_PIXELS}" style="max-width: 100%"'
            f' src="data:image/png;base64,{encoded}">',
            "image/png": encoded,
            "text/plain": self.alt,
        }
        return data, {"image/png": {"alt": self.alt, "width": WIDTH_PIXELS}}


def draw(*recordings: Recording, subject: str = "", caption: str = "", title: str | None = None) -> Picture:
    """Draw one or more runs below one another, all on one time axis that begins with each run.

    Args:
        recordings: The runs; speed-ups are against the first.
        subject: What was run, to begin the title with: "4 downloads".
        caption: Small print, such as what the runs ran on.
        title: The sentence above the picture, where the runs are not the same work and no speed-up makes sense.

    Returns:
        The picture, 800 pixels wide, readable on a light and on a dark page.
    """
    from helpers.timeline import figure  # matplotlib takes longer to import than everything else

    first = recordings[0] if recordings and title is None else None
    title = title or message(recordings, subject)
    return Picture(
        figure.timeline_figure(recordings, title, small_print(recordings, caption), first),
        alt_text(recordings, title),
    )


def message(recordings: Sequence[Recording], subject: str = "") -> str:
    """Return what a picture shows: "4 downloads: 2.0 s in sequence, 0.5 s in threads (4.0x faster)"."""
    if not recordings:
        return f"{subject}: nothing was run" if subject else "Nothing was run"
    first = recordings[0]
    parts = []
    for run in recordings:
        worth = verdict(first, run)
        parts.append(f"{seconds_text(run.wall_seconds)} {run.title}" + (f" ({worth})" if worth else ""))
    sentence = ", ".join(part.strip() for part in parts)
    return f"{subject}: {sentence}" if subject else sentence


def verdict(first: Recording, run: Recording) -> str:
    """Return a run's speed against the first run, or how many of its tasks failed: no speed is worth anything then."""
    if run.failed:
        return f"{run.failed:,} task{'s' * (run.failed != 1)} failed"
    return "" if run is first or first.failed else speed_text(speedup(first, run))


def speedup(first: Recording, other: Recording) -> float:
    """Return how many times faster a run was than the first; 1 when either took no time at all."""
    if first.wall_seconds <= 0 or other.wall_seconds <= 0:
        return 1.0
    return first.wall_seconds / other.wall_seconds


def small_print(recordings: Sequence[Recording], caption: str = "") -> list[str]:
    """Return the lines below a picture: each note once, with the runs it belongs to, then the caption."""
    notes: dict[str, list[str]] = {}
    for recording in recordings:
        for note in recording.notes:
            notes.setdefault(note, []).append(recording.title)
    lines = [f"{', '.join(titles)}: {note}." if any(titles) else f"{note}." for note, titles in notes.items()]
    return [*lines, *caption.splitlines()]


def alt_text(recordings: Sequence[Recording], title: str) -> str:
    """Return a picture of these runs in words: its title, then what each run's lanes add up to."""
    sentences = [f"Timeline. {title}."]
    for recording in recordings:
        lanes = len(recording.lanes)
        totals = [f"{state.value} {seconds_text(total)}" for state in State if (total := recording.seconds(state)) > 0]
        heading = recording.title or "recorded"
        sentences.append(
            f"{heading[0].upper()}{heading[1:]}: {lanes} lane{'s' * (lanes != 1)}; "
            f"{', '.join(totals) or 'nothing was marked'}, added up over all lanes."
        )
    return " ".join(sentences)
