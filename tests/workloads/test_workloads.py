"""Every task does what it says, in every size, and can be sent to another process."""

import asyncio
import hashlib
import pickle
import threading
import time
from typing import Any

import pytest

from helpers.server import local_server
from helpers.timeline.record import Recorder, Stopped, record
from helpers.timeline.spans import State
from helpers.workloads import (
    Account,
    BlurImage,
    CountPrimes,
    CountWords,
    Deposit,
    Download,
    FetchAndCount,
    HashBlocks,
    WaitOnSocket,
)

PICKLABLE = [
    CountPrimes(100),
    BlurImage(8),
    HashBlocks(3),
    CountWords(10),
    WaitOnSocket(0),
    FetchAndCount(0, 5),
    Download("http://127.0.0.1:1/page"),
]


@pytest.mark.parametrize(("limit", "primes"), [(0, 0), (2, 0), (3, 1), (10, 4), (100, 25), (7920, 1000)])
def test_primes_are_counted(limit: int, primes: int) -> None:
    assert CountPrimes(limit)() == primes


def test_an_image_is_blurred() -> None:
    task = BlurImage(9)
    sharp, blurred = task.image(), task()
    assert len(blurred) == 7
    for y, row in enumerate(blurred):
        for x, pixel in enumerate(row):
            assert pixel == sum(sharp[y + dy][x + dx] for dy in range(3) for dx in range(3)) // 9
    assert BlurImage(0)() == BlurImage(2)() == []


def test_blocks_are_hashed() -> None:
    assert HashBlocks(2)() == hashlib.sha256(bytes(2 * 64 * 1024)).hexdigest()


def test_words_are_counted() -> None:
    assert CountWords(1)()["pots"] == 1
    assert CountWords(8)()["pots"] == 2
    assert CountWords(0)() == {}


@pytest.mark.parametrize("task", PICKLABLE, ids=str)
def test_tasks_can_be_sent(task: Any) -> None:
    assert pickle.loads(pickle.dumps(task)) == task


def test_a_shared_lock_cannot_be_sent_and_says_why() -> None:
    with pytest.raises(TypeError, match="memory of its own"):
        pickle.dumps(Deposit(Account()))


def test_a_wait_is_as_long_as_asked_and_is_recorded_as_io() -> None:
    with record() as recorder:
        WaitOnSocket(0.12)()
    assert 0.12 <= recorder.recording.seconds(State.IO) < 0.4
    with record() as recorder:
        asyncio.run(WaitOnSocket(0.12).run_async())
    assert 0.119 <= recorder.recording.seconds(State.IO) < 0.4


def test_a_wait_ends_when_the_run_is_stopped() -> None:
    recorder = Recorder()
    begin = time.monotonic()
    with recorder.active(), pytest.raises(Stopped):
        recorder.stop()
        WaitOnSocket(30)()
    assert time.monotonic() - begin < 5


def test_mixed_work_waits_and_counts() -> None:
    with record() as recorder:
        words = FetchAndCount(0.05, 100)()
    assert words == len(CountWords(100)())
    assert recorder.recording.seconds(State.IO) >= 0.05
    assert asyncio.run(FetchAndCount(0.01, 100).run_async()) == words


def test_deposits_are_kept_together_by_the_lock() -> None:
    account = Account()
    with record() as recorder:
        threads = [threading.Thread(target=Deposit(account, times=5, hold_seconds=0.002)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert account.balance == 20
    assert recorder.recording.seconds(State.LOCK) > 0


def test_downloads_fetch_the_page_both_ways() -> None:
    with local_server(latency=0.05, size=1234) as server, record() as recorder:
        task = Download(server.url("page-1"))
        assert str(task) == "page-1"
        assert task() == 1234
        assert asyncio.run(task.run_async()) == 1234
    assert recorder.recording.seconds(State.IO) >= 0.1


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (CountPrimes, "limit"),
        (BlurImage, "side"),
        (HashBlocks, "blocks"),
        (CountWords, "lines"),
        (WaitOnSocket, "seconds"),
        (FetchAndCount, "lines"),
    ],
)
def test_negative_sizes_are_refused(make: Any, size: str) -> None:
    with pytest.raises(ValueError, match=f"{size} must be at least 0, not -1"):
        make(**{size: -1})
    with pytest.raises(ValueError, match=f"{size} must be at least 0, not nan"):
        make(**{size: float("nan")})
    with pytest.raises(ValueError, match=f"{size} must be a number, not 'large'"):
        make(**{size: "large"})


@pytest.mark.parametrize("make", [CountPrimes, BlurImage, HashBlocks, CountWords])
def test_half_a_prime_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"must be a whole number, not 2\.5"):
        make(2.5)
