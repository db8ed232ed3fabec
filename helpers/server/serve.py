"""The process of the local server, which `local_server` runs as `python -m helpers.server.serve`."""

import asyncio
import ctypes
import json
import os
import signal
import sys
import threading
from contextlib import nullcontext

from aiohttp import web

from helpers.server import Settings

_PR_SET_PDEATHSIG = 1  # prctl(2)


class Pages:
    """Answers every page as its settings say, and counts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._requests = self._failures = self._at_once = self._most_at_once = 0
        limit = settings.max_connections
        self._places = nullcontext() if limit is None else asyncio.Semaphore(limit)

    async def page(self, request: web.Request) -> web.Response:
        """Answer one page after the latency, or 503."""
        self._requests += 1
        due = int(self._requests * self._settings.failure_rate)
        fails = due > int((self._requests - 1) * self._settings.failure_rate)
        async with self._places:
            self._at_once += 1
            self._most_at_once = max(self._most_at_once, self._at_once)
            try:
                await asyncio.sleep(self._settings.latency)
            finally:
                self._at_once -= 1
        if fails:
            self._failures += 1
            return web.Response(status=503, text="The server is set to fail this request.\n")
        return web.Response(body=bytes(self._settings.size))

    async def traffic(self, request: web.Request) -> web.Response:
        """Answer with the counts, as `helpers.server.Traffic` names them."""
        return web.json_response(
            {"requests": self._requests, "failures": self._failures, "most_at_once": self._most_at_once}
        )


async def serve(settings: Settings) -> None:
    """Serve on a free port of 127.0.0.1 until the process ends; print the address once it listens."""
    pages = Pages(settings)
    application = web.Application()
    application.add_routes([web.get("/-/traffic", pages.traffic), web.get("/{page}", pages.page)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


def die_with_parent(follow_thread: bool) -> None:
    """End this process when its parent ends, however that happens.

    Args:
        follow_thread: Whether the parent's thread that started this process lives as long as the parent does,
            so that Linux may be asked to kill this one when that one ends.
    """
    if sys.platform == "linux" and follow_thread:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        sys.stdin.buffer.read()  # comes back when nobody holds the other end any more
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    die_with_parent(follow_thread=sys.argv[2] == "1")
    asyncio.run(serve(Settings(**json.loads(sys.argv[1]))))
