"""Wrong answers to shared-list: each uses the lock, the list or its copy wrongly in its own way."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.
# Where an answer would block its own cell for ever, it has no demonstration.

# %% as it was released
# Nothing was mended: neither method uses the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.items.append(item)

    def get_all(self):
        return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% lock in add only
# get_all() reads the list without the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% lock in add only with a copy
# The copy in get_all() is made without the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        return self.items.copy()

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% lock in get_all only
# add() changes the list without the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% a lock for each method
# The two methods use different locks and so do not keep each other out.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
        self.read_lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.read_lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% released before the append
# The lock is given back before the item is appended.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.lock.acquire()
        self.lock.release()
        self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% append outside the with block
# The with block holds only a variable; the append stands outside.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            items = self.items
        items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% new lock in every call
# Every call makes a lock of its own, which nobody else can be waiting for.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with threading.Lock():
            self.items.append(item)

    def get_all(self):
        with threading.Lock():
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% lock attribute renewed
# add() puts a new lock in place of the one that another thread may hold.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.lock = threading.Lock()
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% inserted at the front
# New items come first, so the order is reversed.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.insert(0, item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% duplicates dropped
# An item that is already in the list is not added again.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            if item not in self.items:
                self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% falsy items dropped
# 0, empty strings and None are not added.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            if item:
                self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% none dropped
# None is taken for no item and is not added.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item=None):
        with self.lock:
            if item is not None:
                self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% tuple returned
# get_all() returns a tuple instead of a list.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return tuple(self.items)

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% string returned
# get_all() returns the list as text.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return str(self.items)

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% list of the class
# All objects share the one list of the class.
import threading

class SharedList:
    items = []

    def __init__(self):
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% list as a default argument
# All objects made without an argument share the default list.
import threading

class SharedList:
    def __init__(self, items=[]):
        self.items = items
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% get_all empties the list
# After get_all() the items are gone.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            result = self.items.copy()
            self.items.clear()
            return result

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% get_all binds a new list
# get_all() hands its list over and starts an empty one.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            result, self.items = self.items, []
        return result

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% generator read outside the lock
# The generator reads the list only when it is used, and then the lock is free again.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return (item for item in self.items)

shared = SharedList()
for i in range(3):
    shared.add(i)
print(list(shared.get_all()))

# %% copy made before the lock
# The list is copied before the lock is taken.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        result = self.items.copy()
        with self.lock:
            return result

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% returned after an empty with block
# The list is read after the lock has been given back.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            pass
        return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% add never releases
# add() never gives the lock back, so the next call waits for ever.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.lock.acquire()
        self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

# %% get_all never releases
# get_all() returns before it gives the lock back.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        self.lock.acquire()
        return self.items
        self.lock.release()

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% released only for new items
# The lock is given back only on one of two ways out.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.lock.acquire()
        if item in self.items:
            self.items.append(item)
            return
        self.items.append(item)
        self.lock.release()

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% semaphore that admits two
# The semaphore lets two threads in at once.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Semaphore(2)

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% dropped when the lock is busy
# An item is lost when another thread holds the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        if self.lock.acquire(blocking=False):
            try:
                self.items.append(item)
            finally:
                self.lock.release()

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% empty answer when the lock is busy
# get_all() returns an empty list when it does not get the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        if not self.lock.acquire(timeout=0.01):
            return []
        try:
            return self.items
        finally:
            self.lock.release()

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% read anyway after a timeout
# get_all() reads the list even when it did not get the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        got = self.lock.acquire(timeout=0.01)
        result = list(self.items)
        if got:
            self.lock.release()
        return result

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% copy and write back in two sections
# Between the copy and its writing back another thread may add an item, which is then lost.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            new = self.items.copy()
        new.append(item)
        with self.lock:
            self.items = new

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% new list built outside the lock
# The new list is built from one that was read without the lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        new = self.items + [item]
        with self.lock:
            self.items = new

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% parentheses forgotten
# Without parentheses acquire and release are only named, not called.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.lock.acquire
        self.items.append(item)
        self.lock.release

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% deadlock with itself
# add() holds the lock and calls get_all(), which waits for the same lock for ever.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.get_all().append(item)

    def get_all(self):
        with self.lock:
            return self.items

# %% null context
# nullcontext() does nothing, so the lock is not taken.
import threading
from contextlib import nullcontext

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with nullcontext(self.lock):
            self.items.append(item)

    def get_all(self):
        with nullcontext(self.lock):
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% extend instead of append
# extend() takes a string apart and fails for a number.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.extend(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% item wrapped in a list
# Each item is appended inside a list of its own.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append([item])

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% items stored as text
# Every item is turned into a string.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(str(item))

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% sorted copy
# The items come back sorted, not in the order in which they were added.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return sorted(self.items)

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% set instead of a list
# A set keeps neither order nor duplicates.
import threading

class SharedList:
    def __init__(self):
        self.items = set()
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.add(item)

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% nothing returned
# get_all() prints the list and returns None.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            print(self.items)

shared = SharedList()
shared.add(1)
shared.add(2)
shared.add(3)
shared.get_all()

# %% first copy kept for ever
# get_all() goes on returning the copy that it made first.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.copy = None
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            if self.copy is None:
                self.copy = list(self.items)
            return self.copy

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% no more than three items
# The list takes three items and drops the rest.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            if len(self.items) < 3:
                self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% looked at outside the lock
# add() asks for the length without the lock and writes to that place with it.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        position = len(self.items)
        with self.lock:
            self.items[position:] = [item]

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% thread's own lock
# self.lock is another lock in each thread, so nobody keeps anybody out.
import threading

class SharedList:
    @property
    def lock(self):
        if not hasattr(self._local, "lock"):
            self._local.lock = threading.Lock()
        return self._local.lock

    def __init__(self):
        self.items = []
        self._local = threading.local()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% flag instead of the lock
# Two threads may both find the flag down before one of them raises it.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.busy = False
        self.lock = threading.Lock()

    def add(self, item):
        while self.busy:
            pass
        self.busy = True
        self.items.append(item)
        self.busy = False

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% acquired only if not locked
# When the lock is taken, nobody waits for it, and the release frees another thread's lock.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        if not self.lock.locked():
            self.lock.acquire()
        self.items.append(item)
        if self.lock.locked():
            self.lock.release()

    def get_all(self):
        with self.lock:
            return self.items

numbers = SharedList()
for i in range(1, 4):
    numbers.add(i)
print("Items:", numbers.get_all())

# %% view that reads later
# get_all() returns a list made by a function that copies after the lock has been given back.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            read = lambda: list(self.items)
        return read()

s = SharedList()
for word in ["x", "y", "z"]:
    s.add(word)
print(f"All: {s.get_all()}")

# %% another lock than self.lock
# Both methods agree on a lock, but it is not self.lock, which others rely on.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
        self._guard = threading.Lock()

    def add(self, item):
        with self._guard:
            self.items.append(item)

    def get_all(self):
        with self._guard:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% demonstration adds two items
# The class is right, but only two items are added.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
print(shared.get_all())

# %% demonstration prints the method
# The class is right, but get_all is printed instead of called.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add(1)
shared.add(2)
shared.add(3)
print(shared.get_all)

# %% demonstration prints too soon
# The class is right, but the list is printed before the items are added.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
print(list(shared.get_all()))
for i in range(3):
    shared.add(i)

# %% goes on without the lock if it is taken
# Nothing is lost as long as nobody else holds the lock; whoever does is not waited for.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        got_it = self.lock.acquire(blocking=False)
        self.items.append(item)
        if got_it:
            self.lock.release()

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
for item in ("a", "b", "c"):
    shared.add(item)
print(shared.get_all())

# %% add gives up after three naps
# Whoever finds the lock taken three times gives up.
import threading, time
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
    def add(self, item):
        for _ in range(3):
            if self.lock.acquire(blocking=False):
                self.items.append(item); self.lock.release(); return
            time.sleep(0.01)
    def get_all(self):
        with self.lock: return self.items

# %% demo prints the object
# The class is right, but the object is printed instead of its list.
import threading
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
    def add(self, item):
        with self.lock: self.items.append(item)
    def get_all(self):
        with self.lock: return self.items
s = SharedList()
s.add("a"); s.add("b"); s.add("c")
print(s)

# %% get_all is a generator method
# A generator takes the lock only when somebody reads from it.
import threading
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
    def add(self, item):
        with self.lock: self.items.append(item)
    def get_all(self):
        with self.lock:
            yield from self.items

# %% lock if free: own lock class
# The lock's `with` takes it only if it is free.
import threading
class PoliteLock:
    def __init__(self): self._l = threading.Lock(); self._mine = threading.local()
    def acquire(self, blocking=True, timeout=-1):
        return self._l.acquire(blocking, timeout)
    def release(self): self._l.release()
    def __enter__(self): self._mine.got = self._l.acquire(blocking=False)
    def __exit__(self, *e):
        if self._mine.got: self._l.release()
class SharedList:
    def __init__(self): self.items = []; self.lock = PoliteLock()
    def add(self, item):
        with self.lock: self.items.append(item)
    def get_all(self):
        with self.lock: return self.items

# %% lock if free: falls back to another lock
# While the lock is taken, another one is.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock(); self.spare = threading.Lock()
    def add(self, item):
        if self.lock.acquire(blocking=False):
            try: self.items.append(item)
            finally: self.lock.release()
        else:
            with self.spare: self.items.append(item)
    def get_all(self):
        with self.lock: return self.items

# %% lock if free: waits then goes on without
# It waits for the lock, gives it back and goes on without it.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock()
    def add(self, item):
        if not self.lock.acquire(blocking=False):
            with self.lock: pass
            self.items.append(item)
            return
        self.items.append(item)
        self.lock.release()
    def get_all(self):
        with self.lock: return self.items

# %% lock if free: only the second add
# All adds but the first go on without the lock if it is taken.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock()
    def add(self, item):
        blocking = len(self.items) == 0
        got = self.lock.acquire(blocking)
        self.items.append(item)
        if got: self.lock.release()
    def get_all(self):
        with self.lock: return self.items

# %% lock if free: long timeout then goes on
# After a minute without the lock, it goes on without it.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock()
    def add(self, item):
        got = self.lock.acquire(timeout=60)
        self.items.append(item)
        if got: self.lock.release()
    def get_all(self):
        with self.lock: return self.items

# %% lock if free: buffered for later
# What comes while the lock is taken is put aside for the next add.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock(); self.later = []
    def add(self, item):
        if self.lock.acquire(blocking=False):
            try:
                self.items.extend(self.later); self.later.clear()
                self.items.append(item)
            finally: self.lock.release()
        else: self.later.append(item)
    def get_all(self):
        with self.lock: return self.items

# %% with threading.Lock type
# Without its parentheses, self.lock is no lock but makes a new one at each use.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock
    def add(self, item):
        with self.lock(): self.items.append(item)
    def get_all(self):
        with self.lock(): return self.items

# %% read inside a nested function called later
# The function is made under the lock and called after it.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock()
    def add(self, item):
        with self.lock:
            f = lambda: self.items.append(item)
        f()
    def get_all(self):
        with self.lock: return self.items

# %% lock taken by the first reader only
# Two readers at once may lose one of them from the count, and the lock is never given back.
import threading
class SharedList:
    def __init__(self): self.items = []; self.lock = threading.Lock(); self.readers = 0
    def add(self, item):
        with self.lock: self.items.append(item)
    def get_all(self):
        self.readers += 1
        if self.readers == 1: self.lock.acquire()
        items = list(self.items)
        self.readers -= 1
        if self.readers == 0: self.lock.release()
        return items
