"""The first process in the sandbox: it imports once, forks one process an attempt, and sweeps up behind each.

Started as a script: `python -I -S zygote.py OPTIONS`, with its control socket as file descriptor 3.
"""

import contextlib
import ctypes
import faulthandler
import gc
import json
import os
import resource
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

CONTROL = 3
FILES, WORK = Path("/files"), Path("/tmp")
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36


def main(options: dict[str, Any]) -> None:
    """Serve fork requests until the grader hangs up.

    Args:
        options: `uid` to become (0 if already nobody), `path` to import from, `checks` (whether to import them),
            `memory`, `file_size` in bytes, `processes`, `seconds` of CPU time.
    """
    if not Path("/opt/course").is_dir() or os.getppid() != 1:
        sys.exit("this program runs in a sandbox only")  # its sweep would end and delete everything elsewhere
    if options["uid"]:
        os.setgroups([])
        os.setresgid(options["uid"], options["uid"], options["uid"])
        os.setresuid(options["uid"], options["uid"], options["uid"])
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody can read or trace this process or its children
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    sys.path[:] = [*options["path"], *sys.path]

    from helpers.grading.inside.seal import Seal

    seal = Seal()
    for name in [name for name in sys.modules if name.partition(".")[0] == "helpers"]:
        del sys.modules[name]  # student code shall not find them by name
    child_module = seal.load("helpers.grading.inside.child")
    channel_module = seal.load("helpers.grading.inside.channel")
    if options["checks"]:
        for name in ("helpers.checks", "helpers.interleave.search", "helpers.interleave.lockset"):
            seal.load(name)
        seal.load("helpers.grading.inside.rehearsal").rehearse(seal.load("helpers.checks"))
        seal.load("helpers.checks.predict_output").printed_lines()  # before anybody can change what it prints
    pristine = seal.load("helpers.grading.inside.pristine").Pristine()
    gc.collect()
    gc.freeze()  # keeps memory shared with the forked processes

    control = socket.socket(fileno=CONTROL)
    control.send(b"ready")
    child = 0
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 100, 2)
        match request:
            case b"fork":
                connection, stacks = descriptors
                child = os.fork()
                if child == 0:
                    control.close()
                    _become_nobody(options, stacks)
                    channel = channel_module.Channel(socket.socket(fileno=connection))
                    child_module.Attempt(channel, pristine, seal, checks=options["checks"]).serve()
                os.close(connection)
                os.close(stacks)
                control.send(b"forked")
            case b"stacks":
                os.kill(child, signal.SIGUSR1)
                control.send(b"asked")
            case b"sweep":
                control.send(json.dumps(_sweep(child)).encode())
            case _:
                sys.exit()


def _become_nobody(options: dict[str, Any], stacks: int) -> None:
    """Give the process no input, no output, limits and a folder of its own."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    faulthandler.register(signal.SIGUSR1, file=stacks, all_threads=True)
    for limit, value in (
        (resource.RLIMIT_AS, options["memory"]),
        (resource.RLIMIT_FSIZE, options["file_size"]),
        (resource.RLIMIT_NPROC, options["processes"]),
        (resource.RLIMIT_CPU, options["seconds"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write that is too large raises OSError instead
    signal.signal(signal.SIGINT, signal.default_int_handler)
    work = WORK / "work"
    if FILES.exists():
        shutil.copytree(FILES, work)
    else:
        work.mkdir()
    os.chdir(work)
    sys.path.insert(0, str(work))


def _sweep(child: int) -> dict[str, Any]:
    """End every process of the attempt and remove what it left.

    Returns:
        The first process's wait `status`, None if that is not known, and whether the sandbox is `clean`.
    """
    status = None
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            pid, ended = os.waitpid(-1, 0)
        except ChildProcessError:
            break
        if pid == child:
            status = ended
    folders = (WORK, Path("/dev/shm"))
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.chmod(0o1777)
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
    left = any(any(folder.iterdir()) for folder in folders) or any(map(_in_use, ("shm", "sem", "msg")))
    return {"status": status, "clean": not left}


def _in_use(kind: str) -> bool:
    """Return whether there are System V objects of a kind, which outlive the processes that made them."""
    return len(Path("/proc/sysvipc", kind).read_text().splitlines()) > 1


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
