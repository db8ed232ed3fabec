"""Comparing without trusting: lying objects do not pass, honest subclasses do."""

from collections import namedtuple
from enum import StrEnum

import pytest

from helpers.checks.comparison import difference, same, shown


class Yes:
    """Says that it is equal to everything, and is of every class that it is asked about."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class YesText(str):
    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


class YesList(list[object]):
    def __eq__(self, other: object) -> bool:
        return True

    def __iter__(self):
        return iter([1, 2])

    def __len__(self) -> int:
        return 2


class Liar:
    __class__ = int  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


Pair = namedtuple("Pair", "name result")


class Tool(StrEnum):
    THREADING = "threading"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (Yes(), "threading"),
        (YesText("no"), "threading"),
        (YesList(), [1, 2]),
        (Liar(), 1),
        (True, 1),
        (1.0, 1),
        (1, True),
        ("1", 1),
        ((1, 2), [1, 2]),
        ([1, [2, Yes()]], [1, [2, 3]]),
        ([1, 2, 3], [1, 2]),
        (None, []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_the_value_is_refused(actual: object, expected: object) -> None:
    assert not same(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (Tool.THREADING, "threading"),
        ([Pair("a", 1)], [("a", 1)]),
        ([1, [2.5, (None, b"x")]], [1, [2.5, (None, b"x")]]),
        (len, len),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_holds_the_value_is_accepted(actual: object, expected: object) -> None:
    assert same(actual, expected)


def test_a_message_survives_an_object_that_cannot_be_printed() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert shown(Broken()) == "<Broken that cannot be printed>"
    assert len(shown("x" * 1000)) == 80


def test_addresses_are_left_out_so_that_a_sentence_is_always_the_same() -> None:
    assert shown(shown) == "<function shown>"


@pytest.mark.parametrize(
    ("actual", "expected", "sentence"),
    [
        ([1], [1], ""),
        ((1,), [1], "x should be a list, but it is (1,)"),
        ([], [1], "x should be [1], but it is []"),
        ([1, 2], [1, 2, 3], "x should have 3 items, but it has 2: [1, 2]"),
        ([1, None, 3], [1, 2, 3], "x should have 2 at index 1, but it has None"),
    ],
)
def test_the_first_difference_of_two_lists_is_named(actual: object, expected: list[object], sentence: str) -> None:
    assert difference("x", actual, expected) == sentence
