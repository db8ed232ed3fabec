"""Wrong answers to task-queue: each keeps the books of its tasks wrongly in its own way."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% results in a dictionary
# A dictionary of results loses a task when two have the same name.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = {}

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results[name] = func(arg)

    def get_results(self):
        return list(self.results.items())

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% same names merged on the way out
# get_results() goes through a dictionary and loses results with the same name.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return list(dict(self.results).items())

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% function called twice
# Each function is called twice, once for the test and once for the result.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            if func(arg) is not None or True:
                self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% argument unpacked
# A list or tuple given as the argument is taken apart.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            if isinstance(arg, (list, tuple)):
                self.results.append((name, func(*arg)))
            else:
                self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% falsy results left out
# A result that is 0, empty or None is not stored.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            result = func(arg)
            if result:
                self.results.append((name, result))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% none results left out
# A function that returns None leaves no result.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            result = func(arg)
            if result is not None:
                self.results.append((name, result))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% falsy argument not passed
# For the argument 0, None or an empty one the function is called without it.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg) if arg else func()))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% lists of the class
# All queues share the two lists of the class.
class TaskQueue:
    tasks = []
    results = []

    def __init__(self):
        pass

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% tasks as a default argument
# All queues made without an argument share one list of tasks.
class TaskQueue:
    def __init__(self, tasks=[]):
        self.tasks = tasks
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% run again by get_results
# get_results() calls the functions once more instead of returning what was stored.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return [(name, func(arg)) for name, func, arg in self.tasks]

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% run by get_results if nobody did
# get_results() runs the tasks itself when there are no results yet.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        if not self.results:
            self.run_all()
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% run when added
# The function is called as soon as the task is added.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
        self.results.append((name, func(arg)))

    def run_all(self):
        pass

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% result stored in the task
# add_task() calls the function and stores its result in place of the function.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func(arg), arg))

    def run_all(self):
        for name, result, arg in self.tasks:
            self.results.append((name, result))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% last task first
# pop() takes the last task, so the results are in reverse order.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        tasks = self.tasks.copy()
        while tasks:
            name, func, arg = tasks.pop()
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% results put in front
# Each result is inserted before the others, so the order is reversed.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.insert(0, (name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% result before name
# The pairs are (result, name) instead of (name, result).
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((func(arg), name))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for result, name in queue.get_results():
    print(f"{name}: {result}")

# %% tasks as lists
# The tasks are lists instead of tuples.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append([name, func, arg])

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% results as lists
# The results are lists instead of tuples.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append([name, func(arg)])

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% three arguments appended flat
# The three parts are appended one by one instead of as a tuple.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.extend((name, func, arg))

    def run_all(self):
        for i in range(0, len(self.tasks), 3):
            name, func, arg = self.tasks[i:i + 3]
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% function before name
# The tuple is (func, name, arg) instead of (name, func, arg).
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((func, name, arg))

    def run_all(self):
        for func, name, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% names forgotten
# Only the results are stored, without their names.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append(func(arg))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for task, result in zip(queue.tasks, queue.get_results()):
    print(f"{task[0]}: {result}")

# %% results stored as text
# The results are stored as printed lines instead of tuples.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append(f"{name}: {func(arg)}")

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for line in queue.get_results():
    print(line)

# %% returned inside the loop
# The return inside the loop ends run_all() after the first task.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))
            return self.results

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% last task left out
# range stops one task too early.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for i in range(len(self.tasks) - 1):
            name, func, arg = self.tasks[i]
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% removed while walking over the list
# Removing from the list over which the loop walks skips every second task.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for task in self.tasks:
            name, func, arg = task
            self.results.append((name, func(arg)))
            self.tasks.remove(task)

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% function itself stored
# The function is stored instead of what it returns.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% printed instead of stored
# run_all() prints the results and stores nothing.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            print(f"{name}: {func(arg)}")

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()

# %% map never consumed
# map() is lazy, and nobody asks for its items in run_all().
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        self.results = map(lambda task: (task[0], task[1](task[2])), self.tasks)

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% sorted by name
# The results are sorted by name instead of kept in the order of the tasks.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in sorted(self.tasks, key=lambda task: task[0]):
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% order of completion
# as_completed gives the results in the order in which they are ready.
from concurrent.futures import ThreadPoolExecutor, as_completed

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        with ThreadPoolExecutor() as pool:
            futures = {pool.submit(func, arg): name for name, func, arg in self.tasks}
            for future in as_completed(futures):
                self.results.append((futures[future], future.result()))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% threads that nobody joins
# run_all() comes back before its threads are done.
from threading import Thread

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            Thread(target=lambda n=name, f=func, a=arg: self.results.append((n, f(a)))).start()

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% late binding in the loop
# The small functions look at the loop's variables when they run, and then these are those of the last task.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        calls = []
        for name, func, arg in self.tasks:
            calls.append((name, lambda: func(arg)))
        for name, call in calls:
            self.results.append((name, call()))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% results given out once
# get_results() empties the results.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        results, self.results = self.results, []
        return results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% only the last result
# Each result overwrites the one before.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results = [(name, func(arg))]

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% repeated names refused
# A task whose name is known already is not added.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        if name not in [task[0] for task in self.tasks]:
            self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% only numbers expected
# The result is turned into an int, which changes or breaks others.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, int(func(arg))))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% results remembered by argument
# A second task with the same argument gets the first one's result.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        seen = {}
        for name, func, arg in self.tasks:
            if arg not in seen:
                seen[arg] = func(arg)
            self.results.append((name, seen[arg]))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% set of tasks
# A set keeps no order.
class TaskQueue:
    def __init__(self):
        self.tasks = set()
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.add((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% queue does not start empty
# The three tasks of the demonstration are there from the start.
class TaskQueue:
    def __init__(self):
        self.tasks = [("square", lambda x: x**2, 5), ("double", lambda x: x * 2, 7), ("negate", lambda x: -x, 3)]
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% generator returned
# get_results() returns a generator, which can be read only once.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return (result for result in self.results)

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% demonstration prints tuples
# The class is right, but the pairs are printed as tuples instead of `name: result`.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for result in queue.get_results():
    print(result)

# %% demonstration forgets to run
# The class is right, but run_all() is not called, so nothing is printed as asked.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
print("Results:")
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% demonstration squares by doubling
# The class is right, but the square is computed as x*2.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x*2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% demonstration leaves one out
# The class is right, but the third task is missing.
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x * 2, 7)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% add lost when same func
# A function that is known already is not added again.
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        
        if all(f is not func for _, f, _ in self.tasks): self.tasks.append((name, func, arg))
    def run_all(self):
        for n, f, a in self.tasks: self.results.append((n, f(a)))
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% threads joined half
# Only the first thread is waited for.
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        
        import threading
        self.results = [None] * len(self.tasks)
        def w(i): n, f, a = self.tasks[i]; self.results[i] = (n, f(a))
        ts = [threading.Thread(target=w, args=(i,)) for i in range(len(self.tasks))]
        [t.start() for t in ts]; ts[0].join()
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% cached calls
# Of two tasks with the same func and arg, only one is run.
import functools
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        c = functools.cache(lambda f, a: f(a))
        for n, f, a in self.tasks: self.results.append((n, c(f, a)))
    def get_results(self):
        return self.results

# %% closure binds late in threads
# All threads see the last task's variables.
import threading
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        out = [None] * len(self.tasks)
        ts = []
        for i, (n, f, a) in enumerate(self.tasks):
            t = threading.Thread(target=lambda: out.__setitem__(i, (n, f(a))))
            ts.append(t)
        for t in ts: t.start()
        for t in ts: t.join()
        self.results = out
    def get_results(self):
        return self.results

# %% slept instead of joined
# It sleeps instead of waiting for its threads.
import threading, time
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        out = [None] * len(self.tasks)
        def go(i, n, f, a): out[i] = (n, f(a))
        for i, t in enumerate(self.tasks): threading.Thread(target=go, args=(i, *t)).start()
        time.sleep(0.15)
        self.results = [o for o in out if o]
    def get_results(self):
        return self.results

# %% chained list
# Both names are bound to one list.
class TaskQueue:
    def __init__(self):
        self.tasks = self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        for name, func, arg in self.tasks: self.results.append((name, func(arg)))
    def get_results(self):
        return self.results

# %% get_results without doubles
# A result that was there already is left out.
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        for name, func, arg in self.tasks: self.results.append((name, func(arg)))
    def get_results(self):
        return list(dict.fromkeys(self.results))

# %% counts done tasks without a lock
# A count that another thread overwrote never reaches the number of tasks.
import time
from concurrent.futures import ThreadPoolExecutor
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        self.results = [None] * len(self.tasks)
        self.done = 0
        def work(i, name, func, arg):
            self.results[i] = (name, func(arg))
            self.done += 1
        pool = ThreadPoolExecutor(2)
        for i, task in enumerate(self.tasks):
            pool.submit(work, i, *task)
        while self.done < len(self.tasks):
            time.sleep(0.01)
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% pool whose workers take the next index without a lock
# Two of them may take the same task, and nobody the one after it.
from concurrent.futures import ThreadPoolExecutor
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        self.results = [None] * len(self.tasks)
        self.next = 0
        def work():
            while self.next < len(self.tasks):
                i = self.next
                self.next += 1
                name, func, arg = self.tasks[i]
                self.results[i] = (name, func(arg))
        with ThreadPoolExecutor(2) as pool:
            pool.submit(work)
            pool.submit(work)
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% pool of the cell that nobody waits for
# run_all() returns before the pool has done its work.
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        self.results = [None] * len(self.tasks)
        def work(i, name, func, arg):
            self.results[i] = (name, func(arg))
        for i, task in enumerate(self.tasks):
            pool.submit(work, i, *task)
    def get_results(self):
        return self.results

# %% task called done before it is run
# join() may come back while the last task is still running.
import queue, threading
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        todo = queue.Queue()
        results = [None] * len(self.tasks)
        def work():
            while True:
                i, (name, func, arg) = todo.get()
                todo.task_done()
                results[i] = (name, func(arg))
        threading.Thread(target=work, daemon=True).start()
        for numbered in enumerate(self.tasks):
            todo.put(numbered)
        todo.join()
        self.results = results
    def get_results(self):
        return self.results

# %% results remembered by name and argument
# Another function of the same name and argument gets the first one's result.
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        known = {}
        for name, func, arg in self.tasks:
            result = func(arg)
            self.results.append((name, known.setdefault((name, arg), result)))
    def get_results(self):
        return self.results
