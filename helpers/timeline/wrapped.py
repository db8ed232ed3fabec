"""Put something around the running parts and around the pauses of a function, of whichever of the four kinds it is."""

import types
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AbstractContextManager, nullcontext
from functools import partial, wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any

type Around = Callable[[], AbstractContextManager[object]]
"""Makes a new context manager each time."""


def wrapped[**P, R](function: Callable[P, R], running: Around, paused: Around = nullcontext) -> Callable[P, R]:
    """Return a function of the same kind that does the same.

    Args:
        function: A plain function, a generator function or the `async` variety of either.
        running: What is entered around each call; around each step of a generator, whose caller runs in between.
        paused: What is entered, within `running`, around each suspension at an `await`.

    Returns:
        The function to call instead.
    """
    call: Callable[..., Any]
    if iscoroutinefunction(function):

        @wraps(function)
        async def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            with running():
                return await steps(function(*args, **kwargs), paused=paused)

    elif isasyncgenfunction(function):

        @wraps(function)
        async def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            generator: AsyncGenerator[Any, Any] = function(*args, **kwargs)
            step = generator.asend(None)
            while True:
                try:
                    with running():
                        item = await steps(step, paused=paused)
                except StopAsyncIteration:
                    return
                try:
                    step = generator.asend((yield item))
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    step = generator.athrow(error)

    elif isgeneratorfunction(function):

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return (yield from steps(function(*args, **kwargs), running=running))

    else:

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            with running():
                return function(*args, **kwargs)

    return call


@types.coroutine
def steps[R](
    inner: Coroutine[Any, Any, R] | Generator[Any, Any, R], running: Around = nullcontext, paused: Around = nullcontext
) -> Generator[Any, Any, R]:
    """Do what `await inner` or `yield from inner` does, with something around each step and each pause.

    Source: PEP 380 and PEP 492, which spell out what those two do.
    """
    step: Callable[[], Any] = partial(inner.send, None)
    while True:
        try:
            with running():
                out = step()
        except StopIteration as end:
            result: R = end.value
            return result
        try:
            with paused():
                sent = yield out
            step = partial(inner.send, sent)
        except GeneratorExit:
            with running():
                inner.close()
            raise
        except BaseException as error:
            step = partial(inner.throw, error)
