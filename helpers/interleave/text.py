"""A schedule as plain text in columns, for terminals, log files and screen readers."""

import textwrap
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from helpers.interleave.escaping import printable
from helpers.interleave.schedule import Schedule
from helpers.interleave.story import (
    UNKNOWN,
    Row,
    lane,
    locks,
    rows,
    source,
    spans,
    states,
    targets,
    title,
    waiting,
    words,
)

MOST_VALUES = 3  # columns of shared values and locks
WIDEST_VALUE = 14
NARROWEST_LANE = 14  # with less room than that, all threads share one lane
NARROWEST_CODE = 20  # with less room than that, source lines are left out
GAP = "  "


@dataclass(frozen=True, slots=True)
class _Marks:
    """The characters that carry meaning, and the encoding that must carry them."""

    encoding: str
    fatal: str = "✖"
    held: str = "┃"
    waits: str = "┊"
    arrow: str = "→"
    ellipsis: str = "…"
    fold: str = "⋮"

    def write(self, content: str) -> str:
        """Turn any text into what the terminal can show, on one line."""
        escaped = printable(content.replace("→", self.arrow).replace("…", self.ellipsis))
        return escaped.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def fit(self, content: str, room: int) -> str:
        """Cut a text to at most `room` columns of a terminal, and pad it to exactly that."""
        if _columns(content) > room:
            while _columns(content) + len(self.ellipsis) > room:
                content = content[:-1]
            content += self.ellipsis
        return content + " " * (room - _columns(content))


def schedule_text(schedule: Schedule, width: int = 100, encoding: str = "utf-8") -> str:
    """Write a schedule as aligned columns: one lane a thread, then shared values, locks and source lines.

    Args:
        schedule: What to write.
        width: The most columns of the terminal that a line may take; at least 60.
        encoding: Of the terminal. Where it lacks the usual marks, ASCII characters stand for them.

    Returns:
        Lines joined by newlines, without one at the end.
    """
    marks = _marks(encoding)
    shown = rows(schedule)
    left = [_numbers(schedule, shown, marks)]
    values = _values(schedule, shown, marks)
    lanes = [_lane(schedule, shown, (thread,), marks) for thread in schedule.threads]
    room = width - sum(_widest(column) + len(GAP) for column in [*left, *values])
    share = room // max(len(lanes), 1) - len(GAP)
    if share < NARROWEST_LANE:
        lanes, share = [_lane(schedule, shown, schedule.threads, marks)], room - len(GAP)
    room -= sum(min(_widest(column), share) + len(GAP) for column in lanes)
    code = [_code(schedule, shown, marks)] if room >= NARROWEST_CODE else []

    limited = [(column, _widest(column)) for column in left]
    limited += [(column, min(_widest(column), share)) for column in lanes]
    limited += [(column, _widest(column)) for column in values]
    limited += [(column, min(_widest(column), room)) for column in code]
    table = [GAP.join(marks.fit(column[i], room) for column, room in limited).rstrip() for i in range(len(left[0]))]
    said = [marks.write(sentence) for sentence in waiting(schedule)]
    paragraphs = [[marks.write(title(schedule))], table, said, [_legend(schedule, marks)]]
    return "\n\n".join(
        "\n".join(part for entry in paragraph for part in _wrap(entry, width))
        for paragraph in paragraphs
        if any(paragraph)
    )


def _marks(encoding: str) -> _Marks:
    fancy = _Marks(encoding)
    try:
        "".join((fancy.fatal, fancy.held, fancy.waits, fancy.arrow, fancy.ellipsis, fancy.fold)).encode(encoding)
    except UnicodeEncodeError:
        return _Marks(encoding, fatal="X", held="|", waits=":", arrow="->", ellipsis="...", fold=":")
    return fancy


def _numbers(schedule: Schedule, shown: tuple[Row, ...], marks: _Marks) -> list[str]:
    numbers = (marks.fold if row.folded else str(row.number) for row in shown)
    fatal = (marks.fatal if row.last == schedule.fatal else " " for row in shown)
    return ["", "", *(f"{mark} {number:>3}" for mark, number in zip(fatal, numbers, strict=True))]


def _lane(schedule: Schedule, shown: tuple[Row, ...], threads: tuple[str, ...], marks: _Marks) -> list[str]:
    """One lane: its heading, an empty line, then what its threads do, behind a bar for each lock."""
    alone = len(threads) == 1
    mine = [span for span in spans(schedule) if span.thread in threads and alone]
    bars = tuple(dict.fromkeys(span.lock for span in mine))[:MOST_VALUES]
    column = [lane(schedule, threads[0]) if alone else "All threads", ""]
    for row in shown:
        step = schedule.steps[row.last]
        gutter = ""
        for bar in bars:
            now = [span for span in mine if span.lock == bar and span.first <= row.last <= span.last]
            held = any(not span.waiting for span in now)
            gutter += marks.held if held else marks.waits if now else " "
        name = "" if alone else f"{step.thread} "
        folded = f"({len(row.steps)} more steps)"
        said = "" if step.thread not in threads else folded if row.folded else name + words(step)
        column.append(f"{gutter} {marks.write(said)}" if bars else marks.write(said))
    return column


def _values(schedule: Schedule, shown: tuple[Row, ...], marks: _Marks) -> list[list[str]]:
    """Columns of shared values, then locks; what is only read if there are none. A star marks changes."""
    seen = states(schedule)
    changed, only_read = targets(schedule)
    columns = []
    for name in (*changed, *locks(schedule)) or only_read:
        cells = [
            (state.holders[name] or "free") if name in state.holders else state.values.get(name, "")
            for state in (seen[0], *(seen[row.last + 1] for row in shown))
        ]
        if not set(cells) <= {"", UNKNOWN}:
            starred = [cells[0], *(b + " *" * (a != b) for a, b in pairwise(cells))]
            columns.append([marks.fit(marks.write(cell), WIDEST_VALUE).rstrip() for cell in (name, *starred)])
    return columns[:MOST_VALUES]


def _code(schedule: Schedule, shown: tuple[Row, ...], marks: _Marks) -> list[str]:
    return ["", "", *("" if row.folded else marks.write(source(schedule.steps[row.last])) for row in shown)]


def _legend(schedule: Schedule, marks: _Marks) -> str:
    kinds = {span.waiting for span in spans(schedule)}
    said = ["* has just changed"]
    said += [f"{marks.held} holds the lock"] * (False in kinds) + [f"{marks.waits} waits"] * (True in kinds)
    said += [f"{marks.fatal} here it goes wrong"] * (schedule.fatal is not None)
    return "   ".join(said) if schedule.steps else ""


def _wrap(line: str, width: int) -> list[str]:
    return [line] if _columns(line) <= width else textwrap.wrap(line, width)


def _widest(column: list[str]) -> int:
    return max(map(_columns, column))


def _columns(content: str) -> int:
    """How many columns a text takes in a terminal."""
    if content.isascii():
        return len(content)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in content
    )
