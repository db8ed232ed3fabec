"""What students call the things that threads share, with different names for different things.

A lock or a list has no name of its own: it is called by the attribute or variable through which it was first reached.
Where that is the same for two of them, the owner's name goes before it ("left.lock", "right.lock"), and owners that
have no name either are numbered.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_DEEPEST = 3  # owners before a name

type Place = tuple[int, str]  # id of the owner; its attribute, its item in brackets, or "" for the owner itself


class Names:
    """The names of one run's shared things."""

    def __init__(self) -> None:
        self._owners: dict[int, Any] = {}  # in the order in which they were met; kept alive, so that ids stay theirs
        self._homes: dict[int, Place] = {}

    def place(self, owner: Any, name: str = "") -> Place:
        """Return the place that is an attribute of `owner`, an item ("[0]"), or `owner` itself."""
        self._owners.setdefault(id(owner), owner)
        return (id(owner), name) if name else self._homes.get(id(owner), (id(owner), ""))

    def found(self, thing: Any, place: Place) -> None:
        """Note where `thing` was reached; only the first time counts."""
        self._owners.setdefault(id(thing), thing)
        self._homes.setdefault(id(thing), place)

    def met(self, number: int) -> Any:
        """Return the thing whose id is `number`; None if there is none."""
        return self._owners.get(number)

    def is_known(self, thing: Any) -> bool:
        """Return whether `thing` was reached by some name."""
        return id(thing) in self._homes

    def tell_apart(self, places: Iterable[Place]) -> dict[Place, str]:
        """Return a name for each place: the shortest that no other of them has."""
        names = {place: self._path(place, 0) for place in places}
        for depth in range(1, _DEEPEST + 1):
            for place in _ambiguous(names):
                names[place] = self._path(place, depth)
        numbers: dict[str, dict[int, int]] = {}
        for place in _ambiguous(names):
            kind, owner = self._kind(place)
            among = numbers.setdefault(kind, {})
            number = among.setdefault(owner, len(among))
            ordinal = _ORDINALS[number] if number < len(_ORDINALS) else f"{number + 1}th"
            names[place] = f"{ordinal} {kind}.{names[place]}" if kind != names[place] else f"{ordinal} {kind}"
        return names

    def _path(self, place: Place, owners: int) -> str:
        """Return the name of `place` with at most so many owners before it."""
        owner, name = place
        if not name:
            return _type_name(self._owners[owner])
        if name.startswith("["):
            return self._path(self._homes.get(owner, (owner, "")), owners) + name
        if not owners:
            return name
        if isinstance(self._owners[owner], type):
            return f"{self._owners[owner].__name__}.{name}"
        home = self._homes.get(owner)
        return name if home is None else f"{self._path(home, owners - 1)}.{name}"

    def _kind(self, place: Place) -> tuple[str, int]:
        """Return what kind of thing the owner at the root of a path is, and its id."""
        owner, name = place
        for _ in range(_DEEPEST):
            if owner not in self._homes:
                break
            owner = self._homes[owner][0]
        root = self._owners[owner]
        is_namespace = not name or type(root).__module__ == "builtins"
        return self._path(place, _DEEPEST) if is_namespace else type(root).__name__, owner


def _ambiguous(names: dict[Place, str]) -> list[Place]:
    often = Counter(names.values())
    return [place for place, name in names.items() if often[name] > 1]


def _type_name(thing: Any) -> str:
    name = type(thing).__name__.removeprefix("Virtual")
    return "lock" if name.endswith("Lock") else name
