"""A real Dask cluster on this machine, in processes and a working folder of its own.

    python -m tests.grading.cluster WORKERS THREADS

prints the scheduler's address, and ends when its standard input does.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT


@contextmanager
def dask_cluster(folder: Path, *, workers: int = 2, threads: int = 1, shadow: Path | None = None) -> Iterator[str]:
    """Run a cluster; yield the address of its scheduler.

    Args:
        folder: Where it works: not in the course.
        workers: How many processes it has.
        threads: How many each of them has.
        shadow: A folder whose modules hide the course's from the workers.
    """
    path = os.pathsep.join(map(str, [shadow, ROOT] if shadow else [ROOT]))
    process = subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__)), str(workers), str(threads)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(timeout=60)


def main() -> None:
    """Run the cluster in this process until nobody needs it any more."""
    from distributed import LocalCluster

    workers, threads = map(int, sys.argv[1:])
    with LocalCluster(
        n_workers=workers, threads_per_worker=threads, host="127.0.0.1", dashboard_address=None, processes=True
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
