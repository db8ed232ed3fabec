"""Right answers to shared-list: unusual classes whose two methods both hold self.lock."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% with in both methods
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
shared.add("c")
print(shared.get_all())

# %% copy of the list
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
            return self.items.copy()

my_list = SharedList()
for item in ["apple", "banana", "cherry"]:
    my_list.add(item)
print("Items:", my_list.get_all())

# %% list call and from import
from threading import Lock

class SharedList:
    def __init__(self):
        self.items = list()
        self.lock = Lock()

    def add(self, item):
        with self.lock:
            self.items += [item]

    def get_all(self):
        with self.lock:
            result = list(self.items)
        return result

s = SharedList()
s.add(1); s.add(2); s.add(3)
print(f"The list is {s.get_all()}")

# %% acquire and finally with a slice
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.lock.acquire()
        try:
            self.items.append(item)
        finally:
            self.lock.release()

    def get_all(self):
        self.lock.acquire()
        try:
            return self.items[:]
        finally:
            self.lock.release()

# %% acquire and release in plain lines
import threading as th

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = th.Lock()

    def add(self, item):
        self.lock.acquire()
        self.items.append(item)
        self.lock.release()

    def get_all(self):
        self.lock.acquire()
        items = self.items
        self.lock.release()
        return items

lst = SharedList()
lst.add("x")
lst.add("y")
lst.add("z")
all_items = lst.get_all()
print(all_items)

# %% dataclass with two factories
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

@dataclass
class SharedList:
    items: list[Any] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def add(self, item: Any) -> None:
        with self.lock:
            self.items.append(item)

    def get_all(self) -> list[Any]:
        with self.lock:
            return [*self.items]

shared = SharedList()
for n in range(3):
    shared.add(n)
print(shared.get_all())

# %% slots and a list comprehension
import threading

class SharedList:
    __slots__ = ["items", "lock"]

    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items.insert(len(self.items), item)

    def get_all(self):
        with self.lock:
            return [item for item in self.items]

# %% synchronized decorator on both methods
import functools
import threading

def synchronized(method):
    @functools.wraps(method)
    def inner(self, *args, **kwargs):
        with self.lock:
            return method(self, *args, **kwargs)
    return inner

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    @synchronized
    def add(self, item):
        self.items.append(item)

    @synchronized
    def get_all(self):
        return self.items

shared = SharedList()
list(map(shared.add, "abc"))
print(shared.get_all())

# %% generic class with a reentrant lock
import threading
from typing import Generic, TypeVar

T = TypeVar("T")

class SharedList(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []
        self.lock = threading.RLock()

    def add(self, item: T) -> None:
        with self.lock:
            self.items.append(item)
            assert self.get_all()[-1] is item

    def get_all(self) -> list[T]:
        with self.lock:
            return self.items.copy()

words = SharedList[str]()
words.add("one")
words.add("two")
words.add("three")
print(words.get_all())

# %% type parameter syntax
import threading

class SharedList[T]:
    def __init__(self) -> None:
        self.items: list[T] = []
        self.lock = threading.Lock()

    def add(self, item: T) -> None:
        with self.lock:
            self.items.extend([item])

    def get_all(self) -> list[T]:
        with self.lock:
            return self.items

# %% condition as the lock
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Condition()

    def add(self, item):
        with self.lock:
            self.items.append(item)
            self.lock.notify()

    def get_all(self):
        with self.lock:
            return list(self.items)

shared = SharedList()
shared.add("red")
shared.add("green")
shared.add("blue")
print("All items:", shared.get_all())

# %% new list bound inside the lock
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items = self.items + [item]

    def get_all(self):
        with self.lock:
            return self.items

# %% context manager of its own
import threading
from contextlib import contextmanager

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    @contextmanager
    def _locked_items(self):
        with self.lock:
            yield self.items

    def add(self, item):
        with self._locked_items() as items:
            items.append(item)

    def get_all(self):
        with self._locked_items() as items:
            return items[:]

shared = SharedList()
for word in ("to", "be", "or"):
    shared.add(word)
print(shared.get_all())

# %% exit stack and copy module
import copy
import threading
from contextlib import ExitStack

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with ExitStack() as stack:
            stack.enter_context(self.lock)
            self.items.append(item)

    def get_all(self):
        with ExitStack() as stack:
            stack.enter_context(self.lock)
            return copy.copy(self.items)

# %% base class that owns the lock
import threading

class Guarded:
    def __init__(self):
        self.lock = threading.Lock()

class SharedList(Guarded):
    def __init__(self):
        super().__init__()
        self.items = []

    def add(self, item):
        with self.lock:
            self.items.append(item)
        return self

    def get_all(self):
        with self.lock:
            return self.items

print(SharedList().add(10).add(20).add(30).get_all())

# %% mixin with enter and exit
import threading

class LockMixin:
    def __enter__(self):
        self.lock.acquire()
        return self

    def __exit__(self, *exc_info):
        self.lock.release()
        return False

class SharedList(LockMixin):
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self:
            self.items.append(item)

    def get_all(self):
        with self:
            return list(self.items)

# %% lock of the class
import threading

class SharedList:
    lock = threading.Lock()

    def __init__(self):
        self.items = []

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

# %% lock as a property
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self._lock = threading.Lock()

    @property
    def lock(self):
        return self._lock

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self._lock:
            return self.items

s = SharedList()
s.add(None)
s.add(0)
s.add("")
print(s.get_all())

# %% private helper that runs a function
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def _do(self, action):
        with self.lock:
            return action(self.items)

    def add(self, item):
        self._do(lambda items: items.append(item))

    def get_all(self):
        return self._do(list)

# %% more items at once
import threading

class SharedList:
    def __init__(self, *items):
        self.items = [*items]
        self.lock = threading.Lock()

    def add(self, item, *more):
        with self.lock:
            self.items.append(item)
            for other in more:
                self.items.append(other)

    def get_all(self):
        with self.lock:
            if not self.items:
                return []
            return self.items.copy()

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(*["shared list:", shared.get_all()])

# %% filled by three threads
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

shared_list = SharedList()
threads = [threading.Thread(target=shared_list.add, args=(i,)) for i in (1, 2, 3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("Final list:", shared_list.get_all())

# %% walrus and star
import threading

class SharedList:
    def __init__(self):
        self.items, self.lock = [], threading.Lock()

    def add(self, item):
        with (lock := self.lock):
            self.items[len(self.items):] = [item]

    def get_all(self):
        with self.lock:
            (*everything,) = self.items
        return everything

shared = SharedList()
for i in range(1, 4): shared.add(f"item {i}")
print(shared.get_all())

# %% waits in slices for the lock
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        while not self.lock.acquire(timeout=1):
            pass
        try:
            self.items.append(item)
        finally:
            self.lock.release()

    def get_all(self):
        with self.lock:
            return self.items

# %% spins with short naps
import threading, time
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
    def add(self, item):
        while not self.lock.acquire(blocking=False):
            time.sleep(0.001)
        try: self.items.append(item)
        finally: self.lock.release()
    def get_all(self):
        while not self.lock.acquire(False):
            time.sleep(0.001)
        try: return self.items[:]
        finally: self.lock.release()

# %% prints the items separated by blanks
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
s = SharedList()
s.add(1); s.add(2); s.add(3)
print(*s.get_all())

# %% decorated with a class based decorator
import threading, functools
class locked:
    def __init__(self, f): functools.update_wrapper(self, f); self.f = f
    def __get__(self, obj, cls=None): return functools.partial(self, obj)
    def __call__(self, obj, *a):
        with obj.lock: return self.f(obj, *a)
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
    @locked
    def add(self, item): self.items.append(item)
    @locked
    def get_all(self): return self.items

# %% delegates to a helper class of entries
import threading
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
        self.append = self.items.append
    def add(self, item):
        with self.lock: self.append(item)
    def get_all(self):
        with self.lock: return self.items

# %% insert at the end
import threading
class SharedList:
    def __init__(self):
        self.lock = threading.Lock()
        self.items = []
    def add(self, item):
        self.lock.acquire()
        try:
            self.items.insert(len(self.items), item)
        finally:
            self.lock.release()
    def get_all(self):
        self.lock.acquire()
        try:
            return list(map(lambda x: x, self.items))
        finally:
            self.lock.release()
shared = SharedList()
shared.add("a"); shared.add("b"); shared.add("c")
for number, item in enumerate(shared.get_all(), 1): print(number, item)

# %% first tries then blocks
import threading
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
        self.contended = 0
    def _take(self):
        if not self.lock.acquire(blocking=False):
            self.lock.acquire()
            self.contended += 1
    def add(self, item):
        self._take()
        try: self.items.append(item)
        finally: self.lock.release()
    def get_all(self):
        self._take()
        try: return self.items
        finally: self.lock.release()

# %% linked lock helper object
import threading
class Guarded:
    def __init__(self): self.lock = threading.Lock(); self.items = []
class SharedList:
    def __init__(self): self._g = Guarded()
    items = property(lambda self: self._g.items)
    lock = property(lambda self: self._g.lock)
    def add(self, item):
        g = self._g
        with g.lock: g.items.append(item)
    def get_all(self):
        with self.lock: return self._g.items[::]

# %% deepcopy free generator inside list
import threading
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
    def _each(self):
        with self.lock:
            yield from self.items
    def add(self, item):
        with self.lock: self.items.append(item)
    def get_all(self): return list(self._each())

# %% extra lock inside
import threading
class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
        self._stats_lock = threading.Lock()
        self.adds = 0
    def add(self, item):
        with self.lock:
            self.items.append(item)
        with self._stats_lock: self.adds += 1
    def get_all(self):
        with self.lock: return self.items.copy()
