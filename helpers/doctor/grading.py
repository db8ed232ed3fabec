"""Examine what grading needs: the sandbox, the exchange and the gradebook."""

from pathlib import Path

from helpers.doctor.environment import writable
from helpers.doctor.finding import Finding

_OTHERS_MAY = 0o007


def sandbox() -> Finding:
    """Can students' code be run in isolation?"""
    from helpers.grading.sandbox import Limits, Sandbox, SandboxError

    try:
        with Sandbox(Limits(), checks=False):
            return Finding("sandbox", "starts")
    except SandboxError as error:
        return Finding("sandbox", "cannot be started; only grading needs it", str(error))


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
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.exc import SQLAlchemyError

    from helpers.grading.settings import newest_schema

    address = make_url(url)
    shown = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "")
        if not file.exists():
            return Finding("gradebook", f"{file} is not there yet; make release makes it")
        if not writable(file.parent):
            return Finding("gradebook", f"{file.parent} is not writable for you", f"chmod u+w {file.parent}")
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            made_by = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Finding(
            "gradebook", f"{shown} cannot be read ({reason})",
            "Move the file away or mend the address in NBGRADER_DB_URL, then: make release",
        )  # fmt: skip
    finally:
        engine.dispose()
    if made_by != newest_schema():
        return Finding("gradebook", f"{shown} was made by another nbgrader", "Bring it up to date: nbgrader db upgrade")
    return Finding("gradebook", shown)
