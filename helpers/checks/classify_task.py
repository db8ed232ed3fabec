"""Exercise 1: name the tool that suits a task from the words that describe it."""

import random

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


def _verify(answer: Answer, description: str, expected: str, why: str) -> None:
    actual = call(answer.value, description, name="classify_task")
    if not same(actual, expected):
        raise CheckFailed(
            f"classify_task({shown(description)}) should return {expected!r} because {why},"
            f" but it returned {shown(actual)}."
        )


def _sentence(rng: random.Random, *words: str) -> str:
    """Mix the words, in the given order, with neutral ones."""
    parts = [rng.choice(NEUTRAL)]
    for word in words:
        parts += [word, *rng.sample(NEUTRAL, k=rng.randint(1, 2))]
    return " ".join(parts)


@exercise.behaviour("examples", points=4)
def examples(answer: Answer) -> None:
    """The four descriptions in the task."""
    for description, expected in EXAMPLES.items():
        _verify(answer, description, expected, "it is one of the examples in the task")


@exercise.behaviour("keywords", points=4)
def keywords(answer: Answer) -> None:
    """Every keyword of every tool, and none where there is none."""
    rng = random.Random("keywords")
    for tool, words in KEYWORDS.items():
        for word in words:
            _verify(answer, _sentence(rng, word), tool, f"it contains “{word}”")
            _verify(answer, word, tool, f"it is “{word}”")
            _verify(answer, _sentence(rng, word, word), tool, f"it contains “{word}”")
            for cut in (word[:-1], word[1:]):
                _verify(answer, _sentence(rng, cut), "sequential", f"“{cut}” is not the whole word “{word}”")
        _verify(answer, _sentence(rng, *words), tool, f"it contains “{words[0]}”")
    for description in (_sentence(rng), *NEAR_MISSES, ""):
        _verify(answer, description, "sequential", "it contains no keyword")


@exercise.behaviour("substrings", points=4)
def substrings(answer: Answer) -> None:
    """A keyword counts inside a longer word and beside punctuation."""
    rng = random.Random("substrings")
    for tool, words in KEYWORDS.items():
        for word in words:
            for inside in (f"re{word}", f"{word}x", f"({word})", f"{word},", f"un-{word}"):
                _verify(answer, _sentence(rng, inside), tool, f"“{inside}” contains “{word}”")
    _verify(answer, _sentence(rng, "downloa", "d"), "sequential", "the letters of the keyword are not together")


@exercise.behaviour("any-case", points=4)
def any_case(answer: Answer) -> None:
    """Capital letters make no difference."""
    rng = random.Random("any-case")
    for tool, words in KEYWORDS.items():
        for word in words:
            mixed = "".join(rng.choice((letter, letter.upper())) for letter in word[:-1]) + word[-1].upper()
            for written in (word.upper(), word.capitalize(), mixed):
                _verify(answer, _sentence(rng, written), tool, f"“{written}” is “{word}” in other letters")


@exercise.behaviour("order", points=4)
def order(answer: Answer) -> None:
    """Where keywords of several tools meet, the first rule wins wherever its word stands."""
    rng = random.Random("order")
    tools = list(KEYWORDS)
    for first, tool in enumerate(tools):
        for other in tools[first + 1 :]:
            for word in KEYWORDS[tool]:
                rival = rng.choice(KEYWORDS[other])
                for words in ((word, rival), (rival, word), (*KEYWORDS[other], word)):
                    _verify(answer, _sentence(rng, *words), tool, f"“{word}” comes before “{rival}” in the rules")
    every = [rng.choice(KEYWORDS[tool]) for tool in reversed(tools)]
    _verify(answer, _sentence(rng, *every), "threading", "the first rule that fits wins")
