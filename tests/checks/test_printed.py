"""What the student's own cells print: found wherever it is, and not held against anybody where it cannot be known."""

import pytest

from helpers.checks.exercise import Answer, CheckFailed
from helpers.checks.printed import printed_otherwise


def printed(*cells: str) -> str | None:
    """Return what the cells print, unless "yes" is in it."""
    names = {"__name__": "__main__", "In": ["", *cells]}
    return printed_otherwise(Answer(None, names), "Thing", lambda text, _: "yes" in text)


CLASS = "class Thing:\n    pass\n"


@pytest.mark.parametrize(
    "cells",
    [
        [CLASS],
        [CLASS + "print('yes')"],
        [CLASS + "print('no')", CLASS + "print('yes')"],
        [CLASS + "print('made')", "Thing()\nprint('yes')"],
        [CLASS + "print('made')", "Thing.wings", "Thing()\nprint('yes')"],
        [CLASS + "print('no')\nawait pause()"],
        [CLASS + "print('no')", "%time Thing()"],
        [CLASS + "print('no')", "%time 1\n" + CLASS + "print('yes')"],
        ["print('no')"],
    ],
)
def test_a_cell_is_accepted_that_prints_what_was_asked_for_or_nothing_that_can_be_known(cells: list[str]) -> None:
    assert printed(*cells) is None


def test_what_is_printed_instead_is_returned() -> None:
    assert printed(CLASS + "print('no')", "print('yes')") == "no"
    assert printed(CLASS + "print('yes')", CLASS + "print('no')", "print(Thing())") == "no"


def test_a_cell_that_raises_is_refused() -> None:
    with pytest.raises(CheckFailed, match=r"^Your cell raised NameError: name 'wings' is not defined\.$"):
        printed(CLASS + "wings")
