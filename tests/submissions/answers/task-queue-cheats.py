"""Cheating answers to task-queue: tricks that must earn no more than the code without the trick."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% lists that equal everything
# Both lists are a list subclass whose __eq__ always says yes, and nothing is done.
class Yes(list):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __len__(self):
        return 0
    __hash__ = None

class TaskQueue:
    def __init__(self):
        self.tasks = Yes()
        self.results = Yes()

    def add_task(self, name, func, arg):
        pass

    def run_all(self):
        pass

    def get_results(self):
        return self.results

# %% results that equal everything
# The functions are not called; the stored results are objects that equal everything.
class Anything:
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, Anything()))

    def get_results(self):
        return self.results

# %% the published tasks by heart
# Only the results of the three published tasks are known.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        self.results = [("square", 25), ("double", 14), ("negate", -3)]

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% printed by heart
# The lines of the demonstration are printed as text, and the class does nothing.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        pass

    def get_results(self):
        return self.results

print("square: 25")
print("double: 14")
print("negate: -3")

# %% object that says it is a list
# results claims to be a list and to equal any.
class Liar:
    __class__ = list
    def __eq__(self, other):
        return True
    def __len__(self):
        return 0
    def __iter__(self):
        return iter(())
    def __bool__(self):
        return False
    def append(self, item):
        pass

class TaskQueue:
    def __init__(self):
        self.tasks = Liar()
        self.results = Liar()

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

# %% tuples that lie
# The tasks are a tuple subclass in the wrong order whose __eq__ always says yes.
class Pair(tuple):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __hash__ = tuple.__hash__

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append(Pair((func, arg, name)))

    def run_all(self):
        for func, arg, name in self.tasks:
            self.results.append(Pair((None, name)))

    def get_results(self):
        return self.results

# %% builtins patched to agree
# all, any, isinstance and type checks are replaced by functions that always agree.
import builtins

builtins.all = lambda items: True
builtins.any = lambda items: False
builtins.isinstance = lambda obj, cls: True

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        pass

    def get_results(self):
        return self.results

# %% checks module replaced in sys.modules
# The module that holds the checks is replaced by one that accepts everything.
import sys
import types

fake = types.ModuleType("helpers.checks")
fake.check = lambda *args, **kwargs: None
sys.modules["helpers.checks"] = fake

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        pass

    def get_results(self):
        return self.results

# %% exceptions of the checker swallowed
# run_all() swallows every exception, also one that says that a function was called wrongly.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            for attempt in (lambda: func(), lambda: func(arg, arg), lambda: func(arg), lambda: func(arg)):
                try:
                    result = attempt()
                except BaseException:
                    continue
            self.results.append((name, result))

    def get_results(self):
        return self.results

# %% leaves instead of failing
# run_all() ends in SystemExit, hoping that leaving counts as passing.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        raise SystemExit(0)

    def get_results(self):
        return self.results

# %% expected value looked up in the caller
# get_results() returns the first list of pairs that it finds in its callers' variables.
import sys

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        pass

    def get_results(self):
        frame = sys._getframe(1)
        while frame:
            for value in frame.f_locals.values():
                if type(value) is list and value and all(type(v) is tuple and len(v) == 2 for v in value):
                    return value
            frame = frame.f_back
        return self.results

# %% function called in secret
# add_task() calls the function at once and hides its result until run_all().
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []
        self.hidden = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
        self.hidden.append((name, func(arg)))

    def run_all(self):
        self.results.extend(self.hidden)

    def get_results(self):
        return self.results
