"""More ways to cheat, each tried while the check runs: the counter without its lock does them in its own methods."""

# ruff: noqa: E501 - a cheat is easier to read in one piece

# What `increment` does before it adds 1 without the lock; the honest counter beside it earns `attacks.WORTH`.
IN_INCREMENT = {
    "run reached through the thread": "import threading\nthreading.current_thread().run.args[0].run.alone = True",
    "run reached through the thread's closure": (
        "import threading\nfor cell in getattr(threading.current_thread().run, '__clo' + 'sure__'):\n"
        "    getattr(getattr(cell, 'cell_' + 'contents'), 'run').alone = True"
    ),
    "run reached through the lock": "with self.lock: self.lock.holder.run.alone = True",
    "run reached through the lock's state": "with self.lock: self.lock.__getstate__()[1]['holder'].run.alone = True",
    "run reached through a copied lock": "import copy\nwith self.lock: copy.copy(self.lock).holder.run.alone = True",
    "run reached through a slot": (
        "import threading\nkind = getattr(threading.Lock, '__self__', None) or object.__getattribute__(self.lock, '__class__')\n"
        "with self.lock: vars(type(self.lock))['holder'].__get__(self.lock).run.alone = True"
    ),
    "variables of a method by a name put together": (
        "import threading\ngetattr(threading.Thread.start, '__glo' + 'bals__')['scheduler'].controlled.clear()"
    ),
    "variables of a method by attrgetter": (
        "import operator, threading\noperator.attrgetter('__glob' + 'als__')(threading.Thread.start)['scheduler'].controlled.clear()"
    ),
    "variables of a method by descriptor": (
        "import threading, types\nvars(types.FunctionType)['__glob' + 'als__'].__get__(threading.Thread.start)['scheduler'].controlled.clear()"
    ),
    "variables of a method by its getter": (
        "import threading, types\nvars(types.FunctionType)['__glob' + 'als__'].fget(threading.Thread.start)['scheduler'].controlled.clear()"
    ),
    "frames by walk_stack": (
        "import traceback\nfor frame, _ in traceback.walk_stack(None): getattr(frame, 'f_' + 'locals')['lane'].run.alone = True"
    ),
    "frames by getframe": (
        "import sys\nframe = sys._getframe()\nwhile frame:\n"
        "    names = getattr(frame, 'f_glo' + 'bals')\n    if 'same' in names: names['same'] = lambda *a: True\n"
        "    if '_live' in names: names['_live'] = None\n    frame = frame.f_back"
    ),
    "frames of a traceback": (
        "try: 1 / 0\nexcept ZeroDivisionError as error:\n    frame = error.__traceback__.tb_frame\n"
        "    while frame:\n        if 'lane' in frame.f_locals: frame.f_locals['lane'].run.alone = True\n        frame = frame.f_back"
    ),
    "frame of a signal handler": (
        "import signal\ndef handler(number, frame):\n    while frame:\n"
        "        frame.f_globals['_VERDICTS'] = {}\n        frame = frame.f_back\n"
        "signal.signal(signal.SIGUSR2, handler)\nsignal.raise_signal(signal.SIGUSR2)"
    ),
    "explorer's classes by subclasses": (
        "for cls in getattr(object, '__sub' + 'classes__')():\n    if cls.__name__ in ('Run', 'Watch', 'Lane', 'Search'):\n"
        "        cls.decide = cls.visit = lambda *a: None"
    ),
    "explorer's classes by protocol": (
        "import typing\nfor cls in typing.Protocol.__subclasses__():\n    if cls.__module__.startswith('helpers'): cls.ready = lambda *a: True"
    ),
    "shell taken apart": "get_ipython()._notebook._flooded.__self__._checks.verify = lambda *a: None",
    "output stream taken apart": "import sys\nsys.__dict__['stdout']._page._flooded.__self__._checks.verify = lambda *a: None",
    "display taken apart": "display.__self__._notebook._flooded.__self__._seal.checking = False\nimport os\nos.fork()",
    "first program's modules": "import __main__\n__main__.ctypes.string_at(0)",
    "monitoring of a new sys": (
        "import importlib, sys\nmonitoring = importlib.reload(sys).monitoring\n"
        "for tool in range(6): monitoring.set_events(tool, 0)"
    ),
    "monitoring of a built sys": (
        "import _imp, importlib.machinery\nmonitoring = _imp.create_builtin(importlib.machinery.ModuleSpec('sys', None)).monitoring\n"
        "for tool in range(6): monitoring.free_tool_id(tool)"
    ),
    "debugger": "import bdb\nbdb.Bdb().set_trace()",
    "profiler": "import cProfile\ncProfile.Profile().enable()",
    "profile of all threads": "import threading\nthreading.setprofile_all_threads(lambda *a: None)\nthreading.settrace_all_threads(lambda *a: None)",
    "copy that tries the answer": (
        "import os\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n    os._exit(0)"
    ),
    "copy that goes on alone": "import os\nif os.fork(): os._exit(0)",
    "copy by multiprocessing": (
        "import multiprocessing, os\nprocess = multiprocessing.get_context('fork').Process(target=os._exit, args=(0,))\nprocess.start()\nprocess.join()"
    ),
    "message read from the channel": (
        "import os\nfor descriptor in range(3, 64):\n    try:\n        os.set_blocking(descriptor, False)\n"
        "        os.write(descriptor, os.read(descriptor, 10_000))\n    except OSError: pass"
    ),
    "channel replaced": (
        "import os\nreading, writing = os.pipe()\nfor descriptor in range(3, reading):\n    try: os.dup2(writing, descriptor)\n    except OSError: pass"
    ),
    "own memory": (
        "import os\nwith open('/proc/self/maps') as maps: maps.read()\nos.pwrite(os.open('/proc/self/mem', os.O_RDWR), b'x', id(self))"
    ),
    "exit while checked": "import os\nos._exit(0)",
    "exception from everywhere": "raise SystemExit(0)",
    "generator closed": "raise GeneratorExit",
    "abort swallowed": ("try: self.lock.acquire(); self.lock.release()\nexcept BaseException: pass"),
    "patched for a moment": (
        "import random, contextlib, builtins\nbuiltins.isinstance, random.Random.randint = (lambda *a: True), (lambda *a: 0)\n"
        "contextlib.redirect_stdout.__exit__ = lambda *a: True"
    ),
    "lock classes patched": "import threading, _thread\n_thread.allocate_lock = threading.Lock = lambda: None",
    "threads that never start": "import threading\nthreading.Thread.start = lambda self: None",
    "recursion limit": "import sys\nsys.setrecursionlimit(40)",
    "finalizer": (
        "import builtins, weakref\nclass Late:\n    def __del__(self): builtins.any = lambda *a: True\n"
        "late = Late()\nweakref.finalize(self, lambda: setattr(builtins, 'all', lambda *a: True))\ndel late"
    ),
    "threads that go on": (
        "import _thread, builtins, time\ndef later():\n    time.sleep(0.01)\n    builtins.len = lambda *a: 4\n_thread.start_new_thread(later, ())"
    ),
    "defaults of the check's functions": (
        "import threading\nthreading.Thread.start.__defaults__ = (None,)\nthreading.Thread.start.__code__ = (lambda *a: None).__code__"
    ),
}
# A process of its own that keeps the connection to the grader and gives the checked process another one in its place;
# `handle` says what becomes of each message.
_BETWEEN = """
import json, os, socket, stat
def is_socket(number):
    try: return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError: return False
number = next(filter(is_socket, range(3, 64)))
real = socket.socket(fileno=os.dup(number))
here, there = socket.socketpair()
lines = there.makefile()
def ask(asked):
    there.sendall(json.dumps(asked).encode() + b'\\n')
    return json.loads(lines.readline() or os._exit(0))
{handle}
if os.fork() == 0:
    here.close()
    real.sendall(lines.readline().encode())
    for line in real.makefile(): real.sendall(json.dumps(handle(json.loads(line))).encode() + b'\\n')
    os._exit(0)
os.dup2(here.fileno(), number)
"""


def between(handle: str) -> str:
    """Return code that puts a process of its own between the check and the grader."""
    return _BETWEEN.format(handle=handle)


_IN_A_MODULE = "class Base:\n    def increment(self):\n        self.value += 1\n"
# Cheats that take more than a line in `increment`: whole endings of the cell.
ENDINGS = {
    "word stolen by a process of its own": (
        "import json, os, socket\nif os.fork() == 0:\n    for fd in range(3, 64):\n        try: real = socket.socket(fileno=fd)\n        except OSError: pass\n"
        "        else: break\n    for line in real.makefile():\n        answer = {'word': json.loads(line).get('word'), 'settled': True}\n"
        "        real.sendall(json.dumps(answer).encode() + b'\\n')"
    ),
    "another test's proof": between(
        "def handle(asked):\n    if asked['do'] == 'verify': asked['name'] = 'safe-counter-counts'\n    return ask(asked)"
    ),
    "threads that are never left behind": (
        between("def handle(asked): return {'settled': True} if asked['do'] == 'settle' else ask(asked)")
        + "\nimport builtins, threading\ndef patch():\n    while True: builtins.any = lambda *a: True\nthreading.Thread(target=patch, daemon=True).start()"
    ),
    "thread that starts at a fork": (
        "import _thread, builtins, os, threading, time\ndef patch():\n    while True: builtins.any = lambda *a: True\n"
        "threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\nos.register_at_fork(after_in_child=lambda: _thread.start_new_thread(patch, ()))"
    ),
    "fork at a fork": (
        "import os, threading, time\nthreading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\n"
        "os.register_at_fork(after_in_child=os.fork, after_in_parent=lambda: time.sleep(1e6))"
    ),
    "code of the library's functions": (
        "import sys, types\nfor name in ('dis', 'ast', 'inspect', 'contextlib', 'functools', 'copy', 'enum', 'random', 'types', 'abc', 'weakref'):\n"
        "    for value in list(vars(sys.modules.get(name, types)).values()):\n"
        "        for function in (value, *(vars(value).values() if isinstance(value, type) else ())):\n"
        "            try: function.__code__ = (lambda *a, **k: None).__code__\n            except Exception: pass"
    ),
    "shell taken apart by a cell": "get_ipython()._notebook._flooded.__self__._checks.verify = lambda *a: None",
    "stream taken apart by a cell": "import sys\nsys.stdout._page._flooded.__self__._checks.verify = lambda *a: None",
    "variables of display": "getattr(display.__func__, '__glo' + 'bals__')['__builtins__']['any'] = lambda *a: True",
    "named tuple's name": (
        "names = {'__name__': 'namedtuple_Cheat'}\nexec(compile('def increment(self): self.value += 1', '<string>', 'exec'), names)\n"
        "SafeCounter.increment = names['increment']"
    ),
    "explorer's name": (
        "names = {'__name__': 'helpers.interleave.schedule'}\nexec(compile('def increment(self): self.value += 1', '<string>', 'exec'), names)\n"
        "SafeCounter.increment = names['increment']"
    ),
    "installed package's name": (
        f"import os, sys\nos.makedirs('site-packages', exist_ok=True)\nopen('site-packages/mine.py', 'w').write({_IN_A_MODULE!r})\n"
        "sys.path.insert(0, os.path.abspath('site-packages'))\nimport mine\nSafeCounter.increment = mine.Base.increment"
    ),
    "library's name": (
        f"import threading\nnames = {{}}\nexec(compile({_IN_A_MODULE!r}, threading.__file__, 'exec'), names)\n"
        "SafeCounter.increment = names['Base'].increment"
    ),
    "library's name in bytecode": (
        f"import py_compile, threading\nopen('mine.py', 'w').write({_IN_A_MODULE!r})\n"
        "py_compile.compile('mine.py', 'mine2.pyc', dfile=threading.__file__)\nimport importlib\nimportlib.invalidate_caches()\nimport mine2\nSafeCounter.increment = mine2.Base.increment"
    ),
    "library's name by a loader": (
        f"import importlib.machinery, importlib.util, threading\nclass Loader(importlib.machinery.SourceFileLoader):\n"
        f"    def get_data(self, path): return {_IN_A_MODULE!r}.encode()\n    def path_stats(self, path): raise OSError\n"
        "spec = importlib.util.spec_from_file_location('mine', threading.__file__, loader=Loader('mine', threading.__file__))\n"
        "mine = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(mine)\nSafeCounter.increment = mine.Base.increment"
    ),
    "code with another name": (
        "import threading\nSafeCounter.increment.__code__ = SafeCounter.increment.__code__.replace(co_filename=threading.__file__)"
    ),
    "compiled module": (
        "import importlib.machinery, importlib.util, os, shutil, sysconfig\n"
        "shutil.copy(next(p.path for p in os.scandir(sysconfig.get_path('platstdlib') + '/lib-dynload') if p.name.startswith('_ctypes.')), 'x.so')\n"
        "loader = importlib.machinery.ExtensionFileLoader('x._ctypes', os.path.abspath('x.so'))\n"
        "importlib.util.module_from_spec(importlib.util.spec_from_loader('x._ctypes', loader))"
    ),
    "package written beside the notebook": (
        "import os, sys\nfor folder in ('helpers', 'helpers/checks', 'helpers/interleave'):\n    os.makedirs(folder, exist_ok=True)\n"
        "    open(folder + '/__init__.py', 'w').write('def verify(*a): pass\\nexplore = check = verify\\n')\nsys.path.insert(0, os.getcwd())"
    ),
    "start-up files": (
        "import os\nos.environ['PYTHONPATH'] = os.getcwd()\nos.environ['PYTHONSTARTUP'] = os.environ['PYTHONINSPECT'] = 'mine.py'\n"
        "for name in ('sitecustomize.py', 'usercustomize.py', 'threading.py', 'random.py', 'json.py'):\n    open(name, 'w').write('import os; os._exit(0)')"
    ),
    "names of the namespace": (
        "verify = check = same = explore = lambda *a, **k: None\n__builtins__ = {'isinstance': lambda *a: True}\n__name__ = 'helpers.checks'"
    ),
    "namespace emptied": "counter = SafeCounter\nfor name in list(globals()):\n    if name != 'counter': del globals()[name]\nSafeCounter = counter\ndel counter",
    "class made by a patched builder": (
        "import builtins\nbuild = builtins.__build_class__\nbuiltins.__build_class__ = lambda f, n, *b, **k: build(f, n, *b, **k) if n != '_Outcome' else None"
    ),
    "syntax tree patched": "import ast, dis, inspect\nast.parse = ast.walk = dis.get_instructions = inspect.getsource = lambda *a, **k: []",
    "codecs": "import codecs\ncodecs.register(lambda name: None)\ncodecs.lookup = lambda name: None",
    "hooks of threads": "import sys, threading\nthreading.excepthook = sys.unraisablehook = lambda *a: None\nsys.exception = lambda: None",
    "copyreg": "import copyreg\ncopyreg.pickle(SafeCounter, lambda s: (SafeCounter, ()))",
    "value that agrees with everything": (
        "class Yes(type):\n    def __instancecheck__(cls, o): return True\n    def __eq__(cls, o): return True\n    __hash__ = type.__hash__\n"
        "class Four(int, metaclass=Yes):\n    __class__ = int\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__\n"
        "SafeCounter.get = lambda self: Four(4)\nSafeCounter.value = property(lambda self: Four(4), lambda self, v: None)"
    ),
    "modules of the library replaced": (
        "import sys, types\nfor name in ('random', 'contextlib', 'io', 're', 'functools', 'operator', 'types', 'dis'):\n"
        "    sys.modules[name] = types.ModuleType(name)"
    ),
}


def in_increment(cheat: str) -> str:
    """Return code that makes `SafeCounter.increment` try a cheat first, whatever comes of it."""
    body = "\n".join("        " + line for line in cheat.splitlines())
    return f"def _cheating(self):\n    try:\n{body}\n    except Exception: pass\n    self.value += 1\nSafeCounter.increment = _cheating"


# Answers to other exercises that look for what is expected instead of finding it, with what they are worth honestly.
LOOKING = {
    "results found in the caller's frame": (
        "task_queue",
        """
import sys
class TaskQueue:
    def __init__(self): self.tasks, self.results = [], []
    def add_task(self, name, func, arg): self.tasks.append((name, func, arg))
    def run_all(self): pass
    def get_results(self):
        frame = sys._getframe(1)
        while frame:
            if 'expected' in frame.f_locals: return frame.f_locals['expected']
            frame = frame.f_back
        return []
""",
        8,
    ),
    "answer tried out in copies": (
        "classify_task",
        """
import os
class Guess(str):
    def __repr__(self): os._exit(1)
def classify_task(description):
    for tool in ("threading", "multiprocessing", "asyncio"):
        if os.fork() == 0: return Guess(tool)
        if os.wait()[1] == 0: os._exit(0)
    return "sequential"
""",
        0,
    ),
    "answers tried out one after another": (
        "classify_task",
        "count = 0\ndef classify_task(description):\n    global count\n    count += 1\n"
        "    return ('sequential', 'threading', 'multiprocessing', 'asyncio')[hash((count, description)) % 4]\n"
        + between(
            "def handle(asked):\n    answer = ask(asked)\n    while asked['do'] == 'verify' and not answer.get('word'): answer = ask(asked)\n    return answer"
        ),
        0,
    ),
    "cells run anew until one is right": (
        "predict_output",
        "prediction = ''\n"
        + between(
            "def handle(asked):\n    if asked['do'] == 'verify':\n"
            "        ask({'do': 'cell', 'source': 'prediction = \"[0, 1, 4]\"', 'original': '', 'name': '', 'number': 1, 'room': 9, 'word': ''})\n"
            "    return ask(asked)"
        ),
        0,
    ),
    "answer found in the caller's frame": (
        "classify_task",
        """
import inspect
def classify_task(description):
    return inspect.currentframe().f_back.f_back.f_locals.get("expected", "sequential")
""",
        0,
    ),
    "output of the program changed": (
        "predict_output",
        """
import concurrent.futures, concurrent.futures.thread
class Nothing(concurrent.futures.thread.ThreadPoolExecutor):
    def map(self, *arguments): return [1]
concurrent.futures.ThreadPoolExecutor = concurrent.futures.thread.ThreadPoolExecutor = Nothing
prediction = "[1]\\n1"
""",
        0,
    ),
    "text that is every line": (
        "predict_output",
        """
class Text(str):
    def splitlines(self): return printed_lines()
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = str.__hash__
prediction = Text("a\\nb")
""",
        0,
    ),
}
