"""Binder builds what we mean, as decided by repo2docker's own code; no Docker is needed to ask it."""

import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch):
    """The build pack that repo2docker picks for this repository."""
    from repo2docker.app import Repo2Docker

    monkeypatch.chdir(ROOT)
    app = Repo2Docker()
    return next(pack for pack in (kind(app.base_image) for kind in app.buildpacks) if pack.detect())


def test_the_repository_is_recognised_as_a_conda_build(chosen) -> None:
    assert type(chosen).__name__ == "CondaBuildPack"
    assert chosen.environment_yaml_path == "environment.yml"
    assert chosen.python_version == (ROOT / ".python-version").read_text().strip()


def test_binder_installs_the_lock_itself(chosen) -> None:
    *_, pip = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert pip == {"pip": ["-r requirements.txt", "-e ."]}
    # Both name files of the repository, so repo2docker copies it before it installs.
    assert not chosen._should_preassemble_env


def test_binder_leaves_out_what_needs_an_exchange(chosen) -> None:
    assert chosen.get_post_build_scripts() == ["postBuild"]


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert pins and all(re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+( ; .+)?$", pin) for pin in pins)
    assert not [line for line in lines if "://" in line or "--" in line]


def test_the_badge_opens_the_released_notebooks_in_jupyterlab() -> None:
    address = re.search(r"^\[binder\]: .+\?urlpath=lab/tree/(.+)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert address and address[1].startswith("release/") and Path(ROOT, address[1]).exists()
