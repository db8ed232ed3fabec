"""Examine what grading needs: the sandbox, the exchange and the gradebook."""

import shutil
from pathlib import Path

from helpers.doctor.environment import writable
from helpers.doctor.finding import Finding

_OTHERS_MAY = 0o007
_NAMESPACES = (
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),  # Ubuntu since 23.10
    ("kernel.unprivileged_userns_clone", "0", "1"),  # Debian before 11
    ("user.max_user_namespaces", "0", "10000"),  # hardened systems
)
"""Settings of Linux kernels that keep ordinary users from namespaces: name, what forbids them, what allows them."""
_CONTAINER = (
    "If this is a container, start it with: docker run --security-opt seccomp=unconfined"
    " --security-opt apparmor=unconfined --security-opt systempaths=unconfined"
)
_DRIVER = (
    "Begin NBGRADER_DB_URL with postgresql+psycopg:// and install the driver: "
    '.venv/bin/python -m pip install --editable ".[postgresql]"'
)
_OTHER_FILE = "Move the file away and put a backup in its place, or begin a new gradebook: make release"
_OTHER_SERVER = "Mend the address in NBGRADER_DB_URL; in a database that is still empty make the tables: make release"


def sandbox() -> Finding:
    """Can students' code be run in isolation?"""
    from helpers.grading.sandbox import Limits, Sandbox, SandboxError

    try:
        with Sandbox(Limits(), checks=False):
            return Finding("sandbox", "starts")
    except SandboxError as error:
        if shutil.which("bwrap") is None:
            return Finding("sandbox", "cannot be started; only grading needs it", str(error))
        return Finding("sandbox", f"cannot be started; only grading needs it ({error})", _allow_namespaces())


def _allow_namespaces() -> str:
    """Say how somebody gets the namespaces that bubblewrap needs."""
    for name, forbidden, allowed in _NAMESPACES:
        switch = Path("/proc/sys", name.replace(".", "/"))
        if switch.exists() and switch.read_text(encoding="ascii").strip() == forbidden:
            return f"Let ordinary users make namespaces: sudo sysctl --write {name}={allowed}"
    return _CONTAINER


def exchange(root: Path) -> Finding:
    """Can everybody hand in?

    Args:
        root: The folder that students and instructors share.
    """
    if not root.is_dir():
        return Finding(
            "exchange", f"{root} is missing", f"Make it, writable for all: install --directory --mode=777 {root}"
        )
    if not writable(root):
        return Finding("exchange", f"{root} is not writable for you", f"Ask its owner for: chmod 777 {root}")
    if root.stat().st_mode & _OTHERS_MAY != _OTHERS_MAY:
        return Finding("exchange", f"{root} is closed to other users", f"If students have their own: chmod 777 {root}")
    return Finding("exchange", str(root))


def database(url: str) -> Finding:
    """Can the gradebook be opened, and is it of this nbgrader's making?

    Args:
        url: Its SQLAlchemy address.
    """
    from sqlalchemy import NullPool, create_engine, make_url, text
    from sqlalchemy.exc import SQLAlchemyError

    from helpers.grading.settings import schemas

    address = make_url(url)
    shown = address.render_as_string(hide_password=True)
    in_a_file = address.get_backend_name() == "sqlite"
    if in_a_file:
        file = Path(address.database or "")
        if not file.parent.is_dir():
            return Finding("gradebook", f"its folder {file.parent} is missing", f"mkdir -p {file.parent}")
        if closed := next((path for path in (file.parent, file) if path.exists() and not writable(path)), None):
            return Finding("gradebook", f"{closed} is not writable for you", f"sudo chown $USER {closed}")
        if not file.exists():
            return Finding("gradebook", f"{file} is not there yet; make release makes it")
    try:
        engine = create_engine(address, poolclass=NullPool)
        with engine.connect() as connection:
            made_by = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except ModuleNotFoundError as error:
        return Finding("gradebook", f"{shown} needs {error.name}", _DRIVER)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Finding("gradebook", f"{shown} cannot be read ({reason})", _OTHER_FILE if in_a_file else _OTHER_SERVER)
    if made_by == schemas()[0]:
        return Finding("gradebook", shown)
    if made_by in schemas():
        return Finding("gradebook", f"{shown} was made by an older nbgrader", ".venv/bin/nbgrader db upgrade")
    return Finding("gradebook", f"{shown} was made by a newer nbgrader", f"Use that one. Or: {_OTHER_FILE}")
