"""What only our own code may do while student code lives in the process: the audit hook lets it pass here.

It goes by the module, and these functions call nothing else: any other function of ours may be made to call what
student code put into its hands, an `operator.attrgetter` or a `functools.partial`, which has no frame of its own.
"""

import builtins
import gc
import os
import sys
from collections.abc import Callable
from typing import Any

_compile, _referents, _fork = builtins.compile, gc.get_referents, os.fork
_register, _settrace, _setprofile = sys.monitoring.register_callback, sys.settrace, sys.setprofile


def compile(*arguments: Any, **options: Any) -> Any:  # noqa: A001 - it is one of our modules' builtins
    """Stand in for `compile`."""
    return _compile(*arguments, **options)


def get_referents(*values: object) -> list[Any]:
    """Stand in for `gc.get_referents`."""
    return _referents(*values)


def fork() -> int:
    """Stand in for `os.fork`."""
    return _fork()


def register_callback(tool: int, event: int, callback: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """Stand in for `sys.monitoring.register_callback`."""
    return _register(tool, event, callback)


def stop_tracing() -> None:
    """Take this thread's trace and profile functions away."""
    _settrace(None)
    _setprofile(None)
