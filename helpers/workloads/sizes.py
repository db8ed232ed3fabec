"""Refuse sizes that make no sense, at the moment a task is made rather than in the middle of a run."""


def require_at_least(smallest: float, **sizes: float) -> None:
    """Check sizes given by name.

    Args:
        smallest: What each of them must reach.
        sizes: The sizes, under the names that the reader gave them.

    Raises:
        ValueError: One is too small or not a number.
    """
    for name, size in sizes.items():
        if not size >= smallest:  # written so that NaN is refused too
            raise ValueError(f"{name} must be at least {smallest:g}, not {size!r}")
