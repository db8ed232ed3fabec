"""Start and end a bubblewrap sandbox: the trusted side of the wall.

A sandbox serves one attempt after another and is swept in between; one that cannot be swept clean is started anew. In
it runs the zygote (`inside/zygote.py`), which forks one process an attempt; the namespaces of the sandbox end every
process in it when the zygote ends, however they hide.
"""

import compileall
import contextlib
import json
import os
import secrets
import select
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
_RUN_INSIDE = ("checks", "interleave", "grading/inside")
_COURSE = "/opt/course"
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/fonts")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_START_SECONDS, _ANSWER_SECONDS = 30, 10
_PROCESSES = 2**22  # no process or thread has a higher number
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
    """A sandbox that runs while the block does, or from `launch` to `stop`.

    Args:
        limits: For each attempt.
        checks: Whether the course's checks are needed inside.
        files: A folder whose contents the code finds in its working folder, or None.
        isolated: False runs the same processes without bubblewrap: they can then do all that their user can.
        place: Its number among those that its thread runs at a time.
        core: The only one that it may use, None for all: together with who asks it, it needs no other.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        checks: bool,
        files: Path | None = None,
        isolated: bool = True,
        place: int = 0,
        core: int | None = None,
    ) -> None:
        self.limits = limits
        self._checks = checks
        self._files = files
        self.isolated = isolated
        self._place = place
        self.core = core

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
        self.stop()

    @property
    def alive(self) -> bool:
        """Whether there is still somebody to ask."""
        return not self._ended(within=0)

    def restart(self) -> None:
        """Start anew after `SandboxGone`."""
        self.stop()
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
        if sum(map(_resident, processes)) <= self.limits.all_memory:
            return False
        return sum(map(_proportional, processes)) > self.limits.all_memory

    def _ask(self, request: bytes, descriptors: list[int] | None = None) -> bytes:
        try:
            socket.send_fds(self._control, [request], descriptors or [])
            answer = self._control.recv(100)
        except OSError as error:
            self._control.close()  # nobody shall wait for it once more
            raise SandboxGone from error
        if not answer:
            raise SandboxGone
        return answer

    def _start(self) -> None:
        self.launch()
        try:
            self.expect_ready()
        except SandboxError:
            self.stop()
            raise

    def launch(self) -> None:
        """Begin to start it; go on with `expect_ready`, and end with `stop`.

        Raises:
            SandboxError: If bubblewrap is missing.
        """
        for part in _RUN_INSIDE:  # nothing in a sandbox can write there, so each would compile what is not compiled
            compileall.compile_dir(_PACKAGE / part, quiet=2)
        self._work = "/tmp" if self.isolated else tempfile.mkdtemp(prefix="ungraded-")
        command = self._command()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        with theirs:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", 'exec "$@" 3<&0 0</dev/null', "sh", *command],
                stdin=theirs.fileno(),
                stdout=self._log,
                stderr=self._log,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        self._handle = os.pidfd_open(self._process.pid)  # serves the children of this process as well

    def expect_ready(self) -> None:
        """Wait until it has started.

        Raises:
            SandboxError: If it cannot be started.
        """
        try:
            started = self._control.recv(100)
        except OSError:
            started = b""
        if started != b"ready":
            self._log.seek(0)
            raise SandboxError(f"The sandbox did not start: {self._log.read().decode(errors='replace').strip()}")
        self._control.settimeout(_ANSWER_SECONDS)

    def stop(self) -> None:
        """End it, and all that runs in it."""
        self._control.close()
        self._log.close()
        if not self.isolated:  # it ends by itself, and its children with it
            self._ended(within=_ANSWER_SECONDS)
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        self._ended(within=None)
        self._process.poll()
        os.close(self._handle)
        if not self.isolated:
            shutil.rmtree(self._work, ignore_errors=True)

    def _ended(self, *, within: float | None) -> bool:
        end = select.poll()
        end.register(self._handle, select.POLLIN)
        return bool(end.poll(within and 1000 * within))

    def _command(self) -> list[str]:
        files = "/files" if self.isolated else str(self._files)
        options = {
            "isolated": self.isolated,
            "work": self._work,
            "files": files if self._files is not None else "",
            "uid": self._uid,
            "core": self.core,
            "path": [str(self._package.parent), *(self._packages() if self.isolated else _import_path())],
            "checks": self._checks,
            "memory": self.limits.memory,
            "reserve": RESERVE,
            "file_size": self.limits.file_size,
            "processes": self.limits.processes,
            "seconds": self.limits.cpu_seconds,
        }
        zygote = self._package / _ZYGOTE.relative_to(_PACKAGE)
        python = [str(Path(sys.executable).resolve()), "-I", "-S", "-B", str(zygote), json.dumps(options)]
        return [*self._bubblewrap(), *python] if self.isolated else python

    @property
    def _package(self) -> Path:
        return Path(_COURSE, "helpers") if self.isolated else _PACKAGE

    @property
    def _uid(self) -> int:
        """The user to become: root has to, because the kernel's limits do not bind it; others are already somebody.

        Each sandbox has a user of its own, because the kernel counts processes by user.
        """
        if not self.isolated or os.geteuid() != 0:
            return 0
        return 2_000_000 + self._place * _PROCESSES + threading.get_native_id()

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
            command += ["--perms", "1777", "--size", str(4 * self.limits.file_size), "--tmpfs", path]
        return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def standing(limits: Limits, *, isolated: bool = True) -> Sandbox:
    """Return this thread's sandbox for notebooks of this course, started if it has none.

    Starting one takes far longer than grading an exercise. It ends with the thread that started it: the kernel sees to
    that, as bubblewrap is told to die with its parent.

    Raises:
        SandboxError: If it cannot be started.
    """
    known = _standing.get(_key(limits, isolated=isolated))
    if known is None or not known.alive:
        known = Sandbox(limits, checks=True, isolated=isolated)
        known.__enter__()
        adopt(known)
    return known


def adopt(sandbox: Sandbox) -> None:
    """Take a sandbox for the one of this thread, even if another process has launched it and ends it in the end."""
    Finalize(sandbox, sandbox.stop, exitpriority=10)  # worker processes of a pool end without calling atexit's
    _standing[_key(sandbox.limits, isolated=sandbox.isolated)] = sandbox


def _key(limits: Limits, *, isolated: bool) -> tuple[int, int, Limits, bool]:
    return os.getpid(), threading.get_ident(), limits, isolated


_standing: dict[tuple[int, int, Limits, bool], Sandbox] = {}


class Attempt:
    """A process in the sandbox that runs cells; a context manager that leaves nothing of it behind.

    Attributes:
        channel: The connection to it.
        status: How it ended, once it has: a wait status, or None if that is not known.
        took_all: Whether the sandbox ended with it.
    """

    def __init__(self, sandbox: Sandbox, channel: Channel, key: bytes, stacks: int) -> None:
        self.channel = channel
        self.status: int | None = None
        self.took_all = False
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
            self.took_all = True
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
        os.ftruncate(self._stacks, 0)
        os.lseek(self._stacks, 0, os.SEEK_SET)  # for the one who writes as well: they share the place in the file
        try:
            self._sandbox._ask(b"stacks")
        except SandboxGone:
            return ""
        written = b""
        for _ in range(100):  # on a busy machine it takes a while to write them
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
