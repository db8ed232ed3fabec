"""Keep some memory back, for what is to be said when student code has used up its own."""

from contextlib import suppress
from resource import RLIMIT_AS, getrlimit, setrlimit

RESERVE = 50_000_000  # bytes


class Reserve:
    """A context manager for running student code: the memory between the soft and the hard limit is not for it."""

    def __init__(self) -> None:
        allowed, most = getrlimit(RLIMIT_AS)
        self._closed, self._open = (allowed, most), (most, most)

    def __enter__(self) -> None:
        self._set(self._closed)

    def __exit__(self, *error: object) -> None:
        self._set(self._open)

    def _set(self, limits: tuple[int, int]) -> None:
        with suppress(ValueError):  # student code may have lowered the hard limit, which cannot be undone
            setrlimit(RLIMIT_AS, limits)
