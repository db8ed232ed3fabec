"""The process of the local server, which `local_server` runs as `python -m helpers.server.serve`.

A thread for each connection does for the hundreds of a lesson, and starts in a third of the time of a framework.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from contextlib import nullcontext
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from time import sleep

from helpers.server import Settings, Traffic

_PR_SET_PDEATHSIG = 1  # prctl(2)


class Pages(ThreadingTCPServer):
    """Answers every page on a free port of 127.0.0.1 as its settings say, and counts."""

    request_queue_size = 1024
    daemon_threads = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self._settings = settings
        self._requests = self._failures = self._at_once = self._most_at_once = 0
        self._counting = threading.Lock()
        limit = settings.max_connections
        self._places = nullcontext() if limit is None else threading.Semaphore(limit)

    def page(self) -> tuple[HTTPStatus, bytes]:
        """Return one page after the latency, or 503."""
        with self._counting:
            self._requests += 1
            due = int(self._requests * self._settings.failure_rate)
            fails = due > int((self._requests - 1) * self._settings.failure_rate)
        with self._places:
            with self._counting:
                self._at_once += 1
                self._most_at_once = max(self._most_at_once, self._at_once)
            sleep(self._settings.latency)
            with self._counting:
                self._at_once -= 1
                self._failures += fails
        if fails:
            return HTTPStatus.SERVICE_UNAVAILABLE, b"The server is set to fail this request.\n"
        return HTTPStatus.OK, bytes(self._settings.size)

    def traffic(self) -> tuple[HTTPStatus, bytes]:
        """Return the counts as JSON."""
        with self._counting:
            seen = Traffic(self._requests, self._failures, self._most_at_once)
        return HTTPStatus.OK, json.dumps(asdict(seen)).encode()


class Connection(BaseHTTPRequestHandler):
    """One client's connection, kept open for further requests."""

    server: Pages
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are sent apart, and the body would wait for the head's receipt

    def do_GET(self) -> None:
        """Answer one request."""
        status, body = self.server.traffic() if self.path == "/-/traffic" else self.server.page()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing: nobody reads what the server says once it has started."""


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
    with Pages(Settings(**json.loads(sys.argv[1]))) as pages:
        print("http://{}:{}".format(*pages.server_address), flush=True)
        pages.serve_forever()
