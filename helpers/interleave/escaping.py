"""Makes text that came out of a student's code safe to show on one line."""

import unicodedata


def printable(content: str) -> str:
    """Escape control, surrogate and direction-changing characters, which files refuse and readers misread."""
    if content.isprintable():
        return content
    return "".join(
        char if unicodedata.category(char)[0] != "C" else char.encode("unicode_escape").decode() for char in content
    )
