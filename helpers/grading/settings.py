"""What nbgrader's configuration says about the course in the current folder."""

from pathlib import Path
from typing import Any

import nbgrader
from alembic.script import ScriptDirectory
from nbgrader.apps.baseapp import NbGrader
from nbgrader.exchange.default import Exchange


def exchange_and_gradebook() -> tuple[Path, str]:
    """Return where the exchange is, and the gradebook's SQLAlchemy address.

    Raises:
        Exception: Whatever a configuration file raises; nbgrader alone would go on without it.
    """
    app: Any = NbGrader(raise_config_file_errors=True)
    app.initialize([])
    return Path(Exchange(parent=app).root), app.coursedir.db_url


def schemas() -> list[str]:
    """Return the versions of the gradebook's tables that this nbgrader knows; it works with the first."""
    scripts = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
    return [script.revision for script in scripts.walk_revisions()]
