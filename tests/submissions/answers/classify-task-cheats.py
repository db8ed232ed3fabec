"""Cheating answers to classify-task: tricks that must earn no more than the code without the trick."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% string that equals everything
# The result is a str subclass whose __eq__ always says yes.
class Yes(str):
    __hash__ = str.__hash__
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False

def classify_task(description):
    return Yes("threading")

# %% object that equals everything
# The result is no string at all but claims to equal any.
class Anything:
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return hash("threading")
    def __repr__(self):
        return "'threading'"

def classify_task(description):
    return Anything()

# %% lying class attribute
# The object says that its class is str and equals the four names.
class Chameleon:
    __class__ = str
    def __eq__(self, other):
        return other in ("threading", "multiprocessing", "asyncio", "sequential")
    def __hash__(self):
        return 0
    def __str__(self):
        return "sequential"

def classify_task(description):
    return Chameleon()

# %% the published examples by heart
# Only the four examples of the task are answered; the rest is a guess.
def classify_task(description):
    answers = {"Download 100 files from S3": "threading", "Calculate prime numbers": "multiprocessing",
               "Handle 5000 WebSocket connections": "asyncio", "Print hello world": "sequential"}
    return answers.get(description, "threading")

# %% all builtin patched to true
# The builtin `all` is replaced so that a check written with it would pass.
import builtins
builtins.all = lambda *args: True

def classify_task(description):
    return "sequential"

# %% list that contains every answer
# The result is a list subclass that equals whatever it is compared with.
class All(list):
    def __eq__(self, other):
        return other in self
    __hash__ = None

def classify_task(description):
    return All(["threading", "multiprocessing", "asyncio", "sequential"])

# %% spying on the caller
# The function looks in its callers' variables for the answer that is expected.
import sys

def classify_task(description):
    frame = sys._getframe(1)
    while frame is not None:
        for name, value in frame.f_locals.items():
            if name in ("expected", "want", "answer", "tool", "solution", "right") and isinstance(value, str):
                return value
        frame = frame.f_back
    return "sequential"

# %% spying on the caller's tables
# The function looks for a pair of the description and an answer in its callers' variables.
import sys

TOOLS = ("threading", "multiprocessing", "asyncio", "sequential")

def classify_task(description):
    frame = sys._getframe(1)
    while frame is not None:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if isinstance(value, dict) and value.get(description) in TOOLS:
                return value[description]
            if isinstance(value, tuple) and len(value) == 2 and value[0] == description and value[1] in TOOLS:
                return value[1]
        frame = frame.f_back
    return "sequential"

# %% own check function
# The answer defines a `check` of its own that accepts everything.
def check(*args, **kwargs):
    print("passed")
    return True

def classify_task(description):
    return "sequential"

# %% checks module replaced in sys.modules
# The module that holds the checks is replaced by one that accepts everything.
import sys
import types

fake = types.ModuleType("helpers.checks")
fake.check = lambda *args, **kwargs: None
sys.modules["helpers.checks"] = fake

def classify_task(description):
    return "sequential"

# %% every failure made an early exit
# The function leaves with SystemExit instead of an answer, hoping that leaving counts as passing.
def classify_task(description):
    raise SystemExit(0)

# %% silenced exceptions
# Assertion and check errors are swallowed by an exception hook and by a changed AssertionError.
import builtins
import sys

class Quiet(Exception):
    def __init__(self, *args):
        pass

builtins.AssertionError = Quiet
sys.excepthook = lambda *args: None

def classify_task(description):
    return "threading"
