"""Compare what student code returned without trusting it: no method of a student's class is called.

An object whose `__eq__` says yes to everything must not pass, so text, lists and tuples are compared through the
methods of the built-in type itself, and every other value by its exact type first.
"""

import re
from typing import Any

_SCALARS = (int, float, bool, type(None), bytes)
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


def same(actual: object, expected: Any) -> bool:
    """Return whether `actual` is the built-in value `expected`.

    A subclass of str, list or tuple counts by the content that the built-in type stores (a StrEnum member or a
    named tuple is a right answer); numbers must have exactly the expected type, so neither True nor 1.0 is 1.

    Args:
        actual: Anything at all.
        expected: A str, list, tuple or scalar, nested freely; anything else is compared by identity.
    """
    kind = type(expected)
    if kind is str:
        return issubclass(type(actual), str) and str.__eq__(actual, expected) is True  # type: ignore[operator]
    if kind in (list, tuple):
        if not issubclass(type(actual), kind):
            return False
        items = list(kind.__iter__(actual))
        return len(items) == len(expected) and all(map(same, items, expected))
    if kind in _SCALARS:
        return type(actual) is kind and actual == expected
    return actual is expected


def difference(what: str, actual: object, expected: list[Any]) -> str:
    """Say where a list is not as it should be: "self.items should be ['tea'], but it is []"; "" if it is."""
    if same(actual, expected):
        return ""
    if not issubclass(type(actual), list):
        return f"{what} should be a list, but it is {shown(actual)}"
    items: list[Any] = list(list.__iter__(actual))  # type: ignore[arg-type]
    if len(expected) < 3:
        return f"{what} should be {shown(expected)}, but it is {shown(items)}"
    if len(items) != len(expected):
        return f"{what} should have {len(expected)} items, but it has {len(items)}: {shown(items)}"
    place = next(place for place, pair in enumerate(zip(items, expected, strict=True)) if not same(*pair))
    return f"{what} should have {shown(expected[place])} at index {place}, but it has {shown(items[place])}"


def counted(number: int, noun: str) -> str:
    """Return "1 item", "2 items"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shown(value: object, limit: int = 80) -> str:
    """Return a repr for a message: at most `limit` characters, on one line, whatever `__repr__` does.

    Addresses are left out: the same answer gets the same sentence every time.
    """
    try:
        text = _ADDRESS.sub("", " ".join(str.split(repr(value))))
    except Exception:
        text = f"<{type(value).__name__} that cannot be printed>"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
