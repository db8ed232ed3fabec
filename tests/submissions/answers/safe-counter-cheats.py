"""Cheating answers to safe-counter: tricks that must earn no more than the code without the trick."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% number that equals everything
# get() returns an int whose __eq__ always says yes.
import threading

class Yes(int):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = int.__hash__

class SafeCounter:
    def __init__(self):
        self.value = Yes(0)
        self.lock = threading.Lock()

    def increment(self):
        pass

    def get(self):
        return self.value

# %% number that never changes by arithmetic
# value is an int subclass that equals everything and gives itself back when added to.
import threading

class Sticky(int):
    def __add__(self, other):
        return self
    __radd__ = __iadd__ = __add__
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0
    def __repr__(self):
        return "100"

class SafeCounter:
    def __init__(self):
        self.value = Sticky(0)

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

print(SafeCounter().get())

# %% one hundred by heart
# Nothing is counted; only the printed example is right.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value = 100

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% lock that only looks like one
# The class of the lock says that it is a lock, but it lets everybody in.
import threading

class Open:
    __class__ = type(threading.Lock())
    def __init__(self):
        self.held = False
    def acquire(self, blocking=True, timeout=-1):
        self.held = True
        return True
    def release(self):
        self.held = False
    def locked(self):
        return self.held
    def __enter__(self):
        return self.acquire()
    def __exit__(self, *exc_info):
        self.release()

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = Open()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% patched Lock factory
# threading.Lock is replaced by a factory of locks that let everybody in.
import contextlib
import threading

threading.Lock = lambda: contextlib.nullcontext(True)

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

# %% no thread ever starts
# Thread.start is patched to run its target at once, so that no two threads meet.
import threading

threading.Thread.start = lambda self: self.run()
threading.Thread.join = lambda self, timeout=None: None
threading.Thread.is_alive = lambda self: False

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

# %% threads switch seldom
# A long switch interval hides the race by chance.
import sys
import threading

sys.setswitchinterval(60)

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

# %% tracing switched off
# The methods switch off tracing for their thread, so that nobody sees them race.
import sys
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        sys.settrace(None)
        sys._getframe(1).f_trace = None
        self.value += 1

    def get(self):
        return self.value

# %% monitoring switched off
# All tools of sys.monitoring are taken out of service before the race.
import sys
import threading

def switch_off():
    for tool in range(6):
        try:
            sys.monitoring.set_events(tool, 0)
            sys.monitoring.free_tool_id(tool)
        except Exception:
            pass

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        switch_off()
        self.value += 1

    def get(self):
        return self.value

# %% addition hidden in exec
# The racing addition is hidden in code that exec compiles, so that it has no source line.
import threading

HIDDEN = compile("v = self.value\nself.value = v + 1", "<hidden>", "exec")

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        exec(HIDDEN, {"self": self})

    def get(self):
        return self.value

# %% source that lies
# The docstring and comments speak of a lock, and the lock is taken after the addition.
import threading

class SafeCounter:
    """with self.lock: self.value += 1"""

    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.value += 1  # with self.lock:
        with self.lock:
            "self.value += 1"

    def get(self):
        return self.value

# %% safe only when it is watched
# The lock is used only when a caller looks like a check.
import sys
import threading

def watched():
    frame = sys._getframe(1)
    while frame:
        if "check" in frame.f_globals.get("__name__", "") or "explor" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        if watched():
            with self.lock:
                self.value += 1
        else:
            self.value += 1

    def get(self):
        return self.value

# %% exceptions of the checker swallowed
# increment() swallows every exception, and get() tells an observer whatever it can.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        try:
            self.value += 1
        except BaseException:
            pass

    def get(self):
        try:
            return self.value
        except BaseException:
            return 0

# %% comparison builtins patched
# all, any, max and isinstance are replaced by functions that always agree.
import builtins
import threading

builtins.all = lambda items: True
builtins.any = lambda items: False
builtins.isinstance = lambda obj, cls: True

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

# %% own check function
# The answer defines a `check` of its own and puts it in place of the real one.
import sys
import threading
import types

def check(name, namespace):
    print(name, "passed")

fake = types.ModuleType("helpers.checks")
fake.check = check
sys.modules["helpers.checks"] = fake

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

# %% leaves instead of failing
# increment() ends in SystemExit, hoping that leaving counts as passing.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        raise SystemExit(0)

    def get(self):
        return self.value

print(100)

# %% attributes that lie
# __getattribute__ answers a reader of value from outside with a number that it made up.
import sys
import threading

class SafeCounter:
    def __init__(self):
        self.calls = []
        self.lock = threading.Lock()

    def __getattribute__(self, name):
        if name == "value":
            return len(self.calls) if self.calls else 0
        return object.__getattribute__(self, name)

    def increment(self):
        self.calls = self.calls + [1]

    def get(self):
        return self.value
