"""Real tasks with a size, importable and so picklable: CPU work, waiting, both, a shared lock, downloads.

A task is called without arguments and may have `run_async` for the event loop. `Download` is loaded when it
is first asked for, because the two HTTP clients behind it take longer to import than everything else.
"""

from typing import TYPE_CHECKING, Any

from helpers.workloads.cpu import BlurImage, CountPrimes, CountWords, HashBlocks
from helpers.workloads.waits import Account, Deposit, FetchAndCount, WaitOnSocket

if TYPE_CHECKING:
    from helpers.workloads.download import Download


def __getattr__(name: str) -> Any:
    if name == "Download":
        from helpers.workloads.download import Download

        return Download
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Account",
    "BlurImage",
    "CountPrimes",
    "CountWords",
    "Deposit",
    "Download",
    "FetchAndCount",
    "HashBlocks",
    "WaitOnSocket",
]
