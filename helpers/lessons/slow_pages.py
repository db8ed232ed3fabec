"""Pages that take different times to arrive, each from a local server of its own."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from helpers.server import Server, local_server


class SlowPages:
    """Pages served on this machine until they are closed, forgotten, or their kernel ends.

    Attributes:
        servers: One for each latency, in the same order.
        urls: The address of one page of each server; it ends in the latency, such as "/page-0.3s".
    """

    def __init__(self, *latencies: float) -> None:
        """Start a server for each latency.

        Args:
            latencies: How long each page takes to be answered, in seconds.

        Raises:
            ServerError: A server did not start.
        """
        self._running = ExitStack()

        def serve(latency: float) -> Server:
            return self._running.enter_context(local_server(latency))

        with self._running as starting, ThreadPoolExecutor(len(latencies)) as pool:
            self.servers = list(pool.map(serve, latencies))  # a server takes a moment to start: these overlap
            self._running = starting.pop_all()
        self.urls = [server.url(f"page-{server.settings.latency:g}s") for server in self.servers]

    def close(self) -> None:
        """End the servers."""
        self._running.close()
