"""A wrapped function does what it did, whichever of the four kinds it is."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

import pytest

from helpers.timeline.wrapped import wrapped

seen: list[str] = []


@contextmanager
def running() -> Iterator[None]:
    seen.append("runs")
    try:
        yield
    finally:
        seen.append("ends")


def talk() -> Generator[str, str, str]:
    """Echo what is sent, recover once from an error, and tidy up."""
    try:
        try:
            sent = yield "ready"
        except ValueError as error:
            sent = yield f"recovered from {error}"
        return f"heard {sent}"
    finally:
        seen.append("tidied up")


async def talk_async() -> AsyncGenerator[str, str]:
    try:
        try:
            sent = yield "ready"
        except ValueError as error:
            sent = yield f"recovered from {error}"
        await asyncio.sleep(0)
        yield f"heard {sent}"
    finally:
        await asyncio.sleep(0)
        seen.append("tidied up")


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


def test_a_generator_is_sent_to_thrown_into_closed_and_returns() -> None:
    function = wrapped(talk, running)
    assert isgeneratorfunction(function)
    assert function.__doc__ == talk.__doc__
    generator = function()
    assert seen == []  # nothing has run yet
    assert next(generator) == "ready"
    assert generator.throw(ValueError("noise")) == "recovered from noise"
    with pytest.raises(StopIteration, match="heard you"):
        generator.send("you")
    assert seen == ["runs", "ends", "runs", "ends", "runs", "tidied up", "ends"]
    generator = function()
    next(generator)
    generator.close()
    assert seen[-3:] == ["runs", "tidied up", "ends"]


def test_an_async_generator_is_sent_to_thrown_into_and_closed() -> None:
    function = wrapped(talk_async, running)
    assert isasyncgenfunction(function)

    async def main() -> None:
        generator = function()
        assert await anext(generator) == "ready"
        assert await generator.athrow(ValueError("noise")) == "recovered from noise"
        assert await generator.asend("you") == "heard you"
        with pytest.raises(StopAsyncIteration):
            await anext(generator)
        generator = function()
        await anext(generator)
        await generator.aclose()

    asyncio.run(main())
    assert seen.count("tidied up") == 2
    assert seen.count("runs") == seen.count("ends") == 5


def test_functions_and_coroutine_functions_keep_their_kind_and_their_errors() -> None:
    def divide(number: int) -> float:
        return 1 / number

    async def divide_later(number: int) -> float:
        await asyncio.sleep(0)
        return 1 / number

    assert wrapped(divide, running)(2) == 0.5
    later = wrapped(divide_later, running)
    assert iscoroutinefunction(later)
    assert asyncio.run(later(2)) == 0.5
    for call in (lambda: wrapped(divide, running)(0), lambda: asyncio.run(later(0))):
        with pytest.raises(ZeroDivisionError):
            call()
    assert seen == ["runs", "ends"] * 4
