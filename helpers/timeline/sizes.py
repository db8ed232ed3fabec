"""Refuse numbers that make no sense, at the moment they are given rather than in the middle of a run."""

from math import inf
from numbers import Integral, Real
from typing import Any


def require(smallest: float, largest: float = inf, *, whole: bool = False, **numbers: Any) -> None:
    """Check numbers given by name.

    Args:
        smallest: What each of them must reach.
        largest: What none of them may exceed.
        whole: Whether only whole numbers make sense.
        numbers: The numbers, under the names that the reader gave them.

    Raises:
        ValueError: One is too small, too large, not whole or no number at all.
    """
    for name, number in numbers.items():
        if not isinstance(number, Real):
            raise ValueError(f"{name} must be a number, not {number!r}")
        if not smallest <= number <= largest:  # type: ignore[operator]  # written so that NaN is refused too
            limits = f"be at least {smallest:g}" if largest == inf else f"lie between {smallest:g} and {largest:g}"
            raise ValueError(f"{name} must {limits}, not {number!r}")
        if whole and not isinstance(number, Integral):
            raise ValueError(f"{name} must be a whole number, not {number!r}")
