"""Each thing the doctor looks at is broken for real: it says what is wrong and what to do, and goes on."""

import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import helpers.grading.settings  # noqa: F401 - here, as nobody may not read where Python lies
from helpers.doctor import environment, grading, jupyter
from tests.conftest import ROOT, Person

_SECONDS = 300  # 3 on a quiet machine
_NOBODY = 65534

pytestmark = pytest.mark.timeout(2 * _SECONDS)


def consult(person: Person, interpreter: str = sys.executable, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run the doctor in somebody's course, with changes to their environment."""
    return subprocess.run(
        [interpreter, "-m", "helpers.doctor"],
        cwd=person.folder,
        env={**person.environment, "PYTHONPATH": str(ROOT), **changed},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


@pytest.fixture
def well(instructor: Person) -> Person:
    """An instructor with everything in order."""
    shutil.copy(ROOT / "requirements.txt", instructor.folder)
    return instructor


def test_all_is_well(well: Person) -> None:
    said = consult(well)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "BAD" not in said.stdout
    assert said.stdout.endswith("All is well.\n")
    assert said.stdout.count("ok ") == 9
    assert not said.stderr


def test_the_course_command_has_the_doctor(well: Person) -> None:
    command = Path(sys.executable).with_name("course")
    said = subprocess.run(
        [command, "doctor"], cwd=well.folder, env=well.environment,
        capture_output=True, text=True, timeout=_SECONDS, check=True,
    )  # fmt: skip
    assert said.stdout.endswith("All is well.\n")


def test_broken_jupyter(well: Person) -> None:
    """Extensions are switched off, and another Python's kernel has the name that the notebooks ask for."""
    settings = well.home / ".jupyter"
    settings.mkdir(parents=True)
    (settings / "jupyter_server_config.json").write_text(
        '{"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": false}}}'
    )
    subprocess.run(
        [sys.executable, "-m", "jupyter", "labextension", "disable", "@jupyter/nbgrader", "--level=user"],
        env=well.environment, check=True, capture_output=True,
    )  # fmt: skip
    kernel = well.home / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["/usr/bin/false", "-m"], "display_name": "x", "language": "python"}')
    # Outside a virtual environment a user's own settings come first.
    said = consult(well, JUPYTER_PATH=str(well.home), JUPYTER_PREFER_ENV_PATH="0")
    assert said.returncode == 1
    assert "BAD  kernel: /usr/bin/false cannot run the course" in said.stdout
    assert f"move the folder {kernel} elsewhere" in said.stdout
    assert "BAD  server extensions: nbgrader.server_extensions.formgrader not enabled" in said.stdout
    assert "jupyter server extension enable nbgrader.server_extensions.formgrader" in said.stdout
    assert "BAD  JupyterLab extensions: @jupyter/nbgrader not enabled" in said.stdout
    assert said.stdout.endswith("3 to mend.\n")


def test_a_moved_course(well: Person, tmp_path: Path) -> None:
    """The environment's own kernel does not find the course any more where it was installed."""
    environment_ = tmp_path / "environment"
    venv.create(environment_, symlinks=True)
    (site,) = environment_.glob("lib/python*/site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"))  # all but the course itself
    (well.folder / "helpers").symlink_to(ROOT / "helpers")
    interpreter = str(environment_ / "bin" / "python")
    said = consult(well, interpreter, PYTHONPATH="")
    assert f"BAD  kernel: {interpreter} cannot run the course (ModuleNotFoundError: No module named 'helpers')" in (
        said.stdout
    )
    assert f"→ {environment.REBUILD}" in said.stdout


def test_extensions_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jupyter, "LAB_EXTENSIONS", ("@nobody/has-this",))
    *_, found = jupyter.extensions()
    assert (found.state, found.remedy) == ("@nobody/has-this not installed", environment.REBUILD)


def test_a_broken_configuration(well: Person) -> None:
    with (well.folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.Exchange.root = (\n")
    said = consult(well)
    assert "BAD  nbgrader's configuration: cannot be examined (SyntaxError" in said.stdout
    assert "git checkout nbgrader_config.py" in said.stdout
    assert not said.stderr


def test_a_system_without_namespaces(well: Person) -> None:
    """A user whose kernel allows no namespaces can start no sandbox."""
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "$@"'
    said = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh", sys.executable, "-m", "helpers.doctor"],
        cwd=well.folder, env={**well.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=_SECONDS, check=False,
    )  # fmt: skip
    assert "BAD  sandbox: cannot be started; only grading needs it (The sandbox did not start: bwrap: " in said.stdout
    assert "→ Let ordinary users make namespaces: sudo sysctl --write user.max_user_namespaces=10000" in said.stdout


def test_no_bubblewrap_no_exchange_and_a_spoilt_gradebook(well: Person, tmp_path: Path) -> None:
    (well.folder / "gradebook.db").write_bytes(b"this is no database, but long enough to be looked into" * 20)
    said = consult(well, PATH=str(tmp_path), NBGRADER_EXCHANGE=str(tmp_path / "nowhere"))
    assert "BAD  sandbox: cannot be started" in said.stdout
    assert "sudo apt-get install bubblewrap" in said.stdout
    assert f"install --directory --mode=777 {tmp_path / 'nowhere'}" in said.stdout
    assert "BAD  gradebook: " in said.stdout
    assert "file is not a database" in said.stdout


OLD = [path for name in ("python3.10", "python3.11", "python3") if (path := shutil.which(name, path="/usr/bin"))]


@pytest.mark.skipif(not OLD, reason="this system has no Python of its own")
def test_a_bare_python(well: Person) -> None:
    """The system's own Python has none of the packages; where it is too old as well, that is said first."""
    said = consult(well, OLD[0])
    assert said.stdout.startswith(("BAD  Python: 3.10", "BAD  Python: 3.11")) or "ok   Python" in said.stdout
    assert "BAD  packages: " in said.stdout
    assert not said.stderr


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST_PYTHON", (9, 0))
    assert environment.python().remedy.startswith("Install Python 9.0 or later")


def test_a_lock_that_differs(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "# a comment\nnbgrader==0.1\n    # via nothing\nno-such-package[extra]==1.0\n"
        'only-there==2.0 ; sys_platform == "win32"\n',
        encoding="utf-8",
    )
    found = environment.packages(lock)
    assert "nbgrader is 0.9.6 instead of 0.1, no-such-package is missing" in found.state
    assert "only-there" not in found.state
    assert found.remedy


def test_a_missing_lock(tmp_path: Path) -> None:
    assert "course's folder" in environment.packages(tmp_path / "requirements.txt").remedy


def test_an_exchange_closed_to_others(exchange: Path) -> None:
    assert grading.exchange(exchange).healthy
    exchange.chmod(0o755)
    found = grading.exchange(exchange)
    assert "closed to other users" in found.state
    assert f"chmod 777 {exchange}" in found.remedy


OLDER = """
CREATE TABLE older AS SELECT id, name, duedate FROM assignment;
DROP TABLE assignment;
ALTER TABLE older RENAME TO assignment;
DROP TABLE course;
UPDATE alembic_version SET version_num = '282d30a0218e';
"""


def test_a_gradebook_of_another_nbgrader(well: Person) -> None:
    file = well.folder / "gradebook.db"
    url = f"sqlite:///{file}"
    assert "not there yet" in grading.database(url).state
    well.nbgrader("db", "student", "add", "ada")
    assert grading.database(url).state == url
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLDER)
    assert grading.database(url).remedy == ".venv/bin/nbgrader db upgrade"
    well.nbgrader("db", "upgrade")
    assert grading.database(url).healthy
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'not yet written'")
    assert "newer nbgrader" in grading.database(url).state


def test_a_gradebook_server_that_is_away() -> None:
    found = grading.database("postgresql+psycopg://teacher:secret@127.0.0.1:9/grades")
    assert "cannot be read (connection failed" in found.state
    assert "secret" not in str(found)
    assert "NBGRADER_DB_URL" in found.remedy


def test_a_gradebook_server_without_its_driver() -> None:
    found = grading.database("postgresql+psycopg2://teacher:secret@127.0.0.1:9/grades")
    assert "needs psycopg2" in found.state
    assert 'install the driver: .venv/bin/python -m pip install --editable ".[postgresql]"' in found.remedy


def test_a_gradebook_without_its_folder(tmp_path: Path) -> None:
    assert grading.database(f"sqlite:///{tmp_path}/nowhere/gradebook.db").remedy == f"mkdir -p {tmp_path}/nowhere"


@contextmanager
def not_root() -> Iterator[None]:
    """Give up root's rights, for whom no file is closed, if the tests have them."""
    if os.getuid():
        yield
        return
    os.setresuid(_NOBODY, _NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_gradebook_that_is_closed() -> None:
    with TemporaryDirectory() as name:
        folder, file = Path(name), Path(name, "gradebook.db")
        folder.chmod(0o777)
        file.touch(0o444)
        with not_root():
            found = grading.database(f"sqlite:///{file}")
        assert found.remedy == f"sudo chown $USER {file}"


def test_one_core() -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert "two cores" in environment.cores().remedy
    finally:
        os.sched_setaffinity(0, allowed)
