"""Spelling of prose in Markdown: an English dictionary, the course's own terms, and British forms only."""

import re
from functools import cache
from pathlib import Path

import codespell_lib
from spellchecker import SpellChecker

TERMS = Path(__file__).with_name("terms.txt")
_PAIRS = Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt"
_NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]+>|https?://\S+|\$[^$]*\$", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


def misspelt(markdown: str) -> list[str]:
    """Return the words of a text, in lower case and sorted, that are no words or not British; code does not count."""
    words = {
        word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for word in _WORD.findall(_NOT_PROSE.sub(" ", markdown))
    }
    words = {word.removesuffix("'s") for word in words} - _terms()
    british, american = _pairs()
    return sorted(_dictionary().unknown(words - british) | (words & american))


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en")


@cache
def _terms() -> frozenset[str]:
    return frozenset(TERMS.read_text(encoding="utf-8").split())


@cache
def _pairs() -> tuple[frozenset[str], frozenset[str]]:
    """Return the British and the American forms of the words that are spelt differently."""
    pairs = [line.partition("->") for line in _PAIRS.read_text(encoding="utf-8").splitlines()]
    american = (form for _, _, forms in pairs for form in forms.rstrip(",").split(", "))
    return frozenset(british for british, _, _ in pairs), frozenset(american)
