"""Lets worker processes import the tasks that these tests send them."""

import pytest


@pytest.fixture(autouse=True)
def tests_importable_in_children(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    monkeypatch.syspath_prepend(pytestconfig.rootpath)
