"""Wrong answers to safe-counter: each loses, holds up or invents an increment in its own way."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.
# Where an answer would block its own cell for ever, it has no demonstration.

# %% no lock at all
# There is no lock, so two threads may read the same value.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% lock made but never used
# The lock is made and nobody takes it.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.value += 1

    def get(self):
        return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% lock made anew in every call
# The lock is made anew in every call, so it protects nothing.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        lock = threading.Lock()
        with lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% lock around the read only
# The value is written after the lock has been given back.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            current = self.value
        self.value = current + 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% lock around the write only
# The value is read before the lock is taken.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        current = self.value
        with self.lock:
            self.value = current + 1

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% new value computed before the lock
# The sum is computed from a value read before the lock is taken.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        new = self.value + 1
        self.lock.acquire()
        try:
            self.value = new
        finally:
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% two critical sections
# Reading and writing are two separate critical sections, and another thread fits between them.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            current = self.value
        with self.lock:
            self.value = current + 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% get and set each locked
# The value is read by get() and written in a second critical section.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        value = self.get()
        with self.lock:
            self.value = value + 1

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% released before the addition
# The lock is given back before the addition.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock.acquire()
        self.lock.release()
        self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% with block around pass
# The addition stands outside the with block.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            pass
        self.value += 1

    def get(self):
        with self.lock:
            return self.value

# %% never released
# increment() never gives the lock back, so the second call waits for ever.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock.acquire()
        self.value += 1

    def get(self):
        return self.value

# %% released on one path only
# The lock is given back only while the value is below 2, so later calls wait for ever.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock.acquire()
        self.value += 1
        if self.value < 2:
            self.lock.release()

    def get(self):
        return self.value

# %% early return while holding
# The early return leaves with the lock still taken.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock.acquire()
        if self.value > 0:
            self.value += 1
            return
        self.value += 1
        self.lock.release()

    def get(self):
        return self.value

# %% release after the return
# The release stands after the return and is never reached, so the second get() waits for ever.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        self.lock.acquire()
        return self.value
        self.lock.release()

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% get forgets to release
# get() takes the lock and does not give it back.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        self.lock.acquire()
        value = self.value
        return value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% skipped when the lock is busy
# An increment is dropped when another thread holds the lock.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        if self.lock.acquire(blocking=False):
            self.value += 1
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% result of a non-blocking acquire ignored
# Nobody asks whether the lock was got, so the addition also happens without it.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        got = self.lock.acquire(False)
        self.value += 1
        if got:
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% gives up after a timeout
# When the timeout runs out, the increment is dropped.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        if not self.lock.acquire(timeout=0.01):
            return
        try:
            self.value += 1
        finally:
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% adds anyway after a timeout
# When the timeout runs out, the addition happens without the lock.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        got = self.lock.acquire(timeout=0.01)
        self.value += 1
        if got:
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% semaphore that admits two
# The semaphore lets two threads in at once.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Semaphore(2)

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

# %% value shared by all counters
# The value belongs to the class, so all counters count together.
import threading

class SafeCounter:
    def __init__(self):
        SafeCounter.value = 0
        self.lock = threading.Lock()

    value = 0

    def increment(self):
        with self.lock:
            SafeCounter.value += 1

    def get(self):
        with self.lock:
            return SafeCounter.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% value in a global variable
# All counters share one global number.
import threading

total = 0

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        global total
        with self.lock:
            total += 1
            self.value = total

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% adds two
# Each increment adds 2 instead of 1.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 2

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(50):
    counter.increment()
print(counter.get())

# %% counts in floats
# The value becomes a float instead of a whole number.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1.0

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% starts at one
# The value starts at 1 instead of 0.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 1
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

# %% starts at false
# The value starts as False, which is a bool and not the number 0.
import threading

class SafeCounter:
    def __init__(self):
        self.value = False
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% starts at none and hides it
# The value starts as None and becomes a number only with the first increment.
import threading

class SafeCounter:
    def __init__(self):
        self.value = None
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value = (self.value or 0) + 1

    def get(self):
        return self.value or 0

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% get returns a string
# get() returns the value as text.
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
            return str(self.value)

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% get prints and returns nothing
# get() prints the value and returns None.
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
            print(self.value)

counter = SafeCounter()
for _ in range(100):
    counter.increment()
counter.get()

# %% get starts over
# get() sets the value back to 0.
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
            value, self.value = self.value, 0
            return value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% get adds one itself
# get() changes the value that it shows.
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
            self.value += 1
            return self.value - 1

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% get remembers its first answer
# get() goes on returning the value that it found when it was first called.
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
            if not hasattr(self, "seen"):
                self.seen = self.value
            return self.seen

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% increment returns without storing
# increment() returns the next number but does not store it.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            return self.value + 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.value = counter.increment()
print(counter.get())

# %% local variable instead of the attribute
# Only a local variable is increased.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            value = self.value
            value += 1

    def get(self):
        with self.lock:
            return self.value

# %% checked outside and written inside
# The number is read outside the lock, and the check inside does not read it again for the sum.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        old = self.value
        with self.lock:
            if self.value >= old:
                self.value = old + 1

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% dropped when somebody was faster
# When the value has changed meanwhile, the increment is dropped instead of tried again.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        old = self.value
        with self.lock:
            if self.value == old:
                self.value = old + 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% lock renewed by each increment
# Each increment puts a new lock in place of the one that others wait for.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock = threading.Lock()
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% lock renewed by get
# get() replaces the lock while another thread may hold the old one.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        self.lock = threading.Lock()
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% a lock for every thread
# Each thread has a lock of its own, so nobody ever waits for anybody.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.local = threading.local()

    def increment(self):
        if not hasattr(self.local, "lock"):
            self.local.lock = threading.Lock()
        with self.local.lock:
            self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% locks by thread name
# The locks are kept by thread, so two threads never share one.
import threading
from collections import defaultdict

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.locks = defaultdict(threading.Lock)

    def increment(self):
        with self.locks[threading.get_ident()]:
            self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% locks picked in turn
# The calls use two locks in turn, so two increments run at once.
import threading
import itertools

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.locks = itertools.cycle([threading.Lock(), threading.Lock()])

    def increment(self):
        with next(self.locks):
            self.value += 1

    def get(self):
        return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% null context
# nullcontext() does nothing, so the lock is not taken.
import threading
from contextlib import nullcontext

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with nullcontext(self.lock):
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% lock only if it is free
# When the lock is taken, the addition happens without it.
import threading
from contextlib import nullcontext

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock if not self.lock.locked() else nullcontext():
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% lock made when first needed
# Two threads may both find no lock and make one each.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = None

    def increment(self):
        if self.lock is None:
            self.lock = threading.Lock()
        with self.lock:
            self.value += 1

    def get(self):
        return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% sleep as protection
# Waiting a moment does not keep another thread out.
import threading
import random
import time

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        time.sleep(random.random() / 10000)
        self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% event as a lock
# Two threads may both find the event set before one of them clears it.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
        self.free = threading.Event()
        self.free.set()

    def increment(self):
        self.free.wait()
        self.free.clear()
        self.value += 1
        self.free.set()

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% busy flag
# Two threads may both find the flag down before one of them raises it.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.busy = False

    def increment(self):
        while self.busy:
            pass
        self.busy = True
        self.value += 1
        self.busy = False

    def get(self):
        return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% hand-made lock that is not atomic
# Testing and setting the owner are two steps, so two threads may both get in.
import threading

class MyLock:
    def __init__(self):
        self.taken = False

    def __enter__(self):
        while self.taken:
            pass
        self.taken = True

    def __exit__(self, *exc_info):
        self.taken = False

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = MyLock()

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% acquired only if not locked
# The question and the acquire are skipped when the lock is taken, and the release then frees another thread's lock.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        if not self.lock.locked():
            self.lock.acquire()
        self.value += 1
        if self.lock.locked():
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% parentheses forgotten
# Without parentheses acquire and release are only named, not called.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        self.lock.acquire
        self.value += 1
        self.lock.release

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% deadlock with itself
# increment() holds the lock and calls get(), which waits for the same lock for ever.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value = self.get() + 1

    def get(self):
        with self.lock:
            return self.value

# %% two locks in opposite order
# increment() and get() take the two locks in opposite order, so they can wait for each other for ever.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.read_lock = threading.Lock()
        self.write_lock = threading.Lock()

    def increment(self):
        with self.write_lock:
            with self.read_lock:
                self.value += 1

    def get(self):
        with self.read_lock:
            with self.write_lock:
                return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% read lock and write lock
# The value is read under one lock and written under another.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.read_lock = threading.Lock()
        self.write_lock = threading.Lock()

    def increment(self):
        with self.read_lock:
            value = self.value
        with self.write_lock:
            self.value = value + 1

    def get(self):
        with self.read_lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% decorator with a lock per call
# The decorator makes a new lock in every call.
import threading

def locked(method):
    def wrapper(self):
        with threading.Lock():
            return method(self)
    return wrapper

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    @locked
    def increment(self):
        self.value += 1

    @locked
    def get(self):
        return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% context manager that lets go too soon
# The context manager gives the lock back before the block runs.
import threading
from contextlib import contextmanager

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    @contextmanager
    def locked(self):
        with self.lock:
            pass
        yield

    def increment(self):
        with self.locked():
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% generator method
# The yield makes increment() a generator, so calling it does nothing.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1
            yield self.value

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    next(counter.increment())
print(counter.get())

# %% condition that waits in the middle
# wait() gives the lock back between reading and writing.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Condition()

    def increment(self):
        with self.lock:
            value = self.value
            self.lock.wait(timeout=0.0001)
            self.value = value + 1

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% addition left to a thread
# increment() comes back before the thread that it started has added anything.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def _add(self):
        with self.lock:
            self.value += 1

    def increment(self):
        threading.Thread(target=self._add).start()

    def get(self):
        with self.lock:
            return self.value

# %% stops at one hundred
# The counter never goes above 100.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            if self.value < 100:
                self.value += 1

    def get(self):
        with self.lock:
            return self.value

c = SafeCounter()
for i in range(100):
    c.increment()
print(f"Final value: {c.get()}")

# %% released twice
# The with block and the extra release give the lock back twice, which raises an error.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.value += 1
            self.lock.release()

    def get(self):
        with self.lock:
            return self.value

# %% class instead of an object
# self.lock is the class Lock itself and cannot be used with `with`.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock

    def increment(self):
        with self.lock:
            self.value += 1

    def get(self):
        with self.lock:
            return self.value

# %% demonstration counts ninety-nine
# The class is right, but range(1, 100) has only 99 numbers.
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
for i in range(1, 100):
    counter.increment()
print(counter.get())

# %% demonstration prints before counting
# The class is right, but the value is printed before the loop.
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
print("Final value:", counter.get())
for _ in range(100):
    counter.increment()

# %% demonstration prints the method
# The class is right, but get is printed instead of called.
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
print(counter.get)

# %% undone when another thread came in
# An exception on a busy lock is swallowed together with the increment.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()

    def increment(self):
        try:
            if self.lock.locked():
                raise RuntimeError("busy")
            with self.lock:
                self.value += 1
        except RuntimeError:
            pass

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print("Value:", counter.value)

# %% value stored after the lock
# The value is set from a length taken after the lock was given back.
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.marks = []
        self.lock = threading.Lock()

    def increment(self):
        with self.lock:
            self.marks.append(1)
            n = len(self.marks)
        self.value = n

    def get(self):
        with self.lock:
            return self.value

counter = SafeCounter()
for _ in range(100):
    counter.increment()
print(counter.get())

# %% list append without the lock
# The lock is never taken; that nothing is lost is luck of this Python.
import threading
class SafeCounter:
    def __init__(self):
        self._hits = []
        self.lock = threading.Lock()
    @property
    def value(self): return len(self._hits)
    def increment(self): self._hits.append(1)
    def get(self): return len(self._hits)

# %% loop of a thousand
# The cell prints 1000, which only begins like 100.
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        with self.lock:
            self.value += 1
    def get(self):
        return self.value
counter = SafeCounter()
for _ in range(1000): counter.increment()
print(counter.get())

# %% three tries and a nap
# Whoever finds the lock taken three times gives up.
import threading, time
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        for _ in range(3):
            if self.lock.acquire(blocking=False):
                self.value += 1
                self.lock.release()
                return
            time.sleep(0.01)
    def get(self):
        return self.value

# %% locked checked then with
# An increment is skipped while somebody holds the lock.
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        if not self.lock.locked():
            with self.lock:
                self.value += 1
    def get(self): return self.value

# %% two rlocks alternately by parity
# Which of two locks is taken depends on the value that they should protect.
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.a, self.b = threading.Lock(), threading.Lock()
    def increment(self):
        with (self.a if self.value % 2 else self.b):
            self.value += 1
    def get(self): return self.value

# %% copy on write under lock of the read only via replace
# The larger of two equal values is kept, so one increment is lost.
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def read(self):
        with self.lock: return self.value
    def increment(self):
        new = self.read() + 1
        self.lock.acquire()
        self.value = max(self.value, new)
        self.lock.release()
    def get(self): return self.value

# %% read lock in add via property
# Reading and writing are two critical sections of a property.
import threading
class SafeCounter:
    def __init__(self):
        self._value = 0
        self._lock = threading.Lock()
    @property
    def value(self):
        with self._lock: return self._value
    @value.setter
    def value(self, v):
        with self._lock: self._value = v
    def increment(self):
        self.value += 1
    def get(self): return self.value

# %% RLock released twice by mistake
# A reentrant lock is taken twice and given back once.
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.RLock()
    def increment(self):
        self.lock.acquire()
        self.lock.acquire()
        self.value += 1
        self.lock.release()
    def get(self): return self.value

# %% a minute of patience then on without the lock
# After a minute without the lock, the increment is dropped.
import threading
class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        got = self.lock.acquire(timeout=60)
        if got:
            self.value += 1
            self.lock.release()
    def get(self): return self.value

# %% lock taken by the first reader only
# Two readers at once may lose one of them from the count, and the lock is never given back.
import threading
class SafeCounter:
    def __init__(self): self.value = 0; self.lock = threading.Lock(); self.readers = 0
    def increment(self):
        with self.lock: self.value += 1
    def get(self):
        self.readers += 1
        if self.readers == 1: self.lock.acquire()
        value = self.value
        self.readers -= 1
        if self.readers == 0: self.lock.release()
        return value
