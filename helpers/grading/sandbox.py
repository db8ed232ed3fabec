"""Start and end a bubblewrap sandbox: the trusted side of the wall.

A sandbox serves one attempt after another and is swept in between; one that cannot be swept clean is started anew. In
it runs the zygote (`inside/zygote.py`), which forks one process an attempt; the namespaces of the sandbox end every
process in it when the zygote ends, however they hide.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path
from types import TracebackType

import helpers
from helpers.grading.inside.channel import Channel, Message, proof
from helpers.grading.inside.reserve import RESERVE

_ZYGOTE = Path(__file__).parent / "inside" / "zygote.py"
_PACKAGE = Path(helpers.__file__).parent
_COURSE = "/opt/course"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_START_SECONDS, _ANSWER_SECONDS = 30, 10
_ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",  # otherwise threads reserve address space by the gigabyte, and the limit is on that
    "NBGRADER_EXECUTION": "autograde",
    "PATH": "/usr/bin:/bin",
}
_INSTALL = (
    "bubblewrap is needed to grade strangers' code safely. Install it with: sudo apt-get install bubblewrap"
    " (Fedora: sudo dnf install bubblewrap)."
)


class SandboxError(RuntimeError):
    """The sandbox cannot be started; the message says what to do."""


class SandboxGone(Exception):
    """Something in the sandbox ended the sandbox."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one attempt may use.

    Attributes:
        memory: Address space of each process, in bytes.
        all_memory: Of all processes together, in bytes; what they share counts once.
        file_size: Of each file, in bytes; all files together may have four times as much.
        processes: Processes and threads.
        cpu_seconds: Of each process.
    """

    memory: int = 1_500_000_000
    all_memory: int = 2_000_000_000
    file_size: int = 16_000_000
    processes: int = 100
    cpu_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Usage:
    """What an attempt has used.

    Attributes:
        seconds: Of computing time, all its processes together.
        able: Whether any of its threads could run at the moment, rather than wait for something.
    """

    seconds: float
    able: bool


class Sandbox:
    """A running sandbox; a context manager.

    Args:
        limits: For each attempt.
        checks: Whether the course's checks are needed inside.
        files: A folder whose contents the code finds in its working folder, or None.
        isolated: False runs the same processes without bubblewrap: they can then do all that their user can.
    """

    def __init__(self, limits: Limits, *, checks: bool, files: Path | None = None, isolated: bool = True) -> None:
        self._limits = limits
        self._checks = checks
        self._files = files
        self._isolated = isolated

    def verify(self) -> None:
        """Start once and end.

        Raises:
            SandboxError: If it cannot be started.
        """
        with self:
            pass

    def __enter__(self) -> "Sandbox":
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def alive(self) -> bool:
        """Whether there is still somebody to ask."""
        return self._process.poll() is None

    def restart(self) -> None:
        """Start anew after `SandboxGone`."""
        self._stop()
        self._start()

    def attempt(self) -> "Attempt":
        """Fork a process for one attempt.

        Raises:
            SandboxGone: If there is nobody left to fork it.
        """
        ours, theirs = socket.socketpair()
        stacks = os.memfd_create("stacks")
        key = secrets.token_bytes()
        try:
            self._ask(b"fork " + key, [theirs.fileno(), stacks])
        except SandboxGone:
            ours.close()
            os.close(stacks)
            raise
        finally:
            theirs.close()
        return Attempt(self, Channel(ours), key, stacks)

    def over_memory(self) -> bool:
        """Return whether its processes have more memory together than they may.

        Looked up from here, where nothing in the sandbox can stop it.
        """
        processes = _family(self._process.pid)
        if sum(map(_resident, processes)) <= self._limits.all_memory:
            return False
        return sum(map(_proportional, processes)) > self._limits.all_memory

    def _ask(self, request: bytes, descriptors: list[int] | None = None) -> bytes:
        try:
            socket.send_fds(self._control, [request], descriptors or [])
            answer = self._control.recv(100)
        except OSError as error:
            raise SandboxGone from error
        if not answer:
            raise SandboxGone
        return answer

    def _start(self) -> None:
        self._work = "/tmp" if self._isolated else tempfile.mkdtemp(prefix="ungraded-")
        command = self._command()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        with tempfile.TemporaryFile() as log, theirs:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", 'exec "$@" 3<&0 0</dev/null', "sh", *command],
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
            theirs.close()
            try:
                started = self._control.recv(100)
            except OSError:
                started = b""
            if started != b"ready":
                self._stop()
                log.seek(0)
                raise SandboxError(f"The sandbox did not start: {log.read().decode(errors='replace').strip()}")
        self._control.settimeout(_ANSWER_SECONDS)

    def _stop(self) -> None:
        self._control.close()
        if not self._isolated:  # it ends by itself, and its children with it
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_ANSWER_SECONDS)
        self._process.kill()
        self._process.wait()
        if not self._isolated:
            shutil.rmtree(self._work, ignore_errors=True)

    def _command(self) -> list[str]:
        files = "/files" if self._isolated else str(self._files)
        options = {
            "isolated": self._isolated,
            "work": self._work,
            "files": files if self._files is not None else "",
            "uid": self._uid,
            "path": [str(self._package.parent), *(self._packages() if self._isolated else _import_path())],
            "checks": self._checks,
            "memory": self._limits.memory,
            "reserve": RESERVE,
            "file_size": self._limits.file_size,
            "processes": self._limits.processes,
            "seconds": self._limits.cpu_seconds,
        }
        zygote = self._package / _ZYGOTE.relative_to(_PACKAGE)
        python = [str(Path(sys.executable).resolve()), "-I", "-S", "-B", str(zygote), json.dumps(options)]
        return [*self._bubblewrap(), *python] if self._isolated else python

    @property
    def _package(self) -> Path:
        return Path(_COURSE, "helpers") if self._isolated else _PACKAGE

    @property
    def _uid(self) -> int:
        """The user to become: root has to, because the kernel's limits do not bind it; others are already somebody.

        Each thread's sandbox has a user of its own, because the kernel counts processes by user.
        """
        return 2_000_000 + threading.get_native_id() if self._isolated and os.geteuid() == 0 else 0

    def _packages(self) -> dict[str, str]:
        """Where each folder of installed packages is inside, and where it is outside."""
        return {f"/opt/site-packages/{place}": path for place, path in enumerate(_import_path())}

    def _bubblewrap(self) -> list[str]:
        program = shutil.which("bwrap")
        if program is None:
            raise SandboxError(_INSTALL)
        command = [program, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        command += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL"]
        if self._uid:  # a real change of user, made by the zygote before it does anything else
            command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            command += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"]
        for path in _SYSTEM:
            if Path(path).is_symlink():
                command += ["--symlink", str(Path(path).readlink()), path]
            elif Path(path).exists():
                command += ["--ro-bind", path, path]
        bound = {str(self._package): str(_PACKAGE)} | self._packages()
        base = str(Path(sys.base_prefix).resolve())
        if not base.startswith("/usr"):
            bound[base] = base
        for folder in sorted({str(parent) for path in bound for parent in Path(path).parents if parent != Path("/")}):
            command += ["--perms", "0755", "--dir", folder]  # bubblewrap's own are closed to other users
        for path, real in bound.items():
            command += ["--ro-bind", real, path]
        if self._files is not None:
            command += ["--ro-bind", str(self._files), "/files"]
        command += ["--proc", "/proc", "--dev", "/dev"]
        for path in ("/tmp", "/dev/shm"):
            command += ["--perms", "1777", "--size", str(4 * self._limits.file_size), "--tmpfs", path]
        return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def standing(limits: Limits, *, isolated: bool = True) -> Sandbox:
    """Return this thread's sandbox for notebooks of this course, started if it has none.

    Starting one takes far longer than grading an exercise. It ends with the thread that started it: the kernel sees to
    that, as bubblewrap is told to die with its parent.

    Raises:
        SandboxError: If it cannot be started.
    """
    key = (os.getpid(), threading.get_ident(), limits, isolated)
    known = _standing.get(key)
    if known is None or not known.alive:
        known = Sandbox(limits, checks=True, isolated=isolated)
        known.__enter__()
        Finalize(known, known._stop, exitpriority=10)  # worker processes of a pool end without calling atexit's
        _standing[key] = known
    return known


_standing: dict[tuple[int, int, Limits, bool], Sandbox] = {}


class Attempt:
    """A process in the sandbox that runs cells; a context manager that leaves nothing of it behind.

    Attributes:
        channel: The connection to it.
        began: When, on the monotonic clock.
        status: How it ended, once it has: a wait status, or None if that is not known.
    """

    def __init__(self, sandbox: Sandbox, channel: Channel, key: bytes, stacks: int) -> None:
        self.channel = channel
        self.began = time.monotonic()
        self.status: int | None = None
        self._sandbox = sandbox
        self._key = key
        self._stacks = stacks

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.sweep()
        os.close(self._stacks)

    def sweep(self) -> None:
        """End all its processes; start the sandbox anew if they took it with them."""
        self.channel.close()
        try:
            swept = json.loads(self._sandbox._ask(b"sweep"))
        except SandboxGone:
            self._sandbox.restart()
            return
        self.status = swept["status"]
        if not swept["clean"]:
            self._sandbox.restart()

    def proves(self, answer: Message, word: str, name: str) -> bool:
        """Return whether an answer proves that the test with this name, which was told this word, has passed."""
        return answer.get("word") == proof(self._key, word, name)

    def over_memory(self) -> bool:
        """Return whether its processes have more memory together than they may."""
        return self._sandbox.over_memory()

    def usage(self) -> Usage:
        """Return what its processes have used so far."""
        try:
            return Usage(**json.loads(self._sandbox._ask(b"usage")))
        except SandboxGone:
            return Usage(0.0, able=False)

    def stacks(self) -> str:
        """Return where each of its threads is now, innermost call first, as Python's faulthandler writes it."""
        try:
            self._sandbox._ask(b"stacks")
        except SandboxGone:
            return ""
        written = b""
        for _ in range(20):
            time.sleep(0.01)
            now = os.pread(self._stacks, 20_000, 0)
            if now and now == written:
                break
            written = now
        return written.decode(errors="replace")


def how_it_ended(status: int | None) -> str:
    """Say how a process ended, as the rest of a sentence that begins with "Your code"."""
    if status is None:
        return "ended the process that it ran in"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        known = {each.value: each.name for each in signal.Signals}  # the real-time ones have no name
        return f"crashed: it was ended by {known.get(number, f'signal {number}')}"
    return f"ended its process with exit status {os.WEXITSTATUS(status)}"


def _family(pid: int) -> list[Path]:
    """Return the /proc folders of a process and all its descendants."""
    family = [Path("/proc", str(pid))]
    for process in family:
        for children in process.glob("task/*/children"):
            with contextlib.suppress(OSError):  # it may have ended meanwhile
                family += (Path("/proc", child) for child in children.read_text().split())
    return family


def _resident(process: Path) -> int:
    """Return how much memory a process has, in bytes, counting fully what it shares with others."""
    try:
        return int(Path(process, "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(process: Path) -> int:
    """Return how much memory a process has, in bytes, counting its share of what it has with others (PSS)."""
    try:
        rollup = Path(process, "smaps_rollup").read_text()
    except PermissionError:  # where the grader itself is confined
        return _resident(process)
    except OSError:
        return 0
    return 1024 * int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))


def _import_path() -> list[str]:
    """Where this environment's packages are: the zygote is started without them, which is faster."""
    return [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
