"""Real parts for tests: a copy of the course, and homes of people who use nbgrader on it."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

# Started in the background, a shell makes its programs ignore Ctrl-C, and these all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a home and a working folder of their own, who types nbgrader commands."""

    home: Path
    folder: Path
    exchange: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the person's programs see of the world."""
        return {
            "HOME": str(self.home),
            "IPYTHONDIR": str(self.home / ".ipython"),
            "JUPYTER_CONFIG_DIR": str(self.home / ".jupyter"),
            "JUPYTER_DATA_DIR": str(self.home / ".local/share/jupyter"),
            "JUPYTER_RUNTIME_DIR": str(self.home / ".local/share/jupyter/runtime"),
            "LANG": "C.UTF-8",
            "NBGRADER_EXCHANGE": str(self.exchange),
            "PATH": os.environ["PATH"],
        }

    def nbgrader(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run an nbgrader command in the person's folder.

        Raises:
            AssertionError: If `check` is set and the command fails, with all that it printed.
        """
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert not check or done.returncode == 0, f"nbgrader {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done


@pytest.fixture
def exchange(tmp_path: Path) -> Path:
    """An empty exchange that everybody may write to, as nbgrader asks."""
    path = tmp_path / "exchange"
    path.mkdir()
    path.chmod(0o777)
    return path


@pytest.fixture
def instructor(tmp_path: Path, exchange: Path) -> Person:
    """An instructor in a fresh copy of the course."""
    home, folder = tmp_path / "instructor", tmp_path / "instructor" / "course"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "source", folder / "source")
    return Person(home, folder, exchange)
