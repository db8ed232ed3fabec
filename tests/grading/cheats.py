"""More ways to cheat, each tried while the check runs: the counter without its lock does them in its own methods."""

# ruff: noqa: E501 - a cheat is easier to read in one piece

from textwrap import indent

# Places to keep the number in, without the lock, where the explorer may not look: what makes it, adds 1 and reads it.
KEPT_IN = {
    "a set": ("self.kept = {0}", "n = max(self.kept)\nself.kept.add(n + 1)", "max(self.kept)"),
    "an array": ("import array; self.kept = array.array('q', [0])", "self.kept[0] += 1", "self.kept[0]"),
    "shared memory": ("import mmap; self.kept = mmap.mmap(-1, 8)", "self.kept[0] += 1", "self.kept[0]"),
    "a text file in memory": (
        "import io; self.kept = io.StringIO('0')",
        "n = int(self.kept.getvalue()) + 1\nself.kept.seek(0)\nself.kept.write(str(n))",
        "int(self.kept.getvalue())",
    ),
    "a database": (
        "import sqlite3; self.kept = sqlite3.connect(':memory:', check_same_thread=False)\nself.kept.execute('create table t(n)')\nself.kept.execute('insert into t values (0)')",
        "n = self.kept.execute('select n from t').fetchone()[0]\nself.kept.execute('update t set n = ?', (n + 1,))",
        "self.kept.execute('select n from t').fetchone()[0]",
    ),
    "a weak dictionary": (
        "import weakref; self.kept = weakref.WeakKeyDictionary({self: 0})",
        "self.kept[self] += 1",
        "self.kept[self]",
    ),
    "the environment": (
        "import os; self.kept = str(id(self)); os.environ[self.kept] = '0'",
        "import os; os.environ[self.kept] = str(int(os.environ[self.kept]) + 1)",
        "int(__import__('os').environ[self.kept])",
    ),
    "a decimal": ("import decimal; self.kept = decimal.Decimal(0)", "self.kept += 1", "int(self.kept)"),
    "pickled bytes": (
        "import pickle; self.kept = pickle.dumps(0)",
        "import pickle; self.kept = pickle.dumps(pickle.loads(self.kept) + 1)",
        "__import__('pickle').loads(self.kept)",
    ),
    "raw bytes": (
        "self.kept = bytearray(8)",
        "import struct; struct.pack_into('q', self.kept, 0, struct.unpack_from('q', self.kept)[0] + 1)",
        "__import__('struct').unpack_from('q', self.kept)[0]",
    ),
    "a heap": ("self.kept = [0]", "import heapq; heapq.heapreplace(self.kept, self.kept[0] + 1)", "self.kept[0]"),
    "a thread's own memory": (
        "import threading; self.kept = threading.local()",
        "self.kept.n = getattr(self.kept, 'n', 0) + 1",
        "getattr(self.kept, 'n', 0)",
    ),
    "a context": (
        "import contextvars; self.kept = contextvars.ContextVar('n', default=0)",
        "self.kept.set(self.kept.get() + 1)",
        "self.kept.get()",
    ),
    "a generator": (
        "def keep(n=0):\n    while True:\n        new = yield n\n        n = n if new is None else new\nself.kept = keep()\nnext(self.kept)",
        "n = next(self.kept)\nself.kept.send(n + 1)",
        "next(self.kept)",
    ),
    "a NumPy array": ("import numpy; self.kept = numpy.zeros(1, int)", "self.kept[0] += 1", "int(self.kept[0])"),
    "an XML element": (
        "from xml.etree.ElementTree import Element; self.kept = Element('a', n='0')",
        "self.kept.set('n', str(int(self.kept.get('n')) + 1))",
        "int(self.kept.get('n'))",
    ),
    "a file's place": (
        "import os, tempfile; self.kept = os.open(tempfile.mktemp(), os.O_RDWR | os.O_CREAT)",
        "import os; os.lseek(self.kept, os.lseek(self.kept, 0, 1) + 1, 0)",
        "__import__('os').lseek(self.kept, 0, 1)",
    ),
    "a socket's patience": (
        "import socket; self.kept = socket.socket(); self.kept.settimeout(1)",
        "self.kept.settimeout(self.kept.gettimeout() + 1)",
        "int(self.kept.gettimeout()) - 1",
    ),
    "a setting": (
        "import sys; sys.set_int_max_str_digits(1000)",
        "import sys; sys.set_int_max_str_digits(sys.get_int_max_str_digits() + 1)",
        "__import__('sys').get_int_max_str_digits() - 1000",
    ),
    "a deque of a class of its own": (
        "import collections\nclass Deque(collections.deque): pass\nself.kept = Deque([0])",
        "self.kept[0] += 1",
        "self.kept[0]",
    ),
    "a list whose class is equal to any": (
        "class Meta(type):\n    def __eq__(cls, other): return True\n    def __hash__(cls): return hash(int)\nclass List(list, metaclass=Meta): pass\nself.kept = List([0])",
        "self.kept[0] += 1",
        "self.kept[0]",
    ),
    "an attribute that C code sets": (
        "self.kept = 0",
        "list(map(setattr, [self], ['kept'], [self.kept + 1]))",
        "self.kept",
    ),
    "a view that each thread makes for itself": (
        "import io; self.kept = io.BytesIO(bytes(8))",
        "view = self.kept.getbuffer(); view[0] += 1",
        "self.kept.getbuffer()[0]",
    ),
}


def kept_in(made: str, adds: str, read: str) -> str:
    """Return an ending of the cell that keeps the counter's number elsewhere, without the lock."""
    return (
        "class SafeCounter:\n"
        f"    def __init__(self):\n{indent(made, ' ' * 8)}\n    def increment(self):\n{indent(adds, ' ' * 8)}\n"
        f"    def get(self): return {read}\n    value = property(get)\n"
    )


# What `increment` does before it adds 1 without the lock; the honest counter beside it earns `attacks.WORTH`.
IN_INCREMENT = {
    "finalizer that patches and puts back": "import builtins\nclass Late:\n    def __del__(self): builtins.len = lambda *a: 4; builtins.len = len\nLate()",
    "callback of a weak reference": "import os, weakref\nclass Short: pass\nshort = Short()\nself.watch = weakref.ref(short, lambda r: os._exit(0))\ndel short",
    "hook for what cannot be raised": "import builtins, sys\nsys.unraisablehook = lambda u: setattr(builtins, 'all', lambda *a: True)\nclass Late:\n    def __del__(self): 1 / 0\nLate()",
    "exit by faulthandler": "import faulthandler\nfaulthandler.dump_traceback_later(0.01, exit=True)",
    "fewer digits": "import decimal, sys\ndecimal.getcontext().prec = 1\nsys.set_int_max_str_digits(640)",
    "threads forgotten": "import threading\nthreading._active.clear()\nthreading._main_thread = threading.current_thread()",
    "descriptors sent to the grader": "import os, socket\nfor fd in range(3, 64):\n    try: socket.send_fds(socket.socket(fileno=os.dup(fd)), [b'{}\\n'], [0])\n    except OSError: pass",
    "connection shut down": "import os, socket\nfor fd in range(3, 64):\n    try: socket.socket(fileno=os.dup(fd)).shutdown(2)\n    except OSError: pass",
    "working folder left": "import os\nos.chdir('/')\nos.environ.clear()",
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
# Makes every check pass, if it finds the attempt.
_PATCHED = "_checks.verify = lambda *a: None"
_IN_OBJECTS = f"for found in gc.get_objects():\n    if type(found).__name__ == 'Attempt': found.{_PATCHED}"


def _as_library(compiled: str) -> str:
    """Return code that increments by what `compiled` makes of `SOURCE`, under a name that the explorer looks away from."""
    return (
        f"import ast, builtins, os, pathlib, threading\nSOURCE, NAME, names = {_IN_A_MODULE!r}, threading.__file__, {{}}\n"
        f"{compiled}\nexec(code, names)\nSafeCounter.increment = names['Base'].increment"
    )


_COUNTER = (
    "class SafeCounter:\n    def __init__(self): self.value = 0\n"
    "    def increment(self): self.value += 1\n    def get(self): return self.value"
)
# Hides from the explorer what `increment` does.
_LYING = (
    "import dis\nreal = dis.get_instructions\ndef lying(code, **options):\n"
    "    return [it._replace(opname='NOP') if code is SafeCounter.increment.__code__ else it for it in real(code, **options)]\n"
)
# Cheats that take more than a line in `increment`: whole endings of the cell.
ENDINGS = {
    "class that says it is each thread's own": f"import threading\n{_COUNTER}\n    __class__ = threading.local",
    "class that says it is a dictionary": f"{_COUNTER}\n    __class__ = dict\n    def increment(self): setattr(self, 'value', getattr(self, 'value') + 1)",
    "slots of what is each thread's own": f"import threading\n{_COUNTER.replace(':', '(threading.local):', 1)}\n    __slots__ = ('value',)",
    "attribute read by a pattern": f"{_COUNTER}\n    __match_args__ = ('value',)\n    def increment(self):\n        match self:\n            case SafeCounter(n): self.value = n + 1",
    "names that tell the explorer something else": """
import sys
def is_explorer():
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith('<cell'):
        if '/helpers/' in frame.f_code.co_filename: return True
        frame = frame.f_back
class Name(str):
    def __hash__(self): return id(self) if is_explorer() else str.__hash__(self)
    def __eq__(self, other): return self is other if is_explorer() else str.__eq__(self, other)
SafeCounter.increment = lambda self: setattr(self, Name('value'), getattr(self, Name('value')) + 1)
""",
    "class that changes": "_init = SafeCounter.__init__\nclass Lucky(SafeCounter):\n    def __getattribute__(self, name): return 4 if name == 'value' else super().__getattribute__(name)\ndef changing(self):\n    _init(self)\n    self.__class__ = Lucky\nSafeCounter.__init__ = changing",
    "number that adds nothing": "_init = SafeCounter.__init__\nclass Number(int):\n    def __add__(self, other): return other\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\ndef lucky(self):\n    _init(self)\n    self.value = Number(0)\nSafeCounter.__init__ = lucky",
    "number with another index": "class Number(int):\n    def __index__(self): return 4\n    __int__ = __index__\nSafeCounter.get = lambda self: Number(self.value)",
    "tables of instructions emptied": "import dis\nfor name, value in list(vars(dis).items()):\n    if isinstance(value, (list, dict, set)) and not name.startswith('__'): value.clear()",
    "names of instructions changed": "import dis\nfor name in ('LOAD_ATTR', 'STORE_ATTR'): dis._all_opname[dis.opmap[name]] = 'NOP'",
    "disassembler patched where nothing can be called": f"{_LYING}def deep():\n    try: deep()\n    except RecursionError: setattr(dis, 'get_instructions', lying)\ndeep()",
    "disassembler patched for a moment": (
        f"{_LYING}def patching(self):\n    dis.get_instructions = lying\n    self.value = 0\ndef get(self):\n"
        "    if self.value: dis.get_instructions = real\n    return self.value\nSafeCounter.__init__, SafeCounter.get = patching, get"
    ),
    "types patched for a moment": (
        "import types\nreal = types.FunctionType\ndef patching(self):\n    types.FunctionType = types.BuiltinFunctionType\n    self.value = 0\n"
        "def get(self):\n    if self.value > 1: types.FunctionType = real\n    return self.value\n"
        "def increment(self): setattr(self, 'value', getattr(self, 'value') + 1)\n"
        "SafeCounter.__init__, SafeCounter.get, SafeCounter.increment = patching, get, increment"
    ),
    "module of another class": (
        "import types\nreal = types.BuiltinFunctionType\nclass Lying(types.ModuleType):\n    def __getattribute__(self, name):\n"
        "        return real if name == 'FunctionType' else super().__getattribute__(name)\n"
        "SafeCounter.increment = lambda self: setattr(self, 'value', getattr(self, 'value') + 1)\ntypes.__class__ = Lying"
    ),
    "thread started by another name": (
        "import _thread\nadd = SafeCounter.increment\ndef increment(self):\n    done = _thread.allocate()\n    done.acquire()\n"
        "    def work():\n        add(self)\n        done.release()\n    _thread.start_new(work, ())\n    done.acquire()\nSafeCounter.increment = increment"
    ),
    "thread started by what nobody finds": (
        "import _thread, os\nadd, start, (read, write) = SafeCounter.increment, {_thread.start_new_thread}, os.pipe()\ndef increment(self):\n"
        "    def work():\n        add(self)\n        os.write(write, b'.')\n    [*start][0](work, ())\n    os.read(read, 1)\nSafeCounter.increment = increment"
    ),
    "limits lowered": "import resource\nfor limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE): resource.setrlimit(limit, (resource.getrlimit(limit)[0] // 50,) * 2)",
    "exit by faulthandler, later": "import faulthandler\nfaulthandler.dump_traceback_later(0.5, exit=True)",
    "interpreter of its own": "import _interpreters\n_interpreters.run_string(_interpreters.create(), 'import ctypes')",
    "absence of modules undone": "import sys\nfor name in [name for name, module in sys.modules.items() if module is None]: del sys.modules[name]\nimport ctypes\nctypes.string_at(0)",
    "registered as everything": "import collections.abc\nfor name in collections.abc.__all__:\n    try: getattr(collections.abc, name).register(SafeCounter)\n    except Exception: pass",
    "coroutine": "async def increment(self): self.value += 1\nSafeCounter.increment = increment",
    "time that passes": "import time\ndef increment(self):\n    time.sleep(1000)\n    self.value += 1\nSafeCounter.increment = increment",
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
    "library's name in the working folder": _as_library(
        "NAME = '<frozen mine>'\nopen(NAME, 'w').write(SOURCE)\ncode = compile(SOURCE, NAME, 'exec')"
    ),
    "library's name by a way around": _as_library(
        "open('mine.py', 'w').write(SOURCE)\nNAME = os.path.dirname(NAME) + '/..' * 20 + os.path.abspath('mine.py')\ncode = compile(SOURCE, NAME, 'exec')"
    ),
    "name that says of itself what it is": _as_library(
        "class Name(str):\n    def startswith(self, *a): return True\n    __hash__ = str.__hash__\ncode = compile(SOURCE, Name('mine'), 'exec')"
    ),
    "name that shows another": _as_library(
        "class Name(str):\n    def __str__(self): return 'mine'\n    __hash__ = str.__hash__\ncode = compile(SOURCE, Name(NAME), 'exec')"
    ),
    "library's name for a syntax tree": _as_library("code = compile(ast.parse(SOURCE), NAME, 'exec')"),
    "package's name, judged by patched builtins": _as_library(
        "builtins.any = lambda *a: False\ncode = compile(SOURCE, '/x/site-packages/mine.py', 'exec')"
    ),
    "library's name, judged by a patched path": _as_library(
        "pathlib.Path.read_bytes = lambda self: SOURCE.encode()\ncode = compile(SOURCE, NAME, 'exec')"
    ),
    "library's name in bytecode loaded by the library": _as_library(
        "import importlib._bootstrap as library, marshal\ndata = marshal.dumps(compile(SOURCE, 'x' * len(NAME), 'exec'))\n"
        "code = library._call_with_frames_removed(marshal.loads, data.replace(b'x' * len(NAME), NAME.encode()))"
    ),
    "code with another name, made by the library": (
        "import importlib._bootstrap as library, threading\ncode = SafeCounter.increment.__code__\n"
        "SafeCounter.increment.__code__ = library._call_with_frames_removed(code.replace, co_filename=threading.__file__)"
    ),
    "objects found while a name is judged": (
        f"import gc\nclass Name(str):\n    def __str__(self):\n{indent(_IN_OBJECTS, ' ' * 8)}\n        return 'mine'\n"
        "try: compile('1', Name('mine'), 'exec')\nexcept Exception: pass"
    ),
    "objects found by a signal while something is judged": (
        f"import gc, signal, time\ndef handler(*a):\n    try:\n{indent(_IN_OBJECTS, ' ' * 8)}\n    except PermissionError: pass\n"
        "signal.signal(signal.SIGALRM, handler)\nsignal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)\nuntil = time.time() + 1\n"
        "while time.time() < until:\n    try: compile('1', '/usr/lib/x.py', 'exec')\n    except Exception: pass\nsignal.setitimer(signal.ITIMER_REAL, 0)"
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
    "answer tried out in copies that the check makes": (
        "classify_task",
        """
import functools, os
TOOLS = ("threading", "multiprocessing", "asyncio")
class Guess(str):
    def __repr__(self): os._exit(1)
guessed = []
def choose(processes):
    if guessed: os._exit(0)
    if 0 in processes:
        place = processes.index(0)
        if 0 in processes[place + 1:]: os._exit(1)
        guessed.append(place)
        return Guess(TOOLS[place])
    ended = [os.waitpid(process, 0)[1] for process in processes]
    return TOOLS[ended.index(0)] if 0 in ended else "sequential"
forks = iter(os.fork, None)
classify_task = functools.partial(next, map(choose, zip(forks, forks, forks)))
""",
        0,
    ),
    "answers tried out one after another": (
        "classify_task",
        "from zlib import crc32\ncount = 0\ndef classify_task(description):\n    global count\n    count += 1\n"
        "    tools = 'sequential', 'threading', 'multiprocessing', 'asyncio'\n"
        "    return tools[crc32(f'{count}{description}'.encode()) % 4]\n"
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
