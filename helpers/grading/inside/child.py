"""One attempt at grading: run the cells that the grader sends, then answer what it asks about them.

This process belongs to the student's code as soon as the first cell has run. Nothing it says is believed but a
proof that a test has passed: it takes a key that is out of reach for the student's code, and that every copy of the
process which the student's code makes forgets.
"""

import os
import sys
from os import _exit, listdir  # not by way of the module, which a thread of the student's might still be patching
from types import ModuleType
from typing import Any

from helpers.grading.inside.cells import Notebook
from helpers.grading.inside.channel import Channel, Closed, Message, proof
from helpers.grading.inside.magics import Shell
from helpers.grading.inside.own import fork
from helpers.grading.inside.pristine import Pristine
from helpers.grading.inside.reserve import Reserve

_DRAWN = ("image/svg+xml", "text/plain")
FLOODED, EXHAUSTED = 77, 78  # exit statuses of a process that printed too much, and of one without memory left


class Attempt:
    """A notebook's cells and what is asked about them.

    Args:
        channel: The connection to the grader.
        key: To prove with that a test has passed.
        pristine: The interpreter before any student code.
        seal: Holds our modules.
        checks: Whether the course's checks are wanted; False for notebooks that bring their own tests.
    """

    def __init__(self, channel: Channel, key: bytes, pristine: Pristine, seal: Any, *, checks: bool) -> None:
        self._channel = channel
        self._secret = {"key": key}
        os.register_at_fork(after_in_child=self._secret.clear)  # no Python function: nothing can make it fail
        self._settled = False
        self._asked: set[str] = set()  # the names of checks
        self._pristine = pristine
        self._seal = seal
        self._checks: Any = None
        self._touched = True  # whether names may be bound to something else than they were
        if checks:
            self._checks = seal.load("helpers.checks")
            stand_in = ModuleType("helpers.checks")
            stand_in.check = _check_later  # type: ignore[attr-defined]
            sys.modules[stand_in.__name__] = stand_in
        self._reserve = Reserve()
        self._notebook = Notebook(self._flooded, self._reserve)
        Shell(self._notebook).install()
        pristine.begin()

    def serve(self) -> None:
        """Answer the grader until it hangs up."""
        answers = {"cell": self._cell, "settle": self._settle, "verify": self._verify, "explain": self._explain}
        status = 1
        try:
            while True:
                message = self._channel.receive()
                self._channel.send(answers[message["do"]](message))
        except Closed:
            status = 0
        except MemoryError:
            status = EXHAUSTED
        finally:  # at once: a process that took its time would be ended by the grader, and nobody knew why it ended
            _exit(status)

    def _flooded(self) -> None:
        _exit(FLOODED)

    def _cell(self, message: Message) -> Message:
        if message["word"]:
            self._pristine.restore()
        self._settled = False
        outputs, value, ended = self._notebook.run(
            message["source"], message["original"], message["number"], message["room"]
        )
        answer: Message = {"outputs": outputs, "ended": ended, "word": self._proof(message) if ended else ""}
        if message["word"] and value is not None:
            answer["points"] = _points(value)
        return answer

    def _settle(self, message: Message) -> Message:
        """Leave every thread of the student's behind: a forked process has one thread only."""
        self._pristine.restore()
        if _threads() > 1:
            key = self._secret["key"]
            self._seal.checking = True  # what the student's code does at a fork shall not fork again
            try:
                if fork():
                    _exit(0)
            except OSError:
                return {"settled": False}
            finally:
                self._seal.checking = False
            if _threads() > 1:  # started at the fork
                return {"settled": False}
            self._secret["key"] = key
            self._pristine.restore()
        self._settled = True
        self._touched = False
        return {"settled": True}

    def _verify(self, message: Message) -> Message:
        if not self._settled or message["name"] in self._asked:
            raise Closed  # whoever asks for that wants to try out answers
        self._asked.add(message["name"])
        if self._touched:
            self._pristine.restore()
        else:
            self._pristine.reset()
        page = self._notebook.page
        page.room = message["room"]
        sys.stdout, sys.stderr = page.stdout, page.stderr
        process = os.getpid()
        self._seal.checking = True
        answer: Message = {}
        try:
            with self._reserve:
                self._checks.verify(message["name"], self._notebook.namespace)
        except self._checks.CheckFailed as failure:
            picture = _picture(failure.picture) if message["drawn"] else {}
            answer = {"sentence": str(failure), "picture": picture, "endless": failure.endless}
        except MemoryError:
            raise
        except BaseException as error:
            answer = {"sentence": f"Your code stopped the check with {_described(error)}."}
        finally:
            self._seal.checking = False
        changed = "process" if os.getpid() != process else self._pristine.tampered()
        self._touched = bool(changed)
        if changed and not answer:
            answer = {"sentence": f"Your code changed {changed} while it was checked."}
        return answer or {"word": self._proof(message)}

    def _proof(self, message: Message) -> str:
        return proof(self._secret["key"], message["word"], message["name"]) if message["word"] else ""

    def _explain(self, message: Message) -> Message:
        """Run a cell that waits for ever under the explorer, and say who waits for whom."""
        search = self._seal.load("helpers.interleave.search")
        code = compile(message["source"], f"<cell {message['number']}>", "exec", dont_inherit=True)
        found = search.explore(lambda: dict(self._notebook.namespace), [lambda names: exec(code, names)], seconds=3)
        if found.failure is None or found.verdict is not search.Verdict.DEADLOCK:
            return {}
        picture = self._seal.load("helpers.interleave.draw").SchedulePicture(found.failure)
        return {"sentence": found.failure.outcome, "picture": _picture(picture)}


def _threads() -> int:
    return len(listdir("/proc/self/task"))  # noqa: PTH208 - a student could have patched pathlib


def _check_later(grade_id: str, namespace: object) -> None:
    """Stand in for `check` where a student's own cell calls it: the real ones come when all cells have run."""


def _described(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:300]
    except Exception:
        return type(error).__name__


def _picture(picture: Any) -> Message:
    """Return a schedule as SVG and its description; the grader makes of them what is safe in a browser."""
    if picture is None:
        return {}
    try:
        data, _ = picture._repr_mimebundle_(include=_DRAWN)
        return {kind: data[kind] for kind in _DRAWN}
    except Exception:  # a sentence without its picture is better than neither
        return {}


def _points(value: object) -> float | str:
    """Return the value of a test's last expression as nbgrader would read it from the notebook."""
    try:
        return float(repr(value))
    except ValueError:
        return "all"
