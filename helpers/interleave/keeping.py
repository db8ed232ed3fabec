"""Puts back what a run changed outside the state that its setup made: globals, class attributes, closure variables.

Every schedule must start from the same world. Setup makes the shared object afresh, but a counter kept on the class, in
a global or in a closure would otherwise carry one schedule's result into the next.
"""

from collections.abc import Callable, Iterable
from functools import partial
from types import CellType
from typing import Any

from helpers.interleave.operands import Missing
from helpers.interleave.touch import Touch

_LARGEST = 10_000  # items of a container that is copied


class Keeper:
    """The world as it was before one run."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, str, bool]] = set()
        self._undo: list[Callable[[], object]] = []
        self._owners: list[Any] = []  # kept alive, so that their ids stay theirs

    def note(self, touch: Touch) -> None:
        """Remember what `touch` may change, if it outlives the run."""
        owner, name = touch.owner, touch.name
        if name is None:
            return
        key = (id(owner), name, touch.writes)
        if key in self._seen:
            return
        self._seen.add(key)
        self._owners.append(owner)
        kind = type(owner)
        if kind is dict:
            old = owner.get(name, Missing)
            if touch.writes:
                self._undo.append(partial(_put_item, owner, name, old))
        elif kind is CellType:
            old = _content(owner)
            if touch.writes and old is not Missing:
                self._undo.append(partial(setattr, owner, "cell_contents", old))
        elif isinstance(owner, type):
            old = _of_class(name, *owner.__mro__, *kind.__mro__)
            if touch.writes:
                self._undo.append(partial(_put_attribute, owner, name, vars(owner).get(name, Missing)))
        else:
            if name in getattr(owner, "__dict__", ()):
                return
            old = _of_class(name, *kind.__mro__)
        self._undo += refills([old])

    def restore(self) -> None:
        """Put everything back, the last change first."""
        while self._undo:
            self._undo.pop()()


def refills(values: Iterable[Any]) -> list[Callable[[], object]]:
    """Return functions that give the containers among `values`, unless huge, the content that they have now."""
    kept = [value for value in values if type(value) in (list, dict, set) and len(value) <= _LARGEST]
    return [partial(_refill, container, container.copy()) for container in kept]


def _of_class(name: str, *classes: type) -> Any:
    """Return what `name` is in the first of `classes` that has it."""
    return next((vars(cls)[name] for cls in classes if name in vars(cls)), Missing)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return Missing


def _put_item(names: dict[str, Any], name: str, old: Any) -> None:
    if old is Missing:
        names.pop(name, None)
    else:
        names[name] = old


def _put_attribute(owner: type, name: str, old: Any) -> None:
    if old is not Missing:
        type.__setattr__(owner, name, old)
    elif name in vars(owner):
        type.__delattr__(owner, name)


def _refill(container: Any, content: Any) -> None:
    if container != content or type(container) is dict:
        container.clear()
        container.extend(content) if type(container) is list else container.update(content)
