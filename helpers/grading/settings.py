"""What nbgrader's configuration says about the course in the current folder."""

from pathlib import Path
from typing import Any

import nbgrader
from alembic.script import ScriptDirectory
from nbgrader.apps.baseapp import NbGrader
from nbgrader.exchange.default import Exchange


def exchange_and_gradebook() -> tuple[Path, str]:
    """Return where the exchange is, and the gradebook's SQLAlchemy address."""
    app: Any = NbGrader()
    app.initialize([])
    return Path(Exchange(parent=app).root), app.coursedir.db_url


def newest_schema() -> str | None:
    """Return the version of the gradebook's tables that this nbgrader works with."""
    return ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
