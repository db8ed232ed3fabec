"""What a browser and a server complain about while somebody works: a clean walk has no complaint left.

Every complaint that is let through is listed here with its reason.
"""

import re
from collections.abc import Iterable

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

HARMLESS_IN_BROWSER = {
    r"Routing /.*lab.* to router:tree failed": "JupyterLab parses its own address before its file browser is ready, "
    "and opens the right page a moment later",
    r"Plugin \S+ (?:\(with \d+ dependants\) took [\d.]+ms|is taking too long) to activate": "JupyterLab complains "
    "about a busy machine",
    r"Connection lost, reconnecting in 0 seconds": "what JupyterLab says when a person restarts a kernel",
    r"Blocked script execution in 'blob:": "JupyterLab shows an HTML file without running its scripts, which is right",
    r"An iframe which has both allow-scripts and allow-same-origin": "how JupyterLab shows the Formgrader's own pages",
    r"cdnjs\.cloudflare\.com/.*mathjax|MathJax is not defined": "nbgrader's pages ask the internet for formulas, which "
    "the course has none of",
}
"""Console messages and requests that say nothing about the course, each with the reason."""

HARMLESS_IN_LOG: dict[str, str] = {}
"""Log lines that say nothing about the course, each with the reason."""

_BAD_LINE = re.compile(
    r"^\[[EC] "  # an error or worse, as Jupyter logs it
    r"|^Traceback \(most recent call last\)"
    r"|^\[W [^\]]+\] (?:wrote error: )?[45]\d\d "  # a request that was refused or failed
)


class Complaints:
    """Listens to every page of a browser context.

    Attributes:
        found: What the browser complained about, in order.
    """

    def __init__(self, context: BrowserContext, expected: Iterable[str] = ()) -> None:
        """Begin to listen.

        Args:
            context: Where the pages are opened.
            expected: Patterns of what belongs to this visit, besides what is harmless in all.
        """
        self.found: list[str] = []
        self._ignored = [*HARMLESS_IN_BROWSER, *expected]
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self._note(f"uncaught error: {error.error}")

    def _failed(self, request: Request) -> None:
        # A page that is left takes its open requests with it.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"request failed: {request.method} {request.url} ({request.failure})")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"status {response.status}: {response.request.method} {response.url}")

    def _note(self, complaint: str) -> None:
        if not _matches(complaint, self._ignored):
            self.found.append(complaint)


def complaints_in(log: Iterable[str]) -> list[str]:
    """Return the lines of a server's log that report an error, a traceback or a refused request."""
    return [f"log: {line}" for line in log if _BAD_LINE.search(line) and not _matches(line, HARMLESS_IN_LOG)]


def _matches(text: str, patterns: Iterable[str]) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)
