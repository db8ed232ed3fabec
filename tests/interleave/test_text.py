"""The text form: aligned, narrow enough, complete, and writable in any encoding."""

import unicodedata

import pytest

from helpers.interleave.schedule import Action, Schedule, Step
from helpers.interleave.text import schedule_text

from . import schedules


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp437"])
@pytest.mark.parametrize("name", schedules.ALL)
def test_every_line_fits_and_can_be_written(name: str, encoding: str) -> None:
    text = schedule_text(schedules.ALL[name], encoding=encoding)
    text.encode(encoding)
    assert all(columns(line) <= 100 for line in text.splitlines())
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_narrower_terminal_is_respected(width: int) -> None:
    for schedule in schedules.ALL.values():
        assert all(columns(line) <= width for line in schedule_text(schedule, width).splitlines())


def test_a_lost_update_reads_like_this() -> None:
    assert schedule_text(schedules.LOST_UPDATE) == (
        """\
Thread B read value = 5 before thread A had written 6: one increment was lost.

       Thread A          Thread B          value
                                           5
    1  reads value = 5                     5      line 7: self.value += 1
    2                    reads value = 5   5      line 7: self.value += 1
    3                    writes value = 6  6 *    line 7: self.value += 1
✖   4  writes value = 6                    6      line 7: self.value += 1

* has just changed   ✖ here it goes wrong"""
    )


def test_steps_stand_in_the_lane_of_their_thread() -> None:
    lines = schedule_text(schedules.LOST_UPDATE).splitlines()
    heading = next(line for line in lines if "Thread A" in line and "Thread B " in line)
    by_b = next(line for line in lines if line.lstrip().startswith("2 "))
    assert by_b.index("reads") == heading.index("Thread B")


def test_held_locks_and_waiting_have_bars_beside_the_steps() -> None:
    text = schedule_text(schedules.DEADLOCK)
    assert "┃┊ waits for lock_a" in text
    ascii_text = schedule_text(schedules.DEADLOCK, encoding="ascii")
    assert "|: waits for lock_a" in ascii_text


def test_a_deadlock_says_who_waits_for_whom() -> None:
    text = schedule_text(schedules.DEADLOCK)
    assert "Thread A waits for lock_b, held by Thread B." in text
    assert "Thread B waits for lock_a, held by Thread A." in text


def test_ascii_stands_in_where_the_marks_cannot_be_written() -> None:
    text = schedule_text(schedules.RAISES, encoding="ascii")
    assert "X   4" in text
    assert "calls items.pop() -> 'last apple'" in text


def test_many_threads_share_one_lane_with_their_names() -> None:
    steps = tuple(Step(chr(65 + n), Action.READ, "value", 1, "f()", str(n)) for n in range(9))
    text = schedule_text(Schedule(steps, tuple(range(9)), 0))
    assert "All threads" in text
    assert "I reads value = 8" in text


def test_wide_characters_keep_the_columns_aligned() -> None:
    steps = (
        Step("A", Action.WRITE, "name", 1, "", "'日本'", "''"),
        Step("B", Action.WRITE, "name", 1, "", "'ab'", "'日本'"),
    )
    lines = schedule_text(Schedule(steps, (0, 1), 0)).splitlines()
    first, second = (next(line for line in lines if line.startswith(f"    {n}")) for n in (1, 2))
    assert columns(first[: first.rindex("'日本'")]) == columns(second[: second.rindex("'ab'")])
