"""Right answers to task-queue: unusual queues that keep the tasks and their results in order."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% for loop and append
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in self.tasks:
            result = func(arg)
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

# %% comprehension bound to results
class TaskQueue:
    def __init__(self):
        self.tasks, self.results = [], []

    def add_task(self, name, func, arg):
        self.tasks += [(name, func, arg)]

    def run_all(self):
        self.results = [(name, func(arg)) for name, func, arg in self.tasks]

    def get_results(self):
        return list(self.results)

q = TaskQueue()
q.add_task("square", lambda x: x ** 2, 5)
q.add_task("double", lambda x: x * 2, 7)
q.add_task("negate", lambda x: -x, 3)
q.run_all()
print("\n".join(f"{n}: {r}" for n, r in q.get_results()))

# %% indexes instead of names
class TaskQueue:
    def __init__(self):
        self.tasks = list()
        self.results = list()

    def add_task(self, name, func, arg):
        task = (name, func, arg)
        self.tasks.append(task)

    def run_all(self):
        for i in range(len(self.tasks)):
            self.results.append((self.tasks[i][0], self.tasks[i][1](self.tasks[i][2])))

    def get_results(self):
        return self.results

def square(x):
    return x**2

def double(x):
    return x*2

def negate(x):
    return -x

tq = TaskQueue()
tq.add_task("square", square, 5)
tq.add_task("double", double, 7)
tq.add_task("negate", negate, 3)
tq.run_all()
for r in tq.get_results():
    print(r[0] + ": " + str(r[1]))

# %% thread pool with map
from concurrent.futures import ThreadPoolExecutor

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        with ThreadPoolExecutor(max_workers=4) as executor:
            for task, value in zip(self.tasks, executor.map(lambda t: t[1](t[2]), self.tasks)):
                self.results.append((task[0], value))

    def get_results(self):
        return self.results

queue = TaskQueue()
for task in [("square", lambda x: x**2, 5), ("double", lambda x: x*2, 7), ("negate", lambda x: -x, 3)]:
    queue.add_task(*task)
queue.run_all()
for name, result in queue.get_results():
    print(name, result, sep=": ")

# %% futures collected in the order of the tasks
from concurrent.futures import ThreadPoolExecutor

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        with ThreadPoolExecutor() as executor:
            futures = [(name, executor.submit(func, arg)) for name, func, arg in self.tasks]
        self.results.extend((name, future.result()) for name, future in futures)

    def get_results(self):
        return self.results

# %% threads started and joined
import threading

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        results = [None] * len(self.tasks)
        def work(i, name, func, arg):
            results[i] = (name, func(arg))
        threads = [threading.Thread(target=work, args=(i, *task)) for i, task in enumerate(self.tasks)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.results.extend(results)

    def get_results(self):
        return self.results[:]

# %% dataclass with typed lists
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

@dataclass
class TaskQueue:
    tasks: list[tuple[str, Callable[[Any], Any], Any]] = field(default_factory=list)
    results: list[tuple[str, Any]] = field(default_factory=list)

    def add_task(self, name: str, func: Callable[[Any], Any], arg: Any) -> None:
        self.tasks.append((name, func, arg))

    def run_all(self) -> None:
        self.results.extend((name, func(arg)) for name, func, arg in self.tasks)

    def get_results(self) -> list[tuple[str, Any]]:
        return self.results

q = TaskQueue()
q.add_task("square", lambda x: x**2, 5)
q.add_task("double", lambda x: x * 2, 7)
q.add_task("negate", lambda x: -x, 3)
q.run_all()
for name, value in q.get_results():
    print("%s: %s" % (name, value))

# %% slots and while loop
class TaskQueue:
    __slots__ = "tasks", "results"

    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.insert(len(self.tasks), (name, func, arg))

    def run_all(self):
        i = 0
        while i < len(self.tasks):
            name, func, arg = self.tasks[i]
            self.results.append((name, func(arg)))
            i += 1

    def get_results(self):
        return self.results

# %% match statement and returned results
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
        return self

    def run_all(self):
        for task in self.tasks:
            match task:
                case (name, func, arg):
                    self.results.append((name, func(arg)))
        return self.results

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5).add_task("double", lambda x: x*2, 7).add_task("negate", lambda x: -x, 3)
for name, result in queue.run_all():
    print("{}: {}".format(name, result))

# %% helper method and operator functions
import operator

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def _run(self, task):
        name, func, arg = task
        self.results.append((name, func(arg)))

    def run_all(self):
        for task in self.tasks:
            self._run(task)

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: pow(x, 2), 5)
queue.add_task("double", lambda x: operator.mul(x, 2), 7)
queue.add_task("negate", operator.neg, 3)
queue.run_all()
[print(f"{name}: {result}") for name, result in queue.get_results()]

# %% star arguments packed and unpacked
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, *task):
        name, func, arg = task
        self.tasks.append(task)

    def run_all(self):
        for name, *call in self.tasks:
            func, arg = call
            self.results += (name, func(arg)),

    def get_results(self):
        return [*self.results]

# %% keyword only extras and zip
class TaskQueue:
    def __init__(self, *, verbose=False):
        self.tasks = []
        self.results = []
        self.verbose = verbose

    def add_task(self, name, func, arg):
        """Remember a task for later."""
        self.tasks.append((name, func, arg))

    def run_all(self):
        if not self.tasks:
            return
        names, funcs, args = zip(*self.tasks)
        values = [f(a) for f, a in zip(funcs, args)]
        self.results.extend(zip(names, values))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task(name="square", func=lambda x: x**2, arg=5)
queue.add_task(name="double", func=lambda x: x*2, arg=7)
queue.add_task(name="negate", func=lambda x: -x, arg=3)
queue.run_all()
for i, (name, result) in enumerate(queue.get_results(), start=1):
    print(f"{name}: {result}")

# %% base class for the books
class Books:
    def __init__(self):
        self.tasks = []
        self.results = []

    def get_results(self):
        return self.results

class TaskQueue(Books):
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        self.results.extend(map(lambda task: (task[0], task[1](task[2])), self.tasks))

q = TaskQueue()
q.add_task("square", lambda x: x**2, 5)
q.add_task("double", lambda x: x*2, 7)
q.add_task("negate", lambda x: -x, 3)
q.run_all()
results = q.get_results()
print(f"{results[0][0]}: {results[0][1]}")
print(f"{results[1][0]}: {results[1][1]}")
print(f"{results[2][0]}: {results[2][1]}")

# %% results cleared before each run
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        self.results.clear()
        for name, func, arg in self.tasks:
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x*2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in dict(queue.get_results()).items():
    print(f"{name}: {result}")

# %% local list assigned at the end
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks = [*self.tasks, (name, func, arg)]

    def run_all(self):
        done = []
        for task in self.tasks:
            done.append((task[0], task[1](task[2])))
        self.results = done

    def get_results(self):
        return self.results.copy()

# %% a lock around the books
import threading

class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []
        self._lock = threading.Lock()

    def add_task(self, name, func, arg):
        with self._lock:
            self.tasks.append((name, func, arg))

    def run_all(self):
        for name, func, arg in tuple(self.tasks):
            value = func(arg)
            with self._lock:
                self.results.append((name, value))

    def get_results(self):
        with self._lock:
            return self.results

queue = TaskQueue()
jobs = {"square": (lambda x: x**2, 5), "double": (lambda x: x*2, 7), "negate": (lambda x: -x, 3)}
for name, (func, arg) in jobs.items():
    queue.add_task(name, func, arg)
queue.run_all()
print(*(f"{name}: {result}" for name, result in queue.get_results()), sep="\n")

# %% tasks used up as they run
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []

    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))

    def run_all(self):
        while self.tasks:
            name, func, arg = self.tasks.pop(0)
            self.results.append((name, func(arg)))

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x*2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
for name, result in queue.get_results():
    print(f"{name}: {result}")

# %% named tuples
from typing import Any, NamedTuple

class Task(NamedTuple):
    name: str
    func: Any
    arg: Any

class Result(NamedTuple):
    name: str
    result: Any

class TaskQueue:
    def __init__(self):
        self.tasks: list[Task] = []
        self.results: list[Result] = []

    def add_task(self, name, func, arg):
        self.tasks.append(Task(name, func, arg))

    def run_all(self):
        for task in self.tasks:
            self.results.append(Result(task.name, task.func(task.arg)))

    def get_results(self):
        return self.results

# %% results by property and index assignment
class TaskQueue:
    def __init__(self):
        self._results = []
        self.tasks = []

    @property
    def results(self):
        return self._results

    def add_task(self, name, func, arg):
        self.tasks[len(self.tasks):] = [(name, func, arg)]

    def run_all(self):
        self._results[:] = [(n, f(a)) for (n, f, a) in self.tasks]

    def get_results(self):
        return self.results

queue = TaskQueue()
queue.add_task("square", lambda x: x**2, 5)
queue.add_task("double", lambda x: x*2, 7)
queue.add_task("negate", lambda x: -x, 3)
queue.run_all()
output = ""
for name, result in queue.get_results():
    output += f"{name}: {result}\n"
print(output)

# %% one line for all results
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
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
print(", ".join(f"{n}: {r}" for n, r in q.get_results()))

# %% prints progress in run_all as well
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        for name, func, arg in self.tasks:
            result = func(arg)
            print(f"{name}: {result}")
            self.results.append((name, result))
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
print("--- results ---")
for name, result in q.get_results():
    print(f"{name}: {result}")

# %% results sorted back by index from as_completed
from concurrent.futures import ThreadPoolExecutor, as_completed
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        done = {}
        with ThreadPoolExecutor() as ex:
            where = {ex.submit(f, a): i for i, (n, f, a) in enumerate(self.tasks)}
            for fut in as_completed(where):
                done[where[fut]] = fut.result()
        self.results = [(t[0], done[i]) for i, t in enumerate(self.tasks)]
    def get_results(self): return self.results

# %% to_thread
import asyncio
class TaskQueue:
    def __init__(self): self.tasks = []; self.results = []
    def add_task(self, name, func, arg): self.tasks.append((name, func, arg))
    async def _run(self):
        return await asyncio.gather(*(asyncio.to_thread(f, a) for _, f, a in self.tasks))
    def run_all(self):
        rs = asyncio.run(self._run())
        self.results = [(t[0], r) for t, r in zip(self.tasks, rs)]
    def get_results(self): return self.results

# %% daemon worker with queue join
import threading, queue
class TaskQueue:
    def __init__(self): self.tasks = []; self.results = []
    def add_task(self, name, func, arg): self.tasks.append((name, func, arg))
    def run_all(self):
        q = queue.Queue()
        def worker():
            while True:
                n, f, a = q.get()
                self.results.append((n, f(a)))
                q.task_done()
        threading.Thread(target=worker, daemon=True).start()
        for t in self.tasks: q.put(t)
        q.join()
    def get_results(self): return self.results

# %% asyncio gather with coroutines in run_all from a new loop in a thread
import asyncio, threading
class TaskQueue:
    def __init__(self):
        self.tasks = []
        self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    async def _one(self, name, func, arg):
        await asyncio.sleep(0)
        return (name, func(arg))
    async def _all(self):
        return await asyncio.gather(*(self._one(*t) for t in self.tasks))
    def run_all(self):
        def work():
            self.results.extend(asyncio.run(self._all()))
        t = threading.Thread(target=work)
        t.start()
        t.join()
    def get_results(self):
        return self.results

# %% coroutine driven by hand
class TaskQueue:
    def __init__(self):
        self.tasks, self.results = [], []
    def add_task(self, name, func, arg):
        self.tasks += [(name, func, arg)]
    async def _run(self):
        for n, f, a in self.tasks:
            self.results.append((n, f(a)))
    def run_all(self):
        try:
            self._run().send(None)
        except StopIteration:
            pass
    def get_results(self): return list(self.results)

# %% executor subclass and callbacks that keep their slot
from concurrent.futures import ThreadPoolExecutor
class TaskQueue:
    def __init__(self): self.tasks = []; self.results = []
    def add_task(self, name, func, arg): self.tasks.append((name, func, arg))
    def run_all(self):
        slots = [None] * len(self.tasks)
        def store(i): return lambda f: slots.__setitem__(i, (self.tasks[i][0], f.result()))
        with ThreadPoolExecutor() as pool:
            for i, (_, func, arg) in enumerate(self.tasks):
                pool.submit(func, arg).add_done_callback(store(i))
        self.results = slots
    def get_results(self): return self.results

# %% retry once when it raises
class TaskQueue:
    def __init__(self): self.tasks = []; self.results = []
    def add_task(self, name, func, arg): self.tasks.append((name, func, arg))
    def run_all(self):
        for name, func, arg in self.tasks:
            try: result = func(arg)
            except Exception as e: result = e
            self.results.append((name, result))
    def get_results(self): return self.results

# %% counts done tasks under a lock and looks now and then
import threading, time
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        out, self.done, lock = [None] * len(self.tasks), 0, threading.Lock()
        def work(i, name, func, arg):
            out[i] = (name, func(arg))
            with lock:
                self.done += 1
        for i, task in enumerate(self.tasks):
            threading.Thread(target=work, args=(i, *task)).start()
        while self.done < len(self.tasks):
            time.sleep(0.01)
        self.results = out
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% workers that end when they get None
import queue, threading
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        jobs, out = queue.Queue(), [None] * len(self.tasks)
        for job in enumerate(self.tasks):
            jobs.put(job)
        def work():
            while (job := jobs.get()) is not None:
                i, (name, func, arg) = job
                out[i] = (name, func(arg))
        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
            jobs.put(None)
        for worker in workers:
            worker.join()
        self.results = out
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% each thread waits for the one before
import threading
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        def work(before, name, func, arg):
            value = func(arg)
            if before:
                before.join()
            self.results.append((name, value))
        last = None
        for task in self.tasks:
            last = threading.Thread(target=work, args=(last, *task))
            last.start()
        if last:
            last.join()
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% futures that are asked until all are done
import time
from concurrent.futures import ThreadPoolExecutor
class TaskQueue:
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        pool = ThreadPoolExecutor(2)
        futures = [pool.submit(func, arg) for _, func, arg in self.tasks]
        while not all(future.done() for future in futures):
            time.sleep(0.001)
        self.results = [(task[0], future.result()) for task, future in zip(self.tasks, futures)]
        pool.shutdown()
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")

# %% one pool for all queues
from concurrent.futures import ThreadPoolExecutor
class TaskQueue:
    pool = ThreadPoolExecutor(max_workers=2)
    def __init__(self):
        self.tasks = []; self.results = []
    def add_task(self, name, func, arg):
        self.tasks.append((name, func, arg))
    def run_all(self):
        futures = [self.pool.submit(func, arg) for _, func, arg in self.tasks]
        self.results = [(task[0], future.result()) for task, future in zip(self.tasks, futures)]
    def get_results(self):
        return self.results
q = TaskQueue()
q.add_task("square", lambda x: x**2, 5); q.add_task("double", lambda x: x*2, 7); q.add_task("negate", lambda x: -x, 3)
q.run_all()
for n, r in q.get_results(): print(f"{n}: {r}")
