"""A real PostgreSQL server in a folder of its own, from Debian's package."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_UNPRIVILEGED = "nobody"  # the server refuses to run as root


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a server that can only be reached through a socket file; yield the address of an empty database.

    Raises:
        AssertionError: If the server does not start, with what it said.
    """
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    # Not pytest's temporary folder: only its owner may enter that, and a socket's path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED)
    data = str(folder / "data")
    try:
        _run(
            programs / "initdb", "--pgdata", data, "--auth=trust", "--username=teacher", "--encoding=UTF8", "--no-sync"
        )
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run(programs / "pg_ctl", "start", "--wait", "--pgdata", data, "--log", f"{folder}/log", "--options", settings)
        try:
            yield f"postgresql+psycopg://teacher@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata", data)
    finally:
        shutil.rmtree(folder)


def _run(program: Path, *arguments: str) -> None:
    done = subprocess.run(
        [program, *arguments],
        user=_UNPRIVILEGED if os.geteuid() == 0 else None,
        extra_groups=[] if os.geteuid() == 0 else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
