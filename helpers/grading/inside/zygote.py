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
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36


def main(options: dict[str, Any]) -> None:
    """Serve fork requests until the grader hangs up.

    Args:
        options: `isolated` (whether this is a sandbox), `uid` to become (0 if already nobody), the only `core` to use
            (None for all), `path` to import from, `checks` (whether to import them), `work` (a folder), `files` to
            begin with, `memory` and its `reserve` and `file_size` in bytes, `processes`, `seconds` of CPU time.
    """
    if options["isolated"] and (not Path("/opt/course").is_dir() or os.getppid() != 1):
        sys.exit("this is no sandbox")  # the sweep would end and delete everything
    with contextlib.suppress(OSError):  # a machine without memory left shall end this first, not the grader
        Path("/proc/self/oom_score_adj").write_text("1000")
    if options["uid"]:
        os.setgroups([])
        os.setresgid(options["uid"], options["uid"], options["uid"])
        os.setresuid(options["uid"], options["uid"], options["uid"])
    cores = os.sched_getaffinity(0)
    if options["core"] is not None and len(cores) > 1:
        os.sched_setaffinity(0, cores - {min(cores)})  # which is left to the command that starts at the same time
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody can read or trace this process or its children
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    sys.path[:] = [*options["path"], *sys.path]

    from helpers.grading.inside.seal import Seal

    seal = Seal().load("helpers.grading.inside.seal").Seal()  # with builtins of its own for its judgements, too
    for name in [name for name in sys.modules if name.partition(".")[0] == "helpers"]:
        del sys.modules[name]  # student code shall not find them by name
    child_module = seal.load("helpers.grading.inside.child")
    channel_module = seal.load("helpers.grading.inside.channel")
    if options["checks"]:
        for name in ("helpers.checks", "helpers.interleave.search", "helpers.interleave.lockset"):
            seal.load(name)
        monitoring = seal.load("helpers.interleave.monitoring")
        monitoring.keep_watching()
        seal.load("helpers.grading.inside.rehearsal").rehearse(seal.load("helpers.checks"))
        seal.load("helpers.checks.predict_output").printed_lines()  # before anybody can change what it prints
        monitoring.unwatched_package("helpers.grading", Path(__file__).parents[1])  # no code under test
    pristine = seal.load("helpers.grading.inside.pristine").Pristine()
    seal.close(audited=options["checks"])
    gc.collect()
    gc.freeze()  # keeps memory shared with the forked processes

    if options["core"] is not None:
        os.sched_setaffinity(0, {options["core"]})
    settings = _settings()
    control = socket.socket(fileno=CONTROL)
    control.send(b"ready")
    child = 0
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 100, 2)
        order, _, key = request.partition(b" ")
        match order:
            case b"fork":
                connection, stacks = descriptors
                child = os.fork()
                if child == 0:
                    control.close()
                    _become_nobody(options, stacks)
                    channel = channel_module.Channel(socket.socket(fileno=connection))
                    child_module.Attempt(channel, key, pristine, seal, checks=options["checks"]).serve()
                os.close(connection)
                os.close(stacks)
                control.send(b"forked")
            case b"stacks":
                os.kill(child, signal.SIGUSR1)
                control.send(b"asked")
            case b"usage":
                control.send(json.dumps(_usage()).encode())
            case b"sweep":
                sweep = _sweep if options["isolated"] else _end_children
                swept = sweep(child, Path(options["work"]))
                swept["clean"] = swept["clean"] and _settings() == settings
                control.send(json.dumps(swept).encode())
            case _:  # the grader is gone
                if not options["isolated"]:
                    _end_children(child, Path(options["work"]))
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
        (resource.RLIMIT_FSIZE, options["file_size"]),
        *([(resource.RLIMIT_NPROC, options["processes"])] if options["isolated"] else []),  # all of a user's count
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_AS, (options["memory"], options["memory"] + options["reserve"]))
    resource.setrlimit(resource.RLIMIT_CPU, (options["seconds"], options["seconds"] + 5))  # first SIGXCPU, then SIGKILL
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write that is too large raises OSError instead
    signal.signal(signal.SIGINT, signal.default_int_handler)
    work = Path(options["work"], "work")
    if options["files"]:
        shutil.copytree(options["files"], work)
    else:
        work.mkdir()
    os.chdir(work)
    sys.path.insert(0, str(work))


def _usage() -> dict[str, Any]:
    """Return how many `seconds` of computing time the attempt has used, and whether any thread could `run` now."""
    ticks, able = 0, False
    for process in _descendants():
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            ticks += sum(map(int, _status_of(process)[11:13]))
            able = able or any(_status_of(task)[0] in "RD" for task in Path(process, "task").iterdir())
    return {"seconds": ticks / os.sysconf("SC_CLK_TCK"), "able": able}


def _descendants() -> list[Path]:
    """Return the /proc folders of all processes that this one has started, directly or not."""
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(process.name)] = int(_status_of(process)[1])
    found: list[int] = []
    known = {os.getpid()}
    while new := {pid for pid, parent in parents.items() if parent in known} - known:
        found += sorted(new)
        known |= new
    return [Path("/proc", str(pid)) for pid in found]


def _status_of(task: Path) -> list[str]:
    """Return the fields of proc(5)'s stat file from the third, the state, on."""
    return Path(task, "stat").read_text(errors="replace").rpartition(")")[2].split()


def _sweep(child: int, work: Path) -> dict[str, Any]:
    """End every process in the sandbox and remove what it left.

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
    folders = (work, Path("/dev/shm"))
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


def _settings() -> tuple[Any, ...]:
    """Return what another process of the same user can change of this one; the next attempt would inherit it."""
    limits = (getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_"))
    scheduling = os.sched_getscheduler(0), os.sched_getaffinity(0), os.getpriority(os.PRIO_PROCESS, 0)
    return (*map(resource.getrlimit, limits), *scheduling)


def _end_children(child: int, work: Path) -> dict[str, Any]:
    """Do what can be done without a sandbox: end the processes that this one has started, and empty its own folder."""
    status = None
    while processes := _descendants():
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            pid, ended = os.waitpid(-1, 0)
            status = ended if pid == child else status
    shutil.rmtree(work / "work", ignore_errors=True)
    return {"status": status, "clean": True}


def _in_use(kind: str) -> bool:
    """Return whether there are System V objects of a kind, which outlive the processes that made them."""
    with open(f"/proc/sysvipc/{kind}", "rb", buffering=0) as listed:  # noqa: PTH123 - a Path takes longer to make
        return listed.read().count(b"\n") > 1


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
