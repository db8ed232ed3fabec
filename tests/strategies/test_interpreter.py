"""The facts that decide what a strategy can gain: cores, quota, GIL."""

import os
import sys
from pathlib import Path

import pytest

from helpers.strategies import cores_available, gil_enabled, this_interpreter


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2, 3}, raising=False)


@pytest.mark.usefixtures("four_cores")
def test_without_control_groups_it_is_the_affinity(tmp_path: Path) -> None:
    assert cores_available(tmp_path) == 4


@pytest.mark.usefixtures("four_cores")
def test_the_tightest_quota_of_all_groups_around_the_process_holds(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/course/student\n")
    write(tmp_path, "sys/fs/cgroup/course/student/cpu.max", "max 100000\n")
    write(tmp_path, "sys/fs/cgroup/course/cpu.max", "150000 100000\n")
    assert cores_available(tmp_path) == 1.5


@pytest.mark.usefixtures("four_cores")
def test_inside_a_container_the_group_itself_is_at_the_top(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/docker/abc\n")
    write(tmp_path, "sys/fs/cgroup/cpu.max", "50000 100000\n")
    assert cores_available(tmp_path) == 0.5


@pytest.mark.usefixtures("four_cores")
def test_version_one_quotas_count_too(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "3:cpu,cpuacct:/box\n2:memory:/box\n")
    write(tmp_path, "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "200000")
    write(tmp_path, "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000")
    write(tmp_path, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1")
    write(tmp_path, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000")
    assert cores_available(tmp_path) == 2


@pytest.mark.usefixtures("four_cores")
def test_a_quota_larger_than_the_machine_does_not_add_cores(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/\n")
    write(tmp_path, "sys/fs/cgroup/cpu.max", "900000 100000\n")
    assert cores_available(tmp_path) == 4


def test_a_free_threaded_build_is_told_by_the_interpreter_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert not gil_enabled()
    assert "GIL off" in str(this_interpreter())
    monkeypatch.delattr(sys, "_is_gil_enabled")
    assert gil_enabled()


def test_the_facts_read_as_one_line() -> None:
    facts = this_interpreter()
    assert str(facts).startswith("CPython 3.")
    assert facts.cores == cores_available()
    assert facts.threads >= 1
