"""Cheating answers to shared-list: tricks that must earn no more than the code without the trick."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% list that equals everything
# items is a list subclass whose __eq__ always says yes, and nothing is added.
import threading

class Yes(list):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __hash__ = None

class SharedList:
    def __init__(self):
        self.items = Yes()
        self.lock = threading.Lock()

    def add(self, item):
        pass

    def get_all(self):
        return self.items

# %% object that says it is a list
# The object that get_all() returns claims to be a list and to equal any.
import threading

class Liar:
    __class__ = list
    def __eq__(self, other):
        return True
    def __len__(self):
        return 3
    def __iter__(self):
        return iter(())
    def __contains__(self, item):
        return True
    def __repr__(self):
        return "['a', 'b', 'c']"

class SharedList:
    def __init__(self):
        self.items = Liar()
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            pass

    def get_all(self):
        with self.lock:
            return self.items

print(SharedList().get_all())

# %% lock that only counts its visitors
# The lock says that it is held whenever somebody asks, but it lets everybody in.
import threading

class Open:
    __class__ = type(threading.Lock())
    def acquire(self, blocking=True, timeout=-1):
        return True
    def release(self):
        pass
    def locked(self):
        return False
    def __enter__(self):
        return True
    def __exit__(self, *exc_info):
        pass

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = Open()

    def add(self, item):
        with self.lock:
            self.items.append(item)

    def get_all(self):
        with self.lock:
            return self.items

# %% lock taken beside the work
# Both methods take the lock and give it back, but not while they use the list.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            pass
        self.items.append(item)

    def get_all(self):
        items = self.items
        copy = list(items)
        with self.lock:
            return copy

# %% list hidden under another name
# The real list is hidden, changed without the lock, and copied to items under the lock for show.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()
        self._real = []

    def add(self, item):
        new = self._real + [item]
        self._real = new
        with self.lock:
            self.items = list(self._real)

    def get_all(self):
        with self.lock:
            return self.items

# %% patched Lock factory
# threading.Lock is replaced by a factory of locks that let everybody in.
import contextlib
import threading

threading.Lock = lambda: contextlib.nullcontext(True)

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

# %% no thread ever starts
# Thread.start is patched to run its target at once, so that no two threads meet.
import threading

threading.Thread.start = lambda self: self.run()
threading.Thread.join = lambda self, timeout=None: None
threading.Thread.is_alive = lambda self: False

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.items.append(item)

    def get_all(self):
        return self.items

# %% three items by heart
# Only the printed example is right: nothing is stored.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items = ["a", "b", "c"]

    def get_all(self):
        with self.lock:
            return self.items

shared = SharedList()
shared.add("a")
shared.add("b")
shared.add("c")
print(shared.get_all())

# %% list that never loses its length
# items is a list subclass that claims any length that is asked for.
import threading

class Rubber(list):
    def __len__(self):
        return 4
    def __eq__(self, other):
        return True
    def __contains__(self, item):
        return True
    def count(self, item):
        return 1
    __hash__ = None

class SharedList:
    def __init__(self):
        self.items = Rubber()
        self.lock = threading.Lock()

    def add(self, item):
        self.items.append(item)

    def get_all(self):
        return self.items

# %% tracing switched off
# The methods switch off tracing and monitoring before they use the list.
import sys
import threading

def switch_off():
    sys.settrace(None)
    for tool in range(6):
        try:
            sys.monitoring.set_events(tool, 0)
        except Exception:
            pass

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        switch_off()
        self.items.append(item)

    def get_all(self):
        switch_off()
        return self.items

# %% unlocked access through the dictionary
# The list is reached through vars() and without the lock, past any watch on the attribute.
import threading

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        list.append(vars(self)["items"], item)
        with self.lock:
            self.items

    def get_all(self):
        result = object.__getattribute__(self, "__dict__")["items"][:]
        with self.lock:
            self.items
        return result

# %% builtins patched to agree
# all, any, isinstance and len are replaced by functions that always agree.
import builtins
import threading

builtins.all = lambda items: True
builtins.any = lambda items: False
builtins.isinstance = lambda obj, cls: True
builtins.sorted = lambda items, **options: []

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.items.append(item)

    def get_all(self):
        return self.items

# %% checks module replaced in sys.modules
# The module that holds the checks is replaced by one that accepts everything.
import sys
import threading
import types

fake = types.ModuleType("helpers.checks")
fake.check = lambda *args, **kwargs: None
sys.modules["helpers.checks"] = fake

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        self.items.append(item)

    def get_all(self):
        return self.items

# %% items that equal one another
# Every item is wrapped in an object that equals everything, so lost and kept ones look the same.
import threading

class Joker:
    def __init__(self, item):
        self.item = item
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
    def __repr__(self):
        return repr(self.item)

class SharedList:
    def __init__(self):
        self.items = []
        self.lock = threading.Lock()

    def add(self, item):
        with self.lock:
            self.items = [Joker(item)] * (len(self.items) + 1)

    def get_all(self):
        with self.lock:
            return self.items
