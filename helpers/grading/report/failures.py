"""Find the commonest things that tests said, so that a class's misunderstandings stand out."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from helpers.grading.report.results import Exercise

SILENT = "The test gave no message."
PARTLY = "The test gave part of the points."
_LIMIT = 300  # characters: a sentence may quote a whole answer

_TERMINAL_CODE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]+")
# What varies between students who made one mistake. Order matters: quotes may hold anything.
_PARTICULARS = re.compile(
    r"""
    (?<!\w)b?(?:'(?:[^'\\…]|\\.)*['…] | "(?:[^"\\…]|\\.)*["…])(?!\w) | “[^”]*”  # quoted text, but no apostrophes
    | <[^<>]*\ at\ 0x[0-9a-f]+>             # an object
    | \b(?:True|False|None)\b               # constants
    | \b[A-Z]\b                             # a thread's name
    | \b[^\W\d]\w*(?:\.\w+)+                # self.value
    | -?\b(?:0x[0-9a-f]+|\d[\d_]*(?:\.\d+)?(?:e-?\d+)?)\b
    """,
    re.VERBOSE,
)
_LISTED = re.compile(r"…(?:\s*[,:]\s*…)+,?")
_BRACKETED = re.compile(r"\[…?,?\]|\{…?,?\}|(?<!\w)\(…?,?\)")


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that tests of an exercise said to several students, in about these words.

    Attributes:
        sentence: The commonest wording.
        students: To how many.
        wordings: How many wordings differ from it in numbers, names or quoted values only.
        tests: The tests that said it, in the exercise's order.
    """

    sentence: str
    students: int
    wordings: int
    tests: tuple[str, ...]


def commonest_failures(exercise: Exercise, most: int = 5) -> list[Failure]:
    """Return what the tests of an exercise said most often to those who did not pass them.

    Args:
        exercise: Which.
        most: How many to return.
    """
    wordings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    students: defaultdict[str, set[str]] = defaultdict(set)
    tests: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for test in exercise.tests:
        for grade in test.grades:
            if grade.waits or test.passed(grade):
                continue
            sentence = readable(grade.failure) or (PARTLY if grade.score > 0 else SILENT)
            key = pattern(sentence)
            wordings[key][sentence] += 1
            students[key].add(grade.student)
            tests[key][test.name] = None
    found = [
        Failure(
            min(said, key=lambda sentence: (-said[sentence], sentence)),
            len(students[key]),
            len(said) - 1,
            tuple(tests[key]),
        )
        for key, said in wordings.items()
    ]
    return sorted(found, key=lambda failure: (-failure.students, failure.sentence))[:most]


def readable(message: str) -> str:
    """Return what a student's code may have had a hand in as one line of limited length."""
    line = _UNPRINTABLE.sub(" ", _TERMINAL_CODE.sub("", message)).strip()
    return line if len(line) <= _LIMIT else line[: _LIMIT - 1] + "…"


def pattern(sentence: str) -> str:
    """Return a sentence without its particulars: two students who made one mistake get the same."""
    said, before = _PARTICULARS.sub("…", sentence), ""
    while said != before:
        said, before = _BRACKETED.sub("…", _LISTED.sub("…", said)), said
    return said
