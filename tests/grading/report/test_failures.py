"""Sentences are one failure if only particulars differ, and two if the mistake does."""

import pytest

from helpers.grading.report.failures import pattern, readable

ALIKE = [
    ("After 2 increments, get() should be 2, but it is 0.", "After 117 increments, get() should be 117, but it is 3."),
    ("After 2 increments, it is -1.5.", "After 2 increments, it is 1e-07."),
    ("name 'squares' is not defined", 'name "square\'s" is not defined'),
    ("self.items should be [1, 'tea', None], but it is [].", "self.items should be [2], but it is (3, [4], {5: 6})."),
    ("After this, self.value should be 1.", "After this, self._count should be 1."),
    ("Thread A never released lock.", "Thread C never released lock."),
    ("It is <Thing object at 0x7f12>.", "It is <Other object at 0xabc>."),
    ("f('a long text that was cut off…) failed.", "f('short') failed."),
    ("“DOWNLOAD” is not “download”", "“API” is not “api”"),
    ("Threads use items: see line 10 and line 14.", "Threads use items: see line 2 and line 3."),
]
UNLIKE = [
    ("add() didn't wait; it's wrong.", "add() didn't return; it's wrong."),
    ("TypeError: 'int' object is not callable", "NameError: 'int' object is not callable"),
    ("The first line is not what print(results) shows.", "The second line is not what print(results) shows."),
    ("get() should be 2.", "put() should be 2."),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_one_mistake_in_other_words(one: str, other: str) -> None:
    assert pattern(one) == pattern(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_two_mistakes(one: str, other: str) -> None:
    assert pattern(one) != pattern(other)


def test_a_hostile_message_becomes_one_short_line() -> None:
    line = readable("\x1b[31mred\x1b[0m\nand\x00 more " + "'\\" * 100_000)
    assert line.startswith("red and more '")
    assert len(line) == 300
    assert pattern(line)
