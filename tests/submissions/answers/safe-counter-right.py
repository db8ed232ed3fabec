"""Right answers to safe-counter: unusual classes to which no increment is lost."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% lock in both methods
import threading

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

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% get without the lock
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self._lock = threading.Lock()

    def increment(self):
        with self._lock:
            self.value = self.value + 1

    def get(self):
        return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print("Final value:", c.get())

# %% lock imported from threading
from threading import Lock

class SafeCounter(object):
    def __init__(self):
        self.value, self.mutex = 0, Lock()

    def increment(self):
        with self.mutex:
            self.value += 1

    def get(self):
        with self.mutex:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(f"Final value: {counter.get()}")

# %% threading under a short name
import threading as t

class SafeCounter:
    def __init__(self):
        self.l = t.Lock()
        self.value = 0

    def increment(self):
        self.l.acquire()
        self.value += 1
        self.l.release()

    def get(self):
        return self.value

sc = SafeCounter()
n = 0
while n < 100:
    sc.increment()
    n += 1
print(f"The counter stands at {sc.value}.")

# %% acquire, try, finally
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock.acquire()
        try:
            self.value += 1
        finally:
            self.lock.release()

    def get(self):
        self.lock.acquire()
        try:
            return self.value
        finally:
            self.lock.release()

# %% lock in a dataclass field
from dataclasses import dataclass, field
from threading import Lock

@dataclass
class SafeCounter:
    value: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def increment(self) -> None:
        with self._lock:
            self.value += 1

    def get(self) -> int:
        with self._lock:
            return self.value

counter = SafeCounter()
[counter.increment() for _ in range(100)]
print(counter)

# %% dataclass with slots and no init argument
import threading
from dataclasses import dataclass, field

@dataclass(slots=True, eq=False)
class SafeCounter:
    value: int = field(default=0, init=False)
    guard: threading.Lock = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        self.guard = threading.Lock()

    def increment(self):
        with self.guard:
            self.value += 1

    def get(self):
        return self.value

# %% plain slots
from threading import Lock

class SafeCounter:
    """A counter for several threads."""
    __slots__ = ("value", "_lock")

    def __init__(self) -> None:
        self.value: int = 0
        self._lock = Lock()

    def increment(self) -> None:
        with self._lock:
            self.value += 1

    def get(self) -> int:
        return self.value

counter = SafeCounter()
for _ in range(100): counter.increment()
print(f"{counter.get() = }")

# %% synchronized decorator
import functools
import threading

def synchronized(method):
    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        with self.lock:
            return method(self, *args, **kwargs)
    return wrapper

class SafeCounter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    @synchronized
    def increment(self):
        self.value += 1

    @synchronized
    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("counter =", counter.get())

# %% private helper that adds
import threading
from functools import partialmethod

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.__lock = threading.Lock()

    def _add(self, amount):
        with self.__lock:
            self.value += amount

    increment = partialmethod(_add, 1)

    def get(self):
        with self.__lock:
            return self.value

# %% context manager method
import threading
from contextlib import contextmanager

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    @contextmanager
    def locked(self):
        self.lock.acquire()
        try:
            yield self
        finally:
            self.lock.release()

    def increment(self):
        with self.locked():
            self.value += 1

    def get(self):
        with self.locked() as me:
            return me.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% exit stack
import threading
from contextlib import ExitStack

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with ExitStack() as stack:
            stack.enter_context(self.lock)
            self.value += 1

    def get(self):
        return self.value

# %% base class with the lock
import threading

class Lockable:
    def __init__(self):
        self._lock = threading.Lock()

    def __enter__(self):
        self._lock.acquire()
        return self

    def __exit__(self, *exc_info):
        self._lock.release()

class SafeCounter(Lockable):
    def __init__(self):
        super().__init__()
        self.value = 0

    def increment(self):
        with self:
            self.value += 1

    def get(self):
        with self:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% unsafe base class made safe
import threading

class Counter:
    def __init__(self):
        self.value = 0

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

class SafeCounter(Counter):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            super().increment()

# %% reentrant lock and get inside increment
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.RLock()

    def increment(self):
        with self.lock:
            self.value = self.get() + 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("After 100 increments:", counter.get())

# %% condition used as a lock
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.changed = threading.Condition(threading.Lock())

    def increment(self):
        with self.changed:
            self.value += 1
            self.changed.notify_all()

    def get(self):
        with self.changed:
            return self.value

# %% one lock for the whole class
import threading

class SafeCounter:
    _lock = threading.Lock()

    def __init__(self):
        self.value = 0

    def increment(self):
        with SafeCounter._lock:
            self.value += 1

    def get(self):
        with self._lock:
            return self.value

# %% lock of the module
import threading

LOCK = threading.Lock()

class SafeCounter:
    def __init__(self):
        self.value = 0

    def increment(self):
        with LOCK:
            self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% closures over a local lock
from threading import Lock

class SafeCounter:
    def __init__(self):
        self.value = 0
        lock = Lock()

        def increment():
            with lock:
                self.value += 1

        def get():
            with lock:
                return self.value

        self.increment = increment
        self.get = get

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% value as a property
import threading

class SafeCounter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, number):
        self._value = number

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

# %% lock as a default argument
import threading

class SafeCounter:
    def __init__(self, value=0, lock=threading.Lock()):
        self.value = value
        self.lock = lock

    def increment(self, lock=None):
        with lock or self.lock:
            self.value += 1

    def get(self):
        return self.value

c = SafeCounter()
for x in range(1, 101):
    c.increment()
print("value is " + str(c.get()))

# %% metaclass that gives the lock
import threading

class WithLock(type):
    def __call__(cls, *args, **kwargs):
        obj = super().__call__(*args, **kwargs)
        obj.lock = threading.Lock()
        return obj

class SafeCounter(metaclass=WithLock):
    def __init__(self):
        self.value = 0

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

# %% lock made in new
import threading

class SafeCounter:
    def __new__(cls):
        self = super().__new__(cls)
        self.lock = threading.Lock()
        return self

    def __init__(self):
        self.value = 0

    def increment(self):
        with self.lock:
            self.value += 1
            return self.value

    def get(self):
        return self.value

# %% walrus and a returned value
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value = (new := self.value + 1)
        return new

    def get(self):
        with self.lock:
            current = self.value
        return current

counter = SafeCounter()
for _ in range(100):
    last = counter.increment()
print(last)

# %% early return with an amount of one
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self, times: int = 1):
        if times < 1:
            return
        with self.lock:
            for _ in range(times):
                self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(f"Expected 100, got {counter.get()}")

# %% two locks in the same order
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.outer = threading.Lock()
        self.inner = threading.Lock()

    def increment(self):
        with self.outer:
            with self.inner:
                self.value += 1

    def get(self):
        with self.outer, self.inner:
            return self.value

# %% temporary variable inside the lock
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        lock = self.lock
        with lock:
            current = self.value
            current += 1
            self.value = current

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
    if counter.get() % 25 == 0:
        print("now at", counter.get())
print("final:", counter.get())

# %% waits in slices until the lock is free
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        while not self.lock.acquire(timeout=0.5):
            continue
        try:
            self.value += 1
        finally:
            self.lock.release()

    def get(self):
        return self.value

# %% tries until the lock is free
import threading
import time

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        while not self.lock.acquire(blocking=False):
            time.sleep(0)
        self.value += 1
        self.lock.release()

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% setattr and getattr under the lock
import operator
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            setattr(self, "value", operator.add(getattr(self, "value"), 1))

    def get(self):
        with self.lock:
            return self.__dict__["value"]

# %% next of an itertools count
import itertools
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def increment(self):
        with self._lock:
            self.value = next(self._numbers)

    def get(self):
        with self._lock:
            return self.value

# %% locks kept in a dictionary
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.locks = {"value": threading.Lock()}

    def increment(self):
        with self.locks["value"] as got_it:
            if got_it:
                self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% tried from real threads as well
import threading
from concurrent.futures import ThreadPoolExecutor

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

counter = SafeCounter()
with ThreadPoolExecutor(max_workers=4) as pool:
    for _ in range(100):
        pool.submit(counter.increment)
print(counter.get())

# %% increment through iadd
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def __iadd__(self, other):
        with self.lock:
            self.value += other
        return self

    def increment(self):
        self += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% type hints and final
import threading
from typing import Final

class SafeCounter:
    value: int
    _lock: Final[threading.Lock]

    def __init__(self: "SafeCounter") -> None:
        self.value = 0
        self._lock = threading.Lock()

    def increment(self: "SafeCounter") -> None:
        """Add one."""
        with self._lock:
            self.value += 1

    def get(self: "SafeCounter") -> int:
        """Return the value."""
        return self.value

def main() -> None:
    counter = SafeCounter()
    for _ in range(100):
        counter.increment()
    print(f"Final value: {counter.get():d}")

if __name__ == "__main__":
    main()

# %% binary semaphore beside the lock
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
        self.turn = threading.BoundedSemaphore(1)

    def increment(self):
        with self.turn:
            with self.lock:
                self.value += 1

    def get(self):
        with self.lock:
            return self.value

# %% mixin, generic and match
import threading
from typing import Generic, TypeVar

T = TypeVar("T")

class Guarded(Generic[T]):
    def __init__(self, start: T):
        self.guard = threading.Lock()
        self.value = start

    def update(self, function):
        with self.guard:
            self.value = function(self.value)

class SafeCounter(Guarded[int]):
    def __init__(self):
        super().__init__(0)

    def increment(self):
        self.update(lambda v: v + 1)

    def get(self):
        match self.value:
            case int(number):
                return number

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("counter.get() ->", counter.get())

# %% a note outside the lock who was here last
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.last = None
        self.lock = threading.Lock()
    def increment(self):
        self.last = threading.current_thread().name
        with self.lock:
            self.value += 1
    def get(self):
        return self.value
counter = SafeCounter()
for _ in range(100): counter.increment()
print(counter.get(), counter.last)

# %% generator based increments with send
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def _steps(self):
        with self.lock:
            self.value += 1
            yield
    def increment(self):
        for _ in self._steps(): pass
    def get(self):
        return self.value

# %% lock by multiple inheritance with cooperative super
import threading
class HasLock:
    def __init__(self, **kw):
        super().__init__(**kw)
        self.lock = threading.Lock()
class HasValue:
    def __init__(self, value=0, **kw):
        super().__init__(**kw)
        self.value = value
class SafeCounter(HasLock, HasValue):
    def increment(self):
        with self.lock: self.value = sum((self.value, 1))
    def get(self): return self.value
c = SafeCounter()
for k in [None] * 100:
    c.increment()
print(str(c.get()).rjust(5, "."))

# %% token queue only
import threading, queue
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
        self._q = queue.SimpleQueue()
        self._q.put("token")
    def increment(self):
        with self.lock:
            token = self._q.get()
            self.value = self.value + 1
            self._q.put(token)
    def get(self):
        with self.lock:
            return self.value

# %% event queue token as lock beside the lock
import threading, queue
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
        self.token = queue.Queue(maxsize=1)
        self.token.put(None)
    def increment(self):
        t = self.token.get()
        try:
            with self.lock:
                self.value += 1
        finally:
            self.token.put(t)
    def get(self):
        return self.value

# %% semaphore as the lock
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Semaphore()
    def increment(self):
        with self.lock: self.value += 1
    def get(self):
        with self.lock: return self.value

# %% condition variable as hand-made lock
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.cond = threading.Condition()
        self.lock = threading.Lock()
        self.busy = False
    def increment(self):
        with self.cond:
            while self.busy:
                self.cond.wait()
            self.busy = True
        self.value += 1
        with self.cond:
            self.busy = False
            self.cond.notify()
    def get(self):
        return self.value

# %% increments through a worker thread joined under the lock
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def _bump(self):
        with self.lock:
            self.value += 1
    def increment(self):
        t = threading.Thread(target=self._bump)
        t.start()
        t.join()
    def get(self):
        return self.value

# %% increments recorded in a deque and summed
import threading
from collections import deque
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.pending = deque()
        self.lock = threading.Lock()
    def increment(self):
        self.pending.append(1)
        self._drain()
    def _drain(self):
        with self.lock:
            while self.pending:
                self.value += self.pending.popleft()
    def get(self):
        return self.value

# %% class decorator that wraps methods
import threading, functools
def synchronized(cls):
    init = cls.__init__
    @functools.wraps(init)
    def __init__(self, *a, **k):
        self.monitor = threading.Lock()
        init(self, *a, **k)
    cls.__init__ = __init__
    for name, f in list(vars(cls).items()):
        if callable(f) and not name.startswith("_"):
            def make(f):
                @functools.wraps(f)
                def run(self, *a, **k):
                    with self.monitor:
                        return f(self, *a, **k)
                return run
            setattr(cls, name, make(f))
    return cls
@synchronized
class SafeCounter:
    def __init__(self):
        self.value = 0
    def increment(self):
        self.value += 1
    def get(self):
        return self.value

# %% retry until acquired with timeout
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        if self.lock.acquire(timeout=1):
            try:
                self.value += 1
            finally:
                self.lock.release()
        else:
            self.increment()
    def get(self):
        return self.value

# %% finally returns after release
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        try:
            self.lock.acquire()
            self.value += 1
        except Exception:
            raise
        else:
            pass
        finally:
            if self.lock.locked():
                self.lock.release()
    def get(self):
        return self.value

# %% weak key dictionary of locks
import threading, weakref
LOCKS = weakref.WeakKeyDictionary()
class SafeCounter:
    def __init__(self):
        self.value = 0
        LOCKS[self] = threading.Lock()
    def increment(self):
        with LOCKS[self]:
            self.value += 1
    def get(self): return self.value

# %% a global lock looked up by its name
import threading

guard = threading.Lock()

class SafeCounter:
    def __init__(self):
        self.value = 0

    def increment(self):
        with globals()["guard"]:
            self.value += 1

    def get(self):
        with eval("guard"):
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% a global lock under a name put together
import threading

guard_1 = threading.Lock()

def guard(number):
    return globals()[f"guard_{number}"]

class SafeCounter:
    def __init__(self):
        self.value = 0

    def increment(self):
        with guard(1):
            self.value += 1

    def get(self):
        with guard(1):
            return self.value

# %% compare and swap
import threading
class Atomic:
    def __init__(self): self.number = 0; self._lock = threading.Lock()
    def swap(self, old, new):
        with self._lock:
            if self.number != old: return False
            self.number = new
            return True
class SafeCounter:
    def __init__(self): self._atomic = Atomic()
    @property
    def value(self): return self._atomic.number
    def increment(self):
        while not self._atomic.swap(old := self.value, old + 1): pass
    def get(self): return self.value
counter = SafeCounter()
for _ in range(100): counter.increment()
print(counter.get())
