"""What a sandbox prepares before it meets any student code."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import helpers.interleave.draw
from helpers.grading.sandbox import Limits, Sandbox

_ALL_CHECKS = """
import sys
from helpers import checks
from helpers.grading.inside import rehearsal
rehearsal.rehearse(checks)
known = set(sys.modules)
rehearsal._CHECKS = None
rehearsal.rehearse(checks)
print(sorted(set(sys.modules) - known))
"""


def test_after_the_rehearsal_no_check_imports_anything() -> None:
    done = subprocess.run([sys.executable, "-c", _ALL_CHECKS], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_sandbox_need_not_compile_what_runs_inside() -> None:
    compiled = Path(importlib.util.cache_from_source(helpers.interleave.draw.__file__))
    compiled.unlink(missing_ok=True)
    Sandbox(Limits(), checks=True).verify()
    assert compiled.exists()
