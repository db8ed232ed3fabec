"""Slow pages: each as late as it says, and no server stays behind."""

from time import perf_counter

import psutil
import pytest
import requests

from helpers.lessons.slow_pages import SlowPages


def test_each_page_takes_its_time_and_the_servers_end() -> None:
    pages = SlowPages(0.2, 0.0)
    pids = [server.pid for server in pages.servers]
    try:
        assert [url.rsplit("/", 1)[1] for url in pages.urls] == ["page-0.2s", "page-0s"]
        times = []
        for url in pages.urls:
            begin = perf_counter()
            assert requests.get(url, timeout=10).ok
            times.append(perf_counter() - begin)
        assert times[0] >= 0.2
        assert times[1] < times[0]
    finally:
        pages.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)
    pages.close()  # once more does no harm


def test_when_one_server_cannot_start_none_stays() -> None:
    before = set(psutil.Process().children())
    with pytest.raises(ValueError, match="latency must be at least 0"):
        SlowPages(0.1, -1)
    assert set(psutil.Process().children()) == before
