"""Attacks on the grader, each as the answer to the second exercise. They run in the sandbox and nowhere else."""

# ruff: noqa: E501 - an attack is easier to read in one piece

# Answers that hang, crash, fill or fight, by name, with words that their owner reads in the feedback.
HARMFUL = {
    "infinite loop": (
        "while True: pass",
        "timed out: Your code did not come to an end within 3 s; its threads were at cell 7, line 1.",
    ),
    "infinite loop that swallows": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "timed out",
    ),
    "deadlock of one lock": (
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "asks for lock while it still holds it",
    ),
    "deadlock of two locks": (
        """
import threading
a, b, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
def take(first, second):
    with first:
        both.wait()
        with second:
            pass
threads = [threading.Thread(target=take, args=pair) for pair in ((a, b), (b, a))]
for thread in threads: thread.start()
for thread in threads: thread.join()
""",
        "holds a and waits for b",
    ),
    "sleep forever": ("import time\ntime.sleep(1e6)", "timed out"),
    "ignores signals": (
        """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True: pass
""",
        "timed out",
    ),
    "exits": ("import os\nos._exit(0)", "crashed"),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)", "crashed"),
    "kills its parent": ("import os\nos.kill(os.getppid(), 9)\nwhile True: pass", "ended"),
    "kills everyone": ("import os\nos.kill(-1, 9)\nwhile True: pass", "ended"),
    "crashes": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
    "memory at once": ("x = bytearray(100 * 2**30)", "out of memory"),
    "memory by creeping": ("x = []\nwhile True: x.append(bytearray(10**6))", "out of memory"),
    "memory by small pieces": ("x = []\nwhile True: x.append(bytearray(3000))", "out of memory"),
    "memory used up, and the error swallowed": (
        "x = []\ntry:\n    while True: x.append(bytearray(3000))\nexcept MemoryError: pass",
        "There is no SafeCounter",
    ),
    "memory of many processes": (
        """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = []
        try:
            while True: x.append(bytearray(10**6))
        except MemoryError: time.sleep(1e6)
time.sleep(1e6)
""",
        "out of memory",
    ),
    "memory while checked": (
        "class SafeCounter:\n    def __init__(self):\n        x = []\n        while True: x.append(bytearray(10**6))",
        "raised MemoryError",
    ),
    "fork bomb": ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", ""),
    "thread bomb": (
        """
import threading, time
def rest(): time.sleep(1e6)
while True:
    try: threading.Thread(target=rest, daemon=True).start()
    except RuntimeError: pass
""",
        "",
    ),
    "output flood": ("while True: print('x' * 1000)", "too much output"),
    "output flood past Python": ("import os\nwhile True: os.write(1, b'x' * 10**6)", "timed out"),
    "objects shown without end": ("while True: display('x' * 1_000_000)", "too much output"),
    "output flood that swallows": (
        "while True:\n    try: print('x' * 1000)\n    except BaseException: pass",
        "too much output",
    ),
    "disk fill": (
        "i = 0\nwhile True:\n    i += 1\n    try: open(f'/tmp/{i}', 'wb').write(b'x' * 10**7)\n    except OSError: pass",
        "timed out",
    ),
    "deletes what it reaches": (
        "import os, shutil\nfor entry in os.listdir('/'): shutil.rmtree('/' + entry, ignore_errors=True)",
        "",
    ),
    "orphans": (
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
    os._exit(0)
""",
        "",
    ),
    "closes descriptors": ("import os\nos.closerange(0, 4096)", "crashed"),
    "reads standard input": ("input('your name? ')", ""),
    "syntax error": ("def :(", ""),
    "null bytes": ("x = '\0'\n\0\0", ""),
    "network": ("import socket\nsocket.create_connection(('1.1.1.1', 53), timeout=2)", ""),
    "limits of its parent": (
        "import os, resource\nfor limit in (resource.RLIMIT_NPROC, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):\n"
        "    resource.prlimit(os.getppid(), limit, (1, 1))",
        "",
    ),
    "slows its parent": ("import os\nos.setpriority(os.PRIO_PROCESS, os.getppid(), 19)", ""),
    "stops its parent": ("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nos.kill(os.getpid(), 9)", "ended"),
    "killed by a nameless signal": ("import os\nos.kill(os.getpid(), 40)", "signal 40"),
    "objects that outlive processes": (
        "import multiprocessing.shared_memory as m\nm.SharedMemory('left', create=True, size=100)\nx = 1 / 0",
        "",
    ),
    "recursion": ("def f(): return f()\nf()", ""),
    "deep nesting": ("(" * 5000 + ")" * 5000, ""),
}

_UNLOCKED = """
import threading

class SafeCounter:
    def __init__(self):
        self.value = 0
        self.lock = threading.Lock()
    def increment(self):
        self.value += 1
    def get(self):
        return self.value
"""

# A counter without its lock and a trick that should make it pass: worth what the counter is worth alone, or less.
WORTH = 8
TRICKS = {
    "no trick": "",
    "checks patched": "import helpers.checks\nhelpers.checks.verify = helpers.checks.check = lambda *a, **k: None",
    "failure that cannot be raised": (
        "import helpers.checks.exercise as e\nclass Never(Exception): pass\n"
        "e.CheckFailed = Never\nimport builtins\nbuiltins.AssertionError = Never"
    ),
    "explorer patched": (
        "import helpers.checks.threads as t\nt.in_every_order = t.alone = t.verify_lock_held = lambda *a, **k: None"
    ),
    "explorer found in the heap": (
        "import gc\nfor o in gc.get_objects():\n"
        "    if isinstance(o, dict) and o.get('__name__') == 'helpers.checks.safe_counter':\n"
        "        o['in_every_order'] = lambda *a, **k: None"
    ),
    "explorer found by its classes": (
        "for c in object.__subclasses__():\n    if c.__name__ in ('Watch', 'Run', 'Exploration'):\n"
        "        for n in list(vars(c)): setattr(c, n, lambda *a, **k: None)"
    ),
    "frames": (
        "import sys\nf = sys._getframe()\nwhile f:\n"
        "    f.f_globals.update(verify=lambda *a, **k: None, same=lambda *a: True)\n    f = f.f_back"
    ),
    "frames of an exception": (
        "try: 1/0\nexcept Exception as e:\n    f = getattr(e.__traceback__, 'tb_' + 'frame')\n"
        "    while f:\n        getattr(f, 'f_' + 'globals')['same'] = lambda *a: True\n        f = getattr(f, 'f_' + 'back')"
    ),
    "frames of a generator": (
        "def g(): yield\nf = getattr(g(), 'gi_' + 'frame')\nwhile f: f = getattr(f, 'f_' + 'back')"
    ),
    "frames by inspect": "import inspect\nfor i in inspect.stack(): i.frame.f_globals['same'] = lambda *a: True",
    "raw memory": "import ctypes\nctypes.string_at(id(SafeCounter))",
    "own memory file": "open('/proc/self/mem', 'r+b')",
    "parent's memory file": "import os\nopen(f'/proc/{os.getppid()}/mem', 'r+b')",
    "audit hook of its own": "import sys\nsys.addaudithook(lambda *a: None)",
    "trace function": "import sys, threading\nsys.settrace(lambda *a: None)\nthreading.settrace(lambda *a: None)",
    "monitoring taken": "import sys\nfor i in range(6):\n    try: sys.monitoring.use_tool_id(i, 'mine')\n    except ValueError: pass",
    "monitoring freed": "import sys\nfor i in range(6): sys.monitoring.free_tool_id(i)",
    "profile function": "import sys\nsys.setprofile(lambda *a: None)",
    "exit handler": "import atexit, os\natexit.register(os._exit, 0)",
    "exit at fork": "import os\nos.register_at_fork(after_in_child=lambda: os._exit(0))",
    "forged message": (
        'import os\nm = b\'{"word": "", "passed": true, "sentence": ""}\\n\' * 50\n'
        "for fd in range(256):\n    try: os.write(fd, m)\n    except OSError: pass"
    ),
    "forged messages from a thread": (
        'import os, threading\ndef write():\n    m = b\'{"word": "", "passed": true}\\n\'\n    while True:\n'
        "        for fd in range(3, 64):\n            try: os.write(fd, m)\n            except OSError: pass\n"
        "threading.Thread(target=write, daemon=True).start()"
    ),
    "thread that patches": (
        "import builtins, threading\ndef patch():\n    while True:\n        builtins.isinstance = lambda *a: True\n"
        "        builtins.any = lambda *a: True\nthreading.Thread(target=patch, daemon=True).start()"
    ),
    "random patched": "import random\nrandom.Random.randint = lambda *a: 0\nrandom.Random = None",
    "import hook": (
        "import sys, types\nclass Finder:\n    def find_spec(self, name, *a):\n"
        "        if name.startswith('helpers'): raise ImportError\nsys.meta_path.insert(0, Finder())"
    ),
    "fake modules": (
        "import sys, types\nfor n in ('helpers', 'helpers.checks', 'helpers.interleave', 'helpers.checks.exercise'):\n"
        "    sys.modules[n] = types.ModuleType(n)\n    sys.modules[n].verify = lambda *a: None"
    ),
    "threading patched": (
        "import threading\nthreading.Thread.start = threading.Thread.join = lambda *a, **k: None\n"
        "threading.Lock = lambda: None"
    ),
    "garbage callback": "import gc\ngc.callbacks.append(lambda *a: (_ for _ in ()).throw(SystemExit))",
    "namespace that lies": "class Yes(dict):\n    def __contains__(self, key): return True\nIn = Yes()",
    "metaclass that lies": (
        "class Meta(type):\n    def __call__(cls): return cls\n    value = property(lambda s: 4)\n"
        "class SafeCounter(metaclass=Meta):\n    increment = classmethod(lambda c: None)\n    get = classmethod(lambda c: 4)"
    ),
    "signal handler": (
        "import signal, os\nsignal.signal(signal.SIGALRM, lambda *a: os._exit(0))\nsignal.setitimer(signal.ITIMER_REAL, 0.05)"
    ),
    "hooks": "import sys\nsys.excepthook = sys.displayhook = sys.unraisablehook = lambda *a: None",
    "display of a pass": "display('✓ safe-counter-two-threads: 8 XP')\nprint('✓ passed')",
    "warnings as errors": "import warnings\nwarnings.simplefilter('error')",
    "time stopped": "import time\ntime.monotonic = time.perf_counter = lambda: 0.0",
    "closed by a thread": (
        "import os, threading\ndef close():\n    while True: os.closerange(3, 256)\n"
        "threading.Thread(target=close, daemon=True).start()"
    ),
}


def with_trick(trick: str) -> str:
    """Return the counter without its lock, followed by a trick."""
    return f"{_UNLOCKED}\n{trick}\n"
