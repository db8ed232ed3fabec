"""A machine of its own for tests with several users: real users and permissions, and no trace of them afterwards.

bubblewrap gives the programs in it their own `/etc/passwd`, `/home` and process numbers. Everything else is the real
machine's, so that the course and its environment are found at their usual places. Needs root, as making users does.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

FIRST_UID = 61_000
_ACCOUNTS = ("passwd", "shadow", "group")


@dataclass(frozen=True, slots=True)
class User:
    """An account of the machine.

    Attributes:
        name: To log in with.
        uid: Its number.
        home: Where its home is on the real machine; in the machine it is `/home/<name>`.
    """

    name: str
    uid: int
    home: Path


class Machine:
    """The machine; its files last as long as `root` does.

    Args:
        root: An empty folder to keep them in.
        served: What lies in its `/srv`: folders of the real machine by their paths there.
    """

    def __init__(self, root: Path, served: Mapping[str, Path] | None = None) -> None:
        self._served = served or {}
        self._etc, self._homes = root / "etc", root / "home"
        self._etc.mkdir(parents=True)
        self._homes.mkdir()
        for name in _ACCOUNTS:
            shutil.copy2(Path("/etc", name), self._etc)
        self._uids = iter(range(FIRST_UID, FIRST_UID + 100))

    def add_user(self, name: str, password: str = "") -> User:
        """Make an account with a home that nobody else can read.

        Args:
            name: The account's name.
            password: To log in with; without one nobody can.
        """
        user = User(name, next(self._uids), self._homes / name)
        crypt = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password, capture_output=True, text=True)
        lines = {
            "passwd": f"{name}:x:{user.uid}:{user.uid}::/home/{name}:/bin/bash",
            "shadow": f"{name}:{crypt.stdout.strip() if password else '!'}:20000:0:99999:7:::",
            "group": f"{name}:x:{user.uid}:",
        }
        for file, line in lines.items():
            with (self._etc / file).open("a", encoding="utf-8") as accounts:
                accounts.write(line + "\n")
        user.home.mkdir()
        user.home.chmod(0o700)
        self.give(user, user.home)
        return user

    @staticmethod
    def give(user: User, folder: Path) -> None:
        """Make a folder and everything in it the user's own."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.uid, user.uid, follow_symlinks=False)

    def command(self, *command: str, user: User | None = None, folder: str = "/") -> list[str]:
        """Return what runs a command in the machine.

        Args:
            command: The command.
            user: Who runs it; root by default.
            folder: Where, as seen in the machine.
        """
        become = ["setpriv", f"--reuid={user.uid}", f"--regid={user.uid}", "--clear-groups"] if user else []
        return [
            "bwrap", "--die-with-parent", "--unshare-pid", "--cap-add", "ALL",
            "--dev-bind", "/", "/", "--proc", "/proc", *_reachable(ROOT, Path(sys.prefix), Path(sys.base_prefix)),
            "--bind", str(self._homes), "/home",
            *(option for name in _ACCOUNTS for option in ("--ro-bind", str(self._etc / name), f"/etc/{name}")),
            "--tmpfs", "/srv", *self._serve(),
            "--chdir", folder, *become, *command,
        ]  # fmt: skip

    def _serve(self) -> Iterator[str]:
        for place, folder in self._served.items():
            yield from ("--dir", str(Path(place).parent), "--bind", str(folder), place)

    def run(
        self, *command: str, user: User, folder: str, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a user and wait for it."""
        return subprocess.run(
            self.command(*command, user=user, folder=folder),
            env={**environment, "HOME": f"/home/{user.name}"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def _reachable(*places: Path) -> Iterator[str]:
    """Yield options that let ordinary users reach places that lie in somebody's closed home."""
    closed = {parent for place in places for parent in place.parents if not parent.stat().st_mode & 0o001}
    for parent in sorted(closed, key=lambda path: len(path.parts)):
        yield from ("--tmpfs", str(parent))
    for place in places:
        hidden = [parent for parent in place.parents if closed & set(parent.parents)]
        for parent in reversed(hidden):
            yield from ("--dir", str(parent))
        if hidden or place.parent in closed:
            yield from ("--ro-bind", str(place), str(place))
