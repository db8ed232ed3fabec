"""Downloads: with `requests`, which blocks its thread, and with `aiohttp`, which lets other tasks run."""

from dataclasses import dataclass

import aiohttp
import requests

from helpers.timeline.record import State, check_stop, waiting

TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Download:
    """Fetch one page; the whole exchange counts as waiting for I/O, with its few milliseconds of parsing."""

    url: str

    def __str__(self) -> str:
        return self.url.rsplit("/", maxsplit=1)[-1]

    def __call__(self) -> int:
        """Return the page's length in bytes.

        Raises:
            requests.RequestException: The server refused, failed or did not answer.
        """
        check_stop()
        with waiting(State.IO):
            response = requests.get(self.url, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        return len(response.content)

    async def run_async(self) -> int:
        """Return the page's length in bytes.

        Raises:
            aiohttp.ClientError: The server refused, failed or did not answer.
        """
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        with waiting(State.IO):
            async with (
                aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
                session.get(self.url) as response,
            ):
                return len(await response.read())
