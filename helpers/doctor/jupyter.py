"""Examine what the notebooks run on, and what nbgrader and ipywidgets add to JupyterLab."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.doctor.environment import REBUILD
from helpers.doctor.finding import Finding

SERVER_EXTENSIONS = (
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
)
LAB_EXTENSIONS = ("@jupyter/nbgrader", "@jupyter-widgets/jupyterlab-manager")
_SECONDS = 60


def kernel() -> Finding:
    """Can the kernel that the notebooks ask for import the course?"""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    interpreter = manager.format_kernel_cmd()[0]
    try:
        tried = subprocess.run(
            [interpreter, "-c", "import ipykernel, helpers.checks"],
            capture_output=True, text=True, timeout=_SECONDS, cwd=Path.home(), check=False,
        )  # fmt: skip
        *_, reason = tried.stderr.strip().splitlines() or [""]
        works = tried.returncode == 0
    except OSError as error:
        works, reason = False, str(error)
    if works:
        return Finding("kernel", interpreter)
    folder = manager.kernel_spec.resource_dir if manager.kernel_spec else "of the kernel python3"
    another = f"Another kernel stands in the way: move the folder {folder} elsewhere and restart JupyterLab."
    return Finding(
        "kernel",
        f"{interpreter} cannot run the course ({reason})",
        REBUILD if interpreter == sys.executable else another,  # its own fails where the course's folder was moved
    )


def extensions() -> Iterator[Finding]:
    """Are the parts that the course needs switched on, in the server and in JupyterLab?"""
    from jupyter_core.paths import jupyter_config_path, jupyter_path
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    server: dict[str, bool] = ExtensionConfigManager(  # type: ignore[no-untyped-call]
        read_config_path=jupyter_config_path()
    ).get_jpserver_extensions()
    off = [name for name in SERVER_EXTENSIONS if not server.get(name)]
    yield _extensions("server extensions", SERVER_EXTENSIONS, off, "jupyter server extension enable")

    places = jupyter_path("labextensions")
    installed, disabled = get_federated_extensions(places), get_page_config(places)["disabledExtensions"]
    if lost := [name for name in LAB_EXTENSIONS if name not in installed]:
        yield Finding("JupyterLab extensions", f"{', '.join(lost)} not installed", REBUILD)
    else:
        off = [name for name in LAB_EXTENSIONS if name in disabled]
        yield _extensions("JupyterLab extensions", LAB_EXTENSIONS, off, "jupyter labextension enable")


def _extensions(subject: str, wanted: tuple[str, ...], off: list[str], command: str) -> Finding:
    if not off:
        return Finding(subject, f"{len(wanted)} enabled")
    return Finding(subject, f"{', '.join(off)} not enabled", "; ".join(f".venv/bin/{command} {name}" for name in off))
