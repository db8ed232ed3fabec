"""Exercise 1: name the tool that suits a task from the words that describe it."""

import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from helpers.checks.comparison import same, shown
from helpers.checks.exercise import Answer, CheckFailed, Exercise
from helpers.checks.student_code import call

exercise = Exercise("classify-task", answer="classify_task")

KEYWORDS = {
    "threading": ("download", "request", "api", "file"),
    "multiprocessing": ("calculate", "process", "compute", "analyze"),
    "asyncio": ("server", "websocket", "connections"),
}
EXAMPLES = {
    "Download 100 files from S3": "threading",
    "Calculate prime numbers": "multiprocessing",
    "Handle 5000 WebSocket connections": "asyncio",
    "Print hello world": "sequential",
}
# Nothing here contains a keyword, not even across the blank between two words.
NEUTRAL = ("print", "hello", "world", "handle", "prime", "numbers", "100", "from", "blue", "coffee", "garden", "old")
# Each is one slip away from a keyword: another form, British, split in two.
NEAR_MISSES = (
    "Down load a song",
    "Open one connection",
    "Wait at the web-socket",
    "Call the A.P.I.",
    "Sort the profits",
    "Serve the guests",
    "Analyse a poem",
    "Quest for gold",
    "Learn calculus",
    "Computing is fun",
)


class Case(NamedTuple):
    """A description, the tool that suits it, and why."""

    description: str
    expected: str
    why: str


def _verify(answer: Answer, cases: Iterable[Case]) -> None:
    for description, expected, why in cases:
        actual = call(answer.value, description, name="classify_task")
        if not same(actual, expected):
            raise CheckFailed(
                f"classify_task({shown(description)}) should return {expected!r} because {why},"
                f" but it returned {shown(actual)}."
            )


def _made_once(make: Callable[[random.Random], Iterator[Case]]) -> Callable[[], tuple[Case, ...]]:
    """Keep the cases: they are the same every time, and making them takes longer than most answers do."""
    return cache(lambda: tuple(make(random.Random(make.__name__))))


def _sentence(rng: random.Random, *words: str) -> str:
    """Mix the words, in the given order, with neutral ones."""
    parts = [rng.choice(NEUTRAL)]
    for word in words:
        parts += [word, *rng.sample(NEUTRAL, k=rng.randint(1, 2))]
    return " ".join(parts)


@exercise.behaviour("examples", points=4)
def examples(answer: Answer) -> None:
    """The four descriptions in the task."""
    _verify(answer, (Case(*example, "it is one of the examples in the task") for example in EXAMPLES.items()))


@exercise.behaviour("keywords", points=4)
def keywords(answer: Answer) -> None:
    """Every keyword of every tool, and none where there is none."""
    _verify(answer, _with_keywords())


@_made_once
def _with_keywords(rng: random.Random) -> Iterator[Case]:
    for tool, words in KEYWORDS.items():
        for word in words:
            yield Case(_sentence(rng, word), tool, f"it contains “{word}”")
            yield Case(word, tool, f"it is “{word}”")
            yield Case(_sentence(rng, word, word), tool, f"it contains “{word}”")
            for cut in (word[:-1], word[1:]):
                yield Case(_sentence(rng, cut), "sequential", f"“{cut}” is not the whole word “{word}”")
        yield Case(_sentence(rng, *words), tool, f"it contains “{words[0]}”")
    for description in (_sentence(rng), *NEAR_MISSES, ""):
        yield Case(description, "sequential", "it contains no keyword")


@exercise.behaviour("substrings", points=4)
def substrings(answer: Answer) -> None:
    """A keyword counts inside a longer word and beside punctuation."""
    _verify(answer, _inside_words())


@_made_once
def _inside_words(rng: random.Random) -> Iterator[Case]:
    for tool, words in KEYWORDS.items():
        for word in words:
            for inside in (f"re{word}", f"{word}x", f"({word})", f"{word},", f"un-{word}"):
                yield Case(_sentence(rng, inside), tool, f"“{inside}” contains “{word}”")
    yield Case(_sentence(rng, "downloa", "d"), "sequential", "the letters of the keyword are not together")


@exercise.behaviour("any-case", points=4)
def any_case(answer: Answer) -> None:
    """Capital letters make no difference."""
    _verify(answer, _in_capitals())


@_made_once
def _in_capitals(rng: random.Random) -> Iterator[Case]:
    for tool, words in KEYWORDS.items():
        for word in words:
            mixed = "".join(rng.choice((letter, letter.upper())) for letter in word[:-1]) + word[-1].upper()
            for written in (word.upper(), word.capitalize(), mixed):
                yield Case(_sentence(rng, written), tool, f"“{written}” is “{word}” in other letters")


@exercise.behaviour("order", points=4)
def order(answer: Answer) -> None:
    """Where keywords of several tools meet, the first rule wins wherever its word stands."""
    _verify(answer, _of_several_tools())


@_made_once
def _of_several_tools(rng: random.Random) -> Iterator[Case]:
    tools = list(KEYWORDS)
    for first, tool in enumerate(tools):
        for other in tools[first + 1 :]:
            for word in KEYWORDS[tool]:
                rival = rng.choice(KEYWORDS[other])
                for words in ((word, rival), (rival, word), (*KEYWORDS[other], word)):
                    yield Case(_sentence(rng, *words), tool, f"“{word}” comes before “{rival}” in the rules")
    every = [rng.choice(KEYWORDS[tool]) for tool in reversed(tools)]
    yield Case(_sentence(rng, *every), "threading", "the first rule that fits wins")
